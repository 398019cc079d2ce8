package io.ruori.http.chaos;

import io.ruori.http.chaos.core.Change;
import io.ruori.http.chaos.core.Histories;
import io.ruori.http.chaos.core.ListCheck.Listing;
import io.ruori.http.chaos.core.Operation;
import io.ruori.http.chaos.core.Operation.Kind;
import io.ruori.http.chaos.core.Operation.Outcome;
import io.ruori.http.chaos.core.PodCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Everything that clients did and saw. */
final class Recording {
    private final List<Begun> operations = new ArrayList<>();
    private final Queue<Listing> listings = new ConcurrentLinkedQueue<>();
    private final Histories histories = new Histories();
    private final PodCheck pods = new PodCheck();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<String, String> contents = new ConcurrentHashMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** A request on its way, or answered. */
    static final class Begun {
        private final int master;
        private volatile Operation operation;

        private Begun(int master, Operation operation) {
            this.master = master;
            this.operation = operation;
        }

        int master() {
            return master;
        }

        Operation operation() {
            return operation;
        }

        boolean isOpen() {
            return operation.ended() == Long.MAX_VALUE;
        }
    }

    Begun begin(int master, String key, Kind kind, String value, long expectedRevision, String expectedUid) {
        Begun begun = new Begun(
                master,
                new Operation(
                        key,
                        kind,
                        System.nanoTime(),
                        Long.MAX_VALUE,
                        Outcome.UNKNOWN,
                        0,
                        value,
                        expectedRevision,
                        expectedUid));
        synchronized (operations) {
            operations.add(begun);
        }
        return begun;
    }

    /** @param word what was answered, for the count of answers */
    void end(Begun begun, Outcome outcome, long revision, String value, String word) {
        Operation o = begun.operation;
        begun.operation = new Operation(
                o.key(),
                o.kind(),
                o.began(),
                System.nanoTime(),
                outcome,
                revision,
                value,
                o.expectedRevision(),
                o.expectedUid());
        answers.computeIfAbsent(word, any -> new LongAdder()).increment();
        if (o.kind() != Kind.READ) {
            switch (outcome) {
                case DONE -> acknowledged.incrementAndGet();
                case UNKNOWN -> unknown.incrementAndGet();
                case CONFLICT, ABSENT, EXISTS, REFUSED -> refused.incrementAndGet();
            }
        }
    }

    void saw(Change change, String source) {
        histories.saw(change, source);
    }

    void listed(Listing listing) {
        listings.add(listing);
    }

    /** The same text, kept once. */
    String once(String content) {
        return contents.computeIfAbsent(content, same -> same);
    }

    /** In the order in which they began, without the first so many. */
    List<Begun> operations(int without) {
        synchronized (operations) {
            return List.copyOf(operations.subList(without, operations.size()));
        }
    }

    int size() {
        synchronized (operations) {
            return operations.size();
        }
    }

    List<Listing> listings() {
        return List.copyOf(listings);
    }

    Histories histories() {
        return histories;
    }

    PodCheck pods() {
        return pods;
    }

    Map<String, Long> answers() {
        Map<String, Long> all = new TreeMap<>();
        answers.forEach((word, count) -> all.put(word, count.sum()));
        return all;
    }

    long acknowledged() {
        return acknowledged.get();
    }

    long unknown() {
        return unknown.get();
    }

    long refused() {
        return refused.get();
    }
}
