package io.ruori.kind.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.ConditionRules;
import io.ruori.kind.IntOrPercent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import java.util.List;

/** Disruption budgets: how many Pods of an application may be away at a time when somebody asks first. */
public final class PodDisruptionBudgetKind {
    public static final KindName NAME = new KindName("policy", "poddisruptionbudgets");

    public static final Kind KIND = Kind.of(
                    "policy",
                    "v1",
                    "PodDisruptionBudget",
                    "poddisruptionbudgets",
                    "io.k8s.api.policy.v1.PodDisruptionBudget")
            .shortNames("pdb")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Min Available", "How many must stay.", b -> orNone(b, "minAvailable")),
                    Columns.text("Max Unavailable", "How many may be away.", b -> orNone(b, "maxUnavailable")),
                    Columns.number(
                            "Allowed Disruptions",
                            "How many may go now.",
                            b -> Json.number(b, 0, "status", "disruptionsAllowed")),
                    Columns.age())
            .build();

    private PodDisruptionBudgetKind() {}

    private static String orNone(JsonNode budget, String field) {
        JsonNode value = Json.at(budget, "spec", field);
        return Json.isPresent(value) ? value.asText() : "N/A";
    }

    private static final class Rules implements KindRules {
        private static final List<String> EVICTION = List.of("AlwaysAllow", "IfHealthyBudget");
        private static final List<String> COUNTS =
                List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode budget) {
            ObjectNode status = budget.putObject("status");
            COUNTS.forEach(count -> status.put(count, 0));
        }

        @Override
        public void validateCreate(JsonNode budget, FieldErrors errors) {
            JsonNode spec = budget.path("spec");
            JsonNode least = spec.path("minAvailable");
            JsonNode most = spec.path("maxUnavailable");
            if (Json.isPresent(least) && Json.isPresent(most)) {
                errors.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
            }
            share(least, "spec.minAvailable", errors);
            share(most, "spec.maxUnavailable", errors);
            Checks.selector(spec.path("selector"), "spec.selector", errors);
            String policy = Json.text(spec, "unhealthyPodEvictionPolicy");
            if (spec.hasNonNull("unhealthyPodEvictionPolicy") && !EVICTION.contains(policy)) {
                errors.notSupported("spec.unhealthyPodEvictionPolicy", policy, EVICTION);
            }
        }

        private static void share(JsonNode value, String path, FieldErrors errors) {
            if (Json.isPresent(value)) {
                IntOrPercent.validate(value, path, errors);
                IntOrPercent.atMostAll(value, path, errors);
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            ConditionRules.validate(status.path("conditions"), "status.conditions", errors);
            COUNTS.forEach(count -> Checks.nonNegative(status.path(count), "status." + count, errors));
        }
    }
}
