package io.ruori.kind.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Scale;
import io.ruori.kind.Subresource;
import java.util.List;

/**
 * The {@code scale} sub-resource of a custom resource, which says where its numbers are.
 *
 * @param replicas such as {@code .spec.replicas}
 * @param statusReplicas such as {@code .status.replicas}
 * @param selector such as {@code .status.selector}; empty where there is none
 */
record CustomScale(String replicas, String statusReplicas, String selector) {

    static CustomScale of(JsonNode scale) {
        return new CustomScale(
                Json.text(scale, "specReplicasPath"),
                Json.text(scale, "statusReplicasPath"),
                Json.text(scale, "labelSelectorPath"));
    }

    Subresource subresource() {
        return Scale.subresource(
                object -> Json.number(object, 0, path(replicas)),
                object -> Json.number(object, 0, path(statusReplicas)),
                object -> selector.isEmpty() ? "" : Json.text(object, path(selector)),
                this::ask,
                List.of(path(replicas)));
    }

    private static String[] path(String simple) {
        return simple.substring(simple.startsWith(".") ? 1 : 0).split("\\.");
    }

    private void ask(ObjectNode object, long wanted) {
        String[] path = path(replicas);
        ObjectNode parent = object;
        for (int i = 0; i < path.length - 1; i++) {
            parent = Json.child(parent, path[i]);
        }
        parent.set(path[path.length - 1], Json.number(wanted));
    }

    /** The numbers must be numbers, whoever writes them. */
    void validate(JsonNode object, boolean statusOnly, FieldErrors errors) {
        if (!statusOnly) {
            count(object, replicas, errors);
        }
        count(object, statusReplicas, errors);
        JsonNode labels = selector.isEmpty() ? Json.object() : Json.at(object, path(selector));
        if (!selector.isEmpty() && Json.isPresent(labels) && !labels.isTextual()) {
            errors.invalid(
                    selector,
                    "",
                    selector + " accessor error: " + labels + " is of the type " + goType(labels)
                            + ", expected string");
        }
    }

    private static void count(JsonNode object, String path, FieldErrors errors) {
        JsonNode value = Json.at(object, path(path));
        if (!Json.isPresent(value)) {
            return;
        }
        if (!value.isIntegralNumber()) {
            errors.invalid(
                    path,
                    0,
                    path + " accessor error: " + value.asText() + " is of the type " + goType(value)
                            + ", expected int64");
        } else if (value.longValue() < 0) {
            errors.invalid(path, value, "should be a non-negative integer");
        } else if (value.longValue() > Integer.MAX_VALUE) {
            errors.invalid(path, value, "should be less than or equal to " + Integer.MAX_VALUE);
        }
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            case OBJECT, POJO -> "map[string]interface {}";
            case NULL, MISSING -> "<nil>";
        };
    }
}
