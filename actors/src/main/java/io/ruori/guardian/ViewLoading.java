package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.view.CommitFeed;
import io.ruori.view.ObjectIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills the index of a member that starts while others go on writing. What they write meanwhile is kept; what the journal
 * shows may be older or newer than that, object by object. Both become one state at a closed revision that is not older than
 * anything read (a deletion shows nothing, so only the clocks of all members after the reading tell), and then the index
 * hears of commits itself.
 */
final class ViewLoading implements CommitFeed {
    private final List<ObjectEvent> heard = new ArrayList<>();
    private Revision read = Revision.ZERO;
    private @Nullable CommitFeed index;

    @Override
    public synchronized void committed(List<ObjectEvent> batch) {
        CommitFeed loaded = index;
        if (loaded == null) {
            heard.addAll(batch);
        } else {
            loaded.committed(batch);
        }
    }

    /**
     * The journal is read from now on.
     *
     * @param settled everything up to it is where objects are read from. What was heard of that is of no use: of an object that
     *     is gone, only its making may have been heard, and not its end
     */
    synchronized void readsAfter(Revision settled) {
        read = settled;
    }

    /**
     * @param objects as they were read, each at some time
     * @param recent events with notes, as they were read
     * @param closed not before any clock at the end of the reading; everything up to it was read or heard
     */
    synchronized void load(ObjectIndex into, List<StoredObject> objects, List<ObjectEvent> recent, Revision closed) {
        Map<ObjectKey, StoredObject> state = HashMap.newHashMap(objects.size());
        objects.forEach(object -> state.put(object.key(), object));
        TreeMap<Revision, ObjectEvent> notes = new TreeMap<>();
        recent.forEach(event -> notes.put(event.revision(), event));
        heard.sort(Comparator.comparing(ObjectEvent::revision));
        List<ObjectEvent> later = new ArrayList<>();
        for (ObjectEvent event : heard) {
            if (event.revision().isAfter(closed)) {
                later.add(event);
            } else if (event.revision().isAfter(read)) {
                apply(event, state);
                notes.put(event.revision(), event);
            }
        }
        into.load(state.values(), List.copyOf(notes.values()), closed);
        into.committed(later);
        heard.clear();
        index = into;
    }

    private static void apply(ObjectEvent event, Map<ObjectKey, StoredObject> state) {
        StoredObject read = state.get(event.key());
        if (read != null && !event.revision().isAfter(read.revision())) {
            return;
        }
        switch (event) {
            case ObjectEvent.Created created -> state.put(event.key(), created.object());
            case ObjectEvent.Updated updated -> state.put(event.key(), updated.object());
            case ObjectEvent.Deleted deleted -> state.remove(event.key());
        }
    }
}
