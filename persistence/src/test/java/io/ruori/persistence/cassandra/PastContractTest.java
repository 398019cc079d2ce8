package io.ruori.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.JournalSession;
import io.ruori.persistence.journal.RocksJournalStore;
import io.ruori.view.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The past reads the same from both stores: the same random events into each, the same questions to each. */
@Tag("services")
class PastContractTest {
    private static final KindName ROLES = new KindName("rbac.example.com", "roles");
    private static final int EVENTS = 600;

    /** Revisions lie in several spans of time. */
    private static final long STEP = 1L << 32;

    @TempDir
    Path directory;

    private final Random random = new Random(11);
    private final Map<ObjectKey, Long> sequenceNumbers = new HashMap<>();
    private final Set<ObjectKey> live = new HashSet<>();

    @Test
    void bothStoresTellTheSamePast() {
        CassandraSettings settings = CassandraProcess.settings(
                CassandraProcess.shared(), CassandraProcess.newKeyspace(), directory.resolve("keys"), 32 << 20);
        try (RocksJournalStore rocks = RocksJournalStore.open(directory.resolve("rocks"));
                CassandraJournal cassandra = CassandraJournal.open(settings)) {
            JournalSession session = rocks.openSession("one");
            session.acquireAll().join();
            cassandra.join("one:1").toCompletableFuture().join();
            CompletableFuture.allOf(Stream.iterate(0, i -> i + 1)
                            .limit(128)
                            .map(shard -> cassandra.claim(shard).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .join();
            List<CompletableFuture<?>> acks = new ArrayList<>();
            for (int i = 1; i <= EVENTS; i++) {
                ObjectEvent event = event(i * STEP);
                long sequenceNumber = sequenceNumbers.merge(event.key(), 1L, Long::sum);
                acks.add(session.append(event.key(), sequenceNumber, List.of(event)));
                acks.add(cassandra
                        .append(event.key(), sequenceNumber, List.of(event))
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
            compare(rocks, cassandra.history());
            assertThat(cassandra.newestRevision()).isEqualTo(rocks.newestRevision());
            try (Stream<StoredObject> left = rocks.currentObjects();
                    Stream<StoredObject> right = cassandra.currentObjects()) {
                assertThat(right.map(Samples::describe))
                        .containsExactlyInAnyOrderElementsOf(
                                left.map(Samples::describe).toList());
            }
        }
    }

    private ObjectEvent event(long revision) {
        KindName kind = List.of(Samples.PODS, ROLES, Samples.SECRETS).get(random.nextInt(3));
        ObjectKey key = ObjectKey.of(kind, random.nextBoolean() ? "default" : "other", "o-" + random.nextInt(12));
        List<Note> notes = random.nextInt(4) == 0
                ? List.of(new Note(false, "Scheduled", "to node-1", key, new Uid("u"), "", "scheduler"))
                : List.of();
        StoredObject object = Samples.object(key, revision, "{\"n\":" + revision + "}");
        if (live.add(key)) {
            return new ObjectEvent.Created(object, Samples.origin(0), notes);
        }
        if (random.nextInt(3) == 0) {
            live.remove(key);
            return new ObjectEvent.Deleted(object, Samples.origin(1), notes);
        }
        return new ObjectEvent.Updated(object, Samples.origin(2), notes);
    }

    private void compare(History rocks, History cassandra) {
        assertThat(cassandra.oldest()).isEqualTo(rocks.oldest());
        for (int round = 0; round < 25; round++) {
            Revision from = new Revision((random.nextInt(EVENTS) * STEP) + random.nextInt(2));
            Revision to = new Revision(from.value() + random.nextInt(EVENTS) * STEP);
            for (KindName kind : List.of(Samples.PODS, ROLES, Samples.SECRETS)) {
                same(
                        rocks,
                        cassandra,
                        history -> history.changes(kind, from, to).map(PastContractTest::describe));
                same(
                        rocks,
                        cassandra,
                        history -> history.changesWithNotes(kind, from, to).map(PastContractTest::describe));
                for (String namespace : List.of("", "default", "other")) {
                    same(rocks, cassandra, history -> history.versionsAsOf(kind, namespace, to).stream());
                    same(
                            rocks,
                            cassandra,
                            history -> history.listAsOf(kind, namespace, to).map(Samples::describe));
                }
            }
            same(rocks, cassandra, history -> history.changes(from, to).map(PastContractTest::describe));
            same(rocks, cassandra, history -> history.recentWithNotes(from).map(PastContractTest::describe));
            same(rocks, cassandra, history -> history.at(from).map(PastContractTest::describe).stream());
            for (ObjectKey key : sequenceNumbers.keySet()) {
                same(rocks, cassandra, history -> history.asOf(key, to).map(PastContractTest::describe).stream());
                same(rocks, cassandra, history -> history.history(key, to).map(PastContractTest::describe));
            }
        }
    }

    private static List<Object> describe(ObjectEvent event) {
        return List.of(event.getClass(), event.origin(), event.notes(), Samples.describe(event.object()));
    }

    private static <T> void same(History left, History right, Function<History, Stream<T>> question) {
        try (Stream<T> expected = question.apply(left);
                Stream<T> found = question.apply(right)) {
            assertThat(found.toList()).isEqualTo(expected.toList());
        }
    }
}
