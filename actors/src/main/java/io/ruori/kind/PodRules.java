package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Defaults and checks of Pods. Once created, little of a Pod's spec can change. */
final class PodRules implements KindRules {
    private static final String MAY_NOT_CHANGE =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";

    @Override
    public Set<String> metadataOutsideStatus() {
        return Set.of("ownerReferences");
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    /** Upstream assigns a node past the strategy that counts. */
    @Override
    public boolean countsForGeneration(String subresource) {
        return !subresource.equals("binding");
    }

    @Override
    public void prepareCreate(ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        JsonNode spec = pod.path("spec");
        if (!spec.path("schedulingGates").isEmpty()) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put("reason", "SchedulingGated")
                    .put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
        status.put("qosClass", PodResources.qosClass(spec));
    }

    @Override
    public void applyDefaults(ObjectNode pod) {
        PodDefaults.pod(pod);
    }

    @Override
    public void validateCreate(JsonNode pod, FieldErrors errors) {
        PodSpecRules.validate(pod.path("spec"), "spec", errors);
        if (!pod.path("spec").path("ephemeralContainers").isEmpty()) {
            errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
    }

    @Override
    public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
        JsonNode spec = updated.path("spec");
        JsonNode before = old.path("spec");
        PodSpecRules.validate(spec, "spec", errors);
        for (String list : List.of("containers", "initContainers")) {
            if (spec.path(list).size() != before.path(list).size()) {
                errors.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
        }
        deadline(spec.path("activeDeadlineSeconds"), before.path("activeDeadlineSeconds"), errors);
        tolerations(spec.path("tolerations"), before.path("tolerations"), errors);
        gates(spec.path("schedulingGates"), before.path("schedulingGates"), errors);
        ObjectNode allowed = withAllowedChangesUndone(spec, before);
        if (!Checks.same(allowed, before)) {
            errors.forbidden("spec", MAY_NOT_CHANGE + Checks.difference(before, allowed));
        }
    }

    private static void deadline(JsonNode updated, JsonNode old, FieldErrors errors) {
        String path = "spec.activeDeadlineSeconds";
        if (updated.isNumber() && old.isNumber() && updated.longValue() > old.longValue()) {
            errors.invalid(path, updated, "must be less than or equal to previous value");
        }
        if (!updated.isNumber() && old.isNumber()) {
            errors.invalid(path, null, "must not update from a positive integer to nil value");
        }
    }

    private static void tolerations(JsonNode updated, JsonNode old, FieldErrors errors) {
        Set<JsonNode> kept = new HashSet<>();
        updated.forEach(toleration -> kept.add(withoutSeconds(toleration)));
        for (JsonNode toleration : old) {
            if (!kept.contains(withoutSeconds(toleration))) {
                errors.forbidden(
                        "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode withoutSeconds(JsonNode toleration) {
        return toleration instanceof ObjectNode object ? object.deepCopy().without("tolerationSeconds") : toleration;
    }

    private static void gates(JsonNode updated, JsonNode old, FieldErrors errors) {
        Set<String> added = new TreeSet<>();
        updated.forEach(gate -> added.add(Json.text(gate, "name")));
        old.forEach(gate -> added.remove(Json.text(gate, "name")));
        if (!added.isEmpty()) {
            errors.forbidden(
                    "spec.schedulingGates",
                    "only deletion is allowed, but found new scheduling gate '" + String.join(",", added) + "'");
        }
    }

    /** The new spec with the fields that may change put back, so that only forbidden changes remain. */
    private static ObjectNode withAllowedChangesUndone(JsonNode spec, JsonNode before) {
        ObjectNode copy = spec.deepCopy();
        for (String list : List.of("containers", "initContainers")) {
            if (copy.get(list) instanceof ArrayNode containers) {
                for (int i = 0; i < containers.size(); i++) {
                    restore(before.path(list).path(i), (ObjectNode) containers.get(i), "image");
                }
            }
        }
        restore(before, copy, "activeDeadlineSeconds");
        restore(before, copy, "tolerations");
        restore(before, copy, "schedulingGates");
        if (Json.number(before, 0, "terminationGracePeriodSeconds") < 0
                && Json.number(spec, 0, "terminationGracePeriodSeconds") == 1) {
            restore(before, copy, "terminationGracePeriodSeconds");
        }
        if (!before.path("schedulingGates").isEmpty()) {
            // A gated Pod may still be told where to go.
            restore(before, copy, "nodeSelector");
            restore(before, copy, "affinity");
        }
        return copy;
    }

    private static void restore(JsonNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    /** The fields that differ, for people to read. */
    @Override
    public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
        if (!Json.text(updated, "spec", "nodeName").equals(Json.text(old, "spec", "nodeName"))) {
            errors.forbidden("spec.nodeName", "may not be changed directly");
        }
    }

    @Override
    public boolean isDeletedGracefully() {
        return true;
    }

    /** Nobody has to confirm the end of a Pod that never ran, or runs no more. */
    @Override
    public long gracePeriodSeconds(JsonNode pod, long asked) {
        String phase = Json.text(pod, "status", "phase");
        if (Json.text(pod, "spec", "nodeName").isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
            return 0;
        }
        long period = asked >= 0 ? asked : Json.number(pod, 30, "spec", "terminationGracePeriodSeconds");
        return period < 0 ? 1 : period;
    }

    @Override
    public List<String> warnings(JsonNode pod) {
        return PodWarnings.ofPod(pod);
    }

    /** People seldom write Pods that are there, and what does writes them often. */
    @Override
    public List<String> warnings(JsonNode updated, JsonNode old) {
        return List.of();
    }
}
