package io.ruori.view;

import io.ruori.api.Revision;
import io.ruori.core.selector.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The watches of one kind. The index's writer only appends to the window; each watcher reads it at its own pace. Watchers that
 * have read everything park here, and a task beside the writer looks after every batch which of them it concerns, so that a
 * change wakes only those who will be sent something.
 */
final class WatchFeed {
    private final WatchWindow window;
    private final Supplier<Revision> told;
    private final Executor executor;
    private final Set<WatchCursor> parked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger signals = new AtomicInteger();
    private volatile Revision over = Revision.ZERO;

    /**
     * @param told every change up to it has been appended
     * @param executor runs the wake-ups
     */
    WatchFeed(WatchWindow window, Supplier<Revision> told, Executor executor) {
        this.window = window;
        this.told = told;
        this.executor = executor;
    }

    Resume since(Revision edition, Revision revision, Selection selection) {
        long first = window.firstAfter(revision);
        return first < 0
                ? new Resume.TooOld(window.lost())
                : new Resume.From(new WatchCursor(this, edition, selection, first, revision));
    }

    WatchWindow window() {
        return window;
    }

    Revision told() {
        return told.get();
    }

    /** Watches of earlier editions of the kind are over. */
    Revision over() {
        return over;
    }

    /** After all changes up to then were appended. */
    void end(Revision earlierThan) {
        over = earlierThan;
        wake();
    }

    /** After changes were appended. */
    void wake() {
        if (!parked.isEmpty() && signals.getAndIncrement() == 0) {
            executor.execute(this::wakeConcerned);
        }
    }

    private void wakeConcerned() {
        int seen = signals.get();
        do {
            List<WatchCursor> concerned = new ArrayList<>();
            for (WatchCursor cursor : parked) {
                if (cursor.hasNews()) {
                    concerned.add(cursor);
                }
            }
            concerned.forEach(this::unpark);
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    void park(WatchCursor cursor) {
        parked.add(cursor);
        // Something may have come between the cursor's last look and its parking.
        if (cursor.hasNews()) {
            unpark(cursor);
        }
    }

    private void unpark(WatchCursor cursor) {
        if (parked.remove(cursor)) {
            cursor.wake();
        }
    }

    void forget(WatchCursor cursor) {
        parked.remove(cursor);
    }
}
