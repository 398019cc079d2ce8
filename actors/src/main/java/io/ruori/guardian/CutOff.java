package io.ruori.guardian;

import io.ruori.api.Revision;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether this member alone cannot get to the journal, so that all others wait for it. Its own ceiling cannot be raised for a while, and
 * the others' still rise after that while: in an outage for everybody they have all stopped by then. Ceilings of different members are not
 * compared with each other, since clocks differ.
 */
final class CutOff {
    private final Duration patience;
    private @Nullable Revision then;

    /**
     * @param patience longer than the others take from an outage to their last word about ceilings
     */
    CutOff(Duration patience) {
        this.patience = patience;
    }

    /**
     * Looks again.
     *
     * @param unanswered how long the journal has not confirmed a ceiling of this member, which asks every second
     * @param others the smallest of the others' ceilings
     */
    boolean look(Duration unanswered, Revision others) {
        if (unanswered.compareTo(patience) <= 0) {
            then = null;
            return false;
        }
        Revision before = then;
        if (before == null) {
            then = others;
            return false;
        }
        return others.isAfter(before);
    }
}
