package io.ruori.http.chaos.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The changes of all objects, put together from whatever showed one: answers, reads, lists, watches, on every master. All who
 * show a revision of an object must show the same.
 */
public final class Histories {
    private final Map<String, NavigableMap<Long, Change>> changes = new TreeMap<>();
    private final List<Violation> violations = new ArrayList<>();

    /** @param source who shows it, for people */
    public synchronized void saw(Change change, String source) {
        Change known =
                changes.computeIfAbsent(change.key(), key -> new TreeMap<>()).putIfAbsent(change.revision(), change);
        if (known != null && !known.agreesWith(change)) {
            violations.add(new Violation("AGREE", change.key(), source + " shows " + change + " and others " + known));
        }
    }

    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** As it is now; later sightings leave it alone. */
    public synchronized Histories copy() {
        Histories copy = new Histories();
        changes.forEach((key, of) -> copy.changes.put(key, new TreeMap<>(of)));
        copy.violations.addAll(violations);
        return copy;
    }

    /** In the order of their revisions. */
    synchronized List<Change> of(String key) {
        NavigableMap<Long, Change> known = changes.get(key);
        return known == null ? List.of() : List.copyOf(known.values());
    }

    /** What there was of an object at a revision; null where nothing was. */
    synchronized @Nullable Change at(String key, long revision) {
        NavigableMap<Long, Change> known = changes.get(key);
        Map.Entry<Long, Change> last = known == null ? null : known.floorEntry(revision);
        return last == null || !last.getValue().isLive() ? null : last.getValue();
    }

    /** The last revision of an object that anybody was shown. */
    public synchronized Optional<Long> newest(String key) {
        return Optional.ofNullable(changes.get(key)).map(NavigableMap::lastKey);
    }

    public synchronized List<String> keys() {
        return List.copyOf(changes.keySet());
    }

    /** All of them by revision, as the checker of watches wants them. */
    public synchronized List<WatchChecker.Version> journal() {
        return all().sorted(Comparator.comparingLong(Change::revision))
                .map(Change::version)
                .toList();
    }

    private Stream<Change> all() {
        return changes.values().stream().flatMap(of -> of.values().stream());
    }

    public synchronized int size() {
        return changes.values().stream().mapToInt(Map::size).sum();
    }
}
