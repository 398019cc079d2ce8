package io.ruori.node.runtime;

/**
 * The machine under the runtime.
 *
 * @param name the runtime's name as in {@code containerRuntimeVersion}, for example {@code docker}
 * @param memoryBytes all the memory of the machine
 * @param diskBytes size of the file system that holds images and containers
 */
public record RuntimeInfo(
        String name,
        String version,
        String operatingSystem,
        String osImage,
        String architecture,
        String kernelVersion,
        int cpus,
        long memoryBytes,
        long diskBytes) {}
