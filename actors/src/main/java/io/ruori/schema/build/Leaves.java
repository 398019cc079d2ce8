package io.ruori.schema.build;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;

/** Definitions that are values, not structs: the Java model has no class for them, so their few lines are ours. */
enum Leaves {
    QUANTITY(
            "Quantity",
            "An amount, written as a decimal number with an optional unit: a decimal SI suffix (n, u, m, k, M, G, T,"
                + " P, E), a binary one (Ki, Mi, Gi, Ti, Pi, Ei), or a decimal exponent (1e3). At most three decimals"
                + " and 2^63-1 before them; kept in the shortest form with the kind of suffix it was given in."),
    INT_OR_STRING("IntOrString", "An int32 or a string. Which of the two was given is kept."),
    TIME("Time", "A time as RFC 3339 text, in whole seconds."),
    MICRO_TIME("MicroTime", "A time as RFC 3339 text, in microseconds."),
    RAW_EXTENSION("RawExtension", "Any object; its content is kept as it was given."),
    FIELDS_V1(
            "FieldsV1",
            "A set of fields as a tree: each key is 'f:<name>' for a field, 'k:<keys>' for a list element with these"
                + " keys, 'v:<value>' for a list element with this value, 'i:<index>' for a position, or '.' for the"
                + " node itself."),
    JSON("JSON", "Any JSON value: an object, a list, a string, a number, a boolean or null."),
    SCHEMA_OR_ARRAY("JSONSchemaPropsOrArray", "A JSONSchemaProps, or a list of them."),
    SCHEMA_OR_BOOL("JSONSchemaPropsOrBool", "A JSONSchemaProps, or a boolean."),
    SCHEMA_OR_STRINGS("JSONSchemaPropsOrStringArray", "A JSONSchemaProps, or a list of strings."),
    PATCH("Patch", "The body of a PATCH request, in the form its content type names."),
    STATUS_SUBRESOURCE(
            "CustomResourceSubresourceStatus",
            "Turns on the status sub-resource of a custom resource. Has no " + "fields.");

    private final String simpleName;
    private final String description;

    Leaves(String simpleName, String description) {
        this.simpleName = simpleName;
        this.description = description;
    }

    static Leaves of(String simpleName) {
        for (Leaves leaf : values()) {
            if (leaf.simpleName.equals(simpleName)) {
                return leaf;
            }
        }
        throw new IllegalArgumentException("no such leaf: " + simpleName);
    }

    ObjectNode schema() {
        ObjectNode schema = Json.object().put("description", description);
        switch (this) {
            case QUANTITY -> oneOf(schema, "string", "number");
            case INT_OR_STRING -> oneOf(schema.put("format", "int-or-string"), "integer", "string");
            case TIME, MICRO_TIME -> schema.put("format", "date-time").put("type", "string");
            case RAW_EXTENSION, FIELDS_V1, PATCH, STATUS_SUBRESOURCE -> schema.put("type", "object");
            case JSON, SCHEMA_OR_ARRAY, SCHEMA_OR_BOOL, SCHEMA_OR_STRINGS -> {}
        }
        return schema;
    }

    private static void oneOf(ObjectNode schema, String... types) {
        for (String type : types) {
            Json.list(schema, "oneOf").addObject().put("type", type);
        }
    }
}
