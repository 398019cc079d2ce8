package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A {@code LabelSelector} of an object's spec: all requirements must hold. An empty one selects everything. */
public record LabelSelector(List<Requirement> requirements) {

    /** How a requirement judges a label. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** One condition on one label. */
    public record Requirement(String key, Operator operator, Set<String> values) {
        boolean matches(Map<String, String> labels) {
            @Nullable String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }

        private String text() {
            return switch (operator) {
                case IN -> values.size() == 1 ? key + "=" + values.iterator().next() : key + " in " + list();
                case NOT_IN -> key + " notin " + list();
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
            };
        }

        private String list() {
            return new TreeSet<>(values).stream().collect(Collectors.joining(",", "(", ")"));
        }
    }

    /** Reads a valid selector; requirements with unknown operators are left out, validation has refused them. */
    public static LabelSelector of(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(e -> requirements.add(new Requirement(
                        e.getKey(), Operator.IN, Set.of(e.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            Operator operator = operator(Json.text(expression, "operator"));
            if (operator != null) {
                Set<String> values = new TreeSet<>();
                expression.path("values").forEach(v -> values.add(v.asText()));
                requirements.add(new Requirement(Json.text(expression, "key"), operator, Set.copyOf(values)));
            }
        }
        return new LabelSelector(List.copyOf(requirements));
    }

    public static @Nullable Operator operator(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> null;
        };
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /** The string form, as in {@code status.selector} of a Scale: sorted by key. */
    @Override
    public String toString() {
        return requirements.stream()
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .map(Requirement::text)
                .collect(Collectors.joining(","));
    }

    /** As a table shows it: {@code <none>} for a selector that selects everything. */
    public static String format(JsonNode selector) {
        if (!selector.isObject()) {
            return Columns.NONE;
        }
        String text = of(selector).toString();
        return text.isEmpty() ? Columns.NONE : text;
    }
}
