package io.ruori.core.clock;

import io.ruori.api.Revision;

/**
 * A hybrid logical clock of one member slot. Milliseconds and counter are read as one number, the <em>tick</em>, so that a
 * counter that overflows borrows the next millisecond by plain addition, and a wall clock that steps back only makes the
 * counter work for a while. Immutable.
 *
 * @param slot of the member, below 2^{@link Revision#SLOT_BITS}
 * @param tick the last tick issued, or given away as closed; the next one is greater
 */
public record RevisionClock(int slot, long tick) {
    private static final int MAX_SLOT = (1 << Revision.SLOT_BITS) - 1;

    public RevisionClock {
        if (slot < 0 || slot > MAX_SLOT) {
            throw new IllegalArgumentException("a member's slot is between 0 and " + MAX_SLOT + ", not " + slot);
        }
    }

    /** A clock all of whose readings are greater than {@code floor}. */
    public static RevisionClock above(Revision floor, int slot) {
        return new RevisionClock(slot, tickOf(floor));
    }

    /** The clock one reading on: greater than everything before, than {@code after}, and not behind the wall clock. */
    public RevisionClock next(long nowMillis, Revision after) {
        long least = Math.max(tick, tickOf(after)) + 1;
        return new RevisionClock(slot, Math.max(least, tickAt(nowMillis)));
    }

    /** The clock moved up to the wall clock without a reading. */
    public RevisionClock advanced(long nowMillis) {
        long now = tickAt(nowMillis);
        return now <= tick ? this : new RevisionClock(slot, now);
    }

    /** The clock after hearing of a revision elsewhere in the cluster. */
    public RevisionClock heard(Revision revision) {
        long heard = tickOf(revision);
        return heard <= tick ? this : new RevisionClock(slot, heard);
    }

    /** The reading of the last {@link #next}. */
    public Revision reading() {
        return new Revision(tick << Revision.SLOT_BITS | slot);
    }

    /** The largest revision that this clock will never give from now on, whatever slot it is compared with. */
    public Revision passed() {
        return new Revision(tick << Revision.SLOT_BITS | MAX_SLOT);
    }

    private static long tickOf(Revision revision) {
        return revision.value() >>> Revision.SLOT_BITS;
    }

    private static long tickAt(long millis) {
        return Math.max(0, millis - Revision.EPOCH_MILLIS) << Revision.COUNTER_BITS;
    }
}
