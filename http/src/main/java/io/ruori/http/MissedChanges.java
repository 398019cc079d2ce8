package io.ruori.http;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.selector.Selection;
import io.ruori.view.History;
import io.ruori.view.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Changes older than the watch window, read from the journal and shown as a watcher with a selection would have seen them. */
final class MissedChanges {
    /** A watcher further behind than that lists faster than it replays. */
    private static final int MOST = 20_000;

    private final History history;

    MissedChanges(History history) {
        this.history = history;
    }

    /** Empty when there are too many. */
    Optional<List<WatchEvent>> between(KindName kind, Selection selection, Revision after, Revision upTo) {
        try (Stream<ObjectEvent> events = history.changes(kind, after, upTo)) {
            List<ObjectEvent> changes = events.limit(MOST + 1L).toList();
            return changes.size() > MOST ? Optional.empty() : Optional.of(seenBy(selection, changes));
        }
    }

    private List<WatchEvent> seenBy(Selection selection, List<ObjectEvent> changes) {
        List<WatchEvent> seen = new ArrayList<>();
        for (ObjectEvent change : changes) {
            WatchEvent event = seenBy(selection, change);
            if (event != null) {
                seen.add(event);
            }
        }
        return seen;
    }

    private @Nullable WatchEvent seenBy(Selection selection, ObjectEvent change) {
        boolean matches = selection.matches(change.object());
        return switch (change) {
            case ObjectEvent.Created created -> matches ? WatchEvent.added(created.object()) : null;
            case ObjectEvent.Deleted deleted ->
                before(selection, deleted) == null ? null : new WatchEvent(WatchEvent.Type.DELETED, deleted.object());
            case ObjectEvent.Updated updated -> {
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

    /** The object before a change, if it was selected then. */
    private @Nullable StoredObject before(Selection selection, ObjectEvent change) {
        return history.asOf(change.key(), new Revision(change.revision().value() - 1))
                .filter(event -> !(event instanceof ObjectEvent.Deleted))
                .map(ObjectEvent::object)
                .filter(selection::matches)
                .orElse(null);
    }
}
