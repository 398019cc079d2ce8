package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the scripted writer asked for and what it was promised, and whether a journal keeps it: everything acknowledged is there
 * and equal; of the rest, appends are there whole or not at all, and none without those before it, for there is one writer.
 */
final class Promises {
    private static final Revision END = new Revision(Long.MAX_VALUE);

    private record Want(ObjectKey key, long first, List<ObjectEvent> events) {
        long last() {
            return first + events.size() - 1;
        }
    }

    private record Name(ObjectKey key, long first) {}

    private final LinkedHashMap<Name, Want> wants = new LinkedHashMap<>();
    private final Map<Name, Boolean> kept = new HashMap<>();
    private long epoch;
    private long ceiling;

    void hear(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "epoch" -> epoch = Long.parseLong(words[1]);
            case "ceiling" -> ceiling = Long.parseLong(words[1]);
            case "want" -> want(key(words[1]), Long.parseLong(words[2]), words[3]);
            case "kept" -> kept.put(new Name(key(words[1]), Long.parseLong(words[2])), true);
            default -> throw new IllegalArgumentException(line);
        }
    }

    private void want(ObjectKey key, long first, String changes) {
        List<ObjectEvent> events = new ArrayList<>();
        for (String word : changes.split(",")) {
            events.add(ScriptedWriter.event(key, Long.parseLong(word.substring(2)), word.charAt(0), word.charAt(1)));
        }
        wants.put(new Name(key, first), new Want(key, first, events));
    }

    private static ObjectKey key(String word) {
        String[] parts = word.split("/");
        return ObjectKey.of(KindName.core(parts[0]), "default", parts[1]);
    }

    int kept() {
        return kept.size();
    }

    /** Fails with an {@link AssertionError} that says what is amiss, or with the journal's fault. */
    void check(RocksJournalStore store) {
        Map<ObjectKey, List<ObjectEvent>> found = new HashMap<>();
        for (Want want : wants.values()) {
            found.computeIfAbsent(want.key(), key -> events(store.events(key, 1)));
        }
        Name missing = null;
        Map<ObjectKey, List<ObjectEvent>> expected = new HashMap<>();
        TreeMap<Revision, ObjectEvent> inOrder = new TreeMap<>();
        for (Map.Entry<Name, Want> entry : wants.entrySet()) {
            Want want = entry.getValue();
            int there = found.get(want.key()).size();
            if (there >= want.last()) {
                assertThat(missing)
                        .as("missing before %s, which is there", entry.getKey())
                        .isNull();
                expected.computeIfAbsent(want.key(), key -> new ArrayList<>()).addAll(want.events());
                want.events().forEach(event -> inOrder.put(event.revision(), event));
            } else {
                assertThat(there).as("half of %s is there", entry.getKey()).isLessThan((int) want.first());
                assertThat(kept).as("acknowledged and gone").doesNotContainKey(entry.getKey());
                missing = entry.getKey();
            }
        }
        found.forEach((key, events) -> {
            same(key + " by number", events, expected.getOrDefault(key, List.of()));
            same(key + " by revision", events(store.history(key, END)).reversed(), events);
            assertThat(store.lastSequenceNumber(key)).isEqualTo(events.size());
            if (!events.isEmpty()) {
                assertThat(store.newestState(key).orElseThrow().revision())
                        .isEqualTo(events.getLast().revision());
            }
        });
        List<ObjectEvent> all = List.copyOf(inOrder.values());
        same("all by time", events(store.changes(Revision.ZERO, END)), all);
        for (KindName kind : List.of(Samples.PODS, Samples.SECRETS)) {
            List<ObjectEvent> ofKind = all.stream()
                    .filter(event -> event.key().kind().equals(kind))
                    .toList();
            same("all of " + kind, events(store.changes(kind, Revision.ZERO, END)), ofKind);
        }
        checkPresent(store, expected);
        assertThat(store.clockCeiling().value()).as("the clock's ceiling").isGreaterThanOrEqualTo(ceiling);
        long next = store.openSession("check").acquire(0).toCompletableFuture().join();
        assertThat(next).as("the shard's epoch").isGreaterThan(epoch);
    }

    private static void checkPresent(RocksJournalStore store, Map<ObjectKey, List<ObjectEvent>> expected) {
        List<ObjectKey> live = expected.entrySet().stream()
                .filter(entry -> !(entry.getValue().getLast() instanceof ObjectEvent.Deleted))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(ObjectKey::toString))
                .toList();
        try (Stream<StoredObject> objects = store.currentObjects()) {
            assertThat(objects.map(StoredObject::key).sorted(Comparator.comparing(ObjectKey::toString)))
                    .as("the objects that exist")
                    .isEqualTo(live);
        }
    }

    private static List<ObjectEvent> events(Stream<ObjectEvent> stream) {
        try (stream) {
            return stream.toList();
        }
    }

    private static void same(String what, List<ObjectEvent> found, List<ObjectEvent> expected) {
        assertThat(found.size()).as(what).isEqualTo(expected.size());
        for (int i = 0; i < found.size(); i++) {
            assertThat(Samples.same(found.get(i), expected.get(i)))
                    .as("%s: %s is as it was written", what, expected.get(i).revision())
                    .isTrue();
        }
    }

    /** What a writer goes on from that finds this journal: what is not there was never wanted. */
    Promises settled(RocksJournalStore store) {
        Promises after = new Promises();
        after.wants.putAll(wants);
        after.wants.values().removeIf(want -> store.lastSequenceNumber(want.key()) < want.last());
        after.kept.putAll(kept);
        after.epoch = epoch;
        after.ceiling = ceiling;
        return after;
    }

    Promises copy() {
        Promises same = new Promises();
        same.wants.putAll(wants);
        same.kept.putAll(kept);
        same.epoch = epoch;
        same.ceiling = ceiling;
        return same;
    }
}
