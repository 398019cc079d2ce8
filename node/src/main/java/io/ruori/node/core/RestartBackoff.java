package io.ruori.node.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * CrashLoopBackOff of one container: the first restart is immediate, the next ones wait 10 s doubling to 5 minutes after
 * the end of the run before, and ten minutes without a restart clear the debt. The numbers are Kubernetes'.
 *
 * @param lastRestart when the last restart was allowed, null before the first
 */
public record RestartBackoff(Duration delay, @Nullable Instant lastRestart) {
    public static final Duration FIRST = Duration.ofSeconds(10);
    public static final Duration MAX = Duration.ofMinutes(5);
    public static final RestartBackoff NONE = new RestartBackoff(Duration.ZERO, null);

    /** Whether a container that ended then must still wait. */
    public boolean holds(Instant finishedAt, Instant now) {
        return !isForgiven(finishedAt) && now.isBefore(until(finishedAt));
    }

    public Instant until(Instant finishedAt) {
        return finishedAt.plus(delay);
    }

    /** After a restart is allowed now. */
    public RestartBackoff next(Instant finishedAt, Instant now) {
        if (isForgiven(finishedAt)) {
            return new RestartBackoff(FIRST, now);
        }
        Duration doubled = delay.multipliedBy(2);
        return new RestartBackoff(doubled.compareTo(MAX) > 0 ? MAX : doubled, now);
    }

    private boolean isForgiven(Instant finishedAt) {
        return lastRestart == null || finishedAt.isAfter(lastRestart.plus(MAX.multipliedBy(2)));
    }
}
