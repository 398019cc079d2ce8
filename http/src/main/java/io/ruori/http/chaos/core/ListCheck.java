package io.ruori.http.chaos.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Whether a list is one moment, and whether a consistent one shows all that was acknowledged before it was asked for. */
public final class ListCheck {
    /**
     * @param master who answered, for people
     * @param revision the moment that the list says it is of
     * @param shown revisions by key
     */
    public record Listing(String master, long began, long revision, Map<String, Long> shown) {}

    private final Histories histories;
    private final List<Violation> violations = new ArrayList<>();

    private ListCheck(Histories histories) {
        this.histories = histories;
    }

    /** @param operations what the lists must show; all lists are taken for consistent ones */
    public static List<Violation> check(
            Histories histories, Collection<Listing> listings, Collection<Operation> operations) {
        ListCheck check = new ListCheck(histories);
        List<String> keys = histories.keys();
        listings.forEach(listing -> check.isOneMoment(listing, keys));
        check.isConsistent(listings, operations);
        return check.violations;
    }

    private void isOneMoment(Listing listing, List<String> keys) {
        TreeSet<String> all = new TreeSet<>(keys);
        all.addAll(listing.shown().keySet());
        for (String key : all) {
            Change there = histories.at(key, listing.revision());
            Long shown = listing.shown().get(key);
            if (there == null ? shown != null : shown == null || shown != there.revision()) {
                violations.add(new Violation(
                        "MOMENT",
                        key,
                        listing.master() + "'s list of " + listing.revision() + " shows "
                                + (shown == null ? "nothing" : shown) + " and there was "
                                + (there == null ? "nothing" : there)));
            }
        }
    }

    private void isConsistent(Collection<Listing> listings, Collection<Operation> operations) {
        Map<String, Long> deletions = new HashMap<>();
        for (String key : histories.keys()) {
            histories.of(key).stream()
                    .filter(change -> !change.isLive())
                    .forEach(change -> deletions.put(change.uid(), change.revision()));
        }
        List<Operation> acknowledged = operations.stream()
                .filter(operation -> operation.outcome() == Operation.Outcome.DONE)
                .sorted(Comparator.comparingLong(Operation::ended))
                .toList();
        int next = 0;
        long newest = 0;
        String because = "";
        for (Listing listing : listings.stream()
                .sorted(Comparator.comparingLong(Listing::began))
                .toList()) {
            for (; next < acknowledged.size() && acknowledged.get(next).ended() < listing.began(); next++) {
                Operation operation = acknowledged.get(next);
                long revision = operation.kind() == Operation.Kind.DELETE
                        ? deletions.getOrDefault(operation.expectedUid(), 0L)
                        : operation.revision();
                if (revision > newest) {
                    newest = revision;
                    because = operation.key() + ": " + operation.brief();
                }
            }
            if (listing.revision() < newest) {
                violations.add(new Violation(
                        "STALE",
                        "",
                        listing.master() + "'s list is of " + listing.revision() + " and began after the end of "
                                + newest + ", " + because));
            }
        }
    }
}
