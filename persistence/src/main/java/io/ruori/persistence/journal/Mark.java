package io.ruori.persistence.journal;

import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A note outside the database of how far it had come: the last batch that was synced at the time, and the log it lies in. What
 * is newest has nothing behind it that would miss it, so a newest log that is gone, or a last batch that rots, is noticed by
 * this alone. It is written about once a second, with the clock's ceiling, and an older one only says less.
 *
 * @param sequence RocksDB's number of the last change in the batch
 * @param log the name of its file
 */
record Mark(long sequence, String log) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d+\\.log|-) ([0-9a-f]{8})\\n");

    private static Path file(Path database) {
        return database.resolveSibling("synced.mark");
    }

    /** Null when there is none yet. Fails with {@link CannotOpen} when it is damaged. */
    static @Nullable Mark read(Path database) throws IOException {
        Path file = file(database);
        if (!Files.exists(file)) {
            return null;
        }
        Matcher parts = FORM.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        if (!parts.matches() || !parts.group(3).equals(checksum(parts.group(1) + " " + parts.group(2)))) {
            throw new CannotOpen(
                    Reason.DAMAGED,
                    file,
                    "is damaged; it says how far the journal had come, and without it an end that is missing is not"
                            + " noticed",
                    null);
        }
        return new Mark(Long.parseLong(parts.group(1)), parts.group(2));
    }

    /** Call it when the batch has been synced. A power cut leaves this one or the one before. */
    void write(Path database) throws IOException {
        String text = sequence + " " + log;
        Path file = file(database);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap((text + " " + checksum(text) + "\n").getBytes(StandardCharsets.US_ASCII)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return "%08x".formatted(crc.getValue());
    }
}
