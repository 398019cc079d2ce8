package io.ruori.http;

import io.ruori.api.Revision;
import io.ruori.view.View;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Snapshots that clients are still paging through. A view shares all but its changes with its neighbours, so a few are cheap. */
final class PinnedViews {
    private static final int LIMIT = 128;

    private final TreeMap<Revision, View> views = new TreeMap<>();

    synchronized void pin(View view) {
        views.put(view.revision(), view);
        if (views.size() > LIMIT) {
            views.pollFirstEntry();
        }
    }

    synchronized Optional<View> find(Revision revision) {
        return Optional.ofNullable(views.get(revision));
    }

    /** The view as it was at a revision, if it is still known. */
    synchronized Optional<View> asOf(Revision revision) {
        Map.Entry<Revision, View> entry = views.floorEntry(revision);
        return entry == null || !entry.getKey().equals(revision) ? Optional.empty() : Optional.of(entry.getValue());
    }
}
