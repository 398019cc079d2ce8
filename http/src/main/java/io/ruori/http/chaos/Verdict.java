package io.ruori.http.chaos;

import io.ruori.http.chaos.Recording.Begun;
import io.ruori.http.chaos.core.Histories;
import io.ruori.http.chaos.core.ListCheck;
import io.ruori.http.chaos.core.ListCheck.Listing;
import io.ruori.http.chaos.core.Operation;
import io.ruori.http.chaos.core.RegisterCheck;
import io.ruori.http.chaos.core.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Judges what was recorded. */
final class Verdict {
    private Verdict() {}

    /** What clients saw of objects and lists. */
    static List<Violation> of(Histories histories, List<Operation> operations, List<Listing> listings) {
        List<Violation> all = new ArrayList<>(histories.violations());
        Map<String, List<Operation>> byKey = operations.stream().collect(Collectors.groupingBy(Operation::key));
        byKey.forEach((key, of) -> all.addAll(RegisterCheck.check(key, histories, of)));
        all.addAll(ListCheck.check(histories, listings, operations));
        return all;
    }

    /**
     * While clients go on: what had been answered by now must already hold. Returns nothing where watchers do not get so far in
     * time.
     */
    static List<Violation> soFar(Recording recording, Watchers watchers, Lists lists, MasterClient client)
            throws InterruptedException {
        long now = System.nanoTime();
        List<Listing> listings = recording.listings();
        long seen = lists.list(client).orElse(Long.MAX_VALUE);
        if (seen == Long.MAX_VALUE
                || !RunCluster.reached(java.time.Duration.ofSeconds(20), () -> watchers.haveSeen(seen))) {
            return List.of();
        }
        Histories histories = recording.histories().copy();
        List<Operation> operations = recording.operations(0).stream()
                .map(Begun::operation)
                .map(operation -> operation.asOf(now))
                .toList();
        return of(histories, operations, listings);
    }
}
