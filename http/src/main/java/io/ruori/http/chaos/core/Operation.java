package io.ruori.http.chaos.core;

/**
 * One request of a client, as it went for the client.
 *
 * @param began and {@code ended}: nanoseconds of one monotonic clock; {@link Long#MAX_VALUE} where no end is known
 * @param revision of the object after it, as the answer told; 0 where it told none
 * @param value what was to be written or what was read
 * @param expectedRevision what the object's revision had to be; 0 for any
 * @param expectedUid which object it had to be; empty for any. A deletion always names one
 */
public record Operation(
        String key,
        Kind kind,
        long began,
        long ended,
        Outcome outcome,
        long revision,
        String value,
        long expectedRevision,
        String expectedUid) {

    public enum Kind {
        CREATE,
        UPDATE,
        PATCH,
        DELETE,
        READ;

        boolean isWrite() {
            return this != READ;
        }
    }

    public enum Outcome {
        /** Acknowledged. */
        DONE,
        /** The object was another than expected, so nothing was done. */
        CONFLICT,
        /** There was no such object. */
        ABSENT,
        /** There already was one. */
        EXISTS,
        /** Nothing was done, for a reason that tells nothing of the object. */
        REFUSED,
        /** It may have been done, and may still be. */
        UNKNOWN
    }

    /** What was known of it at a time: what ended later had no outcome yet. */
    public Operation asOf(long time) {
        return ended <= time
                ? this
                : new Operation(
                        key, kind, began, Long.MAX_VALUE, Outcome.UNKNOWN, 0, value, expectedRevision, expectedUid);
    }

    String brief() {
        return kind + " of " + value
                + (expectedRevision == 0 ? "" : " on " + expectedRevision)
                + (expectedUid.isEmpty() ? "" : " of " + expectedUid)
                + " is " + outcome + (revision == 0 ? "" : " at " + revision);
    }
}
