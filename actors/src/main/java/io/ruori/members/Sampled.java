package io.ruori.members;

import io.ruori.api.Revision;

/**
 * What all members together said at one time.
 *
 * @param lastWritten the largest revision of any write acknowledged before
 * @param clock not below any revision in flight
 */
record Sampled(Revision lastWritten, Revision clock) {
    Sampled and(Sampled other) {
        return new Sampled(max(lastWritten, other.lastWritten), max(clock, other.clock));
    }

    private static Revision max(Revision a, Revision b) {
        return a.isAfter(b) ? a : b;
    }
}
