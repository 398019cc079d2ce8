package io.ruori.view;

import io.ruori.api.ApiStatus;
import io.ruori.api.Revision;

/** The view did not reach a revision in the time given. */
public final class RevisionAhead extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Revision asked;
    private final transient Revision current;

    public RevisionAhead(Revision asked, Revision current) {
        this(asked, current, "the view is at " + current + ", not yet at " + asked);
    }

    private RevisionAhead(Revision asked, Revision current, String message) {
        super(message, null, false, false);
        this.asked = asked;
        this.current = current;
    }

    /** Not even what to wait for became known in time. */
    static RevisionAhead unknown(Revision current) {
        return new RevisionAhead(
                current, current, "the view is at " + current + ", and not all others have said what they wrote");
    }

    public Revision asked() {
        return asked;
    }

    public Revision current() {
        return current;
    }

    public ApiStatus status() {
        return ApiStatus.tooNew(asked, current);
    }
}
