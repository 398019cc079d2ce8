package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.node.runtime.LogLine;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Timestamps come off, everything else stays. */
class LogRecordsTest {
    private static final String AT = "2026-01-02T03:04:05.123456789Z";
    private static final Instant WHEN = Instant.parse(AT);

    @Test
    void framesBecomeLines() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(OutputFramesTest.frame(1, bytes(AT + " one two\n")));
        wire.writeBytes(OutputFramesTest.frame(2, bytes(AT + " \n")));
        wire.writeBytes(OutputFramesTest.frame(1, bytes(AT + " no end")));

        List<LogLine> lines = all(HttpHeadTest.pieces(wire.toByteArray(), 5), false);

        assertThat(lines).extracting(line -> line.bytes().utf8String()).containsExactly("one two\n", "\n", "no end");
        assertThat(lines).extracting(LogLine::stderr).containsExactly(false, true, false);
        assertThat(lines).extracting(LogLine::at).containsOnly(WHEN);
    }

    @Test
    void terminalOutputIsCutAtNewlinesAndWhereDockerCuts() throws IOException {
        String piece = "x".repeat(LogRecords.PIECE);
        String wire = AT + " one two\r\n" + AT + " " + piece + AT + " " + piece + AT + " rest\r\n" + AT + " no end";

        List<LogLine> lines = all(HttpHeadTest.pieces(wire, 1000), true);

        assertThat(lines)
                .extracting(line -> line.bytes().utf8String())
                .containsExactly("one two\r\n", piece, piece, "rest\r\n", "no end");
        assertThat(lines).extracting(LogLine::at).containsOnly(WHEN);
    }

    @Test
    void aRecordWithoutTimestampIsKeptWhole() throws IOException {
        assertThat(all(HttpHeadTest.pieces("no stamp\n", 100), true))
                .extracting(line -> line.bytes().utf8String())
                .containsExactly("no stamp\n");
    }

    private static List<LogLine> all(InputStream in, boolean tty) throws IOException {
        LogRecords records = new LogRecords(new BufferedInputStream(in), tty);
        List<LogLine> lines = new ArrayList<>();
        for (List<LogLine> batch = records.nextBatch(); !batch.isEmpty(); batch = records.nextBatch()) {
            lines.addAll(batch);
        }
        return lines;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
