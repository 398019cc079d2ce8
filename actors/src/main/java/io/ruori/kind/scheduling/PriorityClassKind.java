package io.ruori.kind.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Priority classes: which Pods go first. Two for the system's own Pods are part of every cluster. */
public final class PriorityClassKind {
    public static final KindName NAME = new KindName("scheduling.k8s.io", "priorityclasses");
    private static final String SYSTEM_PREFIX = "system-";
    private static final Map<String, Long> SYSTEM =
            Map.of("system-cluster-critical", 2_000_000_000L, "system-node-critical", 2_000_001_000L);

    public static final Kind KIND = Kind.of(
                    "scheduling.k8s.io",
                    "v1",
                    "PriorityClass",
                    "priorityclasses",
                    "io.k8s.api.scheduling.v1.PriorityClass")
            .clusterScoped()
            .shortNames("pc")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number("Value", "The higher, the sooner.", c -> Json.number(c, 0, "value")),
                    Columns.flag(
                            "Global-Default",
                            "Whether Pods without a class have it.",
                            c -> c.path("globalDefault").asBoolean()),
                    Columns.age(),
                    Columns.text(
                            "PreemptionPolicy", "Whether it makes others go.", c -> Json.text(c, "preemptionPolicy")))
            .firstObject(system(
                    "system-node-critical",
                    "Used for system critical pods that must not be moved from their current node."))
            .firstObject(system(
                    "system-cluster-critical",
                    "Used for system critical pods that must run in the cluster, but can be moved to another node if"
                            + " necessary."))
            .build();

    private PriorityClassKind() {}

    private static ObjectNode system(String name, String description) {
        ObjectNode priority = Json.object();
        priority.putObject("metadata").put("name", name);
        priority.set("value", Json.number(SYSTEM.getOrDefault(name, 0L)));
        return priority.put("description", description);
    }

    private static final class Rules implements KindRules {
        private static final long HIGHEST = 1_000_000_000;
        private static final List<String> PREEMPTION = List.of("Never", "PreemptLowerPriority");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode priority) {
            Json.ifAbsent(priority, "value", 0);
            Json.ifAbsent(priority, "preemptionPolicy", "PreemptLowerPriority");
        }

        @Override
        public void validateCreate(JsonNode priority, FieldErrors errors) {
            String name = Json.text(priority, "metadata", "name");
            long value = Json.number(priority, 0, "value");
            if (name.startsWith(SYSTEM_PREFIX)) {
                wrongSystemClass(name, value, priority.path("globalDefault").asBoolean())
                        .ifPresent(why -> errors.forbidden(
                                "metadata.name",
                                "priority class names with 'system-' prefix are reserved for system use only. error: "
                                        + why));
            } else if (value > HIGHEST) {
                errors.forbidden("value", "maximum allowed value of a user defined priority is " + HIGHEST);
            }
            String policy = Json.text(priority, "preemptionPolicy");
            if (!PREEMPTION.contains(policy)) {
                errors.notSupported("preemptionPolicy", policy, PREEMPTION);
            }
        }

        private static Optional<String> wrongSystemClass(String name, long value, boolean isDefault) {
            Long known = SYSTEM.get(name);
            if (known == null) {
                return Optional.of(name + " is not a known system priority class");
            }
            if (known != value) {
                return Optional.of("value of " + name + " PriorityClass must be " + known);
            }
            return isDefault
                    ? Optional.of("globalDefault of " + name + " PriorityClass must be false")
                    : Optional.empty();
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            if (Json.number(updated, 0, "value") != Json.number(old, 0, "value")) {
                errors.forbidden("value", "may not be changed in an update.");
            }
            Checks.immutable(
                    updated.path("preemptionPolicy"), old.path("preemptionPolicy"), "preemptionPolicy", errors);
        }
    }
}
