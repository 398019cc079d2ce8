package io.ruori.persistence.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.persistence.format.ByteWriter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes records: each with its length in bytes before it, its fields in an order that never changes, new ones at its end.
 * What has no order is written in order, so that equal values have equal bytes.
 */
final class WireWriter {
    private static final byte[] NOTHING = {};

    private final ByteWriter out;
    private final byte[] unknown;

    WireWriter(int expectedSize) {
        this(expectedSize, NOTHING);
    }

    /**
     * @param unknown what a newer version has at the end of every record
     */
    WireWriter(int expectedSize, byte[] unknown) {
        this.out = new ByteWriter(expectedSize);
        this.unknown = unknown;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    WireWriter number(int value) {
        out.u8(value);
        return this;
    }

    WireWriter flag(boolean value) {
        out.u8(value ? 1 : 0);
        return this;
    }

    /** Never negative. */
    WireWriter count(int value) {
        out.count(value);
        return this;
    }

    WireWriter i32(int value) {
        out.i32(value);
        return this;
    }

    WireWriter i64(long value) {
        out.i64(value);
        return this;
    }

    WireWriter text(String value) {
        out.text(value);
        return this;
    }

    WireWriter block(byte[] value) {
        out.block(value);
        return this;
    }

    WireWriter tree(JsonNode value) {
        TreeFormat.write(value, out);
        return this;
    }

    WireWriter record(Consumer<WireWriter> fields) {
        int start = out.size();
        out.i32(0);
        fields.accept(this);
        out.raw(unknown);
        out.i32At(start, out.size() - start - Integer.BYTES);
        return this;
    }

    /** What has a format of its own, with its length before it. */
    WireWriter foreign(Consumer<ByteWriter> content) {
        int start = out.size();
        out.i32(0);
        content.accept(out);
        out.i32At(start, out.size() - start - Integer.BYTES);
        return this;
    }

    <T> WireWriter list(Collection<? extends T> items, BiConsumer<WireWriter, T> each) {
        out.count(items.size());
        for (T item : items) {
            each.accept(this, item);
        }
        return this;
    }

    WireWriter texts(Collection<String> items) {
        return list(items, WireWriter::text);
    }

    <K extends Comparable<K>, V> WireWriter map(
            Map<K, V> map, BiConsumer<WireWriter, K> key, BiConsumer<WireWriter, V> value) {
        out.count(map.size());
        new TreeMap<>(map).forEach((k, v) -> {
            key.accept(this, k);
            value.accept(this, v);
        });
        return this;
    }
}
