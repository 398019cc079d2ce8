package io.ruori.node.core;

import java.time.Instant;

/**
 * Where one probe of one run of a container stands.
 *
 * @param dueAt when to probe next
 * @param streak results in a row that say the same
 * @param passing what the container is held to be: only a streak as long as the threshold changes it
 */
public record ProbeState(Instant dueAt, int streak, boolean lastResult, boolean passing) {

    /** Liveness begins as passing, the others have to be earned. */
    static ProbeState initial(ProbeSpec spec, Instant startedAt) {
        return new ProbeState(startedAt.plus(spec.initialDelay()), 0, false, spec.kind() == ProbeKind.LIVENESS);
    }

    ProbeState after(ProbeSpec spec, boolean success, Instant now) {
        int run = success == lastResult ? streak + 1 : 1;
        int needed = success ? spec.successThreshold() : spec.failureThreshold();
        boolean held = run >= needed ? success : passing;
        return new ProbeState(now.plus(spec.period()), run, success, held);
    }

    /** Whether so many failures in a row ask for the container's end. */
    boolean isExhausted(ProbeSpec spec) {
        return !lastResult && streak >= spec.failureThreshold();
    }
}
