package io.ruori.core.selector;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.core.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Conditions on labels that must all hold. */
public final class LabelSelector {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of(), false);
    public static final LabelSelector NOTHING = new LabelSelector(List.of(), true);

    private final List<Requirement> requirements;
    private final boolean matchesNothing;

    private LabelSelector(List<Requirement> requirements, boolean matchesNothing) {
        this.requirements = requirements;
        this.matchesNothing = matchesNothing;
    }

    public static LabelSelector of(List<Requirement> requirements) {
        return requirements.isEmpty() ? EVERYTHING : new LabelSelector(List.copyOf(requirements), false);
    }

    /**
     * Reads the form of query strings: {@code a=b,c!=d,e in (x,y),f notin (z),g,!h,i>3}.
     *
     * @throws BadSelector worded as upstream
     */
    public static LabelSelector parse(String text) {
        return of(new LabelSelectorParser(text).parse());
    }

    /**
     * Reads {@code matchLabels} and {@code matchExpressions}. No selector at all matches nothing, an empty one everything.
     *
     * @throws BadSelector worded as upstream
     */
    public static LabelSelector ofJson(@Nullable JsonNode json) {
        if (json == null || !Json.isPresent(json)) {
            return NOTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        json.path("matchLabels")
                .properties()
                .forEach(label -> requirements.add(new Requirement(
                                label.getKey(),
                                Operator.EQUALS,
                                List.of(label.getValue().asText()))
                        .checked()));
        for (JsonNode expression : json.path("matchExpressions")) {
            requirements.add(expression(expression).checked());
        }
        return of(requirements);
    }

    private static Requirement expression(JsonNode expression) {
        String name = Json.text(expression, "operator");
        Operator operator = switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.ABSENT;
            default -> throw new BadSelector("\"" + name + "\" is not a valid label selector operator");
        };
        TreeSet<String> values = new TreeSet<>();
        expression.path("values").forEach(value -> values.add(value.asText()));
        boolean unary = operator == Operator.EXISTS || operator == Operator.ABSENT;
        if (unary && !values.isEmpty()) {
            throw new BadSelector("values: Invalid value: " + expression.path("values")
                    + ": values set must be empty for exists and does not exist");
        }
        return new Requirement(Json.text(expression, "key"), operator, List.copyOf(values));
    }

    /** Exactly these labels: the selectors of Services and ReplicationControllers, where an empty one selects nothing. */
    public static LabelSelector ofMap(JsonNode labels) {
        if (labels.isEmpty()) {
            return NOTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        labels.properties()
                .forEach(label -> requirements.add(new Requirement(
                        label.getKey(),
                        Operator.EQUALS,
                        List.of(label.getValue().asText()))));
        return of(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        if (matchesNothing) {
            return false;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean matchesEverything() {
        return !matchesNothing && requirements.isEmpty();
    }

    public List<Requirement> requirements() {
        return requirements;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelSelector that
                && matchesNothing == that.matchesNothing
                && requirements.equals(that.requirements);
    }

    @Override
    public int hashCode() {
        return requirements.hashCode() + (matchesNothing ? 1 : 0);
    }

    /** The form of query strings. */
    @Override
    public String toString() {
        return matchesNothing
                ? "<nothing>"
                : requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
