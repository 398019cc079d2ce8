package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import org.jspecify.annotations.Nullable;

/**
 * All objects at one revision. Immutable: readers keep it as long as they like and need no lock. Lists are in key order
 * (namespace, then name).
 */
public interface View {
    Revision revision();

    @Nullable
    StoredObject get(ObjectKey key);

    Iterable<StoredObject> list(KindName kind);

    Iterable<StoredObject> list(KindName kind, String namespace);

    /** From the first key after {@code after} (exclusive; null for the beginning), in one namespace or, if it is empty, in all. */
    Iterable<StoredObject> listAfter(KindName kind, String namespace, @Nullable ObjectKey after);

    int count(KindName kind, String namespace);

    /** How many objects {@link #listAfter} has. */
    default int countAfter(KindName kind, String namespace, @Nullable ObjectKey after) {
        int count = 0;
        for (StoredObject ignored : listAfter(kind, namespace, after)) {
            count++;
        }
        return count;
    }

    /** Objects of a kind whose owner references name this uid, controller or not. */
    Iterable<StoredObject> ownedBy(KindName kind, Uid owner);

    /** Objects of a kind by the value of one of its indexed fields, such as Pods by {@code spec.nodeName}. */
    Iterable<StoredObject> byField(KindName kind, String field, String value);
}
