package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree in the style kubectl shows: keys in natural order, lists at their key's indentation, strings quoted only
 * where they must be, texts of several lines as literal blocks, no folding of long lines.
 */
final class YamlWriter {
    private static final int STEP = 2;

    /** A longer key needs the {@code ?} form. */
    private static final int MAX_SIMPLE_KEY = 128;

    private final StringBuilder out = new StringBuilder();

    String document(JsonNode tree) {
        if (isBlock(tree)) {
            block(tree, 0);
        } else {
            scalar(tree, 0);
            out.append('\n');
        }
        return out.toString();
    }

    private static boolean isBlock(JsonNode node) {
        return node.isContainerNode() && !node.isEmpty();
    }

    /** A list or map whose first line continues the present one, at the column it stands. */
    private void block(JsonNode node, int column) {
        if (node.isArray()) {
            boolean isFirst = true;
            for (JsonNode item : node) {
                indent(column, isFirst);
                isFirst = false;
                out.append('-');
                entry(item, column + STEP);
            }
            return;
        }
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(node.properties());
        entries.sort(Map.Entry.comparingByKey(NaturalOrder.INSTANCE));
        boolean isFirst = true;
        for (Map.Entry<String, JsonNode> entry : entries) {
            indent(column, isFirst);
            isFirst = false;
            if (isSimple(entry.getKey())) {
                YamlString.append(out, entry.getKey(), 0, true);
                out.append(':');
                field(entry.getValue(), column);
            } else {
                out.append("? ");
                YamlString.append(out, entry.getKey(), column + STEP, false);
                out.append('\n').repeat(' ', column).append(':');
                entry(entry.getValue(), column + STEP);
            }
        }
    }

    private void indent(int column, boolean isFirst) {
        if (!isFirst) {
            out.repeat(' ', column);
        }
    }

    private static boolean isSimple(String key) {
        return key.length() <= MAX_SIMPLE_KEY && key.indexOf('\n') < 0;
    }

    private void field(JsonNode value, int column) {
        if (isBlock(value)) {
            int inner = value.isArray() ? column : column + STEP;
            out.append('\n').repeat(' ', inner);
            block(value, inner);
        } else {
            entry(value, column + STEP);
        }
    }

    /** A value on the line of its dash or key; {@code column} is where its further lines begin. */
    private void entry(JsonNode value, int column) {
        out.append(' ');
        if (isBlock(value)) {
            block(value, column);
        } else {
            scalar(value, column);
            out.append('\n');
        }
    }

    private void scalar(JsonNode value, int column) {
        switch (value.getNodeType()) {
            case STRING -> YamlString.append(out, value.textValue(), column, false);
            case OBJECT -> out.append("{}");
            case ARRAY -> out.append("[]");
            case NUMBER -> out.append(number(value));
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL, MISSING, BINARY, POJO -> out.append("null");
        }
    }

    private static String number(JsonNode value) {
        return value.isIntegralNumber() ? value.asText() : value.decimalValue().toString();
    }
}
