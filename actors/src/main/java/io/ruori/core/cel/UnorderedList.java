package io.ruori.core.cel;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A list whose elements are told apart by their keys, or by what they are: {@code x-kubernetes-list-type} map or set. Two of
 * them are the same when they have the same elements in whatever order; adding keeps the places of what was there already.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/">the table of
 *     types for rules</a>
 */
final class UnorderedList extends AbstractList<Object> {
    private final List<Object> elements;
    private final List<String> keys;

    /** @param keys the fields that make up an element's key, as rules write them; empty for a set */
    UnorderedList(List<Object> elements, List<String> keys) {
        this.elements = elements;
        this.keys = keys;
    }

    @Override
    public Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }

    private Object key(Object element) {
        if (keys.isEmpty() || !(element instanceof Map<?, ?> fields)) {
            return element;
        }
        Map<String, Object> key = new LinkedHashMap<>();
        for (String name : keys) {
            Object value = fields.get(name);
            if (value != null) {
                key.put(name, value);
            }
        }
        return key;
    }

    boolean isSameAs(List<?> other) {
        if (other.size() != size()) {
            return false;
        }
        Map<Object, Object> byKey = new LinkedHashMap<>();
        other.forEach(element -> byKey.put(key(element), element));
        return elements.stream().allMatch(element -> {
            Object like = byKey.get(key(element));
            return like != null && Semantics.same(element, like);
        });
    }

    /** These, with those of the other in place of the ones with the same key, or behind them. */
    UnorderedList plus(List<?> other) {
        Map<Object, Object> merged = new LinkedHashMap<>();
        elements.forEach(element -> merged.put(key(element), element));
        other.forEach(element -> merged.put(key(element), element));
        return new UnorderedList(new ArrayList<>(merged.values()), keys);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof List<?> list && isSameAs(list);
    }

    @Override
    public int hashCode() {
        return size();
    }
}
