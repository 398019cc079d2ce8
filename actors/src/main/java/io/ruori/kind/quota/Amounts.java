package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How much of what, by name. Immutable, in order of names. */
public record Amounts(Map<String, Quantity> byName) {
    public static final Amounts NONE = new Amounts(Map.of());

    public Amounts {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /** Reads a valid list of resources, such as {@code spec.hard}. */
    public static Amounts of(JsonNode list) {
        Map<String, Quantity> amounts = new TreeMap<>();
        list.properties()
                .forEach(e ->
                        Quantity.parse(e.getValue().asText()).ifPresent(amount -> amounts.put(e.getKey(), amount)));
        return new Amounts(amounts);
    }

    /** None of each. */
    static Amounts zero(Collection<String> names) {
        return new Amounts(names.stream().collect(Collectors.toMap(name -> name, name -> Quantity.ZERO)));
    }

    public boolean isEmpty() {
        return byName.isEmpty();
    }

    Quantity get(String name) {
        return byName.getOrDefault(name, Quantity.ZERO);
    }

    Amounts plus(Amounts other) {
        Map<String, Quantity> sum = new TreeMap<>(byName);
        other.byName.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
        return new Amounts(sum);
    }

    /** Never less than nothing. */
    Amounts less(Amounts other) {
        Map<String, Quantity> rest = new TreeMap<>(byName);
        other.byName.forEach((name, amount) ->
                rest.computeIfPresent(name, (n, a) -> a.compareTo(amount) > 0 ? a.minus(amount) : Quantity.ZERO));
        return new Amounts(rest);
    }

    /** Only those of these names. */
    Amounts only(Collection<String> names) {
        Map<String, Quantity> kept = new TreeMap<>(byName);
        kept.keySet().retainAll(names);
        return new Amounts(kept);
    }

    /** By how much this is more than that; names of which it is not are left out. */
    Amounts moreThan(Amounts that) {
        Map<String, Quantity> more = new TreeMap<>();
        byName.forEach((name, amount) -> {
            Quantity difference = amount.minus(that.get(name));
            if (difference.signum() > 0) {
                more.put(name, difference);
            }
        });
        return new Amounts(more);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        byName.forEach((name, amount) -> json.put(name, amount.toString()));
        return json;
    }

    /** As upstream words them: {@code pods=1,requests.cpu=500m}. */
    @Override
    public String toString() {
        return byName.entrySet().stream().map(Amounts::text).collect(Collectors.joining(","));
    }

    private static String text(Entry<String, Quantity> entry) {
        return entry.getKey() + "=" + entry.getValue();
    }
}
