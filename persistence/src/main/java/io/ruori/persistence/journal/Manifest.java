package io.ruori.persistence.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What RocksDB's list of its files says of its logs: from which number on they still matter. Those before are kept to be reused
 * and are never read again; a power cut may leave one of them under its old name and half overwritten.
 *
 * <p>The list is written like a log: blocks of 32 KiB, records with a header of seven bytes. Each record is a row of fields, a
 * number that says which and then its value. Only three are of interest; a field that is not known ends the reading, and then
 * every log matters.
 */
final class Manifest {
    private static final Pattern NAME = Pattern.compile("MANIFEST-\\d+");
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;
    private static final int FULL = 1;
    private static final int LAST = 4;

    private static final int COMPARATOR = 1;
    private static final int LOG_NUMBER = 2;
    private static final int NEXT_FILE = 3;
    private static final int LAST_SEQUENCE = 4;
    private static final int COMPACT_CURSOR = 5;
    private static final int DELETED_FILE = 6;
    private static final int PREVIOUS_LOG = 9;
    private static final int OLDEST_LOG = 10;
    private static final int NEW_FILE = 103;
    private static final int NEW_FILE_ENDS = 1;
    private static final int FAMILY = 200;
    private static final int FAMILY_ADDED = 201;
    private static final int FAMILY_DROPPED = 202;
    private static final int GREATEST_FAMILY = 203;
    private static final int IN_GROUP = 300;

    /** Fields with this bit may be skipped, as they begin with their length. */
    private static final int SKIPPABLE = 1 << 13;

    private final Map<Integer, Long> logs = new HashMap<>();
    private final Map<Integer, Long> group = new HashMap<>();
    private long oldestKept;
    private long oldestInGroup;
    private long lastSequence;

    private Manifest() {}

    /** Logs below this number are not read when the database opens; zero when that cannot be said. */
    static long oldestLog(Path database) throws IOException {
        return of(database).oldestLog();
    }

    /**
     * @param oldestLog logs below this number are not read when the database opens; zero when that cannot be said
     * @param lastSequence the number of a change that is in no log any more, or of none behind it
     */
    record Says(long oldestLog, long lastSequence) {
        private static final Says NOTHING = new Says(0, 0);
    }

    static Says of(Path database) throws IOException {
        Path current = database.resolve("CURRENT");
        if (!Files.exists(current)) {
            return Says.NOTHING;
        }
        String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
        if (!NAME.matcher(name).matches()) {
            return Says.NOTHING;
        }
        Path list = database.resolve(name);
        if (!Files.isRegularFile(list)) {
            return Says.NOTHING;
        }
        Manifest manifest = new Manifest();
        return manifest.read(Files.readAllBytes(list))
                ? new Says(manifest.oldest(), manifest.lastSequence)
                : Says.NOTHING;
    }

    private long oldest() {
        long ofFamilies =
                logs.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return Math.max(oldestKept, ofFamilies);
    }

    /** False when there is something it does not understand. */
    private boolean read(byte[] list) {
        ByteBuffer bytes = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
        ByteArrayOutputStream edit = new ByteArrayOutputStream();
        int at = 0;
        while (at + HEADER <= bytes.limit()) {
            int left = BLOCK - at % BLOCK;
            if (left < HEADER) {
                at += left;
                continue;
            }
            int length = bytes.getShort(at + 4) & 0xffff;
            int type = bytes.get(at + 6);
            if (type < FULL
                    || type > LAST
                    || at + HEADER + length > bytes.limit()
                    || bytes.getInt(at) != checksum(list, at, length)) {
                return true; // torn, or damaged, which RocksDB will say
            }
            edit.write(list, at + HEADER, length);
            at += HEADER + length;
            if (type == FULL || type == LAST) {
                try {
                    if (!edit(ByteBuffer.wrap(edit.toByteArray()))) {
                        return false;
                    }
                } catch (BufferUnderflowException | IllegalArgumentException e) {
                    return false; // a form of another version
                }
                edit.reset();
            }
        }
        return true;
    }

    private static int checksum(byte[] list, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(list, at + 6, 1 + length);
        return LogCheck.masked((int) crc.getValue());
    }

    private boolean edit(ByteBuffer in) {
        int family = 0;
        Long log = null;
        boolean dropped = false;
        long oldest = 0;
        long toCome = 0;
        while (in.hasRemaining()) {
            int field = (int) number(in);
            switch (field) {
                case LOG_NUMBER -> log = number(in);
                case OLDEST_LOG -> oldest = number(in);
                case FAMILY -> family = (int) number(in);
                case FAMILY_DROPPED -> dropped = true;
                case IN_GROUP -> toCome = number(in);
                case LAST_SEQUENCE -> lastSequence = Math.max(lastSequence, number(in));
                case NEXT_FILE, PREVIOUS_LOG, GREATEST_FAMILY -> number(in);
                case COMPARATOR, FAMILY_ADDED -> skip(in);
                case COMPACT_CURSOR -> {
                    number(in);
                    skip(in);
                }
                case DELETED_FILE -> {
                    number(in);
                    number(in);
                }
                case NEW_FILE -> skipNewFile(in);
                default -> {
                    if ((field & SKIPPABLE) == 0) {
                        return false;
                    }
                    skip(in);
                }
            }
        }
        settle(family, log, dropped, oldest, toCome);
        return true;
    }

    /** A group counts when the last of it is there. */
    private void settle(int family, @Nullable Long log, boolean dropped, long oldest, long toCome) {
        if (dropped) {
            group.put(family, Long.MAX_VALUE);
        } else if (log != null) {
            group.put(family, log);
        }
        oldestInGroup = Math.max(oldestInGroup, oldest);
        if (toCome == 0) {
            logs.putAll(group);
            oldestKept = Math.max(oldestKept, oldestInGroup);
            group.clear();
            oldestInGroup = 0;
        }
    }

    private static void skipNewFile(ByteBuffer in) {
        for (int i = 0; i < 3; i++) { // level, number, size
            number(in);
        }
        skip(in);
        skip(in);
        number(in);
        number(in);
        while (number(in) != NEW_FILE_ENDS) {
            skip(in);
        }
    }

    private static void skip(ByteBuffer in) {
        int length = (int) number(in);
        in.position(in.position() + length);
    }

    /** Seven bits a byte, the low ones first. */
    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }
}
