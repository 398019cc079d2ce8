package io.ruori.simulation;

/** A mistake planted on purpose, to see that it is found. */
enum Flaw {
    NONE,
    /** The store appends under any epoch, at any place. */
    UNFENCED,
    /** A write is answered and told before it is in the log. */
    ANSWERED_EARLY,
    /** A write that the store did not answer for counts as not written. */
    SILENCE_IS_NO,
    /** Who takes a shard does not finish what is derived from its log. */
    ROWS_LEFT_BEHIND,
    /** What an ended session held is not taken from it before it is left out. */
    SEALED_BY_NAME,
    /** Announcements do not say where the logs end. */
    ENDS_UNTOLD,
    /** A member says that it has closed what it may still write. */
    CLOSED_TOO_SOON,
    /** Writes that come again are carried out again. */
    REQUESTS_FORGOTTEN,
    /** A list shows the view that is there, whatever was acknowledged elsewhere. */
    LISTS_UNASKED,
    /** A watch that goes on with another master begins where that one is. */
    WATCHES_FROM_NOW,
    /** Nodes promise room without looking. */
    ROOM_FOR_ALL,
    /** Objects are not always told of what concerns them. */
    WAKES_LOST
}
