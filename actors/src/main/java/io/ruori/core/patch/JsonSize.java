package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The size of a tree written as JSON, near enough for a limit. */
final class JsonSize {

    private JsonSize() {}

    static long of(JsonNode node) {
        long size = 2;
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                size += field.getKey().length() + 4L + of(field.getValue());
            }
        } else if (node.isArray()) {
            for (JsonNode element : node) {
                size += 1 + of(element);
            }
        } else {
            size += node.asText().length();
        }
        return size;
    }
}
