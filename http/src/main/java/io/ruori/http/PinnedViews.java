package io.ruori.http;

import io.ruori.api.Revision;
import io.ruori.view.PastView;
import io.ruori.view.View;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Snapshots that clients are still paging through. A view shares all but its changes with its neighbours, so a few are cheap; one
 * of the past holds the keys of what it was asked for, so fewer of those are kept. Whatever has gone can be made again.
 */
final class PinnedViews {
    private static final int MOST = 128;
    private static final int MOST_OF_THE_PAST = 8;

    private final TreeMap<Revision, View> present = new TreeMap<>();
    private final TreeMap<Revision, View> past = new TreeMap<>();

    synchronized void pin(View view) {
        if (view instanceof PastView) {
            pin(past, view, MOST_OF_THE_PAST);
        } else {
            pin(present, view, MOST);
        }
    }

    private static void pin(NavigableMap<Revision, View> views, View view, int most) {
        views.put(view.revision(), view);
        if (views.size() > most) {
            views.pollFirstEntry();
        }
    }

    /** The view at exactly a revision, if it is still known. */
    synchronized Optional<View> find(Revision revision) {
        View view = present.getOrDefault(revision, past.get(revision));
        return Optional.ofNullable(view);
    }
}
