package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree as protobuf, from the last byte to the first: when a nested message is done its length is known, so one
 * pass over the tree is enough and nothing is measured or copied twice. Fields come out in the order of their numbers and
 * maps sorted by key, so equal trees give equal bytes.
 */
final class ProtobufWriter {
    private byte[] buffer;
    private int start;

    ProtobufWriter(int sizeHint) {
        buffer = new byte[Math.max(sizeHint, 64)];
        start = buffer.length;
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(buffer, start, buffer.length);
    }

    /** How many bytes stand already; the difference of two marks is the length of what was written between them. */
    int mark() {
        return buffer.length - start;
    }

    void message(WireMessage message, JsonNode node) {
        if (message.isList()) {
            list(message.onlyField(), node);
            return;
        }
        for (WireField field : message.descending()) {
            if (field.isEmbedded()) {
                int mark = mark();
                message(field.message(), node);
                lengthAndTag(mark, field.tag());
            } else {
                JsonNode value = node.get(field.name());
                if (value != null && !value.isNull()) {
                    field(field, value);
                }
            }
        }
    }

    private void field(WireField field, JsonNode value) {
        switch (field.shape()) {
            case ONE -> tagged(field, value);
            case LIST -> list(field, value);
            case MAP -> map(field, value);
        }
    }

    private void tagged(WireField field, JsonNode value) {
        value(field, value);
        varint(field.tag());
    }

    private void list(WireField field, JsonNode values) {
        for (int i = values.size() - 1; i >= 0; i--) {
            tagged(field, values.get(i));
        }
    }

    private void map(WireField field, JsonNode values) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(values.properties());
        entries.sort(Comparator.comparing(Map.Entry<String, JsonNode>::getKey).reversed());
        for (Map.Entry<String, JsonNode> entry : entries) {
            int mark = mark();
            value(field, entry.getValue());
            varint(Wire.tag(2, field.type().wire()));
            string(entry.getKey());
            varint(Wire.tag(1, Wire.BYTES));
            lengthAndTag(mark, field.tag());
        }
    }

    /** A value without its tag; what is not scalar brings its length. */
    private void value(WireField field, JsonNode value) {
        switch (field.type()) {
            case BOOL -> varint(value.booleanValue() ? 1 : 0);
            case INT32, INT64 -> varint(number(field, value));
            case DOUBLE -> fixed64(Double.doubleToRawLongBits(value.doubleValue()));
            case STRING -> string(text(field, value));
            case BYTES -> bytes(base64(text(field, value)));
            default -> {
                int mark = mark();
                nested(field, value);
                length(mark);
            }
        }
    }

    private void nested(WireField field, JsonNode value) {
        switch (field.type()) {
            case TIME -> time(text(field, value), false);
            case MICRO_TIME -> time(text(field, value), true);
            case DURATION -> duration(text(field, value));
            case QUANTITY -> {
                string(value.isNull() ? "0" : value.asText());
                varint(Wire.tag(1, Wire.BYTES));
            }
            case INT_OR_STRING -> intOrString(field, value);
            case EMBEDDED -> embedded(value);
            case SCHEMA_OR_LIST -> schemaOrList(field, value);
            case SCHEMA_OR_BOOL -> schemaOrBool(field, value);
            case SCHEMA_OR_STRINGS -> schemaOrStrings(field, value);
            case MESSAGE -> message(field.message(), value);
            default -> throw new IllegalStateException(field.type() + " is scalar");
        }
    }

    private static long number(WireField field, JsonNode value) {
        if (value.isNumber()) {
            return value.longValue();
        }
        if (value.isNull()) {
            return 0;
        }
        throw new IllegalArgumentException(field.name() + ": not a number: " + value);
    }

    private static String text(WireField field, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isNull()) {
            return "";
        }
        throw new IllegalArgumentException(field.name() + ": not a string: " + value);
    }

    private static byte[] base64(String text) {
        // Go's decoder passes over line breaks, which people put into Secrets.
        boolean broken = text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
        return Base64.getDecoder().decode(broken ? text.replace("\n", "").replace("\r", "") : text);
    }

    private void time(String text, boolean withMicros) {
        if (text.isEmpty()) {
            return;
        }
        Instant time = WireTime.parse(text);
        varint(withMicros ? time.getNano() / 1000 * 1000L : 0);
        varint(Wire.tag(2, Wire.VARINT));
        varint(time.getEpochSecond());
        varint(Wire.tag(1, Wire.VARINT));
    }

    private void duration(String text) {
        varint(text.isEmpty() ? 0 : GoDuration.parse(text));
        varint(Wire.tag(1, Wire.VARINT));
    }

    private void intOrString(WireField field, JsonNode value) {
        boolean isText = value.isTextual();
        string(isText ? value.textValue() : "");
        varint(Wire.tag(3, Wire.BYTES));
        varint(isText ? 0 : number(field, value));
        varint(Wire.tag(2, Wire.VARINT));
        varint(isText ? 1 : 0);
        varint(Wire.tag(1, Wire.VARINT));
    }

    private void embedded(JsonNode value) {
        if (!value.isNull()) {
            bytes(Json.write(value));
            varint(Wire.tag(1, Wire.BYTES));
        }
    }

    private void schemaOrList(WireField field, JsonNode value) {
        if (value.isArray()) {
            for (int i = value.size() - 1; i >= 0; i--) {
                submessage(2, field, value.get(i));
            }
        } else {
            submessage(1, field, value);
        }
    }

    private void schemaOrBool(WireField field, JsonNode value) {
        if (value.isObject()) {
            submessage(2, field, value);
        }
        varint(value.isObject() || value.booleanValue() ? 1 : 0);
        varint(Wire.tag(1, Wire.VARINT));
    }

    private void schemaOrStrings(WireField field, JsonNode value) {
        if (value.isObject()) {
            submessage(1, field, value);
            return;
        }
        for (int i = value.size() - 1; i >= 0; i--) {
            string(value.get(i).asText());
            varint(Wire.tag(2, Wire.BYTES));
        }
    }

    private void submessage(int number, WireField field, JsonNode value) {
        int mark = mark();
        message(field.message(), value);
        lengthAndTag(mark, Wire.tag(number, Wire.BYTES));
    }

    void lengthAndTag(int mark, int tag) {
        length(mark);
        varint(tag);
    }

    private void length(int mark) {
        varint(mark() - mark);
    }

    void string(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] value) {
        raw(value);
        varint(value.length);
    }

    /** Bytes as they are, without a length. */
    void raw(byte[] value) {
        reserve(value.length);
        start -= value.length;
        System.arraycopy(value, 0, buffer, start, value.length);
    }

    private void fixed64(long bits) {
        reserve(8);
        start -= 8;
        for (int i = 0; i < 8; i++) {
            buffer[start + i] = (byte) (bits >>> (8 * i));
        }
    }

    void varint(long value) {
        if ((value & ~0x7fL) == 0) {
            reserve(1);
            buffer[--start] = (byte) value;
            return;
        }
        int size = (70 - Long.numberOfLeadingZeros(value)) / 7;
        reserve(size);
        start -= size;
        long rest = value;
        for (int i = 0; i < size - 1; i++) {
            buffer[start + i] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        buffer[start + size - 1] = (byte) rest;
    }

    private void reserve(int more) {
        if (start < more) {
            int used = mark();
            byte[] larger = new byte[Math.max(buffer.length * 2, used + more + 64)];
            System.arraycopy(buffer, start, larger, larger.length - used, used);
            buffer = larger;
            start = larger.length - used;
        }
    }
}
