package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.JournalFault.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of a few megabytes that fills up. Needs the right to mount one in memory. */
@Tag("services")
class FullDiskTest {
    private static final int MOST = 20_000;

    @TempDir
    Path disk;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=12m", "none", disk.toString()) == 0, "may not mount");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    /** The journal stops and says why; with space again, everything acknowledged is there, and it goes on. */
    @Test
    void whatWasAcknowledgedOutlastsAFullDisk() throws Exception {
        for (int ballast : new int[] {0, 1, 2, 3, 4, 5, 6}) {
            Path directory = disk.resolve("journal-" + ballast);
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[ballast << 20]);
            AtomicReference<Throwable> told = new AtomicReference<>();
            List<Long> kept = new ArrayList<>();
            try (RocksJournalStore store = RocksJournalStore.open(directory, ScriptedWriter.SMALL)) {
                store.setListener(new Listener(told));
                assertThatThrownBy(() -> fill(store, kept))
                        .hasCauseInstanceOf(Stopped.class)
                        .hasMessageContaining("No space left on device");
                assertThat(told.get()).isInstanceOf(Stopped.class).hasMessageContaining("No space left");
                assertThatThrownBy(() ->
                                store.raiseClockCeiling(new Revision(MOST)).join())
                        .hasCauseInstanceOf(Stopped.class);
            }
            assertThat(kept).isNotEmpty();
            Files.delete(filler);
            Path roomy = Files.createTempDirectory("roomy");
            try {
                Disk.lay(Disk.read(directory), roomy);
                try (RocksJournalStore store = RocksJournalStore.open(roomy, ScriptedWriter.SMALL)) {
                    for (long revision : kept) {
                        ObjectEvent found = store.asOf(key(revision), new Revision(revision))
                                .orElseThrow();
                        assertThat(Samples.same(found, Samples.bigPod(key(revision), revision, true)))
                                .isTrue();
                    }
                    assertThat(store.raiseClockCeiling(new Revision(2 * MOST)).join())
                            .isEqualTo(new Revision(2 * MOST));
                }
            } finally {
                PowerCutTest.delete(roomy);
            }
            PowerCutTest.delete(directory);
        }
    }

    private static ObjectKey key(long revision) {
        return Samples.pod("p" + revision);
    }

    private static void fill(RocksJournalStore store, List<Long> kept) throws CompletionException {
        JournalSession session = store.openSession("filling");
        session.acquireAll().join();
        for (long revision = 1; revision < MOST; revision++) {
            session.append(key(revision), 1, List.of(Samples.bigPod(key(revision), revision, true)))
                    .join();
            kept.add(revision);
            if (revision % 10 == 0) {
                store.raiseClockCeiling(new Revision(revision)).join();
            }
        }
    }

    private record Listener(AtomicReference<Throwable> told) implements CommitListener {
        @Override
        public void written(List<ObjectEvent> events) {}

        @Override
        public void notWritten(List<Revision> revisions) {}

        @Override
        public void stopped(Throwable why) {
            told.set(why);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
