package io.ruori.kind.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.StoredObject;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.ConditionRules;
import io.ruori.kind.IntOrPercent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.LabelSelector;
import io.ruori.kind.Wakes;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Disruption budgets: how many Pods of an application may be away at a time when somebody asks first. */
public final class PodDisruptionBudgetKind {
    public static final KindName NAME = new KindName("policy", "poddisruptionbudgets");

    /** Where nothing controls Pods. */
    public static final Kind KIND = with(List.of());

    private PodDisruptionBudgetKind() {}

    /** @param owners kinds whose objects may control Pods, or what controls them */
    public static Kind with(List<Kind> owners) {
        return Kind.of(
                        "policy",
                        "v1",
                        "PodDisruptionBudget",
                        "poddisruptionbudgets",
                        "io.k8s.api.policy.v1.PodDisruptionBudget")
                .shortNames("pdb")
                .status()
                .revisionRequired()
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
                .digest(BudgetDigest::of)
                .wokenBy(wakes(owners).toArray(Wakes[]::new))
                .reconciler(DisruptionReconciler.COMPONENT, new DisruptionReconciler(owners))
                .build();
    }

    private static List<Wakes> wakes(List<Kind> owners) {
        List<Wakes> wakes = new ArrayList<>();
        wakes.add(DisruptionReconciler.PODS);
        for (Kind owner : owners) {
            if (owner.subresources().containsKey("scale")) {
                wakes.add(DisruptionReconciler.owners(owner.name()));
            }
        }
        return wakes;
    }

    /** The budgets of a Pod. One without a selector is nobody's. */
    public static List<StoredObject> of(StoredObject pod, View view) {
        List<StoredObject> budgets = new ArrayList<>();
        for (StoredObject budget : view.list(NAME, pod.key().namespace())) {
            if (budget.digest(BudgetDigest::of).isOf(pod)) {
                budgets.add(budget);
            }
        }
        return budgets;
    }

    /** Whether a Pod that is not ready may go without spending anything: always, or where enough others are well. */
    public static boolean letsUnreadyGo(StoredObject budget) {
        ObjectNode tree = budget.tree();
        long desired = Json.number(tree, 0, "status", "desiredHealthy");
        return Json.text(tree, "spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow")
                || (desired > 0 && Json.number(tree, 0, "status", "currentHealthy") >= desired);
    }

    /** What is read of a budget for every change of a Pod: the Pods that are meant. */
    record BudgetDigest(@Nullable LabelSelector selector) {
        static BudgetDigest of(JsonNode budget) {
            JsonNode selector = Json.at(budget, "spec", "selector");
            return new BudgetDigest(selector.isObject() ? LabelSelector.of(selector) : null);
        }

        boolean isOf(@Nullable StoredObject pod) {
            return pod != null && selector != null && selector.matches(pod.labels());
        }
    }

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
