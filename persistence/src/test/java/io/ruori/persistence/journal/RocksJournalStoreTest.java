package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import io.ruori.persistence.journal.JournalFault.Corruption;
import io.ruori.persistence.journal.JournalFault.Overloaded;
import io.ruori.persistence.journal.JournalFault.Stopped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's other promises: privacy of Secrets, who may open it, what stops it, and what it says when something is broken. */
class RocksJournalStoreTest {
    @TempDir
    Path directory;

    private static JournalSession claimed(RocksJournalStore store) {
        JournalSession session = store.openSession("test");
        session.acquireAll().join();
        return session;
    }

    private static void create(RocksJournalStore store, ObjectEvent event) {
        claimed(store).append(event.key(), 1, List.of(event)).join();
    }

    private static ObjectEvent secret(String content) {
        ObjectKey key = ObjectKey.of(Samples.SECRETS, "default", "password");
        return new ObjectEvent.Created(Samples.object(key, 1, content), Samples.origin(0), List.of());
    }

    private static boolean anyFileHolds(Path tree, String text) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void secretsLieEncryptedAndComeBackInTheClear() throws IOException {
        ObjectEvent event = secret("hunter2-hunter2");
        ObjectEvent pod = Samples.created(Samples.pod("visible-pod"), 2);
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            create(store, event);
            create(store, pod);
            assertThat(anyFileHolds(directory, "visible-pod")).isTrue();
            assertThat(anyFileHolds(directory, "hunter2")).isFalse();
        }
        assertThat(anyFileHolds(directory, "hunter2")).isFalse();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            ObjectEvent read = store.asOf(event.key(), new Revision(1)).orElseThrow();
            assertThat(Samples.same(read, event)).isTrue();
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("secrets.keys")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void withoutItsKeysAJournalDoesNotOpen() throws IOException {
        RocksJournalStore.open(directory).close();
        Path keys = directory.resolve("secrets.keys");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r-----"));
        assertCannotOpen(Reason.KEYS, "must be private");
        Files.delete(keys);
        assertCannotOpen(Reason.KEYS, "is missing");
    }

    @Test
    void anotherKeyReadsNothing() throws IOException {
        ObjectEvent event = secret("hunter2");
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            create(store, event);
        }
        Path keys = directory.resolve("secrets.keys");
        Files.writeString(keys, "2 " + Files.readString(keys).substring(2));
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            assertThatThrownBy(() -> store.newestState(event.key()))
                    .isInstanceOf(Corruption.class)
                    .hasMessageContaining("key 1")
                    .hasMessageContaining("password");
        }
    }

    private void assertCannotOpen(Reason reason, String words) {
        assertThatThrownBy(() -> RocksJournalStore.open(directory).close())
                .isInstanceOfSatisfying(
                        CannotOpen.class, fault -> assertThat(fault.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
    }

    @Test
    void onlyOneProcessAtATime() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            assertCannotOpen(Reason.IN_USE, "another process has it open");
            assertThat(store.newestRevision()).isEqualTo(Revision.ZERO);
        }
    }

    @Test
    void theClusterKeepsItsIdAndItsClock() {
        String id;
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            id = store.clusterId();
            assertThat(store.clockCeiling()).isEqualTo(Revision.ZERO);
            assertThat(store.raiseClockCeiling(new Revision(100)).join()).isEqualTo(new Revision(100));
            assertThat(store.raiseClockCeiling(new Revision(50)).join()).isEqualTo(new Revision(100));
        }
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            assertThat(store.clusterId()).isEqualTo(id);
            assertThat(store.clockCeiling()).isEqualTo(new Revision(100));
            create(store, Samples.created(Samples.pod("a"), 200));
            assertThat(store.clockCeiling()).isEqualTo(new Revision(200));
        }
    }

    @Test
    void eventsWithSomethingToSayAreFoundByTime() {
        ObjectKey key = Samples.pod("a");
        Note note = new Note(false, "Scheduled", "to node-1", key, new Uid("u"), "", "scheduler");
        ObjectEvent silent = Samples.created(key, 1);
        ObjectEvent first = new ObjectEvent.Updated(Samples.object(key, 2, "{}"), Samples.origin(1), List.of(note));
        ObjectEvent second = new ObjectEvent.Updated(Samples.object(key, 3, "{}"), Samples.origin(2), List.of(note));
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            claimed(store).append(key, 1, List.of(silent, first, second)).join();
            try (Stream<ObjectEvent> found = store.recentWithNotes(Revision.ZERO)) {
                assertThat(found.map(ObjectEvent::revision)).containsExactly(new Revision(2), new Revision(3));
            }
            try (Stream<ObjectEvent> found = store.recentWithNotes(new Revision(2))) {
                assertThat(found.map(ObjectEvent::notes)).containsExactly(List.of(note));
            }
            assertThat(store.at(new Revision(2)).orElseThrow().origin()).isEqualTo(Samples.origin(1));
            assertThat(store.at(new Revision(4))).isEmpty();
        }
    }

    /** A listener that failed has missed something, so nothing more may happen behind its back. */
    @Test
    void aBrokenListenerStopsTheJournal() {
        List<Throwable> stops = new ArrayList<>();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = claimed(store);
            store.setListener(new CommitListener() {
                @Override
                public void written(List<ObjectEvent> events) {
                    throw new IllegalStateException("the view is broken");
                }

                @Override
                public void notWritten(List<Revision> revisions) {}

                @Override
                public void stopped(Throwable why) {
                    stops.add(why);
                }
            });
            for (int i = 1; i <= 3; i++) {
                ObjectKey key = Samples.pod("p" + i);
                ObjectEvent event = Samples.created(key, i);
                assertThatThrownBy(() -> session.append(key, 1, List.of(event)).join())
                        .hasCauseInstanceOf(Stopped.class);
            }
            assertThat(stops).hasSize(1);
            assertThat(store.newestRevision()).isEqualTo(new Revision(1));
        }
    }

    @Test
    void aFullQueueRefusesAndSaysSo() {
        JournalOptions tight = new JournalOptions(1, 1 << 20, 2, 1 << 20, 8 << 20, 8 << 20, Set.of(), 128);
        CountDownLatch held = new CountDownLatch(1);
        List<Revision> refused = new ArrayList<>();
        try (RocksJournalStore store = RocksJournalStore.open(directory, tight)) {
            JournalSession session = claimed(store);
            store.setListener(new CommitListener() {
                @Override
                public void written(List<ObjectEvent> events) {
                    try {
                        held.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public void notWritten(List<Revision> revisions) {
                    refused.addAll(revisions);
                }
            });
            var acks = Stream.iterate(1, i -> i + 1)
                    .limit(20)
                    .map(i ->
                            session.append(Samples.pod("p" + i), 1, List.of(Samples.created(Samples.pod("p" + i), i))))
                    .toList();
            held.countDown();
            assertThatThrownBy(acks.getLast()::join).hasCauseInstanceOf(Overloaded.class);
            long taken = acks.stream()
                    .filter(ack -> !ack.handle((ok, no) -> no != null).join())
                    .count();
            assertThat(taken).isBetween(2L, 4L);
            assertThat(refused).hasSize((int) (20 - taken));
        }
    }

    @Test
    void aClosedJournalAnswersPlainly() {
        RocksJournalStore store = RocksJournalStore.open(directory);
        JournalSession session = claimed(store);
        store.close();
        store.close();
        ObjectKey key = Samples.pod("late");
        assertThatThrownBy(() ->
                        session.append(key, 1, List.of(Samples.created(key, 1))).join())
                .hasCauseInstanceOf(Stopped.class);
        assertThatThrownBy(() -> store.newestState(key)).hasMessageContaining("closed");
    }
}
