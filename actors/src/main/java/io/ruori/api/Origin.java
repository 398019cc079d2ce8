package io.ruori.api;

/**
 * Why a change happened: kept with every event in the journal, and what {@code ruori why} reads.
 *
 * @param manager the field manager of the write
 * @param source where the request came from: a client's user agent, or the component
 * @param why a short reason for people; empty when the user is the reason
 * @param cause the revision of the event that led to this one; {@link Revision#ZERO} at the head of a chain
 */
public record Origin(User user, String manager, String source, String why, Revision cause) {}
