package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.KindRegistry;
import io.ruori.view.History.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A view of the past, read from the journal as far as it is asked: which objects there were is remembered for the next page, the
 * objects themselves are not. Reading blocks on the disk, so do it where that harms nobody.
 *
 * <p>Kubernetes Events are shown as the view showed them then: those of the time before, written or told by other writes.
 */
public final class PastView implements View {
    private final History history;
    private final KindRegistry kinds;
    private final Duration eventAge;
    private final Revision revision;
    private final Map<Scope, List<Version>> found = new ConcurrentHashMap<>();

    private record Scope(KindName kind, String namespace) {}

    /**
     * @param eventAge how long Events stay in a view
     * @param revision must be closed, and not before the oldest of the history
     */
    public PastView(History history, KindRegistry kinds, Duration eventAge, Revision revision) {
        this.history = history;
        this.kinds = kinds;
        this.eventAge = eventAge;
        this.revision = revision;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public @Nullable StoredObject get(ObjectKey key) {
        if (key.kind().equals(EventProjection.EVENTS)) {
            return first(events(event -> event.key().equals(key)));
        }
        return history.asOf(key, revision)
                .filter(event -> !(event instanceof ObjectEvent.Deleted))
                .map(ObjectEvent::object)
                .orElse(null);
    }

    private static @Nullable StoredObject first(List<StoredObject> objects) {
        return objects.isEmpty() ? null : objects.getFirst();
    }

    @Override
    public Iterable<StoredObject> list(KindName kind) {
        return listAfter(kind, "", null);
    }

    @Override
    public Iterable<StoredObject> list(KindName kind, String namespace) {
        return listAfter(kind, namespace, null);
    }

    @Override
    public Iterable<StoredObject> listAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        if (kind.equals(EventProjection.EVENTS)) {
            return events(event -> isIn(namespace, event) && isAfter(after, event.key()));
        }
        List<Version> versions = after(versions(kind, namespace), after);
        return () -> new Reading(versions.iterator());
    }

    @Override
    public int count(KindName kind, String namespace) {
        return countAfter(kind, namespace, null);
    }

    @Override
    public int countAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        return kind.equals(EventProjection.EVENTS)
                ? events(event -> isIn(namespace, event) && isAfter(after, event.key()))
                        .size()
                : after(versions(kind, namespace), after).size();
    }

    @Override
    public Iterable<StoredObject> ownedBy(KindName kind, Uid owner) {
        return scan(kind, object -> object.owners().stream().map(Owner::uid).anyMatch(owner::equals));
    }

    @Override
    public Iterable<StoredObject> byField(KindName kind, String field, String value) {
        return scan(kind, object -> object.field(field).equals(value));
    }

    private List<StoredObject> scan(KindName kind, Predicate<StoredObject> wanted) {
        List<StoredObject> matching = new ArrayList<>();
        list(kind).forEach(object -> {
            if (wanted.test(object)) {
                matching.add(object);
            }
        });
        return matching;
    }

    private List<Version> versions(KindName kind, String namespace) {
        return found.computeIfAbsent(
                new Scope(kind, namespace), scope -> history.versionsAsOf(kind, namespace, revision));
    }

    private static List<Version> after(List<Version> versions, @Nullable ObjectKey after) {
        if (after == null) {
            return versions;
        }
        int at = Collections.binarySearch(
                versions, new Version(after, Revision.ZERO), (a, b) -> IndexKey.BY_NAME.compare(a.key(), b.key()));
        return versions.subList(at >= 0 ? at + 1 : -at - 1, versions.size());
    }

    private static boolean isIn(String namespace, StoredObject object) {
        return namespace.isEmpty() || namespace.equals(object.key().namespace());
    }

    private static boolean isAfter(@Nullable ObjectKey after, ObjectKey key) {
        return after == null || IndexKey.BY_NAME.compare(key, after) > 0;
    }

    /** Events that were young enough to be shown, by their keys. */
    private List<StoredObject> events(Predicate<StoredObject> wanted) {
        Map<ObjectKey, StoredObject> events = new TreeMap<>(IndexKey.BY_NAME);
        Revision since = Revision.upTo(revision.instant().minus(eventAge));
        try (Stream<ObjectEvent> changes = history.changesWithNotes(EventProjection.EVENTS, since, revision)) {
            changes.forEach(change -> {
                if (change instanceof ObjectEvent.Deleted) {
                    events.remove(change.key());
                } else if (change.key().kind().equals(EventProjection.EVENTS)) {
                    events.put(change.key(), change.object());
                }
                EventProjection.of(change, kinds).forEach(told -> events.put(told.key(), told));
            });
        }
        return events.values().stream().filter(wanted).toList();
    }

    private final class Reading implements Iterator<StoredObject> {
        private final Iterator<Version> versions;

        Reading(Iterator<Version> versions) {
            this.versions = versions;
        }

        @Override
        public boolean hasNext() {
            return versions.hasNext();
        }

        @Override
        public StoredObject next() {
            return history.read(versions.next());
        }
    }

    @Override
    public String toString() {
        return "the past at " + revision;
    }
}
