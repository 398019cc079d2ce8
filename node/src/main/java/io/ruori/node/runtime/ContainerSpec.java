package io.ruori.node.runtime;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A container to create. References are already resolved: environment, secrets and mounts are plain values here.
 *
 * @param attempt how often this container of this Pod was started before (its restart count)
 * @param specHash of the container's specification, kept as a label; tells an adopting agent whether it still fits
 * @param command overrides the image's entry point when not empty
 * @param args overrides the image's arguments when not empty
 * @param workingDir empty for the image's own
 * @param user empty for the image's own
 * @param terminationMessagePath where the container may leave its last words; the runtime keeps the first 4 KiB
 */
public record ContainerSpec(
        String name,
        String image,
        int attempt,
        String specHash,
        List<String> command,
        List<String> args,
        Map<String, String> env,
        String workingDir,
        String user,
        Limits limits,
        List<Mount> mounts,
        boolean privileged,
        boolean readOnlyRoot,
        List<String> addCapabilities,
        List<String> dropCapabilities,
        boolean stdin,
        boolean stdinOnce,
        boolean tty,
        String terminationMessagePath) {

    /**
     * cgroup limits; zero means no limit.
     *
     * @param cpuShares weight, 1024 for one core (from the request)
     * @param cpuQuotaMicros micro-seconds of processor time per {@code cpuPeriodMicros}
     * @param oomScoreAdj by QoS class, as Kubernetes sets it
     */
    public record Limits(
            long memoryBytes, long cpuShares, long cpuQuotaMicros, long cpuPeriodMicros, OptionalInt oomScoreAdj) {}

    /** A bind mount of a path on the machine. */
    public record Mount(String hostPath, String containerPath, boolean readOnly) {}
}
