package io.ruori.view;

import io.ruori.api.Revision;
import io.ruori.core.selector.Selection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One watcher's place in the stream of changes: every change that concerns its selection, once and in order. What waits for it
 * waits in the window that all watchers share, so a slow one costs nothing, and is cut off when the window has moved past
 * it. Thread-safe, but meant for one reader.
 *
 * <pre>
 *   switch (cursor.poll(100)) {
 *       case Events(var events) when events.isEmpty() -> cursor.onReady(this::pollAgain);
 *       case Events(var events) -> send(events);
 *       case CutOff(var oldest) -> end with 410 Expired
 *       case Ended() -> end
 *   }
 * </pre>
 */
public final class WatchCursor {
    private final WatchFeed feed;
    private final Selection selection;
    private final Revision start;
    private final Revision edition;

    // Guarded by this.
    private long next;
    private Revision passed = Revision.ZERO;
    private Revision bookmark;
    private @Nullable Runnable onReady;

    /** What a look into the window gave. */
    public sealed interface Polled {
        /** In order; empty when there is nothing new. */
        record Events(List<WatchEvent> events) implements Polled {}

        /**
         * The watcher was too slow: changes that it has not seen are gone.
         *
         * @param oldest the window begins after this revision
         */
        record CutOff(Revision oldest) implements Polled {}

        /** The kind is no longer what it was when the watch began; everything up to then has been given. */
        record Ended() implements Polled {}
    }

    /** @param edition of the kind that is watched */
    WatchCursor(WatchFeed feed, Revision edition, Selection selection, long first, Revision start) {
        this.feed = feed;
        this.edition = edition;
        this.selection = selection;
        this.next = first;
        this.start = start;
        this.bookmark = start;
    }

    /** The next events, at most {@code most} of them. Does not wait. */
    public synchronized Polled poll(int most) {
        WatchWindow window = feed.window();
        List<WatchEvent> events = new ArrayList<>();
        // First, since all that is to be given was appended before it ended.
        boolean ended = isOver();
        Revision told = feed.told();
        long end = window.tail();
        while (next < end && events.size() < most) {
            WatchStep step = window.step(next);
            if (step == null) {
                return new Polled.CutOff(window.lost());
            }
            WatchEvent event = seen(step);
            if (event != null) {
                events.add(event);
            }
            pass(step);
        }
        reachedEnd(end, told);
        return events.isEmpty() && ended ? new Polled.Ended() : new Polled.Events(events);
    }

    /**
     * A revision at or below which this watcher has been given everything: what a bookmark may say. Follows the closed revision
     * also while nothing changes.
     */
    public synchronized Revision bookmark() {
        skipUnconcerned();
        return bookmark;
    }

    /** Runs a task once, on the feed's executor or at once, when {@link #poll} has something to give or to say. */
    public void onReady(Runnable task) {
        synchronized (this) {
            onReady = task;
        }
        feed.park(this);
    }

    /** Ends the watch. */
    public void close() {
        feed.forget(this);
        synchronized (this) {
            onReady = null;
        }
    }

    void wake() {
        Runnable task;
        synchronized (this) {
            task = onReady;
            onReady = null;
        }
        if (task != null) {
            task.run();
        }
    }

    /** Whether a poll would give something; passes over what does not concern it. */
    synchronized boolean hasNews() {
        return skipUnconcerned() || isOver();
    }

    private boolean isOver() {
        return feed.over().isAfter(edition);
    }

    private boolean skipUnconcerned() {
        WatchWindow window = feed.window();
        Revision told = feed.told();
        long end = window.tail();
        while (next < end) {
            WatchStep step = window.step(next);
            if (step == null || concerns(step)) {
                return true;
            }
            pass(step);
        }
        reachedEnd(end, told);
        return false;
    }

    private boolean concerns(WatchStep step) {
        return step.change().revision().isAfter(start) && step.concerns(selection);
    }

    private @Nullable WatchEvent seen(WatchStep step) {
        return step.change().revision().isAfter(start) ? step.seenBy(selection) : null;
    }

    /** The next step may have the same revision, so only what is below it is complete. */
    private void pass(WatchStep step) {
        next++;
        passed = step.change().revision();
        reached(new Revision(passed.value() - 1));
    }

    /** A revision's changes are published together, so at the end of what is published none is torn. */
    private void reachedEnd(long end, Revision told) {
        if (next >= end) {
            reached(passed);
            reached(told);
        }
    }

    private void reached(Revision revision) {
        if (revision.isAfter(bookmark)) {
            bookmark = revision;
        }
    }
}
