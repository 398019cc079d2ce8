package io.ruori.runtime.docker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How this node uses a Docker Engine.
 *
 * @param socket the Engine's Unix socket
 * @param nodeName the node, or whatever else tells it from others on the same Engine; goes into a label of everything made here; only objects with it are seen
 * @param stateDirectory holds termination messages and resolv.conf files; the Engine must see it at the same path
 * @param pauseImage runs in every sandbox; made from the machine's busybox when missing, see {@link BusyboxImages}
 * @param network a bridge network of this name is made on demand; also the name of the interface, so 15 characters at most
 * @param subnet the addresses of Pods, as {@code 10.88.0.0/16}; used only when the network is made
 * @param logFileBytes a container's log is rotated at this size
 * @param logFiles so many log files are kept per container
 * @param patience how long an ordinary call may take before the Engine counts as unreachable
 */
public record DockerSettings(
        Path socket,
        String nodeName,
        Path stateDirectory,
        String pauseImage,
        String network,
        String subnet,
        long logFileBytes,
        int logFiles,
        Duration patience) {
    /** The kernel's limit for the name of a network interface. */
    private static final int MAX_INTERFACE_NAME = 15;

    public DockerSettings {
        if (nodeName.isBlank()) {
            throw new IllegalArgumentException("a node needs a name");
        }
        if (network.isBlank() || network.length() > MAX_INTERFACE_NAME) {
            throw new IllegalArgumentException("network name must have 1 to 15 characters: " + network);
        }
        stateDirectory = stateDirectory.toAbsolutePath().normalize();
    }

    public static DockerSettings of(String nodeName, Path stateDirectory) {
        return new DockerSettings(
                defaultSocket(),
                nodeName,
                stateDirectory,
                BusyboxImages.PAUSE,
                "ruori0",
                "10.88.0.0/16",
                10L << 20, // as kubelet's containerLogMaxSize
                5,
                Duration.ofMinutes(2));
    }

    /** From {@code DOCKER_HOST} when it names a Unix socket, else the usual place. */
    public static Path defaultSocket() {
        String host = System.getenv("DOCKER_HOST");
        return host != null && host.startsWith("unix://")
                ? Path.of(host.substring("unix://".length()))
                : Path.of("/var/run/docker.sock");
    }

    public DockerSettings withSocket(Path other) {
        return new DockerSettings(
                other, nodeName, stateDirectory, pauseImage, network, subnet, logFileBytes, logFiles, patience);
    }

    public DockerSettings withPauseImage(String other) {
        return new DockerSettings(
                socket, nodeName, stateDirectory, other, network, subnet, logFileBytes, logFiles, patience);
    }

    public DockerSettings withNetwork(String name, String addresses) {
        return new DockerSettings(
                socket, nodeName, stateDirectory, pauseImage, name, addresses, logFileBytes, logFiles, patience);
    }

    public DockerSettings withLogFiles(long bytes, int files) {
        return new DockerSettings(
                socket, nodeName, stateDirectory, pauseImage, network, subnet, bytes, files, patience);
    }
}
