package io.ruori.api;

/**
 * Why a change happened: kept with every event in the journal, and what {@code ruori why} reads.
 *
 * @param manager the field manager of the write
 * @param source where the request came from: a client's user agent, or the component
 * @param why a short reason for people; empty when the user is the reason
 * @param cause the revision of the event that led to this one; {@link Revision#ZERO} at the head of a chain
 * @param request by which the write is known when it is asked for again
 */
public record Origin(User user, String manager, String source, String why, Revision cause, RequestId request) {

    /** Before the write is on its way. */
    public Origin(User user, String manager, String source, String why, Revision cause) {
        this(user, manager, source, why, cause, RequestId.NONE);
    }

    /** The same, of this request. */
    public Origin of(RequestId id) {
        return new Origin(user, manager, source, why, cause, id);
    }
}
