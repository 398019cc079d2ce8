package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.selector.Selection;
import io.ruori.kind.KindRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Changes that memory no longer has, read from the journal piece by piece and shown as a watcher with a selection would have seen
 * them. Reading blocks on the disk.
 */
public final class MissedChanges {
    /** Changes looked at for one piece: what a slow watcher makes us hold for it at most. */
    private static final int MOST = 1_000;

    private static final String NAME = "metadata.name";

    /** The view lets Events go about once a second; who lost touch in between is told of them once more. */
    private static final Duration TRIMMED_LATE = Duration.ofSeconds(5);

    private final History history;
    private final Supplier<KindRegistry> kinds;
    private final Duration eventAge;

    /**
     * @param upTo everything up to here has been looked at
     */
    public record Piece(List<WatchEvent> events, Revision upTo) {}

    /**
     * @param eventAge how long Kubernetes Events stay in a view
     */
    public MissedChanges(History history, Supplier<KindRegistry> kinds, Duration eventAge) {
        this.history = history;
        this.kinds = kinds;
        this.eventAge = eventAge;
    }

    /** Whether the journal still has everything after a revision. */
    public boolean has(Revision after) {
        return !history.oldest().isAfter(new Revision(after.value() + 1));
    }

    public Revision oldest() {
        return history.oldest();
    }

    /**
     * The next piece.
     *
     * @param since where the whole reading began
     * @param after where the last piece ended
     * @param upTo where the reading is to end; must be closed
     */
    public Piece next(KindName kind, Selection selection, Revision since, Revision after, Revision upTo) {
        boolean areEvents = kind.equals(EventProjection.EVENTS);
        List<ObjectEvent> changes;
        try (Stream<ObjectEvent> all =
                areEvents ? history.changesWithNotes(kind, after, upTo) : history.changes(kind, after, upTo)) {
            changes = all.limit(MOST).toList();
        }
        List<WatchEvent> seen = new ArrayList<>();
        for (ObjectEvent change : changes) {
            if (change.key().kind().equals(kind)) {
                addIfSeen(seen, selection, change);
            }
            if (areEvents) {
                addNotes(seen, selection, change);
            }
        }
        if (changes.size() == MOST) {
            return new Piece(seen, changes.getLast().revision());
        }
        if (areEvents) {
            addExpired(seen, selection, since, upTo);
        }
        return new Piece(seen, upTo);
    }

    private void addIfSeen(List<WatchEvent> seen, Selection selection, ObjectEvent change) {
        WatchEvent event = isOutside(selection, change) ? null : seenBy(selection, change);
        if (event != null) {
            seen.add(event);
        }
    }

    /** What never changes needs no look at the object before. */
    private static boolean isOutside(Selection selection, ObjectEvent change) {
        String name = selection.fields().exact(NAME);
        String namespace = selection.namespace();
        return (name != null && !name.equals(change.key().name()))
                || (!namespace.isEmpty() && !namespace.equals(change.key().namespace()));
    }

    private @Nullable WatchEvent seenBy(Selection selection, ObjectEvent change) {
        boolean matches = selection.matches(change.object());
        return switch (change) {
            case ObjectEvent.Created created -> matches ? WatchEvent.added(created.object()) : null;
            case ObjectEvent.Deleted deleted ->
                wasSelected(selection, deleted) ? new WatchEvent(WatchEvent.Type.DELETED, deleted.object()) : null;
            case ObjectEvent.Updated updated -> {
                if (!selection.isSelective()) {
                    yield new WatchEvent(WatchEvent.Type.MODIFIED, updated.object());
                }
                StoredObject was = before(selection, updated);
                if (matches) {
                    yield was == null
                            ? WatchEvent.added(updated.object())
                            : new WatchEvent(WatchEvent.Type.MODIFIED, updated.object());
                }
                yield was == null ? null : WatchEvent.left(was, updated.revision());
            }
        };
    }

    private boolean wasSelected(Selection selection, ObjectEvent deleted) {
        return !selection.isSelective() || before(selection, deleted) != null;
    }

    /** The object before a change, if it was selected then. */
    private @Nullable StoredObject before(Selection selection, ObjectEvent change) {
        return history.asOf(change.key(), new Revision(change.revision().value() - 1))
                .filter(event -> !(event instanceof ObjectEvent.Deleted))
                .map(ObjectEvent::object)
                .filter(selection::matches)
                .orElse(null);
    }

    private void addNotes(List<WatchEvent> seen, Selection selection, ObjectEvent change) {
        for (StoredObject told : EventProjection.of(change, kinds.get())) {
            if (selection.matches(told)) {
                seen.add(WatchEvent.added(told));
            }
        }
    }

    /** Events leave the view without a record, so who comes late is told at the end which have left meanwhile. */
    private void addExpired(List<WatchEvent> seen, Selection selection, Revision since, Revision upTo) {
        Revision first = Revision.upTo(since.instant().minus(eventAge).minus(TRIMMED_LATE));
        Revision last = Revision.upTo(upTo.instant().minus(eventAge));
        try (Stream<ObjectEvent> old = history.changesWithNotes(EventProjection.EVENTS, first, last)) {
            old.forEach(change -> {
                if (change.key().kind().equals(EventProjection.EVENTS)
                        && selection.matches(change.object())
                        && isStillThere(change, upTo)) {
                    seen.add(WatchEvent.left(change.object(), upTo));
                }
                EventProjection.of(change, kinds.get()).stream()
                        .filter(selection::matches)
                        .forEach(told -> seen.add(WatchEvent.left(told, upTo)));
            });
        }
    }

    private boolean isStillThere(ObjectEvent event, Revision at) {
        return history.asOf(event.key(), at)
                .filter(newest -> !(newest instanceof ObjectEvent.Deleted))
                .filter(newest -> newest.revision().equals(event.revision()))
                .isPresent();
    }
}
