package io.ruori.guardian;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Wakes;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * From changes of the view to the objects whose reconcilers they concern. A batch wakes each object once. Edges give speed;
 * certainty comes from {@link #all}, which wakes everything that has a reconciler.
 */
public final class Wakeups {
    private final Map<KindName, List<Wakes>> rules = new HashMap<>();
    private final Set<KindName> reconciled = new LinkedHashSet<>();

    public Wakeups(KindRegistry kinds) {
        for (Kind kind : kinds.all()) {
            if (kind.reconciler().isPresent()) {
                reconciled.add(kind.name());
            }
            for (Wakes wakes : kind.wakes()) {
                rules.computeIfAbsent(wakes.watched(), k -> new ArrayList<>()).add(wakes);
            }
        }
    }

    /** The objects that a batch of changes concerns. */
    public Set<ObjectKey> concerned(View view, List<Change> changes) {
        Set<ObjectKey> woken = new LinkedHashSet<>();
        Consumer<ObjectKey> wake = key -> {
            if (view.get(key) != null) {
                woken.add(key);
            }
        };
        for (Change change : changes) {
            if (reconciled.contains(change.key().kind()) && change.after() != null) {
                woken.add(change.key());
            }
            for (Wakes wakes : rules.getOrDefault(change.key().kind(), List.of())) {
                wakes.rule().targets(change, view, wake);
            }
        }
        return woken;
    }

    /** Every object that has a reconciler. */
    public List<ObjectKey> all(View view) {
        List<ObjectKey> keys = new ArrayList<>();
        for (KindName kind : reconciled) {
            for (StoredObject object : view.list(kind)) {
                keys.add(object.key());
            }
        }
        return keys;
    }
}
