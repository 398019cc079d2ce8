package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import java.util.Comparator;

/** An entry of an index: objects with one value lie side by side, in the order of lists. */
record IndexKey(String value, ObjectKey key) {
    private static final ObjectKey BEFORE_ALL = new ObjectKey(new KindName("", ""), "", "");

    /** Objects of one kind in the order of lists. */
    static final Comparator<ObjectKey> BY_NAME = (a, b) -> {
        int byNamespace = a.namespace().compareTo(b.namespace());
        return byNamespace != 0 ? byNamespace : a.name().compareTo(b.name());
    };

    static final Comparator<IndexKey> BY_VALUE = (a, b) -> {
        int byValue = a.value.compareTo(b.value);
        return byValue != 0 ? byValue : BY_NAME.compare(a.key, b.key);
    };

    static IndexKey first(String value) {
        return new IndexKey(value, BEFORE_ALL);
    }

    /** Greater than every entry of a value, smaller than those of any other greater value. */
    static IndexKey end(String value) {
        return first(following(value));
    }

    /** The next string in order. */
    static String following(String value) {
        return value + '\0';
    }
}
