package io.ruori.http.chaos.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether what clients did to one object, each on its own, can have happened one after the other, in an order in which
 * whatever ended before something else began comes first (linearizability), and whether anything acknowledged was lost.
 *
 * <p>To find such an order is hard where nothing is known of it. Here the revisions tell it: the object's changes by revision are
 * the order of its writes, each read belongs behind the change that it shows, and what remains is to hold this order
 * against the clock. So the check takes the time of a sort. A refusal says that the object was so at some moment between request
 * and answer; it is wrong where the object is known to have been otherwise all that time.
 */
public final class RegisterCheck {
    private static final long NEVER = Long.MAX_VALUE;

    private final String key;
    private final List<Change> changes;
    private final List<Operation> operations;
    private final List<Violation> violations = new ArrayList<>();

    /** Behind the change of which number an operation belongs, from 1 on; 0 for "nothing was there yet". */
    private final Map<Operation, Integer> places = new HashMap<>();

    /** By change: the earliest time at which it can have happened. */
    private final long[] earliest;

    private RegisterCheck(String key, List<Change> changes, List<Operation> operations) {
        this.key = key;
        this.changes = changes;
        this.operations = operations;
        this.earliest = new long[changes.size() + 1];
    }

    /** @param operations all of this object, in any order */
    public static List<Violation> check(String key, Histories histories, List<Operation> operations) {
        RegisterCheck check = new RegisterCheck(key, histories.of(key), operations);
        check.place();
        check.everyChangeFollows();
        check.clock();
        return check.violations;
    }

    /** Says of each operation which change it made or saw. */
    private void place() {
        Map<String, Integer> byValue = new HashMap<>();
        Map<String, Integer> byDeletedUid = new HashMap<>();
        Map<Long, Integer> byRevision = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            byRevision.put(change.revision(), i + 1);
            Integer before = change.isLive()
                    ? byValue.putIfAbsent(change.value(), i + 1)
                    : byDeletedUid.putIfAbsent(change.uid(), i + 1);
            if (before != null) {
                violation("ONCE", changes.get(before - 1) + " happened again as " + change);
            }
        }
        Map<Integer, Operation> makers = new HashMap<>();
        for (Operation operation : operations) {
            Integer place = operation.kind() == Operation.Kind.DELETE
                    ? byDeletedUid.get(operation.expectedUid())
                    : operation.kind().isWrite()
                            ? byValue.get(operation.value())
                            : byRevision.get(operation.revision());
            switch (operation.outcome()) {
                case DONE -> done(operation, place, makers);
                case UNKNOWN -> {
                    if (place != null && operation.kind().isWrite()) {
                        unknown(operation, place, makers);
                    }
                }
                case CONFLICT, ABSENT, EXISTS, REFUSED -> {
                    if (place != null && operation.kind().isWrite() && operation.kind() != Operation.Kind.DELETE) {
                        violation("REFUSED", operation.brief() + " and happened: " + changes.get(place - 1));
                    }
                }
            }
        }
        for (int i = 1; i <= changes.size(); i++) {
            Operation maker = makers.get(i);
            if (maker == null) {
                violation("NOBODY", changes.get(i - 1) + " was written by nobody");
            } else {
                earliest[i] = maker.began();
            }
        }
    }

    private void done(
            Operation operation, @org.jspecify.annotations.Nullable Integer place, Map<Integer, Operation> makers) {
        if (place == null) {
            violation(
                    operation.kind().isWrite() ? "LOST" : "READ",
                    operation.brief() + (operation.kind().isWrite() ? " and never happened" : ", which never was"));
            return;
        }
        Change change = changes.get(place - 1);
        if (operation.revision() != 0 && operation.revision() != change.revision()) {
            violation("PLACE", operation.brief() + " and happened as " + change);
        }
        if (operation.kind() == Operation.Kind.READ && !operation.value().equals(change.value())) {
            violation("READ", operation.brief() + ", which was " + change);
        }
        places.put(operation, place);
        if (operation.kind().isWrite()) {
            Operation other = makers.put(place, operation);
            if (other != null && other.outcome() == Operation.Outcome.DONE) {
                violation("ONCE", other.brief() + " and " + operation.brief() + " are one change: " + change);
            }
        }
    }

    /** Of several that may have made a change the first to begin is taken, as nothing is known against it. */
    private void unknown(Operation operation, int place, Map<Integer, Operation> makers) {
        makers.merge(
                place,
                operation,
                (one, other) -> one.outcome() == Operation.Outcome.DONE || one.began() <= other.began() ? one : other);
    }

    /** Each write did what it says to what was there. */
    private void everyChangeFollows() {
        Map<String, Operation> byValue = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.kind().isWrite() && operation.kind() != Operation.Kind.DELETE) {
                byValue.put(operation.value(), operation);
            }
        }
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Change before = i == 0 ? null : changes.get(i - 1);
            boolean wasLive = before != null && before.isLive();
            Operation operation = byValue.get(change.value());
            if (!change.isLive()) {
                if (!wasLive || before == null || !before.uid().equals(change.uid())) {
                    violation("FOLLOWS", change + " deleted what was not there: " + before);
                }
                continue;
            }
            if (operation == null) {
                continue; // was said before
            }
            boolean creates = operation.kind() == Operation.Kind.CREATE;
            if (creates == wasLive
                    || (wasLive && before != null && !before.uid().equals(change.uid()))) {
                violation("FOLLOWS", operation.brief() + " came upon " + before);
            }
            long expected = operation.expectedRevision();
            if (expected != 0 && (before == null || before.revision() != expected)) {
                violation("EXPECTED", operation.brief() + " came upon " + before);
            }
        }
    }

    /** What ended before something else began is before it. */
    private void clock() {
        List<Operation> byBegin = operations.stream()
                .sorted(Comparator.comparingLong(Operation::began))
                .toList();
        List<Operation> ended = operations.stream()
                .filter(operation -> operation.outcome() == Operation.Outcome.DONE && places.containsKey(operation))
                .sorted(Comparator.comparingLong(Operation::ended))
                .toList();
        Map<String, Integer> written = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            if (changes.get(i).isLive()) {
                written.put(changes.get(i).value(), i + 1);
            }
        }
        int next = 0;
        int known = 0;
        String because = "";
        for (Operation operation : byBegin) {
            for (; next < ended.size() && ended.get(next).ended() < operation.began(); next++) {
                Integer place = places.get(ended.get(next));
                if (place != null && place > known) {
                    known = place;
                    because = ended.get(next).brief();
                }
            }
            Integer place = places.get(operation);
            if (place == null && operation.kind().isWrite() && operation.kind() != Operation.Kind.DELETE) {
                place = written.get(operation.value());
            }
            if (place != null) {
                boolean isBehind = operation.kind().isWrite() ? place > known : place >= known;
                if (!isBehind) {
                    violation("CLOCK", operation.brief() + " began after the end of: " + because);
                }
            }
            refusal(operation, known);
        }
    }

    /** @param known the change that is certain to have happened before the operation began */
    private void refusal(Operation operation, int known) {
        boolean nothingElse = known == changes.size() || earliest[known + 1] > operation.ended();
        if (!nothingElse || operation.ended() == NEVER) {
            return;
        }
        Change there = known == 0 ? null : changes.get(known - 1);
        boolean isLive = there != null && there.isLive();
        boolean wrong = switch (operation.outcome()) {
            case ABSENT -> isLive;
            case EXISTS -> !isLive;
            case CONFLICT ->
                there != null
                        && isLive
                        && (operation.expectedRevision() == 0 || operation.expectedRevision() == there.revision())
                        && (operation.expectedUid().isEmpty()
                                || operation.expectedUid().equals(there.uid()));
            case DONE, REFUSED, UNKNOWN -> false;
        };
        if (wrong) {
            violation("ANSWER", operation.brief() + " while all the time there was " + there);
        }
    }

    private void violation(String rule, String what) {
        violations.add(new Violation(rule, key, what));
    }
}
