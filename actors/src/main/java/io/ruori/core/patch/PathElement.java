package io.ruori.core.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ruori.api.Json;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a field path, kept as the text that fieldsV1 writes: {@code f:name} for a field or map key,
 * {@code k:{"name":"web"}} for an element of a keyed list, {@code v:"x"} for an element of a set, {@code i:0} for a place.
 * As text it is hashed, compared and written without more ado; on the hot path nothing is parsed.
 */
final class PathElement {
    /** The only default among the keys of Kubernetes' lists: a port without a protocol is a TCP port. */
    private static final String PROTOCOL = "protocol";

    private static final TextNode TCP = TextNode.valueOf("TCP");

    private PathElement() {}

    static String field(String name) {
        return "f:" + name;
    }

    /** An element of a keyed list; null where the element has none of the keys. */
    static @Nullable String key(List<String> keys, JsonNode element) {
        StringBuilder out = new StringBuilder(32).append("k:{");
        for (String key : sorted(keys)) {
            JsonNode value = element.get(key);
            if (value == null && key.equals(PROTOCOL)) {
                value = TCP;
            }
            if (value != null) {
                if (out.charAt(out.length() - 1) != '{') {
                    out.append(',');
                }
                GoJson.appendQuoted(out, key);
                GoJson.append(out.append(':'), value);
            }
        }
        return out.charAt(out.length() - 1) == '{' ? null : out.append('}').toString();
    }

    private static List<String> sorted(List<String> keys) {
        for (int i = 1; i < keys.size(); i++) {
            if (keys.get(i - 1).compareTo(keys.get(i)) > 0) {
                return keys.stream().sorted().toList();
            }
        }
        return keys;
    }

    /** An element of a set; null for what no set can hold. */
    static @Nullable String value(JsonNode element) {
        if (element.isContainerNode() || element.isNull()) {
            return null;
        }
        StringBuilder out = new StringBuilder(32).append("v:");
        GoJson.append(out, element);
        return out.toString();
    }

    /**
     * The one spelling of a path element a client wrote; empty for a kind of element nobody knows yet, which is ignored as
     * upstream does.
     *
     * @throws IllegalArgumentException for what is no path element
     */
    static String canonical(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            throw new IllegalArgumentException("missing colon: " + text);
        }
        return switch (text.charAt(0)) {
            case 'f' -> text;
            case 'i' -> "i:" + Integer.parseInt(text.substring(2));
            case 'k' -> {
                if (parsed(text) instanceof ObjectNode keys && !keys.isEmpty()) {
                    yield "k:" + GoJson.write(keys);
                }
                throw new IllegalArgumentException("not a key: " + text);
            }
            case 'v' -> {
                JsonNode value = parsed(text);
                if (value.isMissingNode()) {
                    throw new IllegalArgumentException("not a value: " + text);
                }
                yield "v:" + GoJson.write(value);
            }
            default -> "";
        };
    }

    private static JsonNode parsed(String text) {
        try {
            return Json.mapper().readTree(text.substring(2));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage() + " in " + text, e);
        }
    }

    // Order: fields, keys, values, places; within a kind by content, numbers as numbers.

    static int compare(String left, String right) {
        char leftKind = left.charAt(0);
        char rightKind = right.charAt(0);
        if (leftKind != rightKind) {
            return Integer.compare(rank(leftKind), rank(rightKind));
        }
        if (leftKind == 'f' || left.equals(right)) {
            return left.compareTo(right);
        }
        return leftKind == 'k' ? compareKeys(left, right) : compareValues(parsed(left), parsed(right));
    }

    private static int rank(char kind) {
        return switch (kind) {
            case 'f' -> 0;
            case 'k' -> 1;
            case 'v' -> 2;
            default -> 3;
        };
    }

    private static int compareKeys(String left, String right) {
        int start = left.indexOf("\":\"") + 3;
        if (start > 3 && isOneText(left, start) && isOneText(right, start) && left.regionMatches(0, right, 0, start)) {
            // {"name":"a"}, nearly always
            return left.substring(start, left.length() - 2).compareTo(right.substring(start, right.length() - 2));
        }
        Iterator<Map.Entry<String, JsonNode>> lefts = fields(parsed(left));
        Iterator<Map.Entry<String, JsonNode>> rights = fields(parsed(right));
        while (lefts.hasNext() && rights.hasNext()) {
            Map.Entry<String, JsonNode> one = lefts.next();
            Map.Entry<String, JsonNode> other = rights.next();
            int byName = one.getKey().compareTo(other.getKey());
            int order = byName != 0 ? byName : compareValues(one.getValue(), other.getValue());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(lefts.hasNext(), rights.hasNext());
    }

    private static boolean isOneText(String key, int start) {
        int end = key.indexOf('"', start);
        return end == key.length() - 2 && key.indexOf('\\', start) < 0;
    }

    private static int compareValues(JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return JsonValues.compareNumbers(left, right);
        }
        int byKind = Integer.compare(valueRank(left), valueRank(right));
        return byKind != 0 ? byKind : GoJson.write(left).compareTo(GoJson.write(right));
    }

    private static int valueRank(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> 0;
            case STRING, BINARY -> 1;
            case BOOLEAN -> 2;
            case ARRAY -> 3;
            case OBJECT, POJO -> 4;
            case NULL, MISSING -> 5;
        };
    }

    private static Iterator<Map.Entry<String, JsonNode>> fields(JsonNode object) {
        return object.properties().iterator();
    }

    // Text for people

    /** As in an error: {@code .spec}, {@code [name="web"]}, {@code [="x"]}, {@code [0]}. */
    static String shown(String element) {
        return switch (element.charAt(0)) {
            case 'f' -> "." + element.substring(2);
            case 'k' -> {
                StringBuilder out = new StringBuilder("[");
                fields(parsed(element))
                        .forEachRemaining(key -> out.append(out.length() > 1 ? "," : "")
                                .append(key.getKey())
                                .append('=')
                                .append(key.getValue()));
                yield out.append(']').toString();
            }
            case 'v' -> "[=" + element.substring(2) + "]";
            default -> "[" + element.substring(2) + "]";
        };
    }
}
