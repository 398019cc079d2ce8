package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.ByteWriter;
import io.ruori.persistence.format.MalformedRecord;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Trees on their way to another member. JSON would do, but not exactly: a tree tells 1 from 1.0, a reader of JSON makes of
 * either what it likes; and a write must come to the same wherever its object lives. It also takes less time, a quarter for a
 * Pod there and back, three quarters for a long text.
 *
 * <pre>
 * tree = number content
 * </pre>
 */
final class TreeFormat {
    private static final int MISSING = 0;
    private static final int NULL = 1;
    private static final int FALSE = 2;
    private static final int TRUE = 3;
    private static final int INT = 4;
    private static final int LONG = 5;
    private static final int BIG_INTEGER = 6;
    private static final int DECIMAL = 7;
    private static final int DOUBLE = 8;
    private static final int FLOAT = 9;
    private static final int TEXT = 10;
    private static final int ARRAY = 11;
    private static final int OBJECT = 12;

    /** Text that is no Unicode: half a surrogate pair, which UTF-8 cannot hold. Two bytes a char. */
    private static final int CHARS = 13;

    /** Bodies are no deeper than {@link Json#MAX_DEPTH}; what a patch makes of two may be. */
    private static final int MAX_DEPTH = 2 * Json.MAX_DEPTH;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private TreeFormat() {}

    static void write(JsonNode node, ByteWriter out) {
        switch (node.getNodeType()) {
            case MISSING -> out.u8(MISSING);
            case NULL -> out.u8(NULL);
            case BOOLEAN -> out.u8(node.booleanValue() ? TRUE : FALSE);
            case NUMBER -> number(node, out);
            case STRING -> text(node.textValue(), out);
            case ARRAY -> {
                out.u8(ARRAY).count(node.size());
                for (JsonNode item : node) {
                    write(item, out);
                }
            }
            case OBJECT -> {
                out.u8(OBJECT).count(node.size());
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    text(field.getKey(), out);
                    write(field.getValue(), out);
                }
            }
            case BINARY, POJO -> throw new IllegalArgumentException("no JSON: " + node.getNodeType());
        }
    }

    private static void number(JsonNode node, ByteWriter out) {
        switch (node.numberType()) {
            case INT -> out.u8(INT).i32(node.intValue());
            case LONG -> out.u8(LONG).i64(node.longValue());
            case BIG_INTEGER -> out.u8(BIG_INTEGER).block(node.bigIntegerValue().toByteArray());
            case BIG_DECIMAL -> {
                out.u8(DECIMAL);
                decimal(node.decimalValue(), out);
            }
            case DOUBLE -> out.u8(DOUBLE).i64(Double.doubleToRawLongBits(node.doubleValue()));
            case FLOAT -> out.u8(FLOAT).i32(Float.floatToRawIntBits(node.floatValue()));
        }
    }

    static void decimal(BigDecimal value, ByteWriter out) {
        out.i32(value.scale()).block(value.unscaledValue().toByteArray());
    }

    static BigDecimal decimal(ByteReader in) {
        int scale = in.i32();
        return new BigDecimal(integer(in), scale);
    }

    private static BigInteger integer(ByteReader in) {
        byte[] bytes = in.block();
        if (bytes.length == 0) {
            throw new MalformedRecord("a number without digits");
        }
        return new BigInteger(bytes);
    }

    private static void text(String text, ByteWriter out) {
        int start = out.size();
        out.u8(TEXT);
        if (out.shortAscii(text)) {
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (isAll(utf8, text)) {
            out.block(utf8);
        } else {
            out.u8At(start, CHARS).count(text.length());
            for (int i = 0; i < text.length(); i++) {
                out.u8(text.charAt(i) >>> 8).u8(text.charAt(i));
            }
        }
    }

    /** What cannot be encoded became a question mark. */
    private static boolean isAll(byte[] utf8, String text) {
        for (byte b : utf8) {
            if (b == '?') {
                return new String(utf8, StandardCharsets.UTF_8).equals(text);
            }
        }
        return true;
    }

    /** Reads a tree. Fails with {@link MalformedRecord}. */
    static JsonNode read(ByteReader in) {
        return read(in, 0);
    }

    private static JsonNode read(ByteReader in, int depth) {
        int number = in.u8();
        return switch (number) {
            case MISSING -> MissingNode.getInstance();
            case NULL -> NODES.nullNode();
            case FALSE -> NODES.booleanNode(false);
            case TRUE -> NODES.booleanNode(true);
            case INT -> NODES.numberNode(in.i32());
            case LONG -> NODES.numberNode(in.i64());
            case BIG_INTEGER -> NODES.numberNode(integer(in));
            case DECIMAL -> NODES.numberNode(decimal(in));
            case DOUBLE -> NODES.numberNode(Double.longBitsToDouble(in.i64()));
            case FLOAT -> NODES.numberNode(Float.intBitsToFloat(in.i32()));
            case TEXT, CHARS -> NODES.textNode(text(number, in));
            case ARRAY -> array(in, deeper(depth));
            case OBJECT -> object(in, deeper(depth));
            default -> throw WireReader.unknown("node", number);
        };
    }

    private static int deeper(int depth) {
        if (depth == MAX_DEPTH) {
            throw new MalformedRecord("a tree deeper than " + MAX_DEPTH);
        }
        return depth + 1;
    }

    private static String text(int number, ByteReader in) {
        return switch (number) {
            case TEXT -> in.text();
            case CHARS -> {
                int length = in.count();
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < length; i++) {
                    text.append((char) (in.u8() << 8 | in.u8()));
                }
                yield text.toString();
            }
            default -> throw WireReader.unknown("text", number);
        };
    }

    private static ArrayNode array(ByteReader in, int depth) {
        int count = in.count();
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < count; i++) {
            array.add(read(in, depth));
        }
        return array;
    }

    private static ObjectNode object(ByteReader in, int depth) {
        int count = in.count();
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < count; i++) {
            object.set(text(in.u8(), in), read(in, depth));
        }
        return object;
    }
}
