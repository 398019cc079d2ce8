package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.persistence.Samples;
import io.ruori.view.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever many entities append, every reading answers as a plain list of the events would, before and after reopening. */
class JournalModelProperties {
    private static final KindName ROLES = new KindName("rbac.example.com", "roles");
    private static final List<KindName> KINDS =
            List.of(Samples.PODS, Samples.SECRETS, ROLES, KindName.core("podtemplates"));
    private static final List<String> NAMES = List.of("a", "a-b", "a.b", "ab", "b", "system:node:ä");

    private static void removeTree(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** A change of an object: a deletion if it exists and this says so. */
    record Step(ObjectKey key, boolean delete, int gap) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<ObjectKey> keys = Combinators.combine(
                        Arbitraries.of(KINDS), Arbitraries.of("", "default", "default2"), Arbitraries.of(NAMES))
                .as(ObjectKey::of);
        return Combinators.combine(
                        keys,
                        Arbitraries.integers().between(0, 3).map(i -> i == 0),
                        Arbitraries.integers().between(1, 3))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 15)
    void readsAnswerAsTheModelDoes(@ForAll("steps") List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("journal-model");
        List<ObjectEvent> model = events(steps);
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("one");
            session.acquireAll().join();
            appendAll(session, model);
            compare(store, model);
        }
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            compare(store, model);
        }
        removeTree(directory);
    }

    private static List<ObjectEvent> events(List<Step> steps) {
        List<ObjectEvent> events = new ArrayList<>();
        Map<ObjectKey, Boolean> exists = new HashMap<>();
        long revision = 0;
        for (Step step : steps) {
            revision += step.gap();
            boolean existed = exists.getOrDefault(step.key(), false);
            boolean deletes = existed && step.delete();
            exists.put(step.key(), !deletes);
            events.add(
                    deletes
                            ? Samples.deleted(step.key(), revision)
                            : existed ? Samples.updated(step.key(), revision) : Samples.created(step.key(), revision));
        }
        return events;
    }

    private static void appendAll(JournalSession session, List<ObjectEvent> events) {
        Map<ObjectKey, Long> sequenceNumbers = new HashMap<>();
        List<CompletableFuture<Void>> acks = new ArrayList<>();
        for (ObjectEvent event : events) {
            long next = sequenceNumbers.merge(event.key(), 1L, Long::sum);
            acks.add(session.append(event.key(), next, List.of(event)));
        }
        CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
    }

    private static void compare(RocksJournalStore store, List<ObjectEvent> model) {
        long last = model.isEmpty() ? 0 : model.getLast().revision().value();
        assertThat(store.newestRevision()).isEqualTo(new Revision(last));
        assertThat(all(store.changes(Revision.ZERO, new Revision(last)))).isEqualTo(described(model, e -> true));
        compareObjects(store, model);
        compareHistories(store, model, last);
        for (KindName kind : KINDS) {
            Revision from = new Revision(last / 3);
            Revision to = new Revision(last * 2 / 3);
            assertThat(all(store.changes(kind, from, to)))
                    .isEqualTo(described(
                            model,
                            e -> e.key().kind().equals(kind)
                                    && e.revision().isAfter(from)
                                    && !e.revision().isAfter(to)));
            for (long at = 0; at <= last + 1; at += 1 + last / 7) {
                compareList(store, model, kind, "", new Revision(at));
                compareList(store, model, kind, "default", new Revision(at));
            }
        }
    }

    private static void compareObjects(RocksJournalStore store, List<ObjectEvent> model) {
        try (Stream<StoredObject> objects = store.currentObjects()) {
            List<StoredObject> expected = objectsAt(model, new Revision(Long.MAX_VALUE), key -> true);
            assertThat(objects.map(Samples::describe)
                            .sorted(Comparator.comparing(Objects::toString))
                            .toList())
                    .isEqualTo(expected.stream()
                            .map(Samples::describe)
                            .sorted(Comparator.comparing(Objects::toString))
                            .toList());
        }
    }

    private static void compareHistories(RocksJournalStore store, List<ObjectEvent> model, long last) {
        for (ObjectKey key : model.stream().map(ObjectEvent::key).distinct().toList()) {
            List<ObjectEvent> own =
                    model.stream().filter(e -> e.key().equals(key)).toList();
            assertThat(all(store.events(key, 1))).isEqualTo(described(own, e -> true));
            assertThat(store.lastSequenceNumber(key)).isEqualTo(own.size());
            assertThat(store.newestState(key).orElseThrow().state()).isEqualTo(state(own));
            for (long at = 0; at <= last; at++) {
                Revision revision = new Revision(at);
                List<ObjectEvent> before = own.stream()
                        .filter(e -> !e.revision().isAfter(revision))
                        .toList();
                assertThat(all(store.history(key, revision))).isEqualTo(described(before.reversed(), e -> true));
                assertThat(store.asOf(key, revision).map(Object::toString))
                        .isEqualTo(
                                before.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(before.getLast().toString()));
                if (!before.isEmpty()) {
                    assertThat(store.stateUpTo(key, before.size()).orElseThrow().state())
                            .isEqualTo(state(before));
                }
            }
        }
    }

    private static ObjectState state(List<ObjectEvent> events) {
        ObjectState state = ObjectState.Absent.NEVER;
        for (ObjectEvent event : events) {
            state = ObjectState.apply(state, event);
        }
        return state;
    }

    private static void compareList(
            History store, List<ObjectEvent> model, KindName kind, String namespace, Revision at) {
        try (Stream<StoredObject> objects = store.listAsOf(kind, namespace, at)) {
            assertThat(objects.map(Samples::describe).toList())
                    .isEqualTo(objectsAt(
                                    model,
                                    at,
                                    key -> key.kind().equals(kind)
                                            && (namespace.isEmpty()
                                                    || key.namespace().equals(namespace)))
                            .stream()
                            .map(Samples::describe)
                            .toList());
        }
    }

    private static List<StoredObject> objectsAt(List<ObjectEvent> model, Revision at, Predicate<ObjectKey> filter) {
        TreeMap<ObjectKey, StoredObject> objects = new TreeMap<>();
        for (ObjectEvent event : model) {
            if (event.revision().isAfter(at) || !filter.test(event.key())) {
                continue;
            }
            if (event instanceof ObjectEvent.Deleted) {
                objects.remove(event.key());
            } else {
                objects.put(event.key(), event.object());
            }
        }
        return List.copyOf(objects.values());
    }

    private static List<String> described(List<ObjectEvent> events, Predicate<ObjectEvent> filter) {
        return events.stream()
                .filter(filter)
                .map(JournalModelProperties::describe)
                .toList();
    }

    private static List<String> all(Stream<ObjectEvent> events) {
        try (events) {
            return events.map(JournalModelProperties::describe).toList();
        }
    }

    private static String describe(ObjectEvent event) {
        return event + " " + Samples.describe(event.object());
    }
}
