package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.core.selector.Selection;
import io.ruori.kind.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The watches of all kinds, fed by the index from when they are made; best right after it was loaded. */
public final class Watches {
    private final ObjectIndex index;
    private final WatchWindow.Limits limits;
    private final Executor executor;
    private volatile @Nullable Revision start;
    private final Map<KindName, WatchFeed> feeds = new ConcurrentHashMap<>();

    /** Only the index's writer uses it. */
    private final Map<KindName, Revision> ending = new HashMap<>();

    /**
     * How much is kept per kind for watches to resume from.
     *
     * @param age what changes are kept for at least, if count and bytes allow; clients expect 75 seconds
     * @param leastCount kept however old
     * @param mostCount the oldest leave when there are more
     * @param mostBytes the oldest leave when older states and encodings weigh more, roughly
     */
    public record Settings(Duration age, int leastCount, int mostCount, long mostBytes) {
        public static final Settings DEFAULT = new Settings(
                WatchWindow.Limits.DEFAULT.age(),
                WatchWindow.Limits.DEFAULT.least(),
                WatchWindow.Limits.DEFAULT.most(),
                WatchWindow.Limits.DEFAULT.bytes());
    }

    private Watches(ObjectIndex index, Settings settings, Executor executor) {
        this.index = index;
        this.limits = new WatchWindow.Limits(settings.age, settings.leastCount, settings.mostCount, settings.mostBytes);
        this.executor = executor;
    }

    /**
     * @param executor runs watchers' wake-ups
     */
    public static Watches of(ObjectIndex index, Settings settings, Executor executor) {
        Watches watches = new Watches(index, settings, executor);
        index.subscribe(watches::changed);
        watches.start = index.view().revision();
        return watches;
    }

    /**
     * Begins or resumes a watch: every change after a revision that concerns the selection. A revision ahead of the view is
     * waited for beforehand ({@link ObjectIndex#atLeast}).
     */
    public Resume since(Kind kind, Revision revision, Selection selection) {
        return feed(kind.name()).since(kind.edition(), revision, selection);
    }

    /**
     * Ends the watches of a kind that is no longer what it was: who wants to go on must begin anew. To be called by listeners of
     * the index that come before this one, or are told ahead: the watches are given the changes of that view before they end.
     *
     * @param edition watches of earlier ones end, whenever they began
     */
    public void end(KindName kind, Revision edition) {
        ending.put(kind, edition);
    }

    private WatchFeed feed(KindName kind) {
        WatchFeed known = feeds.get(kind);
        return known != null
                ? known
                : feeds.computeIfAbsent(
                        kind,
                        k -> new WatchFeed(
                                new WatchWindow(limits, Objects.requireNonNull(start)), index::told, executor));
    }

    private void changed(View view, List<Change> changes) {
        if (start == null) {
            // A view is there before its listeners hear of it, so the start read next covers these changes.
            return;
        }
        Instant now = view.revision().instant();
        append(changes, now);
        ending.forEach((kind, edition) -> feed(kind).end(edition));
        ending.clear();
    }

    private void append(List<Change> changes, Instant now) {
        byKind(changes).forEach((kind, some) -> {
            WatchFeed feed = feed(kind);
            feed.window().append(some, now);
            feed.wake();
        });
    }

    private static Map<KindName, List<Change>> byKind(List<Change> changes) {
        KindName only = changes.getFirst().key().kind();
        if (changes.stream().allMatch(change -> change.key().kind().equals(only))) {
            return Map.of(only, changes);
        }
        Map<KindName, List<Change>> sorted = new LinkedHashMap<>();
        for (Change change : changes) {
            sorted.computeIfAbsent(change.key().kind(), kind -> new ArrayList<>())
                    .add(change);
        }
        return sorted;
    }
}
