package io.ruori.http.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The changes of several objects, and which led to which. */
final class CausalChains {
    private static final int MAX_CHANGES = 100_000;

    /** A change, and through how many other objects it was caused. */
    record Placed(Change change, int depth) {}

    private final Map<Long, Change> byRevision = new TreeMap<>();
    private final Map<Long, List<Change>> effects = new HashMap<>();

    CausalChains(Collection<Change> changes) {
        changes.forEach(change -> byRevision.put(change.revision(), change));
        byRevision
                .values()
                .forEach(change -> effects.computeIfAbsent(change.cause(), none -> new ArrayList<>())
                        .add(change));
    }

    /** What a change led to, and what that led to, below it in the order of time. */
    List<Placed> effectsOf(Change first) {
        List<Placed> all = new ArrayList<>();
        follow(first, 0, all);
        return all;
    }

    private void follow(Change change, int depth, List<Placed> all) {
        all.add(new Placed(change, depth));
        if (all.size() < MAX_CHANGES) {
            effects.getOrDefault(change.revision(), List.of()).stream()
                    .filter(effect -> effect.revision() > change.revision())
                    .forEach(effect -> follow(effect, isSameObject(change, effect) ? depth : depth + 1, all));
        }
    }

    private static boolean isSameObject(Change one, Change other) {
        return one.object().equals(other.object());
    }
}
