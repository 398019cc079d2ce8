package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Comparing and printing JSON values. Jackson's own {@code equals} tells 1 as int from 1 as long; this does not. */
public final class JsonValues {

    private JsonValues() {}

    static boolean isAbsent(@Nullable JsonNode node) {
        return node == null || node.isNull();
    }

    @SuppressWarnings("ReferenceEquality") // trees share subtrees; those need no look inside
    public static boolean same(@Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == right) {
            return true;
        }
        if (left == null || right == null || left.getNodeType() != right.getNodeType()) {
            return false;
        }
        if (left instanceof ObjectNode leftMap && right instanceof ObjectNode rightMap) {
            return sameFields(leftMap, rightMap);
        }
        if (left instanceof ArrayNode leftList && right instanceof ArrayNode rightList) {
            return sameElements(leftList, rightList);
        }
        return left.getNodeType() == JsonNodeType.NUMBER ? compareNumbers(left, right) == 0 : left.equals(right);
    }

    private static boolean sameFields(ObjectNode left, ObjectNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            if (!same(field.getValue(), right.get(field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(ArrayNode left, ArrayNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int compareNumbers(JsonNode left, JsonNode right) {
        if (left.canConvertToExactIntegral() && right.canConvertToExactIntegral()) {
            return left.canConvertToLong() && right.canConvertToLong()
                    ? Long.compare(left.longValue(), right.longValue())
                    : left.bigIntegerValue().compareTo(right.bigIntegerValue());
        }
        return left.decimalValue().compareTo(right.decimalValue());
    }

    /** A key that is the same for equal scalars, and for no others; for objects, where their fields come in the same order. */
    public static String identity(JsonNode scalar) {
        return scalar.isNumber()
                ? "n" + scalar.decimalValue().stripTrailingZeros().toPlainString()
                : scalar.isTextual() ? "s" + scalar.textValue() : "o" + scalar;
    }

    /** A shallow copy: the same values under a node of our own. */
    static ObjectNode copyOf(ObjectNode node) {
        ObjectNode copy = node.objectNode();
        copy.setAll(node);
        return copy;
    }

    /** As Go's {@code %v} prints it, which is how Kubernetes shows values in these errors. */
    static String shown(JsonNode value) {
        StringBuilder out = new StringBuilder();
        show(value, out);
        return out.toString();
    }

    private static void show(JsonNode value, StringBuilder out) {
        if (value instanceof ObjectNode map) {
            showFields(map, out);
        } else if (value instanceof ArrayNode list) {
            showElements(list, out);
        } else {
            out.append(value.isNull() ? "<nil>" : value.asText());
        }
    }

    private static void showFields(ObjectNode map, StringBuilder out) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        map.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        out.append("map[");
        String separator = "";
        for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
            out.append(separator).append(field.getKey()).append(':');
            show(field.getValue(), out);
            separator = " ";
        }
        out.append(']');
    }

    private static void showElements(ArrayNode list, StringBuilder out) {
        out.append('[');
        Iterator<JsonNode> elements = list.elements();
        while (elements.hasNext()) {
            show(elements.next(), out);
            out.append(elements.hasNext() ? " " : "");
        }
        out.append(']');
    }
}
