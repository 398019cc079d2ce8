package io.ruori.api;

/**
 * Tells one write from all others, so that an object recognises one that it has carried out already; kept with the event that
 * came of it. See ADR 0017.
 *
 * @param began every event that comes of the write is after this revision
 * @param salt random
 */
public record RequestId(Revision began, long salt) {
    /** Of a write that is asked for once. */
    public static final RequestId NONE = new RequestId(Revision.ZERO, 0);

    public boolean isNone() {
        return equals(NONE);
    }
}
