package io.ruori.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reading, writing and walking JSON trees. Trees are treated as immutable except by the one who made or copied them. */
public final class Json {
    /** Deeper than any Kubernetes object, far shallower than what would exhaust a stack. */
    public static final int MAX_DEPTH = 500;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(16 << 20)
                            .build())
                    .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** Reads a tree that we wrote ourselves; anything unreadable is a fault, not bad input. */
    public static ObjectNode read(byte[] utf8) {
        try {
            return (ObjectNode) MAPPER.readTree(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode read(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] write(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text at a path of field names, or {@code ""} where there is none. */
    public static String text(JsonNode node, String... path) {
        return at(node, path).asText("");
    }

    public static long number(JsonNode node, long otherwise, String... path) {
        JsonNode found = at(node, path);
        return found.isNumber() ? found.longValue() : otherwise;
    }

    /** The node at a path of field names; a missing node where there is none. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node;
        for (String field : path) {
            found = found.path(field);
        }
        return found;
    }

    /** The object under a field, made when absent or null. */
    public static ObjectNode child(ObjectNode parent, String field) {
        JsonNode found = parent.get(field);
        return found instanceof ObjectNode existing ? existing : parent.putObject(field);
    }

    /** The list under a field, made when absent or null. */
    public static ArrayNode list(ObjectNode parent, String field) {
        JsonNode found = parent.get(field);
        return found instanceof ArrayNode existing ? existing : parent.putArray(field);
    }

    /** Sets a field only where it is absent or null: how defaults are applied. */
    public static void ifAbsent(ObjectNode parent, String field, JsonNode value) {
        JsonNode found = parent.get(field);
        if (found == null || found.isNull()) {
            parent.set(field, value);
        }
    }

    public static void ifAbsent(ObjectNode parent, String field, String value) {
        ifAbsent(parent, field, parent.textNode(value));
    }

    public static void ifAbsent(ObjectNode parent, String field, long value) {
        ifAbsent(parent, field, number(value));
    }

    /** A number in the form a parser would give it, so that trees made and trees read are equal. */
    public static JsonNode number(long value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return value == (int) value ? nodes.numberNode((int) value) : nodes.numberNode(value);
    }

    public static void ifAbsent(ObjectNode parent, String field, boolean value) {
        ifAbsent(parent, field, parent.booleanNode(value));
    }

    public static boolean isPresent(@Nullable JsonNode node) {
        return node != null && !node.isMissingNode() && !node.isNull();
    }
}
