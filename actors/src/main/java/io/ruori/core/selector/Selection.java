package io.ruori.core.selector;

import io.ruori.api.StoredObject;

/**
 * Which objects of a kind a list or watch is about.
 *
 * @param namespace empty for all
 */
public record Selection(String namespace, LabelSelector labels, FieldSelector fields) {
    public static final Selection ALL = new Selection("", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);

    public static Selection of(String namespace) {
        return new Selection(namespace, LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
    }

    public boolean matches(StoredObject object) {
        return (namespace.isEmpty() || namespace.equals(object.key().namespace()))
                && fields.matches(object)
                && labels.matches(object.labels());
    }

    /** Whether it asks for more than a namespace; then a list does not tell how many items remain. */
    public boolean isSelective() {
        return !labels.matchesEverything() || !fields.matchesEverything();
    }
}
