package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks an applied configuration against the schema, in upstream's words: only what fits can be merged and owned. */
final class AppliedTypes {
    private final FieldTypes types;
    private final List<String> errors = new ArrayList<>();

    private AppliedTypes(FieldTypes types) {
        this.types = types;
    }

    /** Empty when all is well. */
    static String errors(FieldTypes types, JsonNode applied, Schema type) {
        AppliedTypes check = new AppliedTypes(types);
        check.value("", applied, type);
        return switch (check.errors.size()) {
            case 0 -> "";
            case 1 -> check.errors.getFirst();
            default -> check.errors.stream().collect(Collectors.joining("\n  ", "errors:\n  ", ""));
        };
    }

    private void error(String path, String message) {
        errors.add(path.isEmpty() ? message : path + ": " + message);
    }

    private void value(String path, JsonNode value, @Nullable Schema unresolved) {
        Schema type = types.resolve(unresolved);
        if (value.isNull() || type == null) {
            return;
        }
        switch (type) {
            case Struct struct -> struct(path, value, struct);
            case MapOf map -> map(path, value, map);
            case ListOf list -> list(path, value, list);
            case Scalar scalar -> scalar(path, value, scalar);
            case Any any -> {
                // Everything fits.
            }
            case Ref ref -> throw new IllegalStateException("unresolved " + ref);
        }
    }

    private void struct(String path, JsonNode value, Struct struct) {
        if (!value.isObject()) {
            if (struct.open() && struct.fields().isEmpty()) {
                return;
            }
            error(path, "expected map, got &{" + JsonValues.shown(value) + "}");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            Schema.Field field = struct.field(entry.getKey());
            String at = path + "." + entry.getKey();
            if (field == null && struct.open()) {
                continue;
            }
            if (field == null) {
                error(at, "field not declared in schema");
            } else {
                value(at, entry.getValue(), field.type());
            }
        }
    }

    private void map(String path, JsonNode value, MapOf map) {
        if (value.isObject()) {
            value.properties().forEach(entry -> value(path + "." + entry.getKey(), entry.getValue(), map.values()));
        } else {
            error(path, "expected map, got &{" + JsonValues.shown(value) + "}");
        }
    }

    private void list(String path, JsonNode value, ListOf list) {
        if (!value.isArray()) {
            error(path, "expected list, got &{" + JsonValues.shown(value) + "}");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode element = value.get(i);
            if (list.type() == ListType.ATOMIC) {
                value(path + "[" + i + "]", element, list.items());
                continue;
            }
            String step = FieldTypes.element(list, element);
            if (step == null) {
                error(path, "element " + i + ": " + unidentified(list, element));
                return;
            }
            if (!seen.add(step)) {
                error(path, "duplicate entries for key " + PathElement.shown(step));
            }
            value(path + PathElement.shown(step), element, list.items());
        }
    }

    private static String unidentified(ListOf list, JsonNode element) {
        if (list.type() == ListType.SET) {
            return element.isNull()
                    ? "associative list without keys has an element that's an explicit null"
                    : element.isArray()
                            ? "not supported: associative list with lists as elements"
                            : "associative list without keys has an element that's a map type";
        }
        if (!element.isObject()) {
            return element.isNull()
                    ? "associative list with keys may not have a null element"
                    : "associative list with keys may not have non-map elements";
        }
        return "associative list with keys has an element that omits all key fields "
                + list.keys().stream().map(key -> "\"" + key + "\"").collect(Collectors.joining(" ", "[", "]"))
                + " (and doesn't have default values for any key fields)";
    }

    private void scalar(String path, JsonNode value, Scalar scalar) {
        switch (scalar.type()) {
            case INT32, INT64, DOUBLE -> {
                if (!value.isNumber()) {
                    error(path, "expected numeric (int or float), got " + goType(value));
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    error(path, "expected boolean, got &{" + JsonValues.shown(value) + "}");
                }
            }
            case STRING, BYTES, DURATION -> {
                if (!value.isTextual()) {
                    error(path, "expected string, got &value.valueUnstructured{Value:" + value + "}");
                }
            }
            case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING -> {
                if (value.isContainerNode()) {
                    error(path, "expected any scalar, got &{" + JsonValues.shown(value) + "}");
                }
            }
        }
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case BOOLEAN -> "bool";
            case STRING, BINARY -> "string";
            case NUMBER -> "float64";
            case NULL, MISSING -> "<nil>";
        };
    }
}
