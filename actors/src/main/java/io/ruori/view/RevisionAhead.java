package io.ruori.view;

import io.ruori.api.ApiStatus;
import io.ruori.api.Revision;

/** The view did not reach a revision in the time given. */
public final class RevisionAhead extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Revision asked;
    private final transient Revision current;

    public RevisionAhead(Revision asked, Revision current) {
        super("the view is at " + current + ", not yet at " + asked, null, false, false);
        this.asked = asked;
        this.current = current;
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
