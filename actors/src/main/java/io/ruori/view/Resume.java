package io.ruori.view;

import io.ruori.api.Revision;

/** Whether a watch can go on from a revision. */
public sealed interface Resume {
    /** It can: the cursor gives every change after the revision. */
    record From(WatchCursor cursor) implements Resume {}

    /**
     * Memory no longer has all changes since then.
     *
     * @param oldest from here on it could; what lies between is in the journal
     */
    record TooOld(Revision oldest) implements Resume {}
}
