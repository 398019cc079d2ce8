package io.ruori.node.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Which master a node tries next: each once a round, in an order of the node's own, so that nodes spread over masters; those
 * that were not named lately come after the others. The one
 * that was tried last comes last in the next round. Not thread-safe.
 */
final class MasterRounds {
    /** A master that stands still takes connections and does not answer; while others wait, it is not waited for long. */
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(1500);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private KnownMasters masters;
    private final Random random;
    private final Deque<String> round = new ArrayDeque<>();
    private String last = "";
    private int begun;

    MasterRounds(KnownMasters masters, Random random) {
        this.masters = masters;
        this.random = random;
    }

    KnownMasters masters() {
        return masters;
    }

    /** From the next round on. */
    void know(KnownMasters known) {
        masters = known;
        round.clear();
    }

    String next() {
        if (round.isEmpty()) {
            List<String> order = shuffled(masters.present());
            order.addAll(shuffled(masters.former()));
            if (order.remove(last)) {
                order.add(last);
            }
            round.addAll(order);
            begun++;
        }
        last = round.removeFirst();
        return last;
    }

    private List<String> shuffled(List<String> some) {
        List<String> order = new ArrayList<>(some);
        Collections.shuffle(order, random);
        return order;
    }

    /** How long the try that {@link #next} began may take. Whoever is slow with all masters waits longer for each. */
    Duration patience() {
        return masters.size() > 1 && begun <= 2 ? FIRST_PATIENCE : PATIENCE;
    }

    /** A session began: the others are tried first when it ends, and none is waited for long. */
    void reached() {
        round.clear();
        begun = 0;
    }
}
