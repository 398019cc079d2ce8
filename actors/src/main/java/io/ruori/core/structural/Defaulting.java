package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Fills in what a schema says is there when nobody says otherwise, in place. A null where none is allowed counts as absent: it
 * becomes the default, or goes.
 */
public final class Defaulting {
    private Defaulting() {}

    public static void apply(JsonNode value, StructuralSchema schema) {
        switch (value) {
            case ObjectNode object -> object(object, schema);
            case ArrayNode list -> {
                if (schema.items() != null) {
                    list.forEach(element -> apply(element, schema.items()));
                }
            }
            default -> {}
        }
    }

    private static void object(ObjectNode object, StructuralSchema schema) {
        for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
            JsonNode present = object.get(property.getKey());
            JsonNode otherwise = property.getValue().defaultValue();
            if (otherwise != null && (present == null || property.getValue().refusesNull(present))) {
                object.set(property.getKey(), otherwise.deepCopy());
            } else if (present != null && property.getValue().refusesNull(present)) {
                object.remove(property.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            StructuralSchema member = schema.member(field.getKey());
            if (member == null) {
                continue;
            }
            if (member.refusesNull(field.getValue()) && member.defaultValue() != null) {
                field.setValue(member.defaultValue().deepCopy());
            }
            apply(field.getValue(), member);
        }
    }
}
