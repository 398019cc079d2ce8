package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a Pod that its node owns, in the kubelet's order and words. */
final class PodConditions {
    private final PodSpec pod;
    private final String phase;
    private final boolean sandboxReady;
    private final JsonNode before;
    private final Instant now;
    private final ArrayNode conditions = Json.array();

    PodConditions(PodSpec pod, String phase, boolean sandboxReady, JsonNode before, Instant now) {
        this.pod = pod;
        this.phase = phase;
        this.sandboxReady = sandboxReady;
        this.before = before;
        this.now = now;
    }

    ArrayNode build(ArrayNode init, ArrayNode main) {
        add("PodReadyToStartContainers", sandboxReady, "", "");
        addInitialized(init);
        Unready unready = unready(init, main);
        addReady(unready);
        add("ContainersReady", unready.isReady(), unready.reason(), unready.message());
        add("PodScheduled", true, "", "");
        return conditions;
    }

    private void addInitialized(ArrayNode init) {
        List<String> incomplete = new ArrayList<>();
        for (int i = 0; i < init.size(); i++) {
            JsonNode status = init.get(i);
            boolean complete = pod.initContainers().get(i).sidecar()
                    ? status.path("started").asBoolean()
                    : status.path("ready").asBoolean();
            if (!complete) {
                incomplete.add(Json.text(status, "name"));
            }
        }
        if (phase.equals("Succeeded")) {
            add("Initialized", true, "PodCompleted", "");
        } else if (incomplete.isEmpty()) {
            add("Initialized", true, "", "");
        } else {
            add(
                    "Initialized",
                    false,
                    "ContainersNotInitialized",
                    "containers with incomplete status: " + list(incomplete));
        }
    }

    private void addReady(Unready unready) {
        if (!unready.isReady()) {
            add("Ready", false, unready.reason(), unready.message());
            return;
        }
        List<String> problems = new ArrayList<>();
        for (JsonNode gate : pod.spec().path("readinessGates")) {
            String type = Json.text(gate, "conditionType");
            JsonNode condition = find(pod.knownStatus().path("conditions"), type);
            if (condition.isMissingNode()) {
                problems.add("corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
            } else if (!Json.text(condition, "status").equals("True")) {
                problems.add("the status of pod readiness gate \"" + type + "\" is not \"True\", but "
                        + Json.text(condition, "status"));
            }
        }
        if (problems.isEmpty()) {
            add("Ready", true, "", "");
        } else {
            add("Ready", false, "ReadinessGatesNotReady", String.join(", ", problems));
        }
    }

    private record Unready(String reason, String message) {
        boolean isReady() {
            return reason.isEmpty();
        }
    }

    private Unready unready(ArrayNode init, ArrayNode main) {
        if (phase.equals("Succeeded")) {
            return new Unready("PodCompleted", "");
        }
        if (phase.equals("Failed")) {
            return new Unready("PodFailed", "");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < init.size(); i++) {
            if (pod.initContainers().get(i).sidecar()
                    && !init.get(i).path("ready").asBoolean()) {
                names.add(Json.text(init.get(i), "name"));
            }
        }
        // In the order of the spec, not of the statuses.
        for (ContainerTemplate container : pod.containers()) {
            for (JsonNode status : main) {
                if (Json.text(status, "name").equals(container.name())
                        && !status.path("ready").asBoolean()) {
                    names.add(container.name());
                }
            }
        }
        return names.isEmpty()
                ? new Unready("", "")
                : new Unready("ContainersNotReady", "containers with unready status: " + list(names));
    }

    private static String list(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private void add(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        JsonNode last = find(before, type);
        boolean same = Json.text(last, "status").equals(status);
        String since = Json.text(last, "lastTransitionTime");
        ObjectNode condition = conditions.addObject();
        condition.put("type", type);
        if (pod.generation() > 0) {
            condition.put("observedGeneration", pod.generation());
        }
        condition.put("status", status);
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", same && !since.isEmpty() ? since : PodStatusView.time(now));
        // Said even when empty: conditions are merged by type, and what is not said would stay as it was.
        condition.put("reason", reason.isEmpty() ? null : reason);
        condition.put("message", message.isEmpty() ? null : message);
    }

    private static JsonNode find(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (Json.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return Json.object().path("none");
    }
}
