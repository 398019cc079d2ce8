package io.ruori.http.chaos.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether each Pod was on one node all its life, and whether at the end there are as many as wanted. */
public final class PodCheck {
    /**
     * A Pod as somebody was shown it.
     *
     * @param node empty while it is bound to none
     */
    public record Shown(String uid, String name, String owner, long revision, String node) {}

    private final Map<String, Shown> bound = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    public synchronized void saw(Shown pod) {
        if (pod.node().isEmpty()) {
            return;
        }
        Shown known = bound.putIfAbsent(pod.uid(), pod);
        if (known != null && !known.node().equals(pod.node())) {
            violations.add(new Violation("BOUND", pod.name(), "is on two nodes: " + known + " and " + pod));
        }
    }

    /**
     * @param pods those that there are at the end
     * @param wanted how many by owner
     */
    public synchronized List<Violation> atTheEnd(List<Shown> pods, Map<String, Integer> wanted) {
        List<Violation> all = new ArrayList<>(violations);
        pods.forEach(this::saw);
        wanted.forEach((owner, number) -> {
            long there = pods.stream().filter(pod -> pod.owner().equals(owner)).count();
            if (there != number) {
                all.add(new Violation("REPLICAS", owner, "has " + there + " Pods and wants " + number));
            }
        });
        return all;
    }

    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    public synchronized int seen() {
        return bound.size();
    }
}
