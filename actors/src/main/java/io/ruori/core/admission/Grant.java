package io.ruori.core.admission;

import java.util.Map;

/**
 * What a Service was promised that no other has. It is written into the Service by admission, so that the answer of the client's
 * own write shows it.
 *
 * @param clusterIp its address; empty where it needs none, or chose its own
 * @param nodePorts ports of the nodes, by the place in {@code spec.ports} they are for
 * @param healthPort where its health is asked for on every node; 0 for none
 */
public record Grant(String clusterIp, Map<Integer, Long> nodePorts, long healthPort) {
    public static final Grant NONE = new Grant("", Map.of(), 0);
}
