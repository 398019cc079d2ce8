package io.ruori.persistence.journal;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.persistence.format.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How things are found. Texts end with a zero byte, which no name contains and which sorts before everything else, so bytes
 * sort as kind, namespace and name do.
 *
 * <pre>
 * object   = group 0 resource 0 namespace 0 name 0
 * records    object, revision inverted   so that the newest comes first and "as of" is one seek
 * entities   object, sequence number
 * kinds      group 0 resource 0 revision
 * times      revision
 * heads      1 (exists) or 2 (gone), object
 * waypoints  1 group 0 resource 0 revision, and for each object then
 *            2 group 0 resource 0 revision namespace 0 name 0
 * </pre>
 */
public final class Keys {
    private Keys() {}

    public static byte[] object(ObjectKey key) {
        ByteWriter out = new ByteWriter(96);
        kind(key.kind(), out);
        text(key.namespace(), out);
        text(key.name(), out);
        return out.toByteArray();
    }

    static byte[] kind(KindName kind) {
        ByteWriter out = new ByteWriter(48);
        kind(kind, out);
        return out.toByteArray();
    }

    /** The prefix of a kind's objects in a namespace. */
    static byte[] namespace(KindName kind, String namespace) {
        ByteWriter out = new ByteWriter(64);
        kind(kind, out);
        text(namespace, out);
        return out.toByteArray();
    }

    public static byte[] record(byte[] object, Revision revision) {
        return withLong(object, ~revision.value());
    }

    static byte[] entity(byte[] object, long sequenceNumber) {
        return withLong(object, sequenceNumber);
    }

    static byte[] kindAt(byte[] kind, Revision revision) {
        return withLong(kind, revision.value());
    }

    static byte[] time(Revision revision) {
        return withLong(new byte[0], revision.value());
    }

    static byte[] withLong(byte[] prefix, long value) {
        byte[] bytes = Arrays.copyOf(prefix, prefix.length + Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(prefix.length, value);
        return bytes;
    }

    static byte[] head(boolean exists, byte[] object) {
        byte[] bytes = new byte[object.length + 1];
        bytes[0] = (byte) (exists ? 1 : 2);
        System.arraycopy(object, 0, bytes, 1, object.length);
        return bytes;
    }

    /** The prefix of a kind's waypoints. */
    static byte[] waypoints(byte[] kind) {
        byte[] bytes = new byte[kind.length + 1];
        bytes[0] = 1;
        System.arraycopy(kind, 0, bytes, 1, kind.length);
        return bytes;
    }

    static byte[] waypoint(byte[] kind, Revision revision) {
        return withLong(waypoints(kind), revision.value());
    }

    /**
     * An object of a waypoint, or where those begin that share a prefix.
     *
     * @param object begins with its kind
     */
    static byte[] waypointRow(byte[] kind, Revision revision, byte[] object) {
        byte[] start = waypoint(kind, revision);
        start[0] = 2;
        byte[] bytes = Arrays.copyOf(start, start.length + object.length - kind.length);
        System.arraycopy(object, kind.length, bytes, start.length, object.length - kind.length);
        return bytes;
    }

    static byte[] objectOfWaypointRow(byte[] kind, byte[] row) {
        int start = 1 + kind.length + Long.BYTES;
        byte[] object = Arrays.copyOf(kind, kind.length + row.length - start);
        System.arraycopy(row, start, object, kind.length, row.length - start);
        return object;
    }

    static Revision revisionOfRecord(byte[] record) {
        return new Revision(~lastLong(record));
    }

    static long lastLong(byte[] key) {
        return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
    }

    static byte[] withoutLong(byte[] key) {
        return Arrays.copyOf(key, key.length - Long.BYTES);
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** The first key after all that start with this one, which must end with a zero byte. */
    static byte[] after(byte[] prefix) {
        byte[] next = prefix.clone();
        next[next.length - 1] = 1;
        return next;
    }

    /** The reverse of {@link #object}. */
    public static ObjectKey parse(byte[] object) {
        String[] parts = new String(object, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("not a key of the journal: " + Arrays.toString(object));
        }
        return new ObjectKey(new KindName(parts[0], parts[1]), parts[2], parts[3]);
    }

    private static void kind(KindName kind, ByteWriter out) {
        text(kind.group(), out);
        text(kind.resource(), out);
    }

    private static void text(String text, ByteWriter out) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name with a zero character cannot be journalled");
        }
        out.raw(text.getBytes(StandardCharsets.UTF_8)).u8(0);
    }
}
