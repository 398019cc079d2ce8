package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.ruori.api.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node of a schema, read once and used for every object. Patterns are RE2's, as upstream's are: a pattern cannot make the
 * server slow.
 *
 * @param type empty where there is none
 * @param additional the schema of values of a map; null where there are no additional properties, or any
 * @param anyAdditional {@code additionalProperties: true}
 */
public record StructuralSchema(
        JsonNode source,
        String type,
        String format,
        boolean nullable,
        @Nullable JsonNode defaultValue,
        Map<String, StructuralSchema> properties,
        @Nullable StructuralSchema additional,
        boolean anyAdditional,
        @Nullable StructuralSchema items,
        List<String> required,
        boolean preserves,
        boolean embedded,
        boolean intOrString,
        String listType,
        List<String> listKeys,
        String mapType,
        Bounds bounds,
        List<JsonNode> values,
        List<StructuralSchema> allOf,
        List<StructuralSchema> anyOf,
        List<StructuralSchema> oneOf,
        @Nullable StructuralSchema not,
        List<CelRule> rules) {

    /** The limits of scalars and collections; null where there is none. */
    public record Bounds(
            @Nullable BigDecimal minimum,
            boolean exclusiveMinimum,
            @Nullable BigDecimal maximum,
            boolean exclusiveMaximum,
            @Nullable BigDecimal multipleOf,
            @Nullable Long minLength,
            @Nullable Long maxLength,
            @Nullable Pattern pattern,
            @Nullable Long minItems,
            @Nullable Long maxItems,
            boolean uniqueItems,
            @Nullable Long minProperties,
            @Nullable Long maxProperties) {}

    /** An entry of {@code x-kubernetes-validations}. */
    public record CelRule(
            String rule,
            String message,
            String messageExpression,
            String reason,
            String fieldPath,
            boolean optionalOldSelf) {}

    /** Reads a schema that has been validated; what cannot be read of it is left out. */
    public static StructuralSchema read(JsonNode source) {
        JsonNode additional = source.path("additionalProperties");
        return new StructuralSchema(
                source,
                Json.text(source, "type"),
                Json.text(source, "format"),
                source.path("nullable").asBoolean(),
                Json.isPresent(source.get("default")) ? source.get("default") : null,
                properties(source.path("properties")),
                additional.isObject() ? read(additional) : null,
                additional.asBoolean(),
                source.path("items").isObject() ? read(source.path("items")) : null,
                texts(source.path("required")),
                source.path("x-kubernetes-preserve-unknown-fields").asBoolean(),
                source.path("x-kubernetes-embedded-resource").asBoolean(),
                source.path("x-kubernetes-int-or-string").asBoolean(),
                Json.text(source, "x-kubernetes-list-type"),
                texts(source.path("x-kubernetes-list-map-keys")),
                Json.text(source, "x-kubernetes-map-type"),
                bounds(source),
                nodes(source.path("enum")),
                all(source.path("allOf")),
                all(source.path("anyOf")),
                all(source.path("oneOf")),
                source.path("not").isObject() ? read(source.path("not")) : null,
                rules(source.path("x-kubernetes-validations")));
    }

    private static Map<String, StructuralSchema> properties(JsonNode source) {
        Map<String, StructuralSchema> properties = LinkedHashMap.newLinkedHashMap(source.size());
        source.properties().forEach(property -> properties.put(property.getKey(), read(property.getValue())));
        return Collections.unmodifiableMap(properties);
    }

    private static List<StructuralSchema> all(JsonNode source) {
        List<StructuralSchema> all = new ArrayList<>(source.size());
        source.forEach(one -> all.add(read(one)));
        return List.copyOf(all);
    }

    private static List<JsonNode> nodes(JsonNode source) {
        List<JsonNode> all = new ArrayList<>(source.size());
        source.forEach(all::add);
        return List.copyOf(all);
    }

    static List<String> texts(JsonNode source) {
        List<String> all = new ArrayList<>(source.size());
        source.forEach(one -> all.add(one.asText()));
        return List.copyOf(all);
    }

    private static Bounds bounds(JsonNode source) {
        return new Bounds(
                decimal(source, "minimum"),
                source.path("exclusiveMinimum").asBoolean(),
                decimal(source, "maximum"),
                source.path("exclusiveMaximum").asBoolean(),
                decimal(source, "multipleOf"),
                whole(source, "minLength"),
                whole(source, "maxLength"),
                pattern(Json.text(source, "pattern")),
                whole(source, "minItems"),
                whole(source, "maxItems"),
                source.path("uniqueItems").asBoolean(),
                whole(source, "minProperties"),
                whole(source, "maxProperties"));
    }

    private static @Nullable BigDecimal decimal(JsonNode source, String field) {
        JsonNode found = source.path(field);
        return found.isNumber() ? found.decimalValue() : null;
    }

    private static @Nullable Long whole(JsonNode source, String field) {
        JsonNode found = source.path(field);
        return found.isNumber() ? found.longValue() : null;
    }

    private static @Nullable Pattern pattern(String text) {
        try {
            return text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException refusedByValidation) {
            return null;
        }
    }

    private static List<CelRule> rules(JsonNode source) {
        List<CelRule> rules = new ArrayList<>(source.size());
        source.forEach(rule -> rules.add(new CelRule(
                Json.text(rule, "rule"),
                Json.text(rule, "message"),
                Json.text(rule, "messageExpression"),
                Json.text(rule, "reason"),
                Json.text(rule, "fieldPath"),
                rule.path("optionalOldSelf").asBoolean())));
        return List.copyOf(rules);
    }

    /** The schema of a member of an object; null where nothing describes it. */
    public @Nullable StructuralSchema member(String name) {
        StructuralSchema property = properties.get(name);
        return property != null ? property : additional;
    }

    public boolean isMapList() {
        return listType.equals("map");
    }

    public boolean isSetList() {
        return listType.equals("set");
    }

    /** This schema and all below that describe values, not those that only restrict them. */
    public void forEach(Consumer<StructuralSchema> visit) {
        visit.accept(this);
        properties.values().forEach(property -> property.forEach(visit));
        if (additional != null) {
            additional.forEach(visit);
        }
        if (items != null) {
            items.forEach(visit);
        }
    }

    /** Whether a value under this schema may be a fresh null to be dropped. */
    boolean refusesNull(JsonNode value) {
        return value.isNull() && !nullable;
    }
}
