package io.ruori.guardian;

import io.ruori.api.Revision;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether this member cannot get to the journal and others can, so that they wait for it. They can while one of their ceilings goes on
 * rising, which one does every two seconds. After an outage for everybody all must find the journal again, and this member may be the
 * last: so it is given {@link #PATIENCE} from the first rise that it sees without an answer of its own. Ceilings of different members are
 * not compared, since clocks differ.
 */
final class CutOff {
    /** Longer than the database's driver waits between two attempts to reconnect (2 s), and one more question after that. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Ceilings that do not rise for so long have stopped, or this member did not look. */
    static final Duration PAUSE = Duration.ofSeconds(3);

    private Revision highest = Revision.ZERO;
    private @Nullable Long firstRise;
    private long lastRise;

    /**
     * Looks again; as often as ceilings rise, at least.
     *
     * @param unanswered how long the journal has not confirmed a ceiling of this member, which asks every second
     * @param others the highest of the others' ceilings
     * @param now nanoseconds of a monotonic clock
     */
    boolean look(Duration unanswered, Revision others, long now) {
        boolean rises = others.isAfter(highest);
        highest = others;
        Long first = firstRise;
        boolean goesOn = first != null && now - lastRise <= PAUSE.toNanos() && unanswered.toNanos() >= now - first;
        if (rises) {
            firstRise = goesOn ? first : Long.valueOf(now);
            lastRise = now;
        } else if (!goesOn) {
            firstRise = null;
        }
        return goesOn && first != null && now - first > PATIENCE.toNanos();
    }
}
