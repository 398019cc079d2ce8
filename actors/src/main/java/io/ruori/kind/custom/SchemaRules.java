package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.cel.CelRules;
import io.ruori.core.structural.DefaultCheck;
import io.ruori.core.structural.StructuralSchema;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the schemas of a definition must keep to: they must be structural, so that every field's type can be told without
 * looking at alternatives, and may use only what is supported.
 */
final class SchemaRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final Set<String> COMMON = Set.of("metadata", "kind", "apiVersion");
    private static final Set<String> REASONS =
            Set.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate");
    private static final String UNKNOWN = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";
    private static final String INT_OR_STRING = "x-kubernetes-int-or-string";
    private static final String LIST_TYPE = "x-kubernetes-list-type";
    private static final String LIST_KEYS = "x-kubernetes-list-map-keys";
    private static final String MAP_TYPE = "x-kubernetes-map-type";
    private static final String VALIDATIONS = "x-kubernetes-validations";

    /** What may stand at the root beside a status sub-resource; JSON names of upstream's list. */
    private static final Set<String> AT_ROOT = Set.of(
            "description",
            "type",
            "format",
            "title",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "required",
            "items",
            "properties",
            "externalDocs",
            "example",
            UNKNOWN,
            VALIDATIONS);

    private static final String AT_ROOT_WORDS = "[Description Type Format Title Maximum ExclusiveMaximum Minimum"
            + " ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items"
            + " Properties ExternalDocs Example XPreserveUnknownFields XValidations]";

    private static final JsonNode INT_OR_STRING_ANY_OF =
            Json.read("{\"a\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}").get("a");

    /** Where a node stands. */
    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String typeless;

        Level(String typeless) {
            this.typeless = typeless;
        }
    }

    private final FieldErrors structure = new FieldErrors();
    private final FieldErrors other = new FieldErrors();

    private SchemaRules() {}

    /** @param isUnchanged whether the schema is what it was before this write */
    static void validate(JsonNode schema, String path, boolean hasStatus, boolean isUnchanged, FieldErrors errors) {
        SchemaRules rules = new SchemaRules();
        if (hasStatus) {
            rules.besideStatus(schema, path);
        }
        if (schema.path("nullable").asBoolean()) {
            rules.other.forbidden(path + ".nullable", "nullable cannot be true at the root");
        }
        rules.invariants(schema, Level.ROOT, path);
        rules.complete(schema, schema, path);
        rules.supported(schema, path, true, "");
        rules.structure.all().stream()
                .sorted(Comparator.comparing(FieldError::message))
                .forEach(error -> errors.add(error.reason(), error.path(), error.detail()));
        rules.other.all().forEach(error -> errors.add(error.reason(), error.path(), error.detail()));
        if (rules.structure.isEmpty() && rules.other.isEmpty()) {
            StructuralSchema read = StructuralSchema.read(schema);
            FieldErrors inRules = new FieldErrors();
            CelRules.check(read, path, isUnchanged, inRules);
            if (inRules.isEmpty()) {
                DefaultCheck.check(read, path, inRules);
            }
            inRules.all().forEach(error -> errors.add(error.reason(), error.path(), error.detail()));
        }
    }

    private void besideStatus(JsonNode schema, String path) {
        for (Map.Entry<String, JsonNode> field : schema.properties()) {
            if (!AT_ROOT.contains(field.getKey())) {
                other.invalid(
                        path,
                        schema,
                        "only " + AT_ROOT_WORDS
                                + " fields are allowed at the root of the schema if the status subresource is enabled");
                return;
            }
        }
    }

    private static String text(JsonNode schema, String field) {
        return Json.text(schema, field);
    }

    private static boolean flag(JsonNode schema, String field) {
        return schema.path(field).asBoolean();
    }

    private static String property(String path, String name) {
        return path + ".properties[" + name + "]";
    }

    // ---- structure

    private void invariants(JsonNode schema, Level level, String path) {
        String type = text(schema, "type");
        if (type.equals("array") && !schema.path("items").isObject()) {
            structure.required(path + ".items", "must be specified");
        }
        if (schema.path("items").isObject()) {
            invariants(schema.path("items"), Level.ITEM, path + ".items");
        }
        schema.path("properties")
                .properties()
                .forEach(e -> invariants(e.getValue(), Level.FIELD, property(path, e.getKey())));
        JsonNode additional = schema.path("additionalProperties");
        if (Json.isPresent(additional)) {
            if (level == Level.ROOT) {
                structure.forbidden(path + ".additionalProperties", "must not be used at the root");
            }
            if (additional.isObject()) {
                invariants(additional, Level.FIELD, path + ".additionalProperties");
            }
        }
        extensions(schema, path);
        boolean skipAny = schema.path("anyOf").equals(INT_OR_STRING_ANY_OF);
        boolean skipFirstAll = Json.at(schema.path("allOf").path(0), "anyOf").equals(INT_OR_STRING_ANY_OF);
        restrictions(schema, flag(schema, INT_OR_STRING) && skipAny, flag(schema, INT_OR_STRING) && skipFirstAll, path);
        type(schema, type, level, path);
        metadata(schema, level, path);
    }

    private void type(JsonNode schema, String type, Level level, String path) {
        if (flag(schema, EMBEDDED) && !type.equals("object")) {
            String why = "must be object if x-kubernetes-embedded-resource is true";
            if (type.isEmpty()) {
                structure.required(path + ".type", why);
            } else {
                structure.invalid(path + ".type", type, why);
            }
        } else if (type.isEmpty() && !flag(schema, INT_OR_STRING) && !flag(schema, UNKNOWN)) {
            structure.required(path + ".type", level.typeless);
        }
        if (flag(schema, EMBEDDED) && Json.isPresent(schema.get("additionalProperties"))) {
            structure.forbidden(
                    path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            structure.invalid(path + ".type", type, "must be object at the root");
        }
        if (flag(schema, EMBEDDED)
                && !flag(schema, UNKNOWN)
                && schema.path("properties").isEmpty()) {
            structure.required(
                    path + ".properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
    }

    private void metadata(JsonNode schema, Level level, String path) {
        boolean isResource = level == Level.ROOT || flag(schema, EMBEDDED);
        for (String field : List.of("kind", "apiVersion")) {
            JsonNode described = schema.path("properties").path(field);
            if (isResource && described.isObject() && !text(described, "type").equals("string")) {
                structure.invalid(property(path, field) + ".type", text(described, "type"), "must be string");
            }
        }
        JsonNode metadata = schema.path("properties").path("metadata");
        if (!metadata.isObject()) {
            return;
        }
        String at = property(path, "metadata");
        if (isResource && !text(metadata, "type").equals("object")) {
            structure.invalid(at + ".type", text(metadata, "type"), "must be object");
        }
        if (level == Level.ROOT) {
            boolean plain = metadata.properties().stream()
                    .allMatch(e -> Set.of("type", "description", "default").contains(e.getKey())
                            || (e.getKey().equals("properties")
                                    && e.getValue().properties().stream()
                                            .allMatch(p -> Set.of("name", "generateName")
                                                    .contains(p.getKey()))));
            if (!plain) {
                structure.forbidden(
                        at,
                        "must not specify anything other than name and generateName, but metadata is implicitly"
                                + " specified");
            }
        }
    }

    private void extensions(JsonNode schema, String path) {
        if (flag(schema, INT_OR_STRING) && flag(schema, UNKNOWN)) {
            structure.invalid(path + "." + UNKNOWN, true, "must be false if x-kubernetes-int-or-string is true");
        }
        if (flag(schema, INT_OR_STRING) && flag(schema, EMBEDDED)) {
            structure.invalid(path + "." + EMBEDDED, true, "must be false if x-kubernetes-int-or-string is true");
        }
    }

    private void restrictions(JsonNode schema, boolean skipAny, boolean skipFirstAll, String path) {
        if (!skipAny) {
            eachNested(schema, "anyOf", path);
        }
        JsonNode all = schema.path("allOf");
        for (int i = 0; i < all.size(); i++) {
            nested(all.get(i), skipFirstAll && i == 0, path + ".allOf[" + i + "]");
        }
        eachNested(schema, "oneOf", path);
        if (schema.path("not").isObject()) {
            nested(schema.path("not"), false, path + ".not");
        }
        String pattern = text(schema, "pattern");
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            structure.invalid(
                    path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + e.getMessage());
        }
    }

    private void eachNested(JsonNode schema, String field, String path) {
        JsonNode all = schema.path(field);
        for (int i = 0; i < all.size(); i++) {
            nested(all.get(i), false, path + "." + field + "[" + i + "]");
        }
    }

    /** A schema in an alternative may only restrict what is described outside. */
    private void nested(JsonNode schema, boolean skipAny, String path) {
        restrictions(schema, skipAny, false, path);
        if (schema.path("items").isObject()) {
            nested(schema.path("items"), false, path + ".items");
        }
        schema.path("properties").properties().forEach(e -> nested(e.getValue(), false, property(path, e.getKey())));
        forbidText(schema, "type", path);
        if (Json.isPresent(schema.get("additionalProperties"))) {
            structure.forbidden(path + ".additionalProperties", "must be undefined to be structural");
        }
        if (Json.isPresent(schema.get("default"))) {
            structure.forbidden(path + ".default", "must be undefined to be structural");
        }
        forbidText(schema, "title", path);
        forbidText(schema, "description", path);
        for (String field : List.of("nullable", UNKNOWN, EMBEDDED, INT_OR_STRING)) {
            if (flag(schema, field)) {
                structure.forbidden(path + "." + field, "must be false to be structural");
            }
        }
        if (!schema.path(LIST_KEYS).isEmpty()) {
            structure.forbidden(path + "." + LIST_KEYS, "must be empty to be structural");
        }
        for (String field : List.of(LIST_TYPE, MAP_TYPE)) {
            if (schema.hasNonNull(field)) {
                structure.forbidden(path + "." + field, "must be undefined to be structural");
            }
        }
        if (!schema.path(VALIDATIONS).isEmpty()) {
            structure.forbidden(path + "." + VALIDATIONS, "must be empty to be structural");
        }
        if (schema.path("properties").has("metadata")) {
            structure.forbidden(property(path, "metadata"), "must not be specified in a nested context");
        }
    }

    private void forbidText(JsonNode schema, String field, String path) {
        if (!text(schema, field).isEmpty()) {
            structure.forbidden(path + "." + field, "must be empty to be structural");
        }
    }

    /** What an alternative restricts must be described outside of it too. */
    private void complete(JsonNode schema, JsonNode described, String path) {
        for (String field : List.of("allOf", "anyOf", "oneOf")) {
            JsonNode all = schema.path(field);
            for (int i = 0; i < all.size(); i++) {
                completeNested(all.get(i), described, path + "." + field + "[" + i + "]", path);
            }
        }
        if (schema.path("not").isObject()) {
            completeNested(schema.path("not"), described, path + ".not", path);
        }
        schema.path("properties")
                .properties()
                .forEach(e -> complete(e.getValue(), e.getValue(), property(path, e.getKey())));
        if (schema.path("items").isObject()) {
            complete(schema.path("items"), schema.path("items"), path + ".items");
        }
        if (schema.path("additionalProperties").isObject()) {
            complete(
                    schema.path("additionalProperties"),
                    schema.path("additionalProperties"),
                    path + ".additionalProperties");
        }
    }

    private void completeNested(JsonNode schema, JsonNode described, String path, String outer) {
        for (Map.Entry<String, JsonNode> e : schema.path("properties").properties()) {
            JsonNode outside = described.path("properties").path(e.getKey());
            if (outside.isMissingNode()) {
                structure.required(
                        property(outer, e.getKey()), "because it is defined in " + property(path, e.getKey()));
            } else {
                completeNested(e.getValue(), outside, property(path, e.getKey()), property(outer, e.getKey()));
            }
        }
        if (schema.path("items").isObject()) {
            if (described.path("items").isObject()) {
                completeNested(schema.path("items"), described.path("items"), path + ".items", outer + ".items");
            } else {
                structure.required(outer + ".items", "because it is defined in " + path + ".items");
            }
        }
        for (String field : List.of("allOf", "anyOf", "oneOf")) {
            JsonNode all = schema.path(field);
            for (int i = 0; i < all.size(); i++) {
                completeNested(all.get(i), described, path + "." + field + "[" + i + "]", outer);
            }
        }
    }

    // ---- what is supported

    private void supported(JsonNode schema, String path, boolean isRoot, String defaultsForbidden) {
        keywords(schema, path, defaultsForbidden);
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        if (Json.isPresent(additional)) {
            if (!properties.isEmpty() && (additional.isObject() || !additional.asBoolean())) {
                other.forbidden(
                        path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
            }
            if (additional.isObject()) {
                supported(additional, path + ".additionalProperties", false, defaultsForbidden);
            }
        }
        properties.properties().forEach(e -> {
            String forbidden = isRoot && COMMON.contains(e.getKey()) ? "in top-level " + e.getKey() : defaultsForbidden;
            supported(e.getValue(), property(path, e.getKey()), false, forbidden);
        });
        if (schema.path("not").isObject()) {
            supported(schema.path("not"), path + ".not", false, defaultsForbidden);
        }
        for (String field : List.of("allOf", "oneOf", "anyOf")) {
            JsonNode all = schema.path(field);
            for (int i = 0; i < all.size(); i++) {
                supported(all.get(i), path + "." + field + "[" + i + "]", false, defaultsForbidden);
            }
        }
        if (schema.path("items").isObject()) {
            supported(schema.path("items"), path + ".items", false, defaultsForbidden);
        }
        if (schema.has(UNKNOWN) && !schema.path(UNKNOWN).asBoolean()) {
            other.invalid(path + "." + UNKNOWN, false, "must be true or undefined");
        }
        mapType(schema, path);
        listType(schema, path);
        rules(schema, path);
    }

    private void keywords(JsonNode schema, String path, String defaultsForbidden) {
        String type = text(schema, "type");
        if (type.equals("null")) {
            other.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        } else if (!type.isEmpty() && !TYPES.contains(type)) {
            other.notSupported(path + ".type", type, TYPES);
        }
        if (schema.has("default") && !defaultsForbidden.isEmpty()) {
            other.forbidden(path + ".default", "must not be set " + defaultsForbidden);
        }
        for (String field :
                List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")) {
            JsonNode value = schema.get(field);
            if (Json.isPresent(value) && !(value.isContainerNode() && value.isEmpty())) {
                other.forbidden(path + "." + field, field + " is not supported");
            }
        }
        if (schema.path("items").isArray()) {
            other.forbidden(path + ".items", "items must be a schema object and not an array");
        }
        if (schema.path("uniqueItems").asBoolean()) {
            other.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
    }

    private void mapType(JsonNode schema, String path) {
        String mapType = text(schema, MAP_TYPE);
        String type = text(schema, "type");
        if (mapType.isEmpty()) {
            return;
        }
        if (!type.equals("object")) {
            typed(type, path, "must be object if x-kubernetes-map-type is specified");
        }
        if (!mapType.equals("atomic") && !mapType.equals("granular")) {
            other.notSupported(path + "." + MAP_TYPE, mapType, List.of("atomic", "granular"));
        }
    }

    private void typed(String type, String path, String why) {
        if (type.isEmpty()) {
            other.required(path + ".type", why);
        } else {
            other.invalid(path + ".type", type, why);
        }
    }

    private void listType(JsonNode schema, String path) {
        String listType = text(schema, LIST_TYPE);
        JsonNode items = schema.path("items");
        JsonNode keys = schema.path(LIST_KEYS);
        if (!keys.isEmpty() && !listType.equals("map")) {
            String why = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (listType.isEmpty()) {
                other.required(path + "." + LIST_TYPE, why);
            } else {
                other.invalid(path + "." + LIST_TYPE, listType, why);
            }
        }
        if (listType.isEmpty()) {
            return;
        }
        if (!text(schema, "type").equals("array")) {
            typed(text(schema, "type"), path, "must be array if x-kubernetes-list-type is specified");
        }
        switch (listType) {
            case "atomic" -> {}
            case "set" -> setList(items, path);
            case "map" -> mapList(items, keys, path);
            default -> other.notSupported(path + "." + LIST_TYPE, listType, List.of("atomic", "set", "map"));
        }
        if (!listType.equals("atomic") && flag(items, "nullable")) {
            other.forbidden(path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + listType);
        }
    }

    private void setList(JsonNode items, String path) {
        String why = "must be atomic as item of a list with x-kubernetes-list-type=set";
        String nested = text(items, LIST_TYPE);
        if (text(items, "type").equals("array") && !nested.isEmpty() && !nested.equals("atomic")) {
            other.invalid(path + ".items." + LIST_TYPE, nested, why);
        }
        if (text(items, "type").equals("object") && !text(items, MAP_TYPE).equals("atomic")) {
            other.invalid(path + ".items." + MAP_TYPE, null, why);
        }
    }

    private void mapList(JsonNode items, JsonNode keys, String path) {
        if (keys.isEmpty()) {
            other.required(path + "." + LIST_KEYS, "must not be empty if x-kubernetes-list-type is map");
        }
        if (!items.isObject()) {
            other.required(path + ".items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        if (!text(items, "type").equals("object")) {
            other.invalid(
                    path + ".items.type",
                    text(items, "type"),
                    "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        Set<String> required = new HashSet<>();
        items.path("required").forEach(name -> required.add(name.asText()));
        Set<String> seen = new HashSet<>();
        for (JsonNode key : keys) {
            JsonNode described = items.path("properties").path(key.asText());
            String at = property(path + ".items", key.asText());
            if (!described.isObject()) {
                other.invalid(path + "." + LIST_KEYS, keys, "entries must all be names of item properties");
            } else {
                if (Set.of("array", "object").contains(text(described, "type"))) {
                    other.invalid(
                            at + ".type",
                            text(items, "type"),
                            "must be a scalar type if parent array's x-kubernetes-list-type is map");
                }
                if (!required.contains(key.asText()) && !described.has("default")) {
                    other.required(
                            at + ".default",
                            "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                    + " property");
                }
                if (flag(described, "nullable")) {
                    other.forbidden(
                            at + ".nullable",
                            "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
                }
            }
            if (!seen.add(key.asText())) {
                other.invalid(path + "." + LIST_KEYS, keys, "must not contain duplicate entries");
            }
        }
    }

    private void rules(JsonNode schema, String path) {
        JsonNode rules = schema.path(VALIDATIONS);
        for (int i = 0; i < rules.size(); i++) {
            rule(rules.get(i), schema, path + "." + VALIDATIONS + "[" + i + "]");
        }
    }

    private void rule(JsonNode rule, JsonNode schema, String path) {
        String expression = text(rule, "rule").strip();
        String message = text(rule, "message");
        if (expression.isEmpty()) {
            other.required(path + ".rule", "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            other.invalid(path + ".message", message, "must be non-empty if specified");
        } else if (hasNewLines(message.strip())) {
            other.invalid(path + ".message", message, "must not contain line breaks");
        } else if (hasNewLines(expression) && message.isBlank()) {
            other.required(path + ".message", "message must be specified if rule contains line breaks");
        }
        if (!text(rule, "messageExpression").isEmpty()
                && text(rule, "messageExpression").isBlank()) {
            other.required(path + ".messageExpression", "messageExpression must be non-empty if specified");
        }
        String reason = text(rule, "reason");
        if (!reason.isEmpty() && !REASONS.contains(reason)) {
            other.notSupported(path + ".reason", reason, REASONS);
        }
        String fieldPath = text(rule, "fieldPath");
        if (!fieldPath.isEmpty() && fieldPath.isBlank()) {
            other.invalid(path + ".fieldPath", fieldPath, "must be non-empty if specified");
        } else if (hasNewLines(fieldPath)) {
            other.invalid(path + ".fieldPath", fieldPath, "must not contain line breaks");
        }
        if (!fieldPath.isEmpty() && !CelRules.isPath(fieldPath, StructuralSchema.read(schema))) {
            other.invalid(path + ".fieldPath", fieldPath, "must be a valid path");
        }
    }

    private static boolean hasNewLines(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
