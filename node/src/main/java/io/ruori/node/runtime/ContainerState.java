package io.ruori.node.runtime;

import java.time.Instant;
import java.util.Optional;

/**
 * A container as it is now.
 *
 * @param image what was asked for; {@code imageId} is what it resolved to
 * @param exit present once it has stopped
 */
public record ContainerState(
        String id,
        String sandboxId,
        String name,
        int attempt,
        String specHash,
        String image,
        String imageId,
        Phase phase,
        Optional<Instant> startedAt,
        Optional<Exit> exit) {

    /** Where in its one life a container is. */
    public enum Phase {
        CREATED,
        RUNNING,
        EXITED
    }

    /**
     * How it ended.
     *
     * @param signal 0 when it exited by itself
     * @param message the contents of the termination message file, or the runtime's error, or empty
     */
    public record Exit(int code, int signal, boolean oomKilled, Instant finishedAt, String message) {}
}
