package io.ruori.node.core;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the node remembers of a container beyond what the runtime shows. Owned by one {@link PodLifecycle}. */
final class ContainerMemory {
    /** Where the image for the next start stands. */
    enum Image {
        UNKNOWN,
        PRESENT,
        MISSING
    }

    /** What is under way on the way to its next start. */
    enum Work {
        NONE,
        IMAGE,
        START
    }

    /** Why it does not run. */
    record Waiting(String reason, String message) {}

    /** The restart count the API server knew when this agent took the Pod over; -1 where it never ran. */
    int restartsBefore = -1;

    RestartBackoff backoff = RestartBackoff.NONE;

    /** The ended life whose restart was allowed already, so that it is counted once. */
    String clearedFor = "";

    /** The ended life whose BackOff Event was sent. */
    String announcedFor = "";

    boolean restartWithoutDelay;

    @Nullable
    Waiting waiting;

    Image image = Image.UNKNOWN;
    Duration imageDelay = Duration.ZERO;

    @Nullable
    Instant imageRetryAt;

    @Nullable
    Instant imageLookAt;

    /** Not to be started before, after a refusal that has nothing to do with the image. */
    @Nullable
    Instant retryAt;

    String lastFailure = "";

    Work work = Work.NONE;

    @Nullable
    Instant stopRetryAt;

    /** When the stop that is under way will kill; null where none is. */
    @Nullable
    Instant stopDeadline;

    boolean preStopDone;

    /** The life the probes below belong to. */
    String probedId = "";

    final Map<ProbeKind, ProbeState> probes = new EnumMap<>(ProbeKind.class);
    final Map<ProbeKind, Boolean> probing = new EnumMap<>(ProbeKind.class);
}
