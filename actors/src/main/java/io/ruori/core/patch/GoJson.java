package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** JSON as Go writes it, where clients compare the text: sorted keys, and HTML's special characters escaped. */
final class GoJson {

    private GoJson() {}

    static String write(JsonNode value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    static void append(StringBuilder out, JsonNode value) {
        if (value.isTextual()) {
            appendQuoted(out, value.textValue());
        } else if (value instanceof NumericNode number) {
            out.append(number.canConvertToExactIntegral() ? number.bigIntegerValue() : number.asText());
        } else if (value instanceof ObjectNode map) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            map.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
            char separator = '{';
            for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
                appendQuoted(out.append(separator), field.getKey());
                append(out.append(':'), field.getValue());
                separator = ',';
            }
            out.append(sorted.isEmpty() ? "{}" : "}");
        } else if (value.isArray()) {
            out.append('[');
            for (int i = 0; i < value.size(); i++) {
                append(i == 0 ? out : out.append(','), value.get(i));
            }
            out.append(']');
        } else {
            out.append(value.asText());
        }
    }

    static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                appendEscaped(out, c);
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static void appendEscaped(StringBuilder out, char c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u").append(String.format("%04x", (int) c));
        }
    }
}
