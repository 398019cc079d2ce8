package io.ruori.http.chaos.core;

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
public final class WatchChecker {
    private static final int NEVER = -1;

    private final NavigableMap<Place, Transition> transitions;
    private final Set<Place> journal = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();

    /** What a watcher may rely on. */
    public enum Rule {
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

    public record Fault(Rule rule, String what) {}

    /**
     * One state of an object in the journal.
     *
     * @param key namespace and name, with a slash between them
     * @param content all of the object but its revision, in a form in which what is equal is the same; none for a deletion
     */
    public record Version(
            String key, long revision, @Nullable String content) {
        public String namespace() {
            return key.substring(0, key.indexOf('/'));
        }

        public String name() {
            return key.substring(key.indexOf('/') + 1);
        }
    }

    /**
     * One thing that a watcher was told.
     *
     * @param type as on the wire
     * @param key empty for a bookmark or an error
     * @param revision 0 for an error
     * @param content as a version has it; of an error its text
     */
    public record Told(String type, String key, long revision, String content) {
        boolean isBookmark() {
            return type.equals("BOOKMARK");
        }

        boolean isError() {
            return type.equals("ERROR");
        }

        private Place place() {
            return new Place(revision, key);
        }
    }

    /** What was told on one connection that asked for everything after a revision. */
    public record Connection(long from, List<Told> told) {
        /** Where the client goes on. */
        public long end() {
            return Math.max(
                    from,
                    told.stream()
                            .filter(one -> !one.isError())
                            .mapToLong(Told::revision)
                            .max()
                            .orElse(from));
        }
    }

    private record Place(long revision, String key) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return revision != other.revision ? Long.compare(revision, other.revision) : key.compareTo(other.key);
        }

        @Override
        public String toString() {
            return key + "@" + revision;
        }
    }

    private record Transition(String type, String content) {}

    private WatchChecker(List<Version> versions, Predicate<Version> selection) {
        this.transitions = transitions(versions, selection);
        versions.forEach(version -> journal.add(new Place(version.revision(), version.key())));
    }

    /**
     * @param journal every version, by revision
     * @param connections each goes on where the one before ended
     * @param last every change up to this revision must have been told
     */
    public static List<Fault> check(
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
        Map<String, String> selected = new HashMap<>();
        for (Version version : versions) {
            String now = version.content();
            boolean isIn = now != null && selection.test(version);
            String was = isIn && now != null ? selected.put(version.key(), now) : selected.remove(version.key());
            Place place = new Place(version.revision(), version.key());
            if (isIn && now != null) {
                all.put(place, new Transition(was == null ? "ADDED" : "MODIFIED", now));
            } else if (was != null) {
                // A watcher is shown what it loses as it last was in the selection.
                all.put(place, new Transition("DELETED", was));
            }
        }
        return all;
    }

    /** Each thing told, by itself and after what was told before. */
    private void told(Connection connection) {
        Set<Place> before = new HashSet<>();
        long newestEvent = connection.from();
        long newest = connection.from();
        for (Told one : connection.told()) {
            if (one.isError()) {
                fault(Rule.RESUMABLE, "from " + connection.from() + " was refused: " + one.content());
                continue;
            }
            if (one.isBookmark()) {
                if (one.revision() < newest) {
                    fault(Rule.BOOKMARKABLE, "the bookmark " + one.revision() + " goes back behind " + newest);
                }
            } else {
                event(connection, one, !before.add(one.place()), newestEvent);
                newestEvent = Math.max(newestEvent, one.revision());
            }
            newest = Math.max(newest, one.revision());
        }
    }

    private void event(Connection connection, Told one, boolean again, long newestEvent) {
        Place place = one.place();
        Transition wanted = transitions.get(place);
        if (one.revision() <= connection.from()) {
            fault(Rule.RESUMABLE, place + " was told by a connection from " + connection.from());
        } else if (again) {
            fault(Rule.UNIQUE, place + " was told again");
        } else if (one.revision() < newestEvent) {
            fault(Rule.ORDERED, place + " was told after " + newestEvent);
        } else if (wanted == null) {
            fault(
                    journal.contains(place) ? Rule.FILTERED : Rule.ATOMIC,
                    place + (journal.contains(place) ? " is not of this selection" : " never was"));
        } else if (!wanted.type().equals(one.type())) {
            fault(Rule.FILTERED, place + " is " + wanted.type() + " and was told as " + one.type());
        } else if (!wanted.content().equals(one.content())) {
            fault(Rule.ATOMIC, place + " was " + wanted.content() + " and was shown as " + one.content());
        }
    }

    /** Every transition that the client takes for told when the connection ends, and that was not told in time. */
    private void missing(Connection connection, boolean resumed) {
        Map<Place, Integer> told = new HashMap<>();
        Set<Long> revisions = new HashSet<>();
        for (int i = 0; i < connection.told().size(); i++) {
            Told one = connection.told().get(i);
            if (!one.isBookmark() && !one.isError()) {
                told.putIfAbsent(one.place(), i);
                revisions.add(one.revision());
            }
        }
        long[] behind = behind(connection);
        for (Place place : between(connection.from(), connection.end())) {
            int at = told.getOrDefault(place, NEVER);
            int passed = passed(behind, place.revision());
            boolean byBookmark =
                    passed != NEVER && connection.told().get(passed).isBookmark();
            if (at != NEVER) {
                // An event that passed another is noticed as disorder where the other comes.
                if (byBookmark && passed < at) {
                    fault(Rule.BOOKMARKABLE, place + " was told after a bookmark that said it had been");
                }
            } else if (revisions.contains(place.revision())) {
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

    /** After each thing told: all up to which revision lies behind the client. An event leaves the rest of its own open. */
    private static long[] behind(Connection connection) {
        long[] behind = new long[connection.told().size()];
        long highest = Long.MIN_VALUE;
        for (int i = 0; i < behind.length; i++) {
            Told one = connection.told().get(i);
            if (!one.isError()) {
                highest = Math.max(highest, one.isBookmark() ? one.revision() : one.revision() - 1);
            }
            behind[i] = highest;
        }
        return behind;
    }

    /** What first told the client that a revision lies behind it. */
    private static int passed(long[] behind, long revision) {
        int low = 0;
        int high = behind.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (behind[middle] >= revision) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < behind.length ? low : NEVER;
    }

    private void fault(Rule rule, String what) {
        faults.add(new Fault(rule, what));
    }
}
