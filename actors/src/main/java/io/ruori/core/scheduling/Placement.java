package io.ruori.core.scheduling;

import io.ruori.kind.PodDigest;
import io.ruori.kind.PodDigest.HostPort;
import io.ruori.kind.PodDigest.Requests;
import io.ruori.kind.PodDigest.Toleration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a node for one Pod: every node that passes the filters is scored, the best wins, and among equals the one with
 * fewer Pods, then the first by name, so that a choice can be repeated.
 */
public sealed interface Placement {

    /** Runs best here. */
    record On(String node) implements Placement {}

    /**
     * Fits nowhere now.
     *
     * @param message worded as upstream, with how many nodes failed for which reason
     */
    record Nowhere(String message) implements Placement {}

    /** A node as scheduling sees it. */
    record Candidate(NodeCapacity capacity, NodeLoad load) {}

    static Placement place(PodDigest pod, Collection<Candidate> nodes) {
        Candidate best = null;
        double bestScore = 0;
        Map<String, Integer> reasons = null;
        for (Candidate node : nodes) {
            String reason = refusal(pod, node);
            if (reason != null) {
                reasons = reasons == null ? new TreeMap<>() : reasons;
                reasons.merge(reason, 1, Integer::sum);
                continue;
            }
            double score = score(pod, node);
            if (best == null || score > bestScore || (score == bestScore && comesFirst(node, best))) {
                best = node;
                bestScore = score;
            }
        }
        return best != null ? new On(best.capacity().name()) : new Nowhere(explain(nodes.size(), reasons));
    }

    /** Why a node cannot take a Pod; empty when it can. */
    static Optional<String> refuses(PodDigest pod, Candidate node) {
        return Optional.ofNullable(refusal(pod, node));
    }

    private static boolean comesFirst(Candidate a, Candidate b) {
        return a.load().pods() != b.load().pods()
                ? a.load().pods() < b.load().pods()
                : a.capacity().name().compareTo(b.capacity().name()) < 0;
    }

    private static String explain(int nodes, @Nullable Map<String, Integer> reasons) {
        if (reasons == null) {
            return "no nodes available to schedule pods";
        }
        String list = reasons.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return "0/" + nodes + " nodes are available: " + list + ".";
    }

    /** Why a node cannot take the Pod, in upstream's words; null when it can. The first failing filter speaks. */
    private static @Nullable String refusal(PodDigest pod, Candidate node) {
        NodeCapacity capacity = node.capacity();
        if (capacity.unschedulable() && !tolerates(pod, UNSCHEDULABLE)) {
            return "node(s) were unschedulable";
        }
        for (NodeCapacity.Taint taint : capacity.taints()) {
            if (taint.repels() && !tolerates(pod, taint)) {
                return "node(s) had untolerated taint(s)";
            }
        }
        if (!matchesSelector(pod, capacity) || !NodeAffinity.required(pod.affinity(), capacity)) {
            return "node(s) didn't match Pod's node affinity/selector";
        }
        for (HostPort port : pod.hostPorts()) {
            if (node.load().isTaken(port)) {
                return "node(s) didn't have free ports for the requested pod ports";
            }
        }
        return shortage(pod.requests(), capacity, node.load());
    }

    NodeCapacity.Taint UNSCHEDULABLE = new NodeCapacity.Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    private static boolean tolerates(PodDigest pod, NodeCapacity.Taint taint) {
        for (Toleration toleration : pod.tolerations()) {
            if ((toleration.effect().isEmpty() || toleration.effect().equals(taint.effect()))
                    && (toleration.key().isEmpty() || toleration.key().equals(taint.key()))
                    && (toleration.operator().equals("Exists")
                            || toleration.value().equals(taint.value()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matchesSelector(PodDigest pod, NodeCapacity node) {
        for (Map.Entry<String, String> wanted : pod.nodeSelector().entrySet()) {
            if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String shortage(Requests asked, NodeCapacity capacity, NodeLoad load) {
        if (load.pods() + 1 > capacity.pods()) {
            return "Too many pods";
        }
        if (asked.cpuMillis() > 0 && load.cpuMillis() + asked.cpuMillis() > capacity.cpuMillis()) {
            return "Insufficient cpu";
        }
        if (asked.memoryBytes() > 0 && load.memoryBytes() + asked.memoryBytes() > capacity.memoryBytes()) {
            return "Insufficient memory";
        }
        if (asked.ephemeralBytes() > 0 && load.ephemeralBytes() + asked.ephemeralBytes() > capacity.ephemeralBytes()) {
            return "Insufficient ephemeral-storage";
        }
        Optional<String> lacking = asked.extended().entrySet().stream()
                .filter(e -> load.extended(e.getKey()) + e.getValue()
                        > capacity.extended().getOrDefault(e.getKey(), 0L))
                .map(Map.Entry::getKey)
                .findFirst();
        return lacking.map(name -> "Insufficient " + name).orElse(null);
    }

    /** Free share of cpu and memory, fewer siblings, met preferences, no soft taints; each up to about 100, as upstream weighs. */
    private static double score(PodDigest pod, Candidate node) {
        NodeCapacity capacity = node.capacity();
        NodeLoad load = node.load();
        double cpu = free(load.cpuMillis() + pod.requests().cpuMillis(), capacity.cpuMillis());
        double memory = free(load.memoryBytes() + pod.requests().memoryBytes(), capacity.memoryBytes());
        double score = (cpu + memory) / 2 + (100 - Math.abs(cpu - memory));
        if (!pod.templateHash().isEmpty()) {
            score -= 20.0 * load.siblings(pod.templateHash());
        }
        for (NodeCapacity.Taint taint : capacity.taints()) {
            if (taint.effect().equals("PreferNoSchedule") && !tolerates(pod, taint)) {
                score -= 300;
            }
        }
        return score + 2 * NodeAffinity.preferred(pod.affinity(), capacity);
    }

    private static double free(long used, long capacity) {
        return capacity <= 0 ? 0 : 100.0 * Math.max(0, capacity - used) / capacity;
    }
}
