package io.ruori.kind.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.kind.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** What the status of a budget says about disruptions: whether there may be one, and which Pods are on their way out. */
final class Disruptions {
    /** The condition's type. */
    static final String ALLOWED = "DisruptionAllowed";

    static final String ENOUGH = "SufficientPods";
    static final String TOO_FEW = "InsufficientPods";
    static final String FAILED = "SyncFailed";

    /** A Pod that was to be evicted and is still there counts again after so long. */
    static final Duration EXPECTED = Duration.ofMinutes(2);

    private Disruptions() {}

    /** Since when Pods are expected to go, by name. */
    static Map<String, Instant> disrupted(JsonNode status) {
        Map<String, Instant> disrupted = new TreeMap<>();
        status.path("disruptedPods").properties().forEach(e -> {
            Instant since = HumanDuration.instant(e.getValue());
            disrupted.put(e.getKey(), since == null ? Instant.EPOCH : since);
        });
        return disrupted;
    }

    static JsonNode condition(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals(ALLOWED)) {
                return condition;
            }
        }
        return Json.at(status, "no such condition");
    }

    /** Sets the condition in its place; its time moves only with its status. */
    static void allow(ObjectNode status, boolean allowed, String reason, String message, long generation, Instant now) {
        ArrayNode conditions = Json.list(status, "conditions");
        ObjectNode condition = condition(status) instanceof ObjectNode there ? there : conditions.addObject();
        String held = allowed ? "True" : "False";
        if (!Json.text(condition, "status").equals(held)) {
            condition.put(
                    "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition.put("type", ALLOWED).put("status", held).put("reason", reason);
        condition.put("message", message).put("observedGeneration", generation);
    }
}
