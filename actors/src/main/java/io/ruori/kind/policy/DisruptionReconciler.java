package io.ruori.kind.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Note;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.Checks;
import io.ruori.kind.IntOrPercent;
import io.ruori.kind.Kind;
import io.ruori.kind.PodDigest;
import io.ruori.kind.PodKind;
import io.ruori.kind.Wakes;
import io.ruori.kind.policy.PodDisruptionBudgetKind.BudgetDigest;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Says of a budget how many of its Pods are well, how many must be, and so how many may be disrupted. Evictions take from that
 * number ({@link SpendDisruption}); a status is only written over the very one it was reckoned from, so none is given twice.
 */
final class DisruptionReconciler implements Reconciler {
    static final String COMPONENT = "disruption-controller";

    private final OwnersScale scales;

    /** @param kinds those whose objects may control Pods */
    DisruptionReconciler(List<Kind> kinds) {
        this.scales = new OwnersScale(kinds);
    }

    // ---- who is concerned

    /** Budgets of Pods that come, go, get well or ill, or change their labels or owners. */
    static final Wakes PODS = new Wakes(PodKind.NAME, (change, view, wake) -> {
        if (concerns(change)) {
            for (StoredObject budget :
                    view.list(PodDisruptionBudgetKind.NAME, change.key().namespace())) {
                BudgetDigest digest = budget.digest(BudgetDigest::of);
                if (digest.isOf(change.before()) || digest.isOf(change.after())) {
                    wake.accept(budget.key());
                }
            }
        }
    });

    /** All budgets of a namespace in which something is scaled. */
    static Wakes owners(KindName kind) {
        return new Wakes(kind, (change, view, wake) -> {
            for (StoredObject budget :
                    view.list(PodDisruptionBudgetKind.NAME, change.key().namespace())) {
                wake.accept(budget.key());
            }
        });
    }

    private static boolean concerns(Change change) {
        StoredObject before = change.before();
        StoredObject after = change.after();
        return before == null
                || after == null
                || PodDigest.of(before).ready() != PodDigest.of(after).ready()
                || before.isTerminating() != after.isTerminating()
                || !before.labels().equals(after.labels())
                || !before.owners().equals(after.owners());
    }

    // ---- what to say

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        if (self.isTerminating()) {
            return Plan.NOTHING;
        }
        ObjectNode budget = self.tree();
        JsonNode spec = budget.path("spec");
        JsonNode before = budget.path("status");
        List<StoredObject> pods = pods(self, view);
        OwnersScale.Expected expected = expected(spec, pods, view);
        ObjectNode status = before.isObject() ? before.deepCopy() : Json.object();
        Map<String, Instant> disrupted = stillExpected(Disruptions.disrupted(before), pods, now);
        if (expected.failure().isEmpty()) {
            tell(status, budget, pods, expected.pods(), disrupted, now);
        } else {
            status.put("disruptionsAllowed", 0);
            long generation = Json.number(before, 0, "observedGeneration");
            Disruptions.allow(status, false, Disruptions.FAILED, expected.failure(), generation, now);
        }
        Plan plan = Checks.same(status, before)
                ? Plan.NOTHING
                : Plan.of(List.of(patch(self, status, before, note(self, pods, expected))));
        return disrupted.values().stream()
                .min(Instant::compareTo)
                .map(first ->
                        Duration.between(now, first.plus(Disruptions.EXPECTED)).plusSeconds(1))
                .map(plan::againIn)
                .orElse(plan);
    }

    private static List<StoredObject> pods(StoredObject self, View view) {
        BudgetDigest digest = self.digest(BudgetDigest::of);
        List<StoredObject> pods = new ArrayList<>();
        for (StoredObject pod : view.list(PodKind.NAME, self.key().namespace())) {
            if (digest.isOf(pod)) {
                pods.add(pod);
            }
        }
        return pods;
    }

    /** A number to stay needs nobody to be asked; everything else is a share of what controllers want. */
    private OwnersScale.Expected expected(JsonNode spec, List<StoredObject> pods, View view) {
        if (Json.isPresent(spec.path("maxUnavailable"))
                || (Json.isPresent(spec.path("minAvailable"))
                        && !spec.path("minAvailable").isNumber())) {
            return scales.of(pods, view);
        }
        return new OwnersScale.Expected(spec.path("minAvailable").isNumber() ? pods.size() : 0, "");
    }

    static long desired(JsonNode spec, long expected) {
        JsonNode away = spec.path("maxUnavailable");
        return Json.isPresent(away)
                ? Math.max(0, expected - IntOrPercent.of(away, expected, true))
                : IntOrPercent.of(spec.path("minAvailable"), expected, true);
    }

    /** Pods that were evicted and show no sign of it yet; those that do are not counted anyway. */
    private static Map<String, Instant> stillExpected(
            Map<String, Instant> disrupted, List<StoredObject> pods, Instant now) {
        Map<String, Instant> still = new TreeMap<>();
        for (StoredObject pod : pods) {
            Instant since = disrupted.get(pod.key().name());
            if (since != null
                    && !pod.isTerminating()
                    && !since.plus(Disruptions.EXPECTED).isBefore(now)) {
                still.put(pod.key().name(), since);
            }
        }
        return still;
    }

    private static void tell(
            ObjectNode status,
            JsonNode budget,
            List<StoredObject> pods,
            long expected,
            Map<String, Instant> disrupted,
            Instant now) {
        long healthy = pods.stream()
                .filter(pod ->
                        !pod.isTerminating() && !disrupted.containsKey(pod.key().name()))
                .filter(pod -> PodDigest.of(pod).ready())
                .count();
        long desired = desired(budget.path("spec"), expected);
        long allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
        long generation = Json.number(budget, 0, "metadata", "generation");
        status.put("expectedPods", expected).put("currentHealthy", healthy).put("desiredHealthy", desired);
        status.put("disruptionsAllowed", allowed).put("observedGeneration", generation);
        status.remove("disruptedPods");
        disrupted.forEach((name, since) -> Json.child(status, "disruptedPods").put(name, since.toString()));
        Disruptions.allow(
                status, allowed > 0, allowed > 0 ? Disruptions.ENOUGH : Disruptions.TOO_FEW, "", generation, now);
    }

    private static List<Note> note(StoredObject self, List<StoredObject> pods, OwnersScale.Expected expected) {
        if (!expected.failure().isEmpty()) {
            return List.of(note(
                    self,
                    true,
                    "CalculateExpectedPodCountFailed",
                    "Failed to calculate the number of expected pods: " + expected.failure()));
        }
        return pods.isEmpty() ? List.of(note(self, false, "NoPods", "No matching pods found")) : List.of();
    }

    private static Note note(StoredObject self, boolean warning, String reason, String message) {
        return new Note(warning, reason, message, self.key(), self.uid(), "", COMPONENT);
    }

    private static Action patch(StoredObject self, ObjectNode status, JsonNode before, List<Note> notes) {
        ObjectNode wanted = status.deepCopy();
        Disruptions.disrupted(before).keySet().forEach(name -> {
            if (!status.path("disruptedPods").has(name)) {
                Json.child(wanted, "disruptedPods").putNull(name);
            }
        });
        if (!status.has("disruptedPods") && before.has("disruptedPods")) {
            wanted.putNull("disruptedPods");
        }
        ObjectNode patch = Json.object();
        patch.set("status", wanted);
        Action.Because because = new Action.Because("counted healthy Pods", self.revision(), notes);
        return new Action.Patch(self.key(), self.uid(), self.revision(), "status", patch, because);
    }
}
