package io.ruori.core.scheduling;

import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.scheduling.Placement.Candidate;
import io.ruori.kind.PodDigest;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a Node has promised to Pods whose bindings are not in the view yet. Several schedulers choose nodes at once, each from
 * its own view; only the Node's own entity sees all of their choices, and it refuses what would not fit.
 *
 * <p>A promise ends when the view shows the Pod on the node, or when the view shows a time at which no binding of it can be
 * accepted any more. Not thread-safe: it belongs to one entity.
 */
public final class NodeReservations {
    /** How long a binding may take. */
    public static final Duration BIND_WITHIN = Duration.ofSeconds(3);

    /** Clocks of members differ by no more, or they would not count each other. */
    static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final Map<Uid, Promise> promises = new HashMap<>();
    private final Instant from;

    private record Promise(PodDigest pod, Instant over) {}

    /** What became of a request. */
    public sealed interface Answer {
        /**
         * @param until the binding must be accepted before
         */
        record Granted(Instant until) implements Answer {}

        /**
         * @param why as the scheduler tells people
         */
        record Refused(String why) implements Answer {}
    }

    /**
     * @param from what was promised before this entity began its life is over by then: until then it promises nothing
     */
    public NodeReservations(Instant from) {
        this.from = from;
    }

    /** Of an entity that continues somebody else's: promises may be under way that it does not know. */
    public static NodeReservations after(Instant start) {
        return new NodeReservations(start.plus(BIND_WITHIN).plus(CLOCKS_DIFFER));
    }

    /**
     * @param node as it is
     * @param pod as it was when the node was chosen for it
     */
    public Answer reserve(StoredObject node, StoredObject pod, View view, Instant now) {
        if (view.revision().instant().isBefore(from)) {
            return new Answer.Refused("the node has just come to another master");
        }
        NodeLoad load = new NodeLoad();
        String name = node.key().name();
        for (StoredObject bound : view.byField(pod.key().kind(), "spec.nodeName", name)) {
            PodDigest digest = PodDigest.of(bound);
            promises.remove(bound.uid());
            if (!digest.isFinished()) {
                load.add(digest);
            }
        }
        promises.values().removeIf(promise -> view.revision().instant().isAfter(promise.over()));
        promises.remove(pod.uid());
        promises.values().forEach(promise -> load.add(promise.pod()));
        PodDigest digest = PodDigest.of(pod);
        Optional<String> refusal = Placement.refuses(digest, new Candidate(NodeCapacity.of(node.tree()), load));
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        Instant until = now.plus(BIND_WITHIN);
        promises.put(pod.uid(), new Promise(digest, until.plus(CLOCKS_DIFFER)));
        return new Answer.Granted(until);
    }
}
