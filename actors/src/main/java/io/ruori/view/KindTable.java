package io.ruori.view;

import io.ruori.api.ObjectKey;
import io.ruori.api.Owner;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.collection.OrderedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The objects of one kind at one revision, with their indexes. Immutable. */
final class KindTable {
    static final KindTable EMPTY = of(Set.of());

    private final OrderedMap<ObjectKey, StoredObject> objects;
    private final OrderedMap<IndexKey, StoredObject> byOwner;
    private final Map<String, OrderedMap<IndexKey, StoredObject>> byField;

    private KindTable(
            OrderedMap<ObjectKey, StoredObject> objects,
            OrderedMap<IndexKey, StoredObject> byOwner,
            Map<String, OrderedMap<IndexKey, StoredObject>> byField) {
        this.objects = objects;
        this.byOwner = byOwner;
        this.byField = byField;
    }

    static KindTable of(Set<String> indexedFields) {
        Map<String, OrderedMap<IndexKey, StoredObject>> byField = HashMap.newHashMap(indexedFields.size());
        indexedFields.forEach(field -> byField.put(field, OrderedMap.empty(IndexKey.BY_VALUE)));
        return new KindTable(OrderedMap.empty(IndexKey.BY_NAME), OrderedMap.empty(IndexKey.BY_VALUE), byField);
    }

    /** The same objects with other indexes. */
    KindTable indexedBy(Set<String> fields) {
        if (fields.equals(byField.keySet())) {
            return this;
        }
        Editor rebuilt = of(fields).edit();
        objects.values().forEach(rebuilt::put);
        return rebuilt.done();
    }

    /** The same objects, read anew. */
    KindTable map(UnaryOperator<StoredObject> reread) {
        Editor rebuilt = of(byField.keySet()).edit();
        objects.values().forEach(object -> rebuilt.put(reread.apply(object)));
        return rebuilt.done();
    }

    @Nullable
    StoredObject get(ObjectKey key) {
        return objects.get(key);
    }

    int count(String namespace) {
        return namespace.isEmpty()
                ? objects.size()
                : objects.countBetween(start(namespace), start(IndexKey.following(namespace)));
    }

    int countAfter(String namespace, @Nullable ObjectKey after) {
        int before = 0;
        if (after != null && (namespace.isEmpty() || after.namespace().compareTo(namespace) >= 0)) {
            ObjectKey next = new ObjectKey(after.kind(), after.namespace(), IndexKey.following(after.name()));
            before = objects.countBetween(start(namespace), next);
        }
        return Math.max(0, count(namespace) - before);
    }

    Iterable<StoredObject> list(String namespace, @Nullable ObjectKey after) {
        if (namespace.isEmpty()) {
            return after == null ? objects.values() : objects.valuesAfter(after);
        }
        ObjectKey end = start(IndexKey.following(namespace));
        if (after == null || after.namespace().compareTo(namespace) < 0) {
            return objects.valuesBetween(start(namespace), end);
        }
        return objects.valuesAfter(after, end);
    }

    Iterable<StoredObject> ownedBy(Uid owner) {
        return byOwner.valuesBetween(IndexKey.first(owner.value()), IndexKey.end(owner.value()));
    }

    /** Null where the field has no index. */
    @Nullable
    Iterable<StoredObject> byField(String field, String value) {
        OrderedMap<IndexKey, StoredObject> index = byField.get(field);
        return index == null ? null : index.valuesBetween(IndexKey.first(value), IndexKey.end(value));
    }

    private static ObjectKey start(String namespace) {
        return new ObjectKey(IndexKey.first("").key().kind(), namespace, "");
    }

    Editor edit() {
        return new Editor(this);
    }

    /** Makes the next table out of a batch of changes. */
    static final class Editor {
        private final KindTable original;
        private final OrderedMap.Editor<ObjectKey, StoredObject> objects;
        private final OrderedMap.Editor<IndexKey, StoredObject> byOwner;
        private final Map<String, OrderedMap.Editor<IndexKey, StoredObject>> byField;

        private Editor(KindTable original) {
            this.original = original;
            this.objects = original.objects.edit();
            this.byOwner = original.byOwner.edit();
            this.byField = HashMap.newHashMap(original.byField.size());
            original.byField.forEach((field, index) -> byField.put(field, index.edit()));
        }

        @Nullable
        StoredObject get(ObjectKey key) {
            return objects.get(key);
        }

        /** Returns the object before. */
        @Nullable
        StoredObject put(StoredObject after) {
            StoredObject before = objects.put(after.key(), after);
            dropOwnersLost(before, after.owners());
            for (Owner owner : after.owners()) {
                byOwner.put(new IndexKey(owner.uid().value(), after.key()), after);
            }
            byField.forEach((field, index) -> {
                String value = after.field(field);
                if (before != null && !before.field(field).equals(value)) {
                    index.remove(new IndexKey(before.field(field), after.key()));
                }
                index.put(new IndexKey(value, after.key()), after);
            });
            return before;
        }

        /** Returns the object that was there. */
        @Nullable
        StoredObject remove(ObjectKey key) {
            StoredObject before = objects.remove(key);
            if (before != null) {
                dropOwnersLost(before, List.of());
                byField.forEach((field, index) -> index.remove(new IndexKey(before.field(field), key)));
            }
            return before;
        }

        private void dropOwnersLost(@Nullable StoredObject before, List<Owner> kept) {
            if (before == null || before.owners().equals(kept)) {
                return;
            }
            for (Owner owner : before.owners()) {
                byOwner.remove(new IndexKey(owner.uid().value(), before.key()));
            }
        }

        KindTable done() {
            Map<String, OrderedMap<IndexKey, StoredObject>> indexes = original.byField;
            if (!byField.isEmpty()) {
                Map<String, OrderedMap<IndexKey, StoredObject>> edited = HashMap.newHashMap(byField.size());
                byField.forEach((field, index) -> edited.put(field, index.done()));
                indexes = edited;
            }
            return new KindTable(objects.done(), byOwner.done(), indexes);
        }
    }
}
