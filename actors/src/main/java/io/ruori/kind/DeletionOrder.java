package io.ruori.kind;

import io.ruori.api.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Pods a ReplicaSet gives up first: those that do least, then those whose loss costs least, then those that share their
 * node with most of their kin, then the youngest. Ages count in powers of two, so that among Pods of about the same age the
 * choice is spread instead of always hitting the newest zone.
 */
final class DeletionOrder {
    private final Instant now;
    private final Map<String, Integer> kinOnNode = new HashMap<>();

    /**
     * @param kin active Pods of all ReplicaSets of the same Deployment
     */
    DeletionOrder(Iterable<StoredObject> kin, Instant now) {
        this.now = now;
        for (StoredObject pod : kin) {
            kinOnNode.merge(PodDigest.of(pod).nodeName(), 1, Integer::sum);
        }
    }

    /** The first {@code count} to go. */
    List<StoredObject> first(List<StoredObject> pods, int count) {
        if (count >= pods.size()) {
            return pods;
        }
        return pods.stream().sorted(order()).limit(count).toList();
    }

    private Comparator<StoredObject> order() {
        Comparator<StoredObject> byDigest = Comparator.comparing(PodDigest::of, byUse());
        return byDigest.thenComparing(pod -> pod.uid().value());
    }

    private Comparator<PodDigest> byUse() {
        return Comparator.<PodDigest, Boolean>comparing(pod -> !pod.nodeName().isEmpty())
                .thenComparing(PodDigest::phase)
                .thenComparing(PodDigest::ready)
                .thenComparingInt(PodDigest::deletionCost)
                .thenComparingInt(pod -> -kinOnNode.getOrDefault(pod.nodeName(), 0))
                .thenComparingInt(pod -> pod.ready() ? magnitude(pod.readySince()) : 0)
                .thenComparingInt(pod -> -pod.maxRestarts())
                .thenComparingInt(pod -> -pod.maxSidecarRestarts())
                .thenComparingInt(pod -> magnitude(pod.createdAt()));
    }

    /** The power of two of an age; -1 for what has just begun or is unknown. */
    private int magnitude(@Nullable Instant since) {
        if (since == null) {
            return -1;
        }
        long age = Duration.between(since, now).toMillis();
        return age <= 0 ? -1 : 63 - Long.numberOfLeadingZeros(age);
    }
}
