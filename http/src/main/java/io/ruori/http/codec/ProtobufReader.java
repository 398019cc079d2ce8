package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads protobuf straight into a tree. Fields a message does not know are passed over, as every protobuf reader does.
 * Whatever is cut off, too long or nested too deep ends in a {@link BadBody}; nothing is allocated on the word of a
 * length alone.
 */
final class ProtobufReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final TextNode EMPTY_TEXT = TextNode.valueOf("");

    private final byte[] bytes;
    private int at;
    private int depth;

    ProtobufReader(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    void moveTo(int position) {
        at = position;
    }

    int position() {
        return at;
    }

    ObjectNode message(WireMessage message, int end, ObjectNode into) {
        enter();
        while (at < end) {
            int tag = tag(end);
            WireField field = message.field(tag >>> 3);
            if (field == null) {
                skip(tag, end);
            } else {
                field(field, tag, end, into);
            }
        }
        depth--;
        return into;
    }

    private void enter() {
        if (++depth > Json.MAX_DEPTH) {
            throw new BadBody("proto: exceeded maximum recursion depth");
        }
    }

    private void field(WireField field, int tag, int end, ObjectNode into) {
        boolean isPacked = field.tag() != tag;
        if (isPacked && (field.shape() != WireField.Shape.LIST || (tag & 7) != Wire.BYTES)) {
            throw new BadBody("proto: wrong wireType = " + (tag & 7) + " for field " + field.name());
        }
        if (field.isEmbedded()) {
            message(field.message(), limit(end), into);
            return;
        }
        switch (field.shape()) {
            case ONE -> one(field, end, into);
            case LIST -> list(field, isPacked, end, Json.list(into, field.name()));
            case MAP -> entry(field, limit(end), Json.child(into, field.name()));
        }
    }

    private void one(WireField field, int end, ObjectNode into) {
        if (field.type() == WireType.MESSAGE && !field.message().isList()) {
            // A repeated occurrence of one message continues the first.
            message(field.message(), limit(end), Json.child(into, field.name()));
            return;
        }
        JsonNode value = value(field, end);
        if (field.zeroIsValue() || !isZero(value)) {
            into.set(field.name(), value);
        } else {
            into.remove(field.name());
        }
    }

    private static boolean isZero(JsonNode value) {
        return switch (value) {
            case TextNode text -> text.textValue().isEmpty();
            case IntNode number -> number.intValue() == 0;
            case BooleanNode flag -> !flag.booleanValue();
            case NullNode none -> true;
            default -> false;
        };
    }

    private void list(WireField field, boolean isPacked, int end, ArrayNode into) {
        int limit = isPacked ? limit(end) : end;
        do {
            into.add(value(field, limit));
        } while (isPacked && at < limit);
    }

    private void entry(WireField field, int end, ObjectNode into) {
        String key = "";
        JsonNode value = null;
        while (at < end) {
            int tag = tag(end);
            if (tag == Wire.tag(1, Wire.BYTES)) {
                key = string(end);
            } else if (tag == Wire.tag(2, field.type().wire())) {
                value = value(field, end);
            } else {
                skip(tag, end);
            }
        }
        into.set(key, value == null ? zero(field) : value);
    }

    private static JsonNode zero(WireField field) {
        return switch (field.type()) {
            case BOOL -> BooleanNode.FALSE;
            case INT32, INT64, DOUBLE -> IntNode.valueOf(0);
            case STRING, BYTES -> EMPTY_TEXT;
            case QUANTITY -> TextNode.valueOf("0");
            case MESSAGE -> field.message().isList() ? Json.array() : Json.object();
            default -> NullNode.instance;
        };
    }

    private JsonNode value(WireField field, int end) {
        return switch (field.type()) {
            case STRING -> text(string(end));
            case BOOL -> BooleanNode.valueOf(varint(end) != 0);
            case INT32 -> IntNode.valueOf((int) varint(end));
            case INT64 -> number(varint(end));
            case DOUBLE -> decimal(Double.longBitsToDouble(fixed64(end)));
            case BYTES -> text(Base64.getEncoder().encodeToString(raw(end)));
            default -> nested(field, limit(end));
        };
    }

    private JsonNode nested(WireField field, int end) {
        return switch (field.type()) {
            case TIME -> time(end, false);
            case MICRO_TIME -> time(end, true);
            case DURATION -> text(GoDuration.format(numberIn(end)));
            case QUANTITY -> {
                String quantity = stringIn(end);
                yield TextNode.valueOf(quantity.isEmpty() ? "0" : quantity);
            }
            case INT_OR_STRING -> intOrString(end);
            case EMBEDDED -> embedded(end);
            case SCHEMA_OR_LIST -> schemaOrList(field, end);
            case SCHEMA_OR_BOOL -> schemaOrBool(field, end);
            case SCHEMA_OR_STRINGS -> schemaOrStrings(field, end);
            case MESSAGE -> nestedMessage(field.message(), end);
            default -> throw new IllegalStateException(field.type() + " is scalar");
        };
    }

    private JsonNode nestedMessage(WireMessage message, int end) {
        if (!message.isList()) {
            return message(message, end, NODES.objectNode());
        }
        ArrayNode list = NODES.arrayNode();
        WireField only = message.onlyField();
        while (at < end) {
            int tag = tag(end);
            if (tag == only.tag()) {
                list.add(value(only, end));
            } else {
                skip(tag, end);
            }
        }
        return list;
    }

    private static TextNode text(String value) {
        return value.isEmpty() ? EMPTY_TEXT : TextNode.valueOf(value);
    }

    /** The node that JSON text would give, so that trees compare equal whichever way they came. */
    private static JsonNode number(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private static JsonNode decimal(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return number((long) value);
        }
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new BadBody("json: unsupported value: " + value);
        }
        return NODES.numberNode(BigDecimal.valueOf(value));
    }

    private JsonNode time(int end, boolean withMicros) {
        if (at == end) {
            return NullNode.instance;
        }
        long seconds = 0;
        long nanos = 0;
        while (at < end) {
            int tag = tag(end);
            switch (tag) {
                case 1 << 3 -> seconds = varint(end);
                case 2 << 3 -> nanos = varint(end);
                default -> skip(tag, end);
            }
        }
        try {
            return TextNode.valueOf(
                    withMicros
                            ? WireTime.micros(seconds, (int) Math.floorMod(nanos, 1_000_000_000L))
                            : WireTime.seconds(seconds));
        } catch (DateTimeException e) {
            throw new BadBody("Time.MarshalJSON: year outside of range [0,9999]");
        }
    }

    private long numberIn(int end) {
        long value = 0;
        while (at < end) {
            int tag = tag(end);
            if (tag == Wire.tag(1, Wire.VARINT)) {
                value = varint(end);
            } else {
                skip(tag, end);
            }
        }
        return value;
    }

    private String stringIn(int end) {
        String value = "";
        while (at < end) {
            int tag = tag(end);
            if (tag == Wire.tag(1, Wire.BYTES)) {
                value = string(end);
            } else {
                skip(tag, end);
            }
        }
        return value;
    }

    private JsonNode intOrString(int end) {
        long type = 0;
        long number = 0;
        String text = "";
        while (at < end) {
            int tag = tag(end);
            switch (tag) {
                case 1 << 3 -> type = varint(end);
                case 2 << 3 -> number = varint(end);
                case (3 << 3) | Wire.BYTES -> text = string(end);
                default -> skip(tag, end);
            }
        }
        return type == 1 ? text(text) : IntNode.valueOf((int) number);
    }

    private JsonNode embedded(int end) {
        byte[] json = new byte[0];
        while (at < end) {
            int tag = tag(end);
            if (tag == Wire.tag(1, Wire.BYTES)) {
                json = raw(end);
            } else {
                skip(tag, end);
            }
        }
        if (json.length == 0) {
            return NullNode.instance;
        }
        if (ProtobufCodec.isEnvelope(json)) {
            enter();
            return ProtobufCodec.kubernetes().read(json);
        }
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new BadBody(GoJson.complain(json));
        }
    }

    private JsonNode schemaOrList(WireField field, int end) {
        ArrayNode list = NODES.arrayNode();
        JsonNode single = null;
        while (at < end) {
            int tag = tag(end);
            switch (tag) {
                case (1 << 3) | Wire.BYTES -> single = message(field.message(), limit(end), NODES.objectNode());
                case (2 << 3) | Wire.BYTES -> list.add(message(field.message(), limit(end), NODES.objectNode()));
                default -> skip(tag, end);
            }
        }
        return single == null || !list.isEmpty() ? list : single;
    }

    private JsonNode schemaOrBool(WireField field, int end) {
        boolean allows = false;
        JsonNode schema = null;
        while (at < end) {
            int tag = tag(end);
            switch (tag) {
                case 1 << 3 -> allows = varint(end) != 0;
                case (2 << 3) | Wire.BYTES -> schema = message(field.message(), limit(end), NODES.objectNode());
                default -> skip(tag, end);
            }
        }
        return schema == null ? BooleanNode.valueOf(allows) : schema;
    }

    private JsonNode schemaOrStrings(WireField field, int end) {
        ArrayNode list = NODES.arrayNode();
        JsonNode schema = null;
        while (at < end) {
            int tag = tag(end);
            switch (tag) {
                case (1 << 3) | Wire.BYTES -> schema = message(field.message(), limit(end), NODES.objectNode());
                case (2 << 3) | Wire.BYTES -> list.add(string(end));
                default -> skip(tag, end);
            }
        }
        return schema == null || !list.isEmpty() ? list : schema;
    }

    private int tag(int end) {
        long tag = varint(end);
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1fff_ffff) {
            throw new BadBody("proto: illegal tag " + (tag >>> 3) + " (wire type " + (tag & 7) + ")");
        }
        return (int) tag;
    }

    /** Reads a length and answers where what follows ends. */
    int limit(int end) {
        long length = varint(end);
        if (length < 0) {
            throw new BadBody("proto: negative length found during unmarshaling");
        }
        if (length > end - at) {
            throw cutOff();
        }
        return at + (int) length;
    }

    String string(int end) {
        int limit = limit(end);
        String text = new String(bytes, at, limit - at, StandardCharsets.UTF_8);
        at = limit;
        return text;
    }

    byte[] raw(int end) {
        int limit = limit(end);
        byte[] copy = Arrays.copyOfRange(bytes, at, limit);
        at = limit;
        return copy;
    }

    private long fixed64(int end) {
        if (end - at < 8) {
            throw cutOff();
        }
        long bits = 0;
        for (int i = 7; i >= 0; i--) {
            bits = (bits << 8) | (bytes[at + i] & 0xff);
        }
        at += 8;
        return bits;
    }

    long varint(int end) {
        if (at < end && bytes[at] >= 0) {
            return bytes[at++];
        }
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                throw cutOff();
            }
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new BadBody("proto: integer overflow");
    }

    void skip(int tag, int end) {
        switch (tag & 7) {
            case Wire.VARINT -> varint(end);
            case Wire.FIXED64 -> fixed64(end);
            case Wire.BYTES -> at = limit(end);
            case Wire.FIXED32 -> {
                if (end - at < 4) {
                    throw cutOff();
                }
                at += 4;
            }
            default -> throw new BadBody("proto: illegal wireType " + (tag & 7));
        }
    }

    private static BadBody cutOff() {
        return new BadBody("unexpected EOF");
    }
}
