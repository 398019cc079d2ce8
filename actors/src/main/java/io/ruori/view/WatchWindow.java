package io.ruori.view;

import io.ruori.api.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The recent changes of one kind, in order: a ring with one writer and any number of readers, none of whom waits for another.
 *
 * <p>Changes are numbered. A reader remembers a number, not a place, so it holds on to nothing, and finds out by looking
 * whether the change it wants is still there. The writer publishes a batch by moving {@code tail} after the slots are filled,
 * and takes old changes away by moving {@code head} before the slots are emptied.
 */
final class WatchWindow {
    private final Limits limits;

    private volatile @Nullable WatchStep[] ring = new WatchStep[16];
    private volatile long head;
    private volatile long tail;
    private volatile Revision lost;

    /** Only the writer uses it. */
    private long weight;

    /**
     * How much is kept. Changes leave when they are older than {@code age}, except the last {@code least}; and before that
     * when there are too many or they weigh too much.
     *
     * @param age clients expect at least 75 seconds
     * @param bytes most memory that one kind's window may hold on to, roughly
     */
    record Limits(Duration age, int least, int most, long bytes) {
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(75), 1_000, 100_000, 128L << 20);
    }

    /**
     * @param complete changes after this revision will all be appended
     */
    WatchWindow(Limits limits, Revision complete) {
        this.limits = limits;
        this.lost = complete;
    }

    /** The window's writer only. All changes of one revision must come in one batch. */
    void append(List<Change> changes, Instant now) {
        long next = tail;
        for (Change change : changes) {
            if (next - head == ring.length) {
                makeRoom(next, now);
            }
            WatchStep step = new WatchStep(next, change);
            ring[(int) next & (ring.length - 1)] = step;
            weight += step.weight();
            next++;
        }
        tail = next;
        forget(now);
    }

    private void makeRoom(long next, Instant now) {
        forget(now);
        if (next - head < ring.length) {
            return;
        }
        @Nullable WatchStep[] wider = new WatchStep[ring.length * 2];
        for (long i = head; i < next; i++) {
            wider[(int) i & (wider.length - 1)] = ring[(int) i & (ring.length - 1)];
        }
        ring = wider;
    }

    /** The window's writer only. Takes away what the limits no longer keep. */
    void forget(Instant now) {
        Instant oldest = now.minus(limits.age);
        long first = head;
        long end = tail;
        while (first < end) {
            int slot = (int) first & (ring.length - 1);
            WatchStep step = ring[slot];
            if (step == null || !mustGo(step, end - first, oldest)) {
                return;
            }
            lost = step.change().revision();
            first++;
            head = first;
            weight -= step.weight();
            ring[slot] = null;
        }
    }

    private boolean mustGo(WatchStep first, long count, Instant oldest) {
        return count > limits.most
                || weight > limits.bytes
                || (count > limits.least && first.change().revision().instant().isBefore(oldest));
    }

    /** The number after the last change. */
    long tail() {
        return tail;
    }

    /** Everything after this revision is held, and nothing at or below it for certain. */
    Revision lost() {
        return lost;
    }

    int size() {
        return (int) (tail - head);
    }

    /** A change by its number, below {@link #tail()}; null when it has gone. */
    @Nullable
    WatchStep step(long sequence) {
        @Nullable WatchStep[] slots = ring;
        WatchStep found = slots[(int) sequence & (slots.length - 1)];
        return found == null || found.sequence() != sequence ? null : found;
    }

    /** The number of the first change after a revision, or -1 when changes after it have gone. */
    long firstAfter(Revision revision) {
        while (!lost.isAfter(revision)) {
            long low = head;
            long high = tail;
            boolean gone = false;
            while (low < high && !gone) {
                long middle = (low + high) >>> 1;
                WatchStep step = step(middle);
                if (step == null) {
                    gone = true;
                } else if (step.change().revision().isAfter(revision)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            if (!gone && !lost.isAfter(revision)) {
                return low;
            }
        }
        return -1;
    }
}
