package io.ruori.kind;

import io.ruori.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic of a roll-out: how the ReplicaSets of a Deployment are to be sized. Sizes are changed in the
 * {@link ReplicaSetEdit}s; nothing here looks at anything else.
 *
 * @param current the set of the present template; null while there is none
 * @param old all others, oldest first
 */
record Rollout(DeploymentSpec deployment, @Nullable ReplicaSetEdit current, List<ReplicaSetEdit> old) {
    static final Comparator<ReplicaSetEdit> OLDEST_FIRST = Comparator.<ReplicaSetEdit, Instant>comparing(
                    set -> set.digest().createdAt())
            .thenComparing(ReplicaSetEdit::name);

    List<ReplicaSetEdit> all() {
        List<ReplicaSetEdit> all = new ArrayList<>(old);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    private static List<ReplicaSetEdit> active(List<ReplicaSetEdit> sets) {
        return sets.stream().filter(set -> set.replicas() > 0).toList();
    }

    static long total(List<ReplicaSetEdit> sets) {
        return sets.stream().mapToLong(ReplicaSetEdit::replicas).sum();
    }

    boolean isResized() {
        return all().stream().anyMatch(ReplicaSetEdit::isResized);
    }

    /** The Deployment was given another size since its sets were sized last. */
    boolean isScalingEvent() {
        return active(all()).stream()
                .anyMatch(set -> set.digest().numberAnnotated(ReplicaSetEdit.DESIRED, deployment.replicas())
                        != deployment.replicas());
    }

    /**
     * How large the current set (or one about to be made, at size 0) may be now. Pods that an old set has yet to delete take
     * room too; upstream counts what is wanted only, and is above its limit for a moment.
     */
    long currentSize(long size) {
        if (!deployment.rolling()) {
            return deployment.replicas();
        }
        if (old.stream().anyMatch(set -> !set.hasActed())) {
            return size;
        }
        long pods = all().stream()
                .mapToLong(set -> Math.max(set.replicas(), set.digest().status().replicas()))
                .sum();
        long room = deployment.most() - pods;
        return room <= 0 ? size : size + Math.min(room, deployment.replicas() - size);
    }

    // ---- rolling update

    /** Brings the current set nearer to its full size; true if that was a step. */
    boolean stepUp(ReplicaSetEdit current) {
        if (current.replicas() == deployment.replicas()) {
            return false;
        }
        long size =
                current.replicas() > deployment.replicas() ? deployment.replicas() : currentSize(current.replicas());
        if (size != current.replicas()) {
            current.scale(deployment, size);
        }
        return current.isResized();
    }

    /** Takes Pods from old sets as far as enough remain available: first those that are of no use, then the rest. */
    void stepDown(ReplicaSetEdit current) {
        long unavailable = current.replicas() - current.digest().status().available();
        long spare = total(all()) - deployment.least() - unavailable;
        if (total(old) == 0 || spare <= 0) {
            return;
        }
        cleanUpUnhealthy(spare);
        long available =
                all().stream().mapToLong(ReplicaSetEdit::surelyAvailable).sum();
        long removable = available - deployment.least();
        for (ReplicaSetEdit set : active(old)) {
            if (removable > 0) {
                long removed = Math.min(set.replicas(), removable);
                set.scale(deployment, set.replicas() - removed);
                removable -= removed;
            }
        }
    }

    private void cleanUpUnhealthy(long most) {
        long left = most;
        for (ReplicaSetEdit set : active(old)) {
            long unhealthy = set.replicas() - set.digest().status().available();
            if (left > 0 && unhealthy > 0) {
                long removed = Math.min(left, unhealthy);
                set.scale(deployment, set.replicas() - removed);
                left -= removed;
            }
        }
    }

    // ---- recreate

    void stopOld() {
        for (ReplicaSetEdit set : active(old)) {
            set.scale(deployment, 0);
        }
    }

    // ---- another size

    /** Spreads a new size of the Deployment over its sets, in proportion to the sizes they have. */
    void scale() {
        ReplicaSetEdit only = activeOrLatest();
        if (only != null) {
            only.scale(deployment, deployment.replicas());
        } else if (current != null && isSaturated(current)) {
            stopOld();
        } else if (deployment.rolling()) {
            proportionally();
        }
    }

    private @Nullable ReplicaSetEdit activeOrLatest() {
        List<ReplicaSetEdit> active = active(all());
        if (active.isEmpty()) {
            return current != null ? current : old.isEmpty() ? null : old.getLast();
        }
        return active.size() == 1 ? active.getFirst() : null;
    }

    private boolean isSaturated(ReplicaSetEdit set) {
        return set.replicas() == deployment.replicas()
                && set.digest().numberAnnotated(ReplicaSetEdit.DESIRED, -1) == deployment.replicas()
                && set.digest().status().available() == deployment.replicas();
    }

    private void proportionally() {
        List<ReplicaSetEdit> sets = new ArrayList<>(active(all()));
        long allowed = deployment.replicas() > 0 ? deployment.most() : 0;
        long toAdd = allowed - total(sets);
        // The largest first; among equals the newest when growing and the oldest when shrinking.
        Comparator<ReplicaSetEdit> ties = toAdd > 0 ? OLDEST_FIRST.reversed() : OLDEST_FIRST;
        sets.sort(Comparator.comparingLong(ReplicaSetEdit::replicas).reversed().thenComparing(ties));
        long[] sizes = new long[sets.size()];
        long added = 0;
        for (int i = 0; i < sizes.length; i++) {
            long share = share(sets.get(i), toAdd, added);
            sizes[i] = sets.get(i).replicas() + share;
            added += share;
        }
        for (int i = 0; i < sizes.length; i++) {
            // What rounding left over goes to the largest.
            long size = i == 0 ? Math.max(0, sizes[i] + toAdd - added) : sizes[i];
            sets.get(i).scale(deployment, size);
        }
    }

    private long share(ReplicaSetEdit set, long toAdd, long added) {
        if (toAdd == 0 || toAdd == added) {
            return 0;
        }
        long fraction = fraction(set);
        return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
    }

    private long fraction(ReplicaSetEdit set) {
        if (deployment.replicas() == 0) {
            return -set.replicas();
        }
        long before = set.digest().numberAnnotated(ReplicaSetEdit.MAX, 0);
        if (before <= 0) {
            before = Json.number(deployment.status(), 0, "replicas");
        }
        return before == 0 ? 0 : Math.round((double) (set.replicas() * deployment.most()) / before) - set.replicas();
    }

    // ---- history

    /** Old sets beyond the limit that are empty and at rest, oldest revision first. */
    List<ReplicaSetEdit> expired() {
        if (deployment.historyLimit() == DeploymentSpec.NO_LIMIT) {
            return List.of();
        }
        List<ReplicaSetEdit> alive = new ArrayList<>(
                old.stream().filter(set -> !set.object().isTerminating()).toList());
        long surplus = alive.size() - deployment.historyLimit();
        alive.sort(Comparator.comparingLong(ReplicaSetEdit::revision).thenComparing(OLDEST_FIRST));
        return alive.stream()
                .limit(Math.max(0, surplus))
                .filter(Rollout::isAtRest)
                .toList();
    }

    private static boolean isAtRest(ReplicaSetEdit set) {
        ReplicaSetDigest digest = set.digest();
        return digest.status().replicas() == 0
                && set.replicas() == 0
                && digest.replicas() == 0
                && digest.generation() <= digest.observedGeneration();
    }
}
