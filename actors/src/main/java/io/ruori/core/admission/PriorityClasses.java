package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The priority classes of the cluster, as far as Pods need them. */
public record PriorityClasses(List<PriorityClass> all) {
    public static final PriorityClasses NONE = new PriorityClasses(List.of());

    /** What Pods get that have no class, when no class is everybody's. */
    private static final PriorityClass ORDINARY = new PriorityClass("", 0, "PreemptLowerPriority", true);

    /** One class. */
    public record PriorityClass(String name, long value, String preemptionPolicy, boolean isDefault) {
        /** Fit to be a digest. */
        public static PriorityClass of(JsonNode tree) {
            return new PriorityClass(
                    Json.text(tree, "metadata", "name"),
                    Json.number(tree, 0, "value"),
                    Json.text(tree, "preemptionPolicy"),
                    tree.path("globalDefault").asBoolean());
        }
    }

    Optional<PriorityClass> find(String name) {
        return name.isEmpty()
                ? Optional.of(everybodys().orElse(ORDINARY))
                : all.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** There should be one at most; of more, the least counts, as upstream. */
    Optional<PriorityClass> everybodys() {
        return all.stream().filter(PriorityClass::isDefault).min(Comparator.comparingLong(PriorityClass::value));
    }
}
