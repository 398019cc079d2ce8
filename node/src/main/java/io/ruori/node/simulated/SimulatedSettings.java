package io.ruori.node.simulated;

import io.ruori.node.runtime.ContainerSpec;
import java.time.Duration;
import java.util.function.Function;

/**
 * How the pretended machine behaves.
 *
 * @param startLatency between the order to start a sandbox or container and its running
 * @param stopLatency between the stop signal and the end; a shorter grace kills earlier
 * @param subnet the first three numbers of every Pod address, for example {@code 10.244.1}
 * @param script what a container does
 */
public record SimulatedSettings(
        int cpus,
        long memoryBytes,
        Duration startLatency,
        Duration stopLatency,
        String subnet,
        Function<ContainerSpec, Script> script) {

    public static SimulatedSettings instant() {
        return new SimulatedSettings(32, 64L << 30, Duration.ZERO, Duration.ZERO, "10.244.0", Script::of);
    }

    public SimulatedSettings withScript(Function<ContainerSpec, Script> other) {
        return new SimulatedSettings(cpus, memoryBytes, startLatency, stopLatency, subnet, other);
    }

    public SimulatedSettings withLatency(Duration start, Duration stop) {
        return new SimulatedSettings(cpus, memoryBytes, start, stop, subnet, script);
    }
}
