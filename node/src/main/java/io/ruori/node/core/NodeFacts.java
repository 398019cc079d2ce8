package io.ruori.node.core;

/**
 * What statuses and environments say of the node.
 *
 * @param hostIp the node's own address
 * @param runtimeName the scheme of container ids, for example {@code docker}
 * @param cpus whole processors, the default of {@code limits.cpu} in a resourceFieldRef
 */
public record NodeFacts(String nodeName, String hostIp, String runtimeName, int cpus, long memoryBytes) {}
