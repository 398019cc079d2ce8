package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One bit flipped anywhere in any file of a journal, or a whole file gone: the journal refuses to open and names a file, or
 * everything acknowledged is there. What a crash left and what a clean stop left.
 *
 * <p>{@code -Dpowercut.flips=N} tries N bits of each kind of file instead of the everyday few.
 */
class DamageSweepTest {
    private static final int FLIPS = Integer.getInteger("powercut.flips", 8);
    private static final int APPENDS = 150;
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path temporary;

    private Path scratch = Path.of("none");

    @AfterEach
    void clean() throws IOException {
        PowerCutTest.delete(scratch);
    }

    private record Left(String name, Map<String, byte[]> files, Promises promises) {}

    @Test
    void nothingIsMissingSilently() throws Exception {
        Tally tally = new Tally("damage");
        for (Left left : journals()) {
            damage(left, tally, DamageSweepTest::open);
        }
        tally.report("one bit, or one file");
        assertThat(tally.amiss).isEmpty();
        assertThat(tally.loud).as("found out only when read").isEmpty();
    }

    /** Planted: RocksDB alone, without the check of its logs. */
    @Test
    void withoutTheCheckOfTheLogsAcknowledgedBatchesAreMissed() throws Exception {
        Tally tally = new Tally("damage, unchecked");
        damage(
                journals().getFirst(),
                tally,
                directory -> RocksJournalStore.openUnchecked(directory, ScriptedWriter.SMALL, false));
        tally.report("one bit, or one file");
        assertThat(tally.amiss).isNotEmpty();
    }

    private static RocksJournalStore open(Path directory) {
        return RocksJournalStore.open(directory, ScriptedWriter.SMALL);
    }

    private interface Opening {
        RocksJournalStore open(Path directory);
    }

    /** What the same story leaves when the process ends in the middle of it, and when it stops properly. */
    private List<Left> journals() throws Exception {
        scratch = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "powercut") : temporary;
        Path directory = scratch.resolve("life");
        Promises promises = new Promises();
        ScriptedWriter.run(directory, scratch.resolve("promises"), 5, APPENDS);
        Files.readAllLines(scratch.resolve("promises")).forEach(promises::hear);
        Left crashed = new Left("after a crash", Disk.read(directory), promises);
        open(directory).close();
        return List.of(crashed, new Left("after a stop", Disk.read(directory), promises));
    }

    private void damage(Left left, Tally tally, Opening opening) throws IOException {
        Random random = new Random(11);
        for (Map.Entry<String, List<String>> kind : byKind(left.files()).entrySet()) {
            for (String file : kind.getValue()) {
                Map<String, byte[]> files = new TreeMap<>(left.files());
                files.remove(file);
                check(left, files, tally, "missing " + kind.getKey(), file, opening);
            }
            for (int i = 0; i < FLIPS; i++) {
                String file = kind.getValue().get(random.nextInt(kind.getValue().size()));
                byte[] bytes = left.files().get(file).clone();
                if (bytes.length == 0) {
                    continue;
                }
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                Map<String, byte[]> files = new TreeMap<>(left.files());
                files.put(file, bytes);
                check(left, files, tally, "flipped in " + kind.getKey(), file + " at byte " + at, opening);
            }
        }
    }

    private void check(Left left, Map<String, byte[]> files, Tally tally, String kind, String what, Opening opening)
            throws IOException {
        Path directory = scratch.resolve("state");
        PowerCutTest.delete(directory);
        Disk.lay(files, directory);
        tally.count(kind + " " + left.name(), what, () -> {
            try (RocksJournalStore store = opening.open(directory)) {
                left.promises().check(store);
            }
        });
    }

    /** RocksDB's diary holds nothing anybody needs. */
    private static Map<String, List<String>> byKind(Map<String, byte[]> files) {
        Map<String, List<String>> kinds = new TreeMap<>();
        for (String file : files.keySet()) {
            if (!file.startsWith("db/LOG")) {
                String kind = file.replaceAll("db/|[-0-9]+", "");
                kinds.computeIfAbsent(kind, unused -> new ArrayList<>()).add(file);
            }
        }
        return kinds;
    }
}
