package io.ruori.guardian;

import io.ruori.api.Revision;
import java.time.Duration;

/**
 * Whether one member holds up all: a write of its own that the journal does not answer keeps the closed revision, and with it
 * every consistent read, where it is. It may be right to wait, since the journal may be out of everybody's reach; then the
 * others stand still soon, too, as nobody's ceiling rises.
 */
final class HeldUp {
    /**
     * No client waits for a write any longer, by far; and more than the {@linkplain io.ruori.core.clock.Ceiling#REACH reach of
     * a ceiling} (8 s) and the database's own time-out (4 s) together, so that an outage of the journal ends nobody.
     */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private HeldUp() {}

    /**
     * @param inFlight the age of this member's oldest write in flight
     * @param own nothing closes past it because of that write
     * @param others how far the others have closed, each for itself
     */
    static boolean isWorthAMember(Duration inFlight, Revision own, Revision others) {
        return inFlight.compareTo(LIMIT) > 0
                && Duration.between(own.instant(), others.instant()).compareTo(LIMIT) > 0;
    }
}
