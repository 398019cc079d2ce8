package io.ruori.core.scheduling;

import io.ruori.api.Revision;
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
import org.jspecify.annotations.Nullable;

/**
 * What a Node has promised to Pods whose bindings are not in the view yet. Several schedulers choose nodes at once, each from
 * its own view; only the Node's own entity sees all of their choices, and it refuses what would not fit.
 *
 * <p>A promise ends when the view shows the Pod on the node, or when no binding of it can be accepted any more and the view
 * shows all that were. The revisions' clocks may be ahead of the time of day, so a late revision alone says nothing about the
 * time. Not thread-safe: it belongs to one entity.
 */
public final class NodeReservations {
    /** How long a binding may take. */
    public static final Duration BIND_WITHIN = Duration.ofSeconds(3);

    /** Clocks of members differ by no more, or they would not count each other. */
    static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final Map<Uid, Promise> promises = new HashMap<>();
    private final Limit from;

    private record Promise(PodDigest pod, Limit limit) {}

    /** A moment after which nothing is accepted any more, and the revision that covers what was. */
    private static final class Limit {
        private final Instant moment;
        private @Nullable Revision last;

        Limit(Instant moment) {
            this.moment = moment;
        }

        /**
         * @param clock not below any revision issued before the moment, as soon as that is {@link #CLOCKS_DIFFER} ago
         */
        boolean isPast(View view, Instant now, Revision clock) {
            if (last == null && !now.isBefore(moment)) {
                last = clock;
            }
            return last != null && !last.isAfter(view.revision());
        }
    }

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
        this.from = new Limit(from);
    }

    /** Of an entity that continues somebody else's: promises may be under way that it does not know. */
    public static NodeReservations after(Instant start) {
        return new NodeReservations(start.plus(BIND_WITHIN).plus(CLOCKS_DIFFER));
    }

    /**
     * @param node as it is
     * @param pod as it was when the node was chosen for it
     * @param clock the revision that this member has come to
     */
    public Answer reserve(StoredObject node, StoredObject pod, View view, Instant now, Revision clock) {
        if (!from.isPast(view, now, clock)) {
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
        promises.values().removeIf(promise -> promise.limit().isPast(view, now, clock));
        promises.remove(pod.uid());
        promises.values().forEach(promise -> load.add(promise.pod()));
        PodDigest digest = PodDigest.of(pod);
        Optional<String> refusal = Placement.refuses(digest, new Candidate(NodeCapacity.of(node.tree()), load));
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        Instant until = now.plus(BIND_WITHIN);
        promises.put(pod.uid(), new Promise(digest, new Limit(until.plus(CLOCKS_DIFFER))));
        return new Answer.Granted(until);
    }
}
