package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.KindRegistry;
import io.ruori.persistence.Samples;
import io.ruori.view.Horizon;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of the past are the same from a waypoint as without one, at every revision, before and after reopening. */
class WaypointsTest {
    private static final KindName ROLES = new KindName("rbac.example.com", "roles");
    private static final List<KindName> KINDS = List.of(Samples.PODS, ROLES);
    private static final int EVENTS = 9_000;
    private static final int ROUND = 1_000;

    @TempDir
    Path directory;

    private final Map<ObjectKey, Long> sequenceNumbers = new HashMap<>();
    private final Map<ObjectKey, StoredObject> live = new TreeMap<>();
    private final Map<Revision, List<StoredObject>> expected = new TreeMap<>();

    @Test
    void listsAreTheSameFromAWaypointAsWithoutOne() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("one");
            session.acquireAll().join();
            Random random = new Random(7);
            for (long revision = 1; revision <= EVENTS; revision += ROUND) {
                appendRound(session, random, revision);
                store.setWaypoints(view(new Revision(revision + ROUND - 1)), KINDS);
            }
            compare(store);
        }
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            compare(store);
            assertThat(waypoints(store)).isGreaterThan(2);
        }
    }

    /** Mostly short lives, so that most of what there ever was is gone. */
    private void appendRound(JournalSession session, Random random, long first) {
        List<CompletableFuture<Void>> acks = new ArrayList<>();
        for (long revision = first; revision < first + ROUND; revision++) {
            KindName kind = KINDS.get(random.nextInt(5) == 0 ? 1 : 0);
            String namespace = random.nextInt(3) == 0 ? "other" : "default";
            ObjectKey key = ObjectKey.of(kind, namespace, "o-" + (revision / 20 + random.nextInt(20)));
            ObjectEvent event = !live.containsKey(key)
                    ? Samples.created(key, revision)
                    : random.nextBoolean() ? Samples.deleted(key, revision) : Samples.updated(key, revision);
            if (event instanceof ObjectEvent.Deleted) {
                live.remove(key);
            } else {
                live.put(key, event.object());
            }
            acks.add(session.append(key, sequenceNumbers.merge(key, 1L, Long::sum), List.of(event)));
            if (revision % 97 == 0) {
                expected.put(new Revision(revision), List.copyOf(live.values()));
            }
        }
        CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
    }

    private View view(Revision revision) {
        ObjectIndex index = new ObjectIndex(
                new KindRegistry(List.of()),
                new Horizon() {
                    @Override
                    public Revision closed() {
                        return revision;
                    }

                    @Override
                    public CompletionStage<Revision> lastWritten() {
                        return CompletableFuture.completedFuture(revision);
                    }
                },
                ObjectIndex.Settings.DEFAULT,
                Runnable::run,
                fault -> {
                    throw new AssertionError(fault);
                });
        index.load(live.values(), List.of(), revision);
        return index.view();
    }

    private void compare(RocksJournalStore store) {
        expected.forEach((revision, objects) -> {
            for (KindName kind : KINDS) {
                for (String namespace : List.of("", "default", "other")) {
                    List<StoredObject> wanted = objects.stream()
                            .filter(o -> o.key().kind().equals(kind))
                            .filter(o ->
                                    namespace.isEmpty() || o.key().namespace().equals(namespace))
                            .toList();
                    try (Stream<StoredObject> found = store.listAsOf(kind, namespace, revision)) {
                        assertThat(found)
                                .as("%s of '%s' at %s", kind, namespace, revision)
                                .isEqualTo(wanted);
                    }
                }
            }
        });
    }

    private static long waypoints(RocksJournalStore store) {
        return store.waypointsOf(Samples.PODS) + store.waypointsOf(ROLES);
    }
}
