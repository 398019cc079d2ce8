package io.ruori.view;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A random but possible history of Pods: created, changed, deleted, in revision order. */
record StoryOfPods(List<ObjectEvent> events) {
    static StoryOfPods random(Random random, int length) {
        List<ObjectEvent> events = new ArrayList<>();
        Map<ObjectKey, StoredObject> live = new HashMap<>();
        long revision = 0;
        for (int i = 0; i < length; i++) {
            revision += 1 + random.nextInt(5);
            String namespace = "ns" + random.nextInt(3);
            String name = "p" + random.nextInt(12);
            StoredObject next = TestObjects.pod(
                    namespace,
                    name,
                    new Revision(revision),
                    random.nextBoolean() ? Map.of("app", "a" + random.nextInt(2)) : Map.of(),
                    random.nextBoolean() ? "node" + random.nextInt(3) : "",
                    random.nextBoolean() ? "rs" + random.nextInt(3) : "");
            StoredObject before = live.get(next.key());
            if (before == null) {
                events.add(TestObjects.created(next));
                live.put(next.key(), next);
            } else if (random.nextInt(3) == 0) {
                events.add(TestObjects.deleted(TestObjects.restamped(before, new Revision(revision))));
                live.remove(next.key());
            } else {
                events.add(TestObjects.updated(next));
                live.put(next.key(), next);
            }
        }
        return new StoryOfPods(events);
    }

    Revision end() {
        return events.isEmpty() ? Revision.ZERO : events.getLast().revision();
    }

    /** What a replay of everything up to a revision gives. */
    TreeMap<ObjectKey, StoredObject> replay(Revision upTo) {
        TreeMap<ObjectKey, StoredObject> state = new TreeMap<>();
        for (ObjectEvent event : events) {
            if (event.revision().isAfter(upTo)) {
                break;
            }
            switch (event) {
                case ObjectEvent.Created created -> state.put(created.key(), created.object());
                case ObjectEvent.Updated updated -> state.put(updated.key(), updated.object());
                case ObjectEvent.Deleted deleted -> state.remove(deleted.key());
            }
        }
        return state;
    }
}
