package io.ruori.persistence.journal;

import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Tells a torn tail from damage, before RocksDB replays its logs. Only those count that it will read: see {@link Manifest}.
 *
 * <p>Log files are reused, so behind the last record lie the remains of older ones, and RocksDB can only stop at the first record
 * that does not check out. It would stop just the same at a damaged record in the middle, and everything acknowledged
 * after it would be gone without a word. But batches are written one after the other, each synced before the next: if a
 * whole batch of this log begins behind the place, what was there before had been acknowledged. Then the journal must not
 * open. A torn last batch is fine, since nobody was told of it. (A last batch that was acknowledged and damaged later looks
 * the same; the clock's ceiling is written every few seconds, so it does not stay the last for long.)
 *
 * <p>The layout, as RocksDB documents it: blocks of 32 KiB; records of a masked CRC-32C, a length of two bytes, a type, for
 * reused logs the low half of the log's number, and the payload; a batch is one record, or a first, middle ones and a last; it
 * begins with its sequence number (eight bytes) and its count (four), and the next batch's number is the sum of both.
 */
final class LogCheck {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 11;
    private static final int FULL = 5;
    private static final int FIRST = 6;
    private static final int MIDDLE = 7;
    private static final int LAST = 8;
    private static final int BATCH_HEADER = 12;
    private static final int CRC_MASK = 0xa282ead8;
    private static final int TYPE_AT = 6;
    private static final int NUMBER_AT = 7;
    private static final long UNKNOWN = -1;
    private static final Pattern LOG = Pattern.compile("\\d+\\.log");

    private final Path file;
    private final ByteBuffer bytes;
    private final int number;
    private final CRC32C crc = new CRC32C();

    private int end;
    private long firstSequence = UNKNOWN;
    private long nextSequence = UNKNOWN;
    private boolean isTorn;

    private LogCheck(Path file, ByteBuffer bytes, int number) {
        this.file = file;
        this.bytes = bytes;
        this.number = number;
    }

    /** Fails with {@link CannotOpen} if acknowledged batches would be lost. */
    static void check(Path database) {
        if (!Files.isDirectory(database)) {
            return;
        }
        try (Stream<Path> files = Files.list(database)) {
            List<Path> logs = files.filter(
                            file -> LOG.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(LogCheck::numberOf))
                    .toList();
            if (logs.isEmpty()) {
                checkIsNew(database);
            }
            Manifest.Says manifest = Manifest.of(database);
            LogCheck previous = null;
            for (Path log : logs) {
                if (numberOf(log) < manifest.oldestLog()) {
                    continue; // waits to be reused, or was about to be
                }
                LogCheck current = scan(log);
                if (current.firstSequence != UNKNOWN) {
                    current.checkContinues(previous);
                    previous = current;
                }
            }
            checkEnd(database, logs, manifest, previous);
        } catch (IOException e) {
            throw new CannotOpen(Reason.IO, database, String.valueOf(e.getMessage()), e);
        }
    }

    /** What was noted as synced must be there. */
    private static void checkEnd(Path database, List<Path> logs, Manifest.Says manifest, @Nullable LogCheck last)
            throws IOException {
        Mark mark = Mark.read(database);
        long reached = last == null ? 0 : last.nextSequence - 1;
        if (mark == null || mark.sequence() <= Math.max(reached, manifest.lastSequence())) {
            return;
        }
        Path log = database.resolve(mark.log());
        boolean gone = !Files.exists(log);
        throw new CannotOpen(
                Reason.DAMAGED,
                gone || logs.isEmpty() ? log : logs.getLast(),
                (gone ? "is missing" : "ends too early") + ": change " + mark.sequence()
                        + " was acknowledged, what is there ends with " + Math.max(reached, manifest.lastSequence()),
                null);
    }

    /** There is always a log, and in a journal that ever opened, a table: its identity is flushed at once. */
    private static void checkIsNew(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
                Mark mark = Mark.read(database);
                Path log = mark == null ? database : database.resolve(mark.log());
                throw new CannotOpen(Reason.DAMAGED, log, "the log files (*.log) are missing", null);
            }
        }
    }

    private static long numberOf(Path log) {
        String name = log.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }

    private static LogCheck scan(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long size = Math.min(channel.size(), Integer.MAX_VALUE);
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            LogCheck check = new LogCheck(log, bytes, (int) numberOf(log));
            check.scan();
            return check;
        }
    }

    /** Each log goes on where the one before ends, and where its end was torn by a crash, where replay stopped. */
    private void checkContinues(@Nullable LogCheck previous) {
        if (previous == null || previous.nextSequence == UNKNOWN || previous.nextSequence == firstSequence) {
            return;
        }
        if (previous.isTorn) {
            throw previous.damaged("and " + file.getFileName() + " was written after it");
        }
        throw new CannotOpen(
                Reason.DAMAGED,
                file,
                "a log is missing between " + previous.file.getFileName() + " and this one: batches "
                        + previous.nextSequence + " to " + (firstSequence - 1),
                null);
    }

    private void scan() {
        boolean inBatch = false;
        int at = nextHeader(0);
        while (isRecord(at)) {
            int type = type(at);
            boolean starts = type == FULL || type == FIRST;
            boolean continues = type == MIDDLE || type == LAST;
            if ((starts && inBatch) || (continues && !inBatch)) {
                end = at;
                throw damaged("and another batch follows");
            }
            if (starts) {
                sequence(at);
            }
            if (starts || continues) {
                inBatch = type == FIRST || type == MIDDLE;
            }
            at = nextHeader(at + HEADER + length(at));
        }
        end = at;
        isTorn = inBatch || hasOwnHeader(at);
        if (startsLater(at)) {
            throw damaged("and later batches follow");
        }
    }

    /** Where the next record's header must be: none is split between blocks. */
    private int nextHeader(int at) {
        int left = BLOCK - at % BLOCK;
        return left < HEADER ? at + left : at;
    }

    private int length(int at) {
        return bytes.getShort(at + 4) & 0xffff;
    }

    private int type(int at) {
        return bytes.get(at + TYPE_AT) & 0xff;
    }

    private boolean hasOwnHeader(int at) {
        return at + HEADER <= bytes.limit() && type(at) >= FULL && bytes.getInt(at + NUMBER_AT) == number;
    }

    private boolean isRecord(int at) {
        if (!hasOwnHeader(at)) {
            return false;
        }
        int length = length(at);
        if (at % BLOCK + HEADER + length > BLOCK || at + HEADER + length > bytes.limit()) {
            return false;
        }
        crc.reset();
        crc.update(bytes.slice(at + TYPE_AT, HEADER - TYPE_AT + length));
        int value = (int) crc.getValue();
        return bytes.getInt(at) == masked(value);
    }

    /** How RocksDB writes a checksum down. */
    static int masked(int crc) {
        return Integer.rotateRight(crc, 15) + CRC_MASK;
    }

    private void sequence(int at) {
        if (length(at) < BATCH_HEADER) {
            nextSequence = UNKNOWN;
            return;
        }
        long sequence = bytes.getLong(at + HEADER);
        if (firstSequence == UNKNOWN) {
            firstSequence = sequence;
        } else if (nextSequence != UNKNOWN && sequence != nextSequence) {
            end = at;
            throw damaged("a batch is missing before it");
        }
        nextSequence = sequence + bytes.getInt(at + HEADER + Long.BYTES);
    }

    /** Whether a whole record that begins a batch lies anywhere behind; lengths there cannot be trusted, so look everywhere. */
    private boolean startsLater(int from) {
        for (int at = from + 1; at + HEADER <= bytes.limit(); at++) {
            if (bytes.getInt(at + NUMBER_AT) == number && (type(at) == FULL || type(at) == FIRST) && isRecord(at)) {
                return true;
            }
        }
        return false;
    }

    private CannotOpen damaged(String why) {
        return new CannotOpen(Reason.DAMAGED, file, "acknowledged data is damaged at byte " + end + ", " + why, null);
    }
}
