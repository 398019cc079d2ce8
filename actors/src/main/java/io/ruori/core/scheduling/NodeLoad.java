package io.ruori.core.scheduling;

import io.ruori.kind.PodDigest;
import io.ruori.kind.PodDigest.HostPort;
import io.ruori.kind.PodDigest.Requests;
import java.util.HashMap;
import java.util.Map;

/** What the Pods of one node ask for together. Not thread-safe: it belongs to one scheduler. */
public final class NodeLoad {
    private long cpuMillis;
    private long memoryBytes;
    private long ephemeralBytes;
    private int pods;
    private final Map<String, Long> extended = new HashMap<>();
    private final Map<HostPort, Integer> ports = new HashMap<>();
    private final Map<String, Integer> siblings = new HashMap<>();

    public void add(PodDigest pod) {
        change(pod, 1);
    }

    public void remove(PodDigest pod) {
        change(pod, -1);
    }

    private void change(PodDigest pod, int sign) {
        Requests asked = pod.requests();
        cpuMillis += sign * asked.cpuMillis();
        memoryBytes += sign * asked.memoryBytes();
        ephemeralBytes += sign * asked.ephemeralBytes();
        pods += sign;
        asked.extended().forEach((name, units) -> extended.merge(name, sign * units, Long::sum));
        pod.hostPorts().forEach(port -> ports.merge(port, sign, Integer::sum));
        if (!pod.templateHash().isEmpty()) {
            siblings.merge(pod.templateHash(), sign, Integer::sum);
        }
    }

    long cpuMillis() {
        return cpuMillis;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    long ephemeralBytes() {
        return ephemeralBytes;
    }

    int pods() {
        return pods;
    }

    long extended(String name) {
        return extended.getOrDefault(name, 0L);
    }

    /** How many Pods of the same template run here: what spreading looks at. */
    int siblings(String templateHash) {
        return siblings.getOrDefault(templateHash, 0);
    }

    /** Whether a port is taken: the same protocol and port on the same address, or on all addresses. */
    boolean isTaken(HostPort wanted) {
        for (Map.Entry<HostPort, Integer> entry : ports.entrySet()) {
            HostPort taken = entry.getKey();
            if (entry.getValue() > 0
                    && taken.port() == wanted.port()
                    && taken.protocol().equals(wanted.protocol())
                    && (isAny(taken) || isAny(wanted) || taken.address().equals(wanted.address()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAny(HostPort port) {
        return port.address().isEmpty() || port.address().equals("0.0.0.0");
    }
}
