package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import java.util.Map;

/**
 * What a Deployment asks for, and what its status said last.
 *
 * @param maxSurge Pods above {@code replicas} during a rolling update; 0 when recreating
 * @param maxUnavailable Pods below {@code replicas} during a rolling update; 0 when recreating
 * @param deadlineSeconds {@link #NO_LIMIT} where progress has no deadline
 * @param historyLimit {@link #NO_LIMIT} where old ReplicaSets are kept for ever
 * @param fingerprint of the template
 * @param status the tree of the status, not to be changed
 */
record DeploymentSpec(
        StoredObject object,
        String name,
        long generation,
        long replicas,
        boolean rolling,
        long maxSurge,
        long maxUnavailable,
        long minReadySeconds,
        boolean paused,
        long deadlineSeconds,
        long historyLimit,
        LabelSelector selector,
        String fingerprint,
        Map<String, String> annotations,
        ObjectNode tree,
        JsonNode status) {

    static final long NO_LIMIT = Integer.MAX_VALUE;

    static DeploymentSpec of(StoredObject object) {
        ObjectNode tree = object.tree();
        JsonNode spec = tree.path("spec");
        long replicas = Json.number(spec, 1, "replicas");
        boolean rolling = Json.text(spec, "strategy", "type").equals(DeploymentKind.ROLLING_UPDATE);
        JsonNode update = Json.at(spec, "strategy", "rollingUpdate");
        long surge = rolling ? IntOrPercent.of(update.path("maxSurge"), replicas, true) : 0;
        long unavailable = rolling ? IntOrPercent.of(update.path("maxUnavailable"), replicas, false) : 0;
        if (rolling && surge == 0 && unavailable == 0) {
            // Percentages of a few Pods can both round to nothing, and then the roll-out could not take a step.
            unavailable = 1;
        }
        return new DeploymentSpec(
                object,
                object.key().name(),
                Json.number(tree, 0, "metadata", "generation"),
                replicas,
                rolling,
                surge,
                Math.min(unavailable, replicas),
                Json.number(spec, 0, "minReadySeconds"),
                spec.path("paused").asBoolean(),
                Json.number(spec, NO_LIMIT, "progressDeadlineSeconds"),
                Json.number(spec, NO_LIMIT, "revisionHistoryLimit"),
                LabelSelector.of(spec.path("selector")),
                TemplateHash.fingerprint(spec.path("template")),
                ReplicaSetDigest.annotations(tree),
                tree,
                tree.path("status"));
    }

    JsonNode template() {
        return Json.at(tree, "spec", "template");
    }

    long collisions() {
        return Json.number(status, 0, "collisionCount");
    }

    boolean hasDeadline() {
        return deadlineSeconds != NO_LIMIT;
    }

    long most() {
        return replicas + maxSurge;
    }

    long least() {
        return replicas - maxUnavailable;
    }
}
