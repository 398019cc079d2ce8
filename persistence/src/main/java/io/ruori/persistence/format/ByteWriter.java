package io.ruori.persistence.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array. Integers are big-endian; lengths and counts are variable-length, seven bits to a byte, lowest first. */
public final class ByteWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteWriter(int expectedSize) {
        bytes = new byte[expectedSize];
    }

    public int size() {
        return size;
    }

    /** The array written into; only its first {@link #size()} bytes mean anything. */
    public byte[] buffer() {
        return bytes;
    }

    public byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    public ByteWriter u8(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ByteWriter i32(int value) {
        ensure(Integer.BYTES);
        INTS.set(bytes, size, value);
        size += Integer.BYTES;
        return this;
    }

    /** Writes over a byte that was written before. */
    public ByteWriter u8At(int position, int value) {
        bytes[position] = (byte) value;
        return this;
    }

    /** Writes over four bytes that were written before. */
    public ByteWriter i32At(int position, int value) {
        INTS.set(bytes, position, value);
        return this;
    }

    public ByteWriter i64(long value) {
        ensure(Long.BYTES);
        LONGS.set(bytes, size, value);
        size += Long.BYTES;
        return this;
    }

    /** A count or a length; never negative. */
    public ByteWriter count(int value) {
        ensure(5);
        int rest = value;
        while (rest > 0x7f) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public ByteWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    public ByteWriter raw(byte[] value, int from, int length) {
        ensure(length);
        System.arraycopy(value, from, bytes, size, length);
        size += length;
        return this;
    }

    /** The length, then the bytes. */
    public ByteWriter block(byte[] value) {
        return count(value.length).raw(value);
    }

    /** The length in bytes, then UTF-8. */
    public ByteWriter text(String value) {
        return shortAscii(value) ? this : block(value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes text as {@link #text} does if it is ASCII of less than 128 characters, and says whether it did. Almost every string
     * here is: one pass, no copy.
     */
    public boolean shortAscii(String value) {
        int length = value.length();
        if (length >= 0x80) {
            return false;
        }
        ensure(length + 1);
        int at = size;
        bytes[at++] = (byte) length;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            bytes[at++] = (byte) c;
        }
        size = at;
        return true;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
