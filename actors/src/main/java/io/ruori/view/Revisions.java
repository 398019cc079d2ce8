package io.ruori.view;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.clock.Ceiling;
import io.ruori.core.clock.RevisionClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Issues the revisions of one member and knows which of them are still in flight. Thread-safe; on every write's path.
 *
 * <p>Revisions are issued in growing order under one small lock, so those in flight form a ring that is sorted by itself:
 * issuing appends, settling finds by binary search and marks, and the oldest unsettled one stays at the head. Nothing is
 * allocated but the revision. A settled revision is kept negated until the head has passed it.
 *
 * <p>An event must have been handed to the member's own {@link ObjectIndex} <em>before</em> its revision is settled as
 * written ({@link OwnCommits} does both in this order): the index relies on having heard of everything at or below
 * {@link #closed()}.
 */
public final class Revisions {
    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final List<Consumer<Revision>> listeners = new CopyOnWriteArrayList<>();
    private volatile LongConsumer timed = nanos -> {};
    private volatile Revision lastWritten;

    // All below are guarded by this.
    private RevisionClock clock;
    private Ceiling ceiling;
    private long confirmed;
    private long[] inFlight = new long[256];
    private long[] since = new long[256];
    private int head;
    private int count;

    /** Thrown where the durable ceiling was not raised in time; the write was not tried. */
    public static final class CeilingReached extends IllegalStateException {
        private static final long serialVersionUID = 1;

        CeilingReached(Ceiling ceiling) {
            super("no revision may be issued above " + ceiling.value() + " before a higher ceiling is durable");
        }
    }

    /**
     * @param floor everything issued is above it: the last ceiling found at start, or the journal's last revision if greater
     * @param ceiling durable already
     * @param millis the wall clock, Unix epoch
     * @param nanos a monotonic clock, for ages
     */
    public Revisions(int slot, Revision floor, Ceiling ceiling, LongSupplier millis, LongSupplier nanos) {
        this.clock = RevisionClock.above(floor, slot);
        this.ceiling = ceiling;
        this.millis = millis;
        this.nanos = nanos;
        this.lastWritten = floor;
        this.confirmed = nanos.getAsLong();
    }

    public static Revisions onSystemClock(int slot, Revision floor, Ceiling ceiling) {
        return new Revisions(slot, floor, ceiling, System::currentTimeMillis, System::nanoTime);
    }

    /**
     * A revision greater than all before and than {@code after}, in flight from this moment until it is settled.
     *
     * @throws CeilingReached if a higher ceiling must become durable first
     */
    public Revision issue(Revision after) {
        long now = millis.getAsLong();
        long started = nanos.getAsLong();
        synchronized (this) {
            RevisionClock next = clock.next(belowCeiling(now), after);
            Revision revision = next.reading();
            if (!ceiling.covers(revision)) {
                throw new CeilingReached(ceiling);
            }
            clock = next;
            append(revision.value(), started);
            return revision;
        }
    }

    /** Whether the ceiling lets a revision be issued now. */
    public synchronized boolean mayIssue() {
        return ceiling.covers(
                clock.next(belowCeiling(millis.getAsLong()), Revision.ZERO).reading());
    }

    /**
     * The write is durable and its event is known to the index.
     *
     * @return false if it was not in flight (settled before)
     */
    public boolean settleWritten(Revision revision) {
        return settle(revision, true);
    }

    /** Settles a batch as {@link #settleWritten(Revision)} does, with one turn of the lock. */
    public void settleWritten(List<ObjectEvent> written) {
        Revision closed;
        synchronized (this) {
            boolean oldest = false;
            for (ObjectEvent event : written) {
                oldest |= mark(event.revision(), true) == Settled.OLDEST;
            }
            if (!oldest) {
                return;
            }
            closed = closedNow();
        }
        tell(closed);
    }

    /**
     * The write certainly did not and will not happen.
     *
     * @return false if it was not in flight (settled before)
     */
    public boolean settleNotWritten(Revision revision) {
        return settle(revision, false);
    }

    /** Hears how long each write was in flight, in nanoseconds; must be quick. */
    public void onWritten(LongConsumer duration) {
        timed = duration;
    }

    private enum Settled {
        UNKNOWN,
        WAITS,
        OLDEST
    }

    private boolean settle(Revision revision, boolean written) {
        Revision closed;
        synchronized (this) {
            Settled settled = mark(revision, written);
            if (settled != Settled.OLDEST) {
                return settled == Settled.WAITS;
            }
            closed = closedNow();
        }
        tell(closed);
        return true;
    }

    private Settled mark(Revision revision, boolean written) {
        int at = find(revision.value());
        if (at < 0) {
            return Settled.UNKNOWN;
        }
        if (written) {
            lastWritten = revision.isAfter(lastWritten) ? revision : lastWritten;
            timed.accept(nanos.getAsLong() - since[at]);
        }
        inFlight[at] = -inFlight[at];
        if (at != head) {
            return Settled.WAITS;
        }
        dropSettled();
        return Settled.OLDEST;
    }

    private void tell(Revision closed) {
        for (Consumer<Revision> listener : listeners) {
            listener.accept(closed);
        }
    }

    /**
     * Nothing at or below it will still be committed by this member. With nothing in flight that is the clock's now, and
     * whatever is issued later is greater.
     */
    public synchronized Revision closed() {
        return closedNow();
    }

    /**
     * A write was read from the journal, to answer from. Whoever wrote it may not have settled it yet; what is asked for after such an
     * answer must show it all the same.
     */
    public synchronized void foundWritten(Revision revision) {
        lastWritten = revision.isAfter(lastWritten) ? revision : lastWritten;
    }

    /** The largest revision settled or found as written; the floor before the first. */
    public Revision lastWritten() {
        return lastWritten;
    }

    /** The last revision issued or passed. */
    public synchronized Revision issued() {
        return clock.reading();
    }

    /** Follows another member's clock or the journal; never a client's number. */
    public synchronized void heard(Revision revision) {
        clock = clock.heard(revision);
    }

    /** How long the oldest revision has been in flight; zero when none is. Past a limit the member must fence itself. */
    public synchronized Duration oldestInFlight() {
        return count == 0 ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanos.getAsLong() - since[head]));
    }

    /** How many are held as in flight, those included that wait behind an older one. */
    public synchronized int inFlight() {
        return count;
    }

    /** Nothing above it is issued or called closed for now. */
    public synchronized Revision ceiling() {
        return ceiling.value();
    }

    /** The ceiling to make durable now, and then to pass to {@link #raise}; the present one if it still reaches far enough. */
    public synchronized Ceiling wantedCeiling() {
        Instant now = Instant.ofEpochMilli(millis.getAsLong());
        return ceiling.mustRise(now, clock.reading()) ? ceiling.raised(now, clock.reading()) : ceiling;
    }

    /** The ceiling is durable: the journal said so just now. */
    public synchronized void raise(Ceiling durable) {
        confirmed = nanos.getAsLong();
        if (durable.value().isAfter(ceiling.value())) {
            ceiling = durable;
        }
    }

    /** How long ago the journal last said that a ceiling is durable. */
    public synchronized Duration sinceRaised() {
        return Duration.ofNanos(Math.max(0, nanos.getAsLong() - confirmed));
    }

    /**
     * Calls a listener, on the settling thread and outside the lock, whenever settling moved the closed revision. Calls may
     * overtake each other: take the greatest, or only as a hint to look at {@link #closed()}.
     */
    public void onClosed(Consumer<Revision> listener) {
        listeners.add(listener);
    }

    private Revision closedNow() {
        if (count > 0) {
            return new Revision(inFlight[head] - 1);
        }
        clock = clock.advanced(belowCeiling(millis.getAsLong()));
        Revision passed = clock.passed();
        return ceiling.covers(passed) ? passed : ceiling.value();
    }

    /** A wall clock that runs away uses up the ceiling no faster than it is raised. */
    private long belowCeiling(long now) {
        return Math.min(now, ceiling.value().instant().toEpochMilli());
    }

    private void append(long revision, long started) {
        if (count == inFlight.length) {
            grow();
        }
        int at = (head + count) & (inFlight.length - 1);
        inFlight[at] = revision;
        since[at] = started;
        count++;
    }

    private void grow() {
        long[] wider = new long[inFlight.length * 2];
        long[] widerSince = new long[wider.length];
        for (int i = 0; i < count; i++) {
            int from = (head + i) & (inFlight.length - 1);
            wider[i] = inFlight[from];
            widerSince[i] = since[from];
        }
        inFlight = wider;
        since = widerSince;
        head = 0;
    }

    private void dropSettled() {
        int mask = inFlight.length - 1;
        while (count > 0 && inFlight[head] < 0) {
            head = (head + 1) & mask;
            count--;
        }
    }

    /** Where an unsettled revision lies, or -1. */
    private int find(long revision) {
        int mask = inFlight.length - 1;
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = (head + middle) & mask;
            long found = Math.abs(inFlight[at]);
            if (found == revision) {
                return inFlight[at] > 0 ? at : -1;
            } else if (found < revision) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
