package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The view that the index publishes. */
record IndexedView(Revision revision, Map<KindName, KindTable> tables) implements View {
    private KindTable table(KindName kind) {
        return tables.getOrDefault(kind, KindTable.EMPTY);
    }

    @Override
    public @Nullable StoredObject get(ObjectKey key) {
        return table(key.kind()).get(key);
    }

    @Override
    public Iterable<StoredObject> list(KindName kind) {
        return table(kind).list("", null);
    }

    @Override
    public Iterable<StoredObject> list(KindName kind, String namespace) {
        return table(kind).list(namespace, null);
    }

    @Override
    public Iterable<StoredObject> listAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        return table(kind).list(namespace, after);
    }

    @Override
    public int count(KindName kind, String namespace) {
        return table(kind).count(namespace);
    }

    @Override
    public int countAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        return table(kind).countAfter(namespace, after);
    }

    @Override
    public Iterable<StoredObject> ownedBy(KindName kind, Uid owner) {
        return table(kind).ownedBy(owner);
    }

    @Override
    public Iterable<StoredObject> byField(KindName kind, String field, String value) {
        Iterable<StoredObject> found = table(kind).byField(field, value);
        return found != null ? found : scan(kind, field, value);
    }

    /** A kind may lose an index while a reader still counts on it: slow is right, empty would be wrong. */
    private List<StoredObject> scan(KindName kind, String field, String value) {
        List<StoredObject> found = new ArrayList<>();
        for (StoredObject object : list(kind)) {
            if (object.field(field).equals(value)) {
                found.add(object);
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return "view at " + revision;
    }
}
