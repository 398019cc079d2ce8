package io.ruori.kind;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A view over a copy of some objects. */
public final class SnapshotView implements View {
    private final Revision revision;
    private final TreeMap<ObjectKey, StoredObject> objects;
    private final Map<Uid, List<StoredObject>> owned = new HashMap<>();

    public SnapshotView(Revision revision, Map<ObjectKey, StoredObject> objects) {
        this.revision = revision;
        this.objects = new TreeMap<>(objects);
        for (StoredObject object : this.objects.values()) {
            for (Owner owner : object.owners()) {
                owned.computeIfAbsent(owner.uid(), none -> new ArrayList<>()).add(object);
            }
        }
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public @Nullable StoredObject get(ObjectKey key) {
        return objects.get(key);
    }

    @Override
    public Collection<StoredObject> list(KindName kind) {
        return objects.values().stream()
                .filter(o -> o.key().kind().equals(kind))
                .toList();
    }

    @Override
    public Collection<StoredObject> list(KindName kind, String namespace) {
        return list(kind).stream()
                .filter(o -> o.key().namespace().equals(namespace))
                .toList();
    }

    @Override
    public Iterable<StoredObject> listAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        return list(kind, namespace).stream()
                .filter(o -> after == null || o.key().compareTo(after) > 0)
                .toList();
    }

    @Override
    public int count(KindName kind, String namespace) {
        return list(kind, namespace).size();
    }

    @Override
    public Iterable<StoredObject> ownedBy(KindName kind, Uid owner) {
        return owned.getOrDefault(owner, List.of()).stream()
                .filter(o -> o.key().kind().equals(kind))
                .toList();
    }

    @Override
    public Iterable<StoredObject> byField(KindName kind, String field, String value) {
        return list(kind).stream().filter(o -> o.field(field).equals(value)).toList();
    }
}
