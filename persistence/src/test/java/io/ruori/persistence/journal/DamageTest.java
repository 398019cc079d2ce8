package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.ObjectKey;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import io.ruori.persistence.journal.JournalFault.Corruption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** What was acknowledged is either read back whole or loudly missing; a torn tail that nobody was told of is neither. */
class DamageTest {
    private static final int EVENTS = 40;

    @TempDir
    Path directory;

    /** One batch per event, as a crash leaves them. */
    private void crashAfterWriting() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("test");
            session.acquireAll().join();
            for (int i = 1; i <= EVENTS; i++) {
                ObjectKey key = Samples.pod("pod-" + i);
                session.append(key, 1, List.of(Samples.bigPod(key, i, true))).join();
            }
            store.abandon();
        }
    }

    private Path newest(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** The newest log file that holds this text. */
    private Path logWith(String text) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".log") && find(file, text) >= 0)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static int find(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void flipByte(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x40;
        Files.write(file, bytes);
    }

    private int readable() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            int found = 0;
            for (int i = 1; i <= EVENTS; i++) {
                if (store.lastSequenceNumber(Samples.pod("pod-" + i)) == 1) {
                    assertThat(store.newestState(Samples.pod("pod-" + i))).isPresent();
                    found++;
                }
            }
            return found;
        }
    }

    @Test
    void aCrashLosesNothing() {
        crashAfterWriting();
        assertThat(readable()).isEqualTo(EVENTS);
    }

    @Test
    void aDamagedByteInTheMiddleOfTheLogIsRefusedByName() throws IOException {
        crashAfterWriting();
        Path log = logWith("\"pod-20\"");
        flipByte(log, find(log, "\"pod-20\"") + 100);
        assertThatThrownBy(() -> RocksJournalStore.open(directory)).isInstanceOfSatisfying(CannotOpen.class, fault -> {
            assertThat(fault.reason()).isEqualTo(Reason.DAMAGED);
            assertThat(fault.file()).isEqualTo(log);
        });
    }

    /** Wherever a byte is flipped before the last batch, the journal refuses or has lost nothing. */
    @Test
    void noFlippedByteLosesAcknowledgedBatchesSilently() throws IOException {
        crashAfterWriting();
        Path log = logWith("\"pod-20\"");
        byte[] intact = Files.readAllBytes(log);
        int lastBatch = new String(intact, StandardCharsets.ISO_8859_1).indexOf("\"pod-" + EVENTS + "\"") - 1_200;
        Random random = new Random(42);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = intact.clone();
            bytes[random.nextInt(lastBatch)] ^= (byte) (1 << random.nextInt(8));
            Files.write(log, bytes);
            assertThatThrownBy(() -> LogCheck.check(directory.resolve("db"))).isInstanceOf(CannotOpen.class);
        }
        Files.write(log, intact);
        assertThat(readable()).isEqualTo(EVENTS);
    }

    /** Whatever length a crash leaves of the last batch, everything before it is read and nothing is refused. */
    @Test
    void aTornTailIsForgotten() throws IOException {
        crashAfterWriting();
        Path log = logWith("\"pod-20\"");
        byte[] intact = Files.readAllBytes(log);
        String text = new String(intact, StandardCharsets.ISO_8859_1);
        int inLast = text.indexOf("\"pod-" + EVENTS + "\"");
        for (int cut : new int[] {inLast + 1_500, inLast, inLast - 40}) {
            Files.write(log, Arrays.copyOf(intact, cut));
            LogCheck.check(directory.resolve("db"));
        }
        assertThat(readable()).isEqualTo(EVENTS - 1);
    }

    /**
     * A log that is to be reused gets its new name and its first new batch; after a power cut it may have the batch, or half of
     * it, under the old name. Nothing in it counts any longer.
     */
    @Test
    void aLogAboutToBeReusedIsNoDamage() throws IOException {
        try (RocksJournalStore store = RocksJournalStore.open(directory, CrashingWriter.SMALL)) {
            JournalSession session = store.openSession("test");
            session.acquireAll().join();
            for (int i = 1; i <= 20 * EVENTS; i++) {
                ObjectKey key = Samples.pod("pod-" + i);
                session.append(key, 1, List.of(Samples.bigPod(key, i, true))).join();
            }
            store.abandon();
        }
        Path db = directory.resolve("db");
        long oldest = Manifest.oldestLog(db);
        List<Path> done;
        List<Path> live;
        try (Stream<Path> files = Files.list(db)) {
            var logs = files.filter(file -> file.toString().endsWith(".log"))
                    .collect(Collectors.partitioningBy(log -> numberOf(log) < oldest));
            done = logs.getOrDefault(true, List.of());
            live = logs.getOrDefault(false, List.of());
        }
        assertThat(done).isNotEmpty();
        for (Path log : done) {
            flipByte(log, 7);
        }
        LogCheck.check(db);
        flipByte(live.getFirst(), 7);
        assertThatThrownBy(() -> LogCheck.check(db)).isInstanceOf(CannotOpen.class);
    }

    private static long numberOf(Path log) {
        return Long.parseLong(log.getFileName().toString().replace(".log", ""));
    }

    @Test
    void missingLogsAreRefused() throws IOException {
        crashAfterWriting();
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                Files.delete(log);
            }
        }
        assertThatThrownBy(() -> RocksJournalStore.open(directory))
                .isInstanceOf(CannotOpen.class)
                .hasMessageContaining("log files");
    }

    @Test
    void aMissingTableIsRefused() throws IOException {
        crashAfterWriting();
        readable(); // closes cleanly: everything lies in tables now
        Path table = newest(".sst");
        Files.delete(table);
        assertThatThrownBy(() -> RocksJournalStore.open(directory))
                .isInstanceOf(CannotOpen.class)
                .hasMessageContaining(table.getFileName().toString());
    }

    @Test
    void aDamagedTableIsRefused() throws IOException {
        crashAfterWriting();
        readable();
        Path table = tableWith("\"pod-20\"");
        flipByte(table, find(table, "\"pod-20\""));
        assertThatThrownBy(() -> RocksJournalStore.open(directory))
                .isInstanceOf(CannotOpen.class)
                .hasMessageContaining(table.getFileName().toString())
                .hasMessageContaining("checksum");
    }

    @Test
    void aTableDamagedWhileInUseIsReportedWithKeyAndRevision() throws IOException {
        crashAfterWriting();
        readable();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            Path table = tableWith("\"pod-20\"");
            flipByte(table, find(table, "\"pod-20\""));
            assertThatThrownBy(() -> store.newestState(Samples.pod("pod-20")))
                    .isInstanceOfSatisfying(Corruption.class, fault -> {
                        assertThat(fault.key()).isEqualTo(Samples.pod("pod-20"));
                        assertThat(fault.revision()).isEqualTo(Samples.revision(20));
                    });
            assertThatThrownBy(store::verify).isInstanceOf(JournalFault.Unreadable.class);
            assertThatThrownBy(() -> {
                        try (var all = store.currentObjects()) {
                            all.forEach(object -> {});
                        }
                    })
                    .isInstanceOf(JournalFault.class);
        }
    }

    private Path tableWith(String word) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".sst") && find(file, word) >= 0)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aRecordInTheWrongPlaceIsNoticed() throws RocksDBException {
        crashAfterWriting();
        Database database = Database.open(directory.resolve("db"), JournalOptions.DEFAULTS);
        byte[] one = Keys.record(Keys.object(Samples.pod("pod-1")), Samples.revision(1));
        byte[] two = Keys.record(Keys.object(Samples.pod("pod-2")), Samples.revision(2));
        try (WriteBatch puts = new WriteBatch()) {
            puts.put(database.handle(Database.Family.RECORDS), one, database.get(Database.Family.RECORDS, two));
            database.write(puts);
        }
        database.close();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            assertThatThrownBy(() -> store.newestState(Samples.pod("pod-1")))
                    .isInstanceOf(Corruption.class)
                    .hasMessageContaining("checksum");
        }
    }
}
