package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process killed at any moment, again and again: every event it was told is durable is there, once and whole. */
class KillTest {
    private static final int KILLS = 3;
    private static final int ACKS_BEFORE_KILL = 1_500;

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedEventSurvives() throws Exception {
        List<String> acks = new ArrayList<>();
        Random random = new Random(7);
        for (int kill = 0; kill < KILLS; kill++) {
            acks.addAll(appendUntilKilled(ACKS_BEFORE_KILL + random.nextInt(ACKS_BEFORE_KILL)));
            try (RocksJournalStore store = RocksJournalStore.open(directory, CrashingWriter.SMALL)) {
                acks.forEach(ack -> assertPresent(store, ack));
            }
        }
    }

    private List<String> appendUntilKilled(int acksBeforeKill) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingWriter.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acks = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acks.add(line);
                if (acks.size() == acksBeforeKill) {
                    child.toHandle().destroyForcibly(); // unlike the process itself, leaves its output readable
                }
            }
        }
        child.waitFor();
        assertThat(acks).hasSizeGreaterThanOrEqualTo(acksBeforeKill);
        String last = acks.removeLast(); // it may have been cut short by the kill
        assertThat(last).isNotNull();
        return acks;
    }

    private static void assertPresent(RocksJournalStore store, String ack) {
        String[] parts = ack.split(" ", 3);
        ObjectKey key = Samples.pod(parts[0]);
        long sequenceNumber = Long.parseLong(parts[1]);
        Revision revision = new Revision(Long.parseLong(parts[2]));
        ObjectEvent found = store.asOf(key, revision).orElseThrow();
        assertThat(found.revision()).isEqualTo(revision);
        assertThat(Samples.same(found, Samples.bigPod(key, revision.value(), sequenceNumber == 1)))
                .isTrue();
        assertThat(store.stateUpTo(key, sequenceNumber).orElseThrow().revision())
                .isEqualTo(revision);
    }
}
