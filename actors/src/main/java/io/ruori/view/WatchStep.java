package io.ruori.view;

import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.selector.Selection;
import org.jspecify.annotations.Nullable;

/** A change with its place in a window, and what it looks like to watchers. */
final class WatchStep {
    private static final int OWN = 200;
    private static final int OF_DERIVED = 500;

    private final long sequence;
    private final int weight;
    private final Change change;

    // Races only repeat the work: events are immutable apart from their own caches.
    private @Nullable WatchEvent added;
    private @Nullable WatchEvent modified;
    private @Nullable WatchEvent deleted;

    WatchStep(long sequence, Change change) {
        this.sequence = sequence;
        this.change = change;
        this.weight = (int) Math.min(Integer.MAX_VALUE, OWN + weight(change.before()) + weight(change.after()));
    }

    long sequence() {
        return sequence;
    }

    Change change() {
        return change;
    }

    /** What it keeps in memory beside the view, roughly: an older state of the object, or an encoded line. */
    long weight() {
        return weight;
    }

    private static long weight(@Nullable StoredObject object) {
        return object == null ? 0 : object.isEncoded() ? object.json().length : OF_DERIVED;
    }

    boolean concerns(Selection selection) {
        return selects(selection, change.after()) || selects(selection, change.before());
    }

    /** Null where the selection is not concerned. */
    @Nullable
    WatchEvent seenBy(Selection selection) {
        StoredObject after = change.after();
        boolean was = selects(selection, change.before());
        if (after == null || !selection.matches(after)) {
            return was ? deleted() : null;
        }
        return was ? modified(after) : added(after);
    }

    private static boolean selects(Selection selection, @Nullable StoredObject object) {
        return object != null && selection.matches(object);
    }

    private WatchEvent added(StoredObject after) {
        WatchEvent event = added;
        if (event == null) {
            event = new WatchEvent(WatchEvent.Type.ADDED, after);
            added = event;
        }
        return event;
    }

    private WatchEvent modified(StoredObject after) {
        WatchEvent event = modified;
        if (event == null) {
            event = new WatchEvent(WatchEvent.Type.MODIFIED, after);
            modified = event;
        }
        return event;
    }

    private @Nullable WatchEvent deleted() {
        WatchEvent event = deleted;
        StoredObject before = change.before();
        if (event == null && before != null) {
            event = change.event() instanceof ObjectEvent.Deleted gone
                    ? new WatchEvent(WatchEvent.Type.DELETED, gone.object())
                    : WatchEvent.left(before, change.revision());
            deleted = event;
        }
        return event;
    }
}
