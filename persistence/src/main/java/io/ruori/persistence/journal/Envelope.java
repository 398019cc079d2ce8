package io.ruori.persistence.journal;

import io.ruori.core.ObjectEvent;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.ByteWriter;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.format.ObjectEventFormat;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A record: what the journal itself needs to know, the event, and a checksum over all of it and the key it is stored under (so
 * that a record in the wrong place is noticed too).
 *
 * <pre>
 * record = format flags sequenceNumber epoch ( event | keyId nonce sealed event ) crc32c
 * </pre>
 */
public final class Envelope {
    private static final int FORMAT = 1;
    private static final int SEALED = 1;
    private static final int DELETION = 2;
    private static final int HEADER = 2 + 2 * Long.BYTES;

    private Envelope() {}

    /** What a record says. */
    public record Entry(long sequenceNumber, long epoch, ObjectEvent event) {}

    /**
     * @param seal null: in the clear
     */
    public static byte[] write(
            byte[] key, long sequenceNumber, long epoch, ObjectEvent event, @Nullable SecretKeys seal) {
        ByteWriter out = new ByteWriter(ObjectEventFormat.expectedSize(event));
        int flags = (seal == null ? 0 : SEALED) | (event instanceof ObjectEvent.Deleted ? DELETION : 0);
        out.u8(FORMAT).u8(flags).i64(sequenceNumber).i64(epoch);
        if (seal == null) {
            ObjectEventFormat.write(event, out);
        } else {
            byte[] header = Arrays.copyOf(out.buffer(), HEADER);
            seal.seal(key, header, ObjectEventFormat.write(event), out);
        }
        out.i32(crc(key, out.buffer(), out.size()));
        return out.toByteArray();
    }

    /** Whether the record says that its object is gone; looks at nothing else. */
    static boolean isDeletion(byte[] value) {
        return value.length > 1 && (value[1] & DELETION) != 0;
    }

    /** Fails with {@link MalformedRecord}. */
    public static Entry read(byte[] key, byte[] value, SecretKeys keys) {
        int body = value.length - Integer.BYTES;
        if (body < HEADER) {
            throw new MalformedRecord("too short");
        }
        if (new ByteReader(value, body, Integer.BYTES).i32() != crc(key, value, body)) {
            throw new MalformedRecord("its checksum does not fit");
        }
        ByteReader in = new ByteReader(value, 0, body);
        int format = in.u8();
        if (format != FORMAT) {
            throw new MalformedRecord("format " + format + " is not known to this version");
        }
        int flags = in.u8();
        long sequenceNumber = in.i64();
        long epoch = in.i64();
        ObjectEvent event = (flags & SEALED) == 0
                ? ObjectEventFormat.read(in)
                : ObjectEventFormat.read(keys.open(key, Arrays.copyOf(value, HEADER), in));
        return new Entry(sequenceNumber, epoch, event);
    }

    private static int crc(byte[] key, byte[] value, int length) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 0, length);
        return (int) crc.getValue();
    }
}
