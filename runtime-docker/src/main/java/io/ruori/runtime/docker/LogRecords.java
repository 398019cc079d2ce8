package io.ruori.runtime.docker;

import io.ruori.node.runtime.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Takes the timestamps off Docker's log stream. Without a terminal each record is a frame. With one there are no
 * frames: a record ends at its newline, or after exactly {@link #PIECE} bytes, which is where Docker cuts long lines.
 */
final class LogRecords {
    /** Docker's own buffer for reading a container's output. */
    static final int PIECE = 16 << 10;

    /** Far above any record Docker writes, so that a record is never cut here. */
    private static final int MAX_FRAME = 1 << 20;

    private static final int MAX_BATCH = 256;
    private static final int MAX_TIMESTAMP = 40;

    private final InputStream in;
    private final boolean tty;
    private final OutputFrames frames;
    private Instant last = Instant.EPOCH;

    LogRecords(InputStream in, boolean tty) {
        this.in = in;
        this.tty = tty;
        this.frames = new OutputFrames(in, MAX_FRAME);
    }

    /** At least one record and what else has already arrived; nothing at the end. */
    List<LogLine> nextBatch() throws IOException {
        List<LogLine> batch = new ArrayList<>();
        do {
            Optional<LogLine> line = next();
            if (line.isEmpty()) {
                break;
            }
            batch.add(line.get());
        } while (batch.size() < MAX_BATCH && in.available() > 0);
        return batch;
    }

    private Optional<LogLine> next() throws IOException {
        return tty ? raw() : frames.next().map(frame -> stamped(frame.bytes(), frame.stderr()));
    }

    private Optional<LogLine> raw() throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream(128);
        int end = Integer.MAX_VALUE;
        while (record.size() < end) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            record.write(next);
            if (next == '\n') {
                break;
            }
            if (next == ' ' && end == Integer.MAX_VALUE) {
                end = record.size() + PIECE;
            }
        }
        return record.size() == 0 ? Optional.empty() : Optional.of(stamped(record.toByteArray(), false));
    }

    private LogLine stamped(byte[] record, boolean stderr) {
        int space = 0;
        while (space < record.length && space < MAX_TIMESTAMP && record[space] != ' ') {
            space++;
        }
        if (space < record.length && record[space] == ' ') {
            try {
                last = Instant.parse(new String(record, 0, space, StandardCharsets.ISO_8859_1));
                return new LogLine(last, stderr, ByteString.fromArray(record, space + 1, record.length - space - 1));
            } catch (DateTimeParseException e) {
                // Not stamped: the rest of a record from a source that cuts elsewhere.
            }
        }
        return new LogLine(last, stderr, ByteString.fromArrayUnsafe(record));
    }
}
