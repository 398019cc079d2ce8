package io.ruori.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps the values that were used last. Two that want the same one at the same time may both make it. */
final class LastUsed<K, V> {
    private final int most;
    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most how many are kept */
    LastUsed(int most) {
        this.most = most;
    }

    Optional<V> find(K key) {
        synchronized (values) {
            return Optional.ofNullable(values.get(key));
        }
    }

    /** @param make how to come by a value that is not kept; nothing is locked meanwhile */
    V get(K key, Function<K, V> make) {
        return find(key).orElseGet(() -> keep(key, make.apply(key)));
    }

    private V keep(K key, V made) {
        synchronized (values) {
            @Nullable V earlier = values.putIfAbsent(key, made);
            if (values.size() > most) {
                values.remove(values.keySet().iterator().next());
            }
            return earlier == null ? made : earlier;
        }
    }
}
