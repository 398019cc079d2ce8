package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.structural.Formats;
import io.ruori.core.structural.StructuralSchema;
import io.ruori.kind.Checks;
import io.ruori.kind.Conditions;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Defaults and validation of CustomResourceDefinitions; what their schemas must keep to is {@link SchemaRules}' matter. */
final class DefinitionRules implements KindRules {
    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final String APPROVAL = "api-approved.kubernetes.io";
    private static final int MOST_SELECTABLE = 8;
    private static final List<String> COLUMN_TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> COLUMN_FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public void prepareCreate(ObjectNode crd) {
        ObjectNode status = crd.putObject("status");
        status.putObject("acceptedNames").put("kind", "").put("plural", "");
        status.putArray("conditions");
        remember(crd);
    }

    @Override
    public void prepareUpdate(ObjectNode updated, JsonNode old) {
        remember(updated);
    }

    /** What was ever a storage version may be the version of objects at rest. */
    private static void remember(ObjectNode crd) {
        String storage = Json.text(CustomResourceDefinitionKind.storageVersion(crd), "name");
        ArrayNode stored = Json.list(Json.child(crd, "status"), "storedVersions");
        for (JsonNode name : stored) {
            if (name.asText().equals(storage)) {
                return;
            }
        }
        if (!storage.isEmpty()) {
            stored.add(storage);
        }
    }

    @Override
    public void applyDefaults(ObjectNode crd) {
        ObjectNode spec = Json.child(crd, "spec");
        ObjectNode names = Json.child(spec, "names");
        String kind = Json.text(names, "kind");
        if (Json.text(names, "singular").isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (Json.text(names, "listKind").isEmpty() && !kind.isEmpty()) {
            names.put("listKind", kind + "List");
        }
        Json.ifAbsent(Json.child(spec, "conversion"), "strategy", "None");
    }

    /** The objects go first. */
    @Override
    public void onTerminating(ObjectNode crd) {
        ObjectNode metadata = Json.child(crd, "metadata");
        boolean held = false;
        for (JsonNode name : Json.list(metadata, "finalizers")) {
            held |= name.asText().equals(CustomResourceDefinitionKind.FINALIZER);
        }
        if (!held) {
            Json.list(metadata, "finalizers").add(CustomResourceDefinitionKind.FINALIZER);
        }
        Conditions conditions = new Conditions(crd.path("status"));
        conditions.setPlain(
                "Terminating",
                "True",
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will be initiated as soon as"
                        + " possible",
                Instant.parse(Json.text(metadata, "deletionTimestamp")));
        Json.child(crd, "status").set("conditions", conditions.list());
    }

    @Override
    public List<String> warnings(JsonNode crd) {
        Set<String> warnings = new LinkedHashSet<>();
        for (JsonNode version : Json.at(crd, "spec", "versions")) {
            JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
            if (schema.isObject()) {
                StructuralSchema.read(schema).forEach(node -> {
                    if (!node.format().isEmpty() && !Formats.isKnown(node.format())) {
                        warnings.add("unrecognized format \"" + node.format() + "\"");
                    }
                });
            }
        }
        return List.copyOf(warnings);
    }

    // ---- validation

    @Override
    public void validateCreate(JsonNode crd, FieldErrors errors) {
        String name = Json.text(crd, "metadata", "name");
        String required = Json.text(crd, "spec", "names", "plural") + "." + Json.text(crd, "spec", "group");
        if (!name.equals(required)) {
            errors.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }
        approval(crd, errors);
        validate(crd, MissingNode.getInstance(), errors);
    }

    @Override
    public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
        validate(updated, old, errors);
        if (CustomResourceDefinitionKind.status(old, "Established").equals("True")) {
            immutable(updated, old, errors, "spec", "scope");
            immutable(updated, old, errors, "spec", "names", "kind");
        }
        immutable(updated, old, errors, "spec", "group");
        immutable(updated, old, errors, "spec", "names", "plural");
    }

    @Override
    public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
        names(Json.at(updated, "status", "acceptedNames"), "status.acceptedNames", errors);
    }

    private static void immutable(JsonNode updated, JsonNode old, FieldErrors errors, String... path) {
        if (!Checks.same(Json.at(updated, path), Json.at(old, path))) {
            errors.invalid(String.join(".", path), Json.at(updated, path), "field is immutable");
        }
    }

    /** Groups of the Kubernetes community are not for everybody. */
    private static void approval(JsonNode crd, FieldErrors errors) {
        String group = Json.text(crd, "spec", "group");
        boolean guarded = group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
        if (!guarded) {
            return;
        }
        String path = "metadata.annotations[" + APPROVAL + "]";
        String approval = Json.at(crd, "metadata", "annotations").path(APPROVAL).asText("");
        if (approval.isEmpty()) {
            errors.required(
                    path,
                    "protected groups must have approval annotation \"" + APPROVAL
                            + "\", see https://github.com/kubernetes/enhancements/pull/1111");
        } else if (!approval.startsWith("unapproved") && !approval.matches("https?://[^/]+.*")) {
            errors.invalid(
                    path,
                    approval,
                    "protected groups must have approval annotation \"" + APPROVAL
                            + "\" with either a URL or a reason starting with \"unapproved\", see"
                            + " https://github.com/kubernetes/enhancements/pull/1111");
        }
    }

    /** @param old missing on create */
    private static void validate(JsonNode crd, JsonNode old, FieldErrors errors) {
        JsonNode spec = crd.path("spec");
        group(Json.text(spec, "group"), errors);
        scope(spec, errors);
        versions(spec, old.path("spec"), errors);
        requiredNames(spec.path("names"), errors);
        names(spec.path("names"), "spec.names", errors);
        conversion(spec.path("conversion"), errors);
        storedVersions(crd, errors);
        if (spec.path("preserveUnknownFields").asBoolean()) {
            errors.invalid(
                    "spec.preserveUnknownFields",
                    true,
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
    }

    private static void group(String group, FieldErrors errors) {
        if (group.isEmpty()) {
            errors.required("spec.group", "");
            return;
        }
        List<String> wrong = Syntax.dnsSubdomain(group);
        if (!wrong.isEmpty()) {
            errors.invalid("spec.group", group, String.join(",", wrong));
        } else if (group.indexOf('.') < 0) {
            errors.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    private static void scope(JsonNode spec, FieldErrors errors) {
        String scope = Json.text(spec, "scope");
        if (scope.isEmpty()) {
            errors.required("spec.scope", "");
        } else if (!scope.equals("Cluster") && !scope.equals("Namespaced")) {
            errors.notSupported("spec.scope", scope, List.of("Cluster", "Namespaced"));
        }
    }

    private static void versions(JsonNode spec, JsonNode old, FieldErrors errors) {
        JsonNode versions = spec.path("versions");
        Set<String> seen = new HashSet<>();
        boolean unique = true;
        int storage = 0;
        for (int i = 0; i < versions.size(); i++) {
            JsonNode version = versions.get(i);
            String path = "spec.versions[" + i + "]";
            String name = Json.text(version, "name");
            unique &= seen.add(name);
            storage += version.path("storage").asBoolean() ? 1 : 0;
            label(name, path + ".name", "", errors);
            version(version, path, isUnchanged(version, old), errors);
        }
        if (!unique) {
            errors.invalid("spec.versions", versions, "must contain unique version names");
        }
        if (storage != 1) {
            errors.invalid("spec.versions", versions, "must have exactly one version marked as storage version");
        }
    }

    private static boolean isUnchanged(JsonNode version, JsonNode old) {
        for (JsonNode before : old.path("versions")) {
            if (Json.text(before, "name").equals(Json.text(version, "name"))) {
                return Checks.same(before.path("schema"), version.path("schema"));
            }
        }
        return false;
    }

    private static void version(JsonNode version, String path, boolean isUnchanged, FieldErrors errors) {
        deprecation(version, path + ".deprecationWarning", errors);
        JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
        JsonNode parts = version.path("subresources");
        if (schema.isObject()) {
            SchemaRules.validate(
                    schema,
                    path + ".schema.openAPIV3Schema",
                    parts.path("status").isObject(),
                    isUnchanged,
                    errors);
        } else {
            errors.required(path + ".schema.openAPIV3Schema", "");
        }
        scale(parts.path("scale"), path + ".subresources.scale.", errors);
        Checks.eachOf(version, "additionalPrinterColumns", path, (column, at) -> column(column, at, errors));
        if (!version.path("selectableFields").isEmpty()) {
            selectable(version.path("selectableFields"), schema, path + ".selectableFields", errors);
        }
    }

    private static void deprecation(JsonNode version, String path, FieldErrors errors) {
        if (!version.has("deprecationWarning")) {
            return;
        }
        String text = Json.text(version, "deprecationWarning");
        if (!version.path("deprecated").asBoolean()) {
            errors.invalid(path, text, "can only be set for deprecated versions");
            return;
        }
        if (text.length() > 256) {
            errors.invalid(path, text, "must be <= 256 characters long");
        }
        if (text.isEmpty()) {
            errors.invalid(path, text, "must not be an empty string");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                errors.invalid(
                        path,
                        text,
                        "must only contain printable UTF-8 characters; non-printable character found at index " + i);
                return;
            }
        }
    }

    private static void scale(JsonNode scale, String path, FieldErrors errors) {
        if (!scale.isObject()) {
            return;
        }
        scalePath(Json.text(scale, "specReplicasPath"), path + "specReplicasPath", ".spec.", errors);
        scalePath(Json.text(scale, "statusReplicasPath"), path + "statusReplicasPath", ".status.", errors);
        String selector = Json.text(scale, "labelSelectorPath");
        if (!selector.isEmpty()
                && simplePath(selector, path + "labelSelectorPath", errors)
                && !selector.startsWith(".spec.")
                && !selector.startsWith(".status.")) {
            errors.invalid(path + "labelSelectorPath", selector, "should be a json path under either .spec or .status");
        }
    }

    private static void scalePath(String value, String path, String root, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(path, "");
        } else if (simplePath(value, path, errors) && !value.startsWith(root)) {
            errors.invalid(path, value, "should be a json path under " + root.substring(0, root.length() - 1));
        }
    }

    private static boolean simplePath(String value, String path, FieldErrors errors) {
        if (value.charAt(0) != '.') {
            errors.invalid(path, value, "must be a simple json path starting with .");
            return false;
        }
        return true;
    }

    private static void column(JsonNode column, String path, FieldErrors errors) {
        Checks.required(column, "name", path, errors);
        String type = Json.text(column, "type");
        String types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (type.isEmpty()) {
            errors.required(path + ".type", types);
        } else if (!COLUMN_TYPES.contains(type)) {
            errors.invalid(path + ".type", type, types);
        }
        String format = Json.text(column, "format");
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
            errors.invalid(path + ".format", format, "must be one of " + String.join(",", COLUMN_FORMATS));
        }
        String jsonPath = Json.text(column, "jsonPath");
        if (jsonPath.isEmpty()) {
            errors.required(path + ".JSONPath", "");
        } else {
            simplePath(jsonPath, path + ".JSONPath", errors);
        }
    }

    private static void selectable(JsonNode fields, JsonNode schema, String path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String at = path + "[" + i + "].jsonPath";
            String jsonPath = Json.text(fields.get(i), "jsonPath");
            if (jsonPath.isEmpty()) {
                errors.required(at, "");
                continue;
            }
            JsonNode found = schema;
            String missing = "";
            for (String step :
                    jsonPath.substring(jsonPath.startsWith(".") ? 1 : 0).split("\\.")) {
                found = found.path("properties").path(step);
                missing = missing.isEmpty() && found.isMissingNode() ? step : missing;
            }
            if (!jsonPath.startsWith(".") || !missing.isEmpty()) {
                errors.invalid(
                        at,
                        jsonPath,
                        "is an invalid path: "
                                + (jsonPath.startsWith(".")
                                        ? "does not refer to a valid field"
                                        : "expected . but got " + jsonPath));
                continue;
            }
            if (jsonPath.startsWith(".metadata.")) {
                errors.invalid(at, jsonPath, "must not point to fields in metadata");
            }
            if (!Set.of("string", "boolean", "integer").contains(Json.text(found, "type"))) {
                errors.invalid(
                        at,
                        jsonPath,
                        "must point to a field of type string, boolean or integer. Enum string fields and strings with"
                                + " formats are allowed.");
            }
            if (!seen.add(jsonPath)) {
                errors.duplicate(at, jsonPath);
            }
        }
        if (seen.size() > MOST_SELECTABLE) {
            errors.add(
                    io.ruori.api.FieldError.Reason.TOO_MANY,
                    path,
                    "Too many: " + seen.size() + ": must have at most " + MOST_SELECTABLE + " items");
        }
    }

    private static void requiredNames(JsonNode names, FieldErrors errors) {
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            if (Json.text(names, field).isEmpty()) {
                errors.required("spec.names." + field, "");
            }
        }
    }

    private static void names(JsonNode names, String path, FieldErrors errors) {
        for (String field : List.of("plural", "singular")) {
            label(Json.text(names, field), path + "." + field, "", errors);
        }
        for (String field : List.of("kind", "listKind")) {
            String name = Json.text(names, field);
            List<String> wrong = name.isEmpty() ? List.of() : dns1035(name.toLowerCase(Locale.ROOT));
            if (!wrong.isEmpty()) {
                errors.invalid(
                        path + "." + field,
                        name,
                        "may have mixed case, but should otherwise match: " + String.join(",", wrong));
            }
        }
        Checks.eachOf(names, "shortNames", path, (name, at) -> words(name.asText(), at, errors));
        String kind = Json.text(names, "kind");
        if (!kind.isEmpty() && kind.equals(Json.text(names, "listKind"))) {
            errors.invalid(path + ".listKind", kind, "kind and listKind may not be the same");
        }
        Checks.eachOf(names, "categories", path, (name, at) -> words(name.asText(), at, errors));
    }

    private static void words(String name, String path, FieldErrors errors) {
        List<String> wrong = dns1035(name);
        if (!wrong.isEmpty()) {
            errors.invalid(path, name, String.join(",", wrong));
        }
    }

    private static void label(String name, String path, String prefix, FieldErrors errors) {
        List<String> wrong = name.isEmpty() && !path.endsWith("].name") ? List.of() : dns1035(name);
        if (!wrong.isEmpty()) {
            errors.invalid(path, name, prefix + String.join(",", wrong));
        }
    }

    private static List<String> dns1035(String value) {
        List<String> wrong = new ArrayList<>();
        if (value.length() > 63) {
            wrong.add("must be no more than 63 characters");
        }
        if (!DNS_1035.matcher(value).matches()) {
            wrong.add("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
                    + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
                    + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
        }
        return wrong;
    }

    private static void conversion(JsonNode conversion, FieldErrors errors) {
        String strategy = Json.text(conversion, "strategy");
        if (strategy.isEmpty()) {
            errors.required("spec.conversion.strategy", "");
        } else if (!strategy.equals("None") && !strategy.equals("Webhook")) {
            errors.notSupported("spec.conversion.strategy", strategy, List.of("None", "Webhook"));
        } else if (strategy.equals("Webhook")) {
            // Accepting it and then serving unconverted objects would be worse than saying no.
            errors.forbidden("spec.conversion.strategy", "conversion by webhook is not supported yet");
        } else if (conversion.has("webhook")) {
            errors.forbidden(
                    "spec.conversion.webhookClientConfig", "should not be set when strategy is not set to Webhook");
        }
    }

    private static void storedVersions(JsonNode crd, FieldErrors errors) {
        JsonNode stored = Json.at(crd, "status", "storedVersions");
        Set<String> known = new HashSet<>();
        Json.at(crd, "spec", "versions").forEach(version -> known.add(Json.text(version, "name")));
        for (int i = 0; i < stored.size(); i++) {
            String name = stored.get(i).asText();
            if (!known.contains(name)) {
                errors.invalid(
                        "status.storedVersions[" + i + "]",
                        name,
                        "missing from spec.versions; " + name
                                + " was previously a storage version, and must remain in spec.versions until a storage"
                                + " migration ensures no data remains persisted in " + name + " and removes " + name
                                + " from status.storedVersions");
            }
        }
    }
}
