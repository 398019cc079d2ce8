package io.ruori.persistence.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote. Anything that does not fit is a {@link MalformedRecord}. */
public final class ByteReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    public int remaining() {
        return end - at;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    public int i32() {
        need(Integer.BYTES);
        int value = (int) INTS.get(bytes, at);
        at += Integer.BYTES;
        return value;
    }

    public long i64() {
        need(Long.BYTES);
        long value = (long) LONGS.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    public int count() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = u8();
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                if (value < 0) {
                    throw new MalformedRecord("a negative length");
                }
                return value;
            }
        }
        throw new MalformedRecord("a length of more than five bytes");
    }

    public byte[] raw(int length) {
        need(length);
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    /** A reader of the next bytes, which this one passes over. */
    public ByteReader slice(int length) {
        need(length);
        ByteReader slice = new ByteReader(bytes, at, length);
        at += length;
        return slice;
    }

    public byte[] block() {
        return raw(count());
    }

    public String text() {
        int length = count();
        need(length);
        String value = StringPool.read(bytes, at, length);
        at += length;
        return value;
    }

    /** Says that nothing may follow. */
    public void end() {
        if (at != end) {
            throw new MalformedRecord((end - at) + " bytes too many");
        }
    }

    private void need(int length) {
        if (length < 0 || end - at < length) {
            throw new MalformedRecord("ends " + (length - (end - at)) + " bytes too early");
        }
    }
}
