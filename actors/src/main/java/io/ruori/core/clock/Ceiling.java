package io.ruori.core.clock;

import io.ruori.api.Revision;
import java.time.Duration;
import java.time.Instant;

/**
 * A revision durably promised not to be passed before a higher promise is durable. Whoever starts again on the same journal
 * begins above it, and so never repeats a revision, even one whose write was lost or never answered.
 *
 * @param value nothing above it may be issued or called closed
 */
public record Ceiling(Revision value) {
    /** How far ahead of the wall clock one promise reaches: a promise every two seconds, some seconds lost to a crash. */
    public static final Duration REACH = Duration.ofSeconds(8);

    /** A promise is renewed when less than this is left of it: many times what making it durable takes. */
    public static final Duration MARGIN = Duration.ofSeconds(6);

    /** Nothing promised yet: nothing may be issued. */
    public static final Ceiling NONE = new Ceiling(Revision.ZERO);

    /**
     * The promise to make durable now.
     *
     * @param issued the last revision issued, which may be ahead of the wall clock
     */
    public Ceiling raised(Instant now, Revision issued) {
        Instant from = now.isAfter(issued.instant()) ? now : issued.instant();
        Revision next = Revision.upTo(from.plus(REACH));
        return next.isAfter(value) ? new Ceiling(next) : this;
    }

    public boolean mustRise(Instant now, Revision issued) {
        Instant left = value.instant().minus(MARGIN);
        return !now.isBefore(left) || !issued.instant().isBefore(left);
    }

    /** Whether a revision keeps the promise. */
    public boolean covers(Revision revision) {
        return !revision.isAfter(value);
    }
}
