package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.patch.JsonValues;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Sets hold nothing twice, and the elements of a list of type map have keys of their own; embedded resources are resources. */
public final class ListTypes {
    private final FieldErrors errors;
    private final boolean onlyEmbedded;

    private ListTypes(FieldErrors errors, boolean onlyEmbedded) {
        this.errors = errors;
        this.onlyEmbedded = onlyEmbedded;
    }

    public static void validate(JsonNode value, StructuralSchema schema, FieldErrors errors) {
        new ListTypes(errors, false).value(value, schema, "");
    }

    /** Looks at embedded resources alone. */
    static void validateEmbedded(JsonNode value, StructuralSchema schema, FieldErrors errors) {
        new ListTypes(errors, true).value(value, schema, "");
    }

    private void value(JsonNode value, StructuralSchema schema, String path) {
        switch (value) {
            case ObjectNode object -> object(object, schema, path);
            case ArrayNode list -> list(list, schema, path);
            default -> {}
        }
    }

    private void object(ObjectNode object, StructuralSchema schema, String path) {
        if (schema.embedded()) {
            EmbeddedResources.validate(object, path, errors);
        }
        object.properties().forEach(field -> {
            StructuralSchema member = schema.member(field.getKey());
            if (member != null) {
                boolean declared = schema.properties().containsKey(field.getKey());
                value(
                        field.getValue(),
                        member,
                        declared ? SchemaValidation.below(path, field.getKey()) : path + "[" + field.getKey() + "]");
            }
        });
    }

    private void list(ArrayNode list, StructuralSchema schema, String path) {
        if (onlyEmbedded) {
            elements(list, schema, path);
            return;
        }
        if (schema.isSetList()) {
            unique(list, path, element -> element);
        } else if (schema.isMapList()) {
            boolean objects = true;
            for (int i = 0; i < list.size(); i++) {
                if (!list.get(i).isObject() && !list.get(i).isNull()) {
                    errors.invalid(
                            path + "[" + i + "]", list.get(i), "must be an object for an array of list-type map");
                    objects = false;
                }
            }
            if (objects) {
                unique(list, path, element -> keys(element, schema));
            }
        }
        elements(list, schema, path);
    }

    private void elements(ArrayNode list, StructuralSchema schema, String path) {
        StructuralSchema items = schema.items();
        if (items != null) {
            for (int i = 0; i < list.size(); i++) {
                value(list.get(i), items, path + "[" + i + "]");
            }
        }
    }

    private static JsonNode keys(JsonNode element, StructuralSchema schema) {
        ObjectNode keys = Json.object();
        for (String name : schema.listKeys()) {
            JsonNode value = element.get(name);
            if (value != null) {
                keys.set(name, value);
            }
        }
        return keys;
    }

    /** Each value that occurs more than once is told of once, at its second place. */
    private void unique(ArrayNode list, String path, Function<JsonNode, JsonNode> identity) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode mark = identity.apply(list.get(i));
            if (seen.merge(JsonValues.identity(mark), 1, Integer::sum) == 2) {
                errors.duplicate(path + "[" + i + "]", mark);
            }
        }
    }
}
