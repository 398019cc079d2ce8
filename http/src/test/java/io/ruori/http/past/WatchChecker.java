package io.ruori.http.past;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.past.Watching.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a watcher was told, connection by connection, against what the journal says, and names the promise that was
 * broken. The promises are those that etcd makes to its watchers and Kubernetes hands on, and the selection's.
 *
 * <p>The idea: from the journal follows what a watcher of a selection has to be told (a <em>transition</em> for each change
 * that touches the selection). Everything told must be such a transition, told once, in order. A transition that is missing
 * counts when something told after its place has <em>passed</em> it, as the client will never ask for it again; what passed
 * it says which promise was broken.
 */
final class WatchChecker {
    private static final int NEVER = -1;

    private final NavigableMap<Place, Transition> transitions;
    private final Set<Place> journal = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();

    /** What a watcher may rely on. */
    enum Rule {
        /** A later event is never of an earlier revision. */
        ORDERED,
        /** No event comes twice on a connection. */
        UNIQUE,
        /** An event shows one state as it was, and all objects of a revision are told, or none. */
        ATOMIC,
        /** Everything up to a bookmark has been told before it, and bookmarks do not go back. */
        BOOKMARKABLE,
        /** A connection made from a revision goes on right after it. */
        RESUMABLE,
        /** Nothing is left out. */
        RELIABLE,
        /** Into the selection is ADDED, within is MODIFIED, out of it is DELETED, and the rest is nobody's business. */
        FILTERED
    }

    record Fault(Rule rule, String what) {}

    /** One state of an object in the journal; no object for a deletion. */
    record Version(String key, long revision, @Nullable ObjectNode object) {
        String namespace() {
            return key.substring(0, key.indexOf('/'));
        }

        String name() {
            return key.substring(key.indexOf('/') + 1);
        }

        /** Of its label; empty for a deletion. */
        String tier() {
            return object == null ? "" : Json.text(object, "metadata", "labels", "tier");
        }
    }

    /** What was told on one connection that asked for everything after a revision. */
    record Connection(long from, List<Seen> told) {
        /** Where the client goes on. */
        long end() {
            return Math.max(
                    from,
                    told.stream()
                            .filter(seen -> !isError(seen))
                            .mapToLong(Seen::revision)
                            .max()
                            .orElse(from));
        }
    }

    private record Place(long revision, String key) implements Comparable<Place> {
        static Place of(Seen seen) {
            return new Place(seen.revision(), Json.text(seen.object(), "metadata", "namespace") + "/" + seen.name());
        }

        @Override
        public int compareTo(Place other) {
            return revision != other.revision ? Long.compare(revision, other.revision) : key.compareTo(other.key);
        }

        @Override
        public String toString() {
            return key + "@" + revision;
        }
    }

    private record Transition(String type, ObjectNode object) {}

    private WatchChecker(List<Version> versions, Predicate<Version> selection) {
        this.transitions = transitions(versions, selection);
        versions.forEach(version -> journal.add(new Place(version.revision(), version.key())));
    }

    /**
     * @param journal every version, by revision
     * @param connections each goes on where the one before ended
     * @param last every change up to this revision must have been told
     */
    static List<Fault> check(
            List<Version> journal, Predicate<Version> selection, List<Connection> connections, long last) {
        WatchChecker checker = new WatchChecker(journal, selection);
        long position = connections.get(0).from();
        for (int i = 0; i < connections.size(); i++) {
            Connection connection = connections.get(i);
            if (connection.from() != position) {
                throw new IllegalArgumentException("not a recording of one client: it was told all up to " + position
                        + " and went on from " + connection.from());
            }
            checker.told(connection);
            checker.missing(connection, i > 0);
            position = connection.end();
        }
        checker.missingAtTheEnd(position, last);
        return checker.faults;
    }

    private static NavigableMap<Place, Transition> transitions(List<Version> versions, Predicate<Version> selection) {
        NavigableMap<Place, Transition> all = new TreeMap<>();
        Map<String, ObjectNode> selected = new HashMap<>();
        for (Version version : versions) {
            ObjectNode now = version.object();
            boolean isIn = now != null && selection.test(version);
            ObjectNode was = isIn && now != null ? selected.put(version.key(), now) : selected.remove(version.key());
            Place place = new Place(version.revision(), version.key());
            if (isIn && now != null) {
                all.put(place, new Transition(was == null ? "ADDED" : "MODIFIED", now));
            } else if (was != null) {
                all.put(place, new Transition("DELETED", lastSeen(was, version.revision())));
            }
        }
        return all;
    }

    /** A watcher is shown what it loses as it last was in the selection, under the revision of the change. */
    private static ObjectNode lastSeen(ObjectNode was, long revision) {
        ObjectNode shown = was.deepCopy();
        shown.withObjectProperty("metadata").put("resourceVersion", Long.toString(revision));
        return shown;
    }

    private static boolean isBookmark(Seen seen) {
        return seen.type().equals("BOOKMARK");
    }

    private static boolean isError(Seen seen) {
        return seen.type().equals("ERROR");
    }

    /** Each thing told, by itself and after what was told before. */
    private void told(Connection connection) {
        Set<Place> before = new HashSet<>();
        long newestEvent = connection.from();
        long newest = connection.from();
        for (Seen seen : connection.told()) {
            if (isError(seen)) {
                fault(Rule.RESUMABLE, "from " + connection.from() + " was refused: " + seen.object());
                continue;
            }
            if (isBookmark(seen)) {
                if (seen.revision() < newest) {
                    fault(Rule.BOOKMARKABLE, "the bookmark " + seen.revision() + " goes back behind " + newest);
                }
            } else {
                event(connection, seen, !before.add(Place.of(seen)), newestEvent);
                newestEvent = Math.max(newestEvent, seen.revision());
            }
            newest = Math.max(newest, seen.revision());
        }
    }

    private void event(Connection connection, Seen seen, boolean again, long newestEvent) {
        Place place = Place.of(seen);
        Transition wanted = transitions.get(place);
        if (seen.revision() <= connection.from()) {
            fault(Rule.RESUMABLE, place + " was told by a connection from " + connection.from());
        } else if (again) {
            fault(Rule.UNIQUE, place + " was told again");
        } else if (seen.revision() < newestEvent) {
            fault(Rule.ORDERED, place + " was told after " + newestEvent);
        } else if (wanted == null) {
            fault(
                    journal.contains(place) ? Rule.FILTERED : Rule.ATOMIC,
                    place + (journal.contains(place) ? " is not of this selection" : " never was"));
        } else if (!wanted.type().equals(seen.type())) {
            fault(Rule.FILTERED, place + " is " + wanted.type() + " and was told as " + seen.type());
        } else if (!wanted.object().equals(seen.object())) {
            fault(Rule.ATOMIC, place + " was " + wanted.object() + " and was shown as " + seen.object());
        }
    }

    /** Every transition that the client takes for told when the connection ends, and that was not told in time. */
    private void missing(Connection connection, boolean resumed) {
        Map<Place, Integer> told = new HashMap<>();
        for (int i = 0; i < connection.told().size(); i++) {
            Seen seen = connection.told().get(i);
            if (!isBookmark(seen) && !isError(seen)) {
                told.putIfAbsent(Place.of(seen), i);
            }
        }
        for (Place place : between(connection.from(), connection.end())) {
            int at = told.getOrDefault(place, NEVER);
            int passed = passed(connection, place.revision());
            boolean byBookmark = passed != NEVER && isBookmark(connection.told().get(passed));
            if (at != NEVER) {
                // An event that passed another is noticed as disorder where the other comes.
                if (byBookmark && passed < at) {
                    fault(Rule.BOOKMARKABLE, place + " was told after a bookmark that said it had been");
                }
            } else if (told.keySet().stream().anyMatch(other -> other.revision() == place.revision())) {
                fault(Rule.ATOMIC, "the rest of revision " + place.revision() + " was told without " + place);
            } else if (resumed && passed == 0) {
                fault(Rule.RESUMABLE, place + " was left out by a connection from " + connection.from());
            } else {
                fault(byBookmark ? Rule.BOOKMARKABLE : Rule.RELIABLE, place + " was left out");
            }
        }
    }

    private void missingAtTheEnd(long position, long last) {
        for (Place place : between(position, last)) {
            fault(Rule.RELIABLE, place + " was not told when all was over");
        }
    }

    private Set<Place> between(long after, long upTo) {
        return after >= upTo
                ? Set.of()
                : transitions
                        .subMap(new Place(after + 1, ""), true, new Place(upTo + 1, ""), false)
                        .keySet();
    }

    /** What first told the client that a revision lies behind it. */
    private static int passed(Connection connection, long revision) {
        for (int i = 0; i < connection.told().size(); i++) {
            Seen seen = connection.told().get(i);
            if (!isError(seen) && (isBookmark(seen) ? seen.revision() >= revision : seen.revision() > revision)) {
                return i;
            }
        }
        return NEVER;
    }

    private void fault(Rule rule, String what) {
        faults.add(new Fault(rule, what));
    }
}
