package io.ruori.core.history;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What some changes led to, directly or through others, among the changes that are offered in any order. */
public final class Effects {
    /** More are not held; who asks is told so. */
    private static final int MOST = 10_000;

    private final Map<Revision, ObjectEvent> known = new TreeMap<>();
    private final Map<Revision, List<ObjectEvent>> open = new TreeMap<>();
    private boolean cutOff;

    public Effects(Collection<ObjectEvent> causes) {
        causes.forEach(event -> known.put(event.revision(), event));
    }

    public void offer(ObjectEvent event) {
        // The effect of a change that was not offered yet may be offered first: kinds are read one after the other.
        open.computeIfAbsent(event.origin().cause(), none -> new ArrayList<>(1)).add(event);
    }

    /** The causes and all their effects, in revision order. */
    public List<ObjectEvent> all() {
        List<Revision> next = new ArrayList<>(known.keySet());
        while (!next.isEmpty()) {
            List<ObjectEvent> effects = open.remove(next.removeLast());
            for (ObjectEvent effect : effects == null ? List.<ObjectEvent>of() : effects) {
                if (known.size() >= MOST) {
                    cutOff = true;
                    return List.copyOf(known.values());
                }
                if (known.putIfAbsent(effect.revision(), effect) == null) {
                    next.add(effect.revision());
                }
            }
        }
        return List.copyOf(known.values());
    }

    /** Whether there were more, known after {@link #all}. */
    public boolean isCutOff() {
        return cutOff;
    }
}
