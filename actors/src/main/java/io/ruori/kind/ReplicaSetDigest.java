package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What reconcilers read of a ReplicaSet, parsed once per revision.
 *
 * @param fingerprint tells its template from others, the hash label aside
 * @param failure the condition that says why its Pods cannot be made
 */
record ReplicaSetDigest(
        long replicas,
        long generation,
        Duration minReady,
        LabelSelector selector,
        Map<String, String> templateLabels,
        String fingerprint,
        Instant createdAt,
        Map<String, String> annotations,
        Counts status,
        @Nullable JsonNode failure,
        long observedGeneration) {

    /** The counters of its status. */
    record Counts(long replicas, long fullyLabeled, long ready, long available) {}

    static ReplicaSetDigest of(StoredObject set) {
        return set.digest(ReplicaSetDigest::of);
    }

    static ReplicaSetDigest of(JsonNode set) {
        JsonNode spec = set.path("spec");
        JsonNode status = set.path("status");
        Instant created = HumanDuration.instant(Json.at(set, "metadata", "creationTimestamp"));
        return new ReplicaSetDigest(
                Json.number(spec, 1, "replicas"),
                Json.number(set, 0, "metadata", "generation"),
                Duration.ofSeconds(Json.number(spec, 0, "minReadySeconds")),
                LabelSelector.of(spec.path("selector")),
                Map.copyOf(TemplateRules.labels(spec.path("template"))),
                TemplateHash.fingerprint(spec.path("template")),
                created == null ? Instant.EPOCH : created,
                annotations(set),
                new Counts(
                        Json.number(status, 0, "replicas"),
                        Json.number(status, 0, "fullyLabeledReplicas"),
                        Json.number(status, 0, "readyReplicas"),
                        Json.number(status, 0, "availableReplicas")),
                new Conditions(status).get(ReplicaSetReconciler.FAILURE),
                Json.number(status, 0, "observedGeneration"));
    }

    boolean failing() {
        return failure != null;
    }

    static Map<String, String> annotations(JsonNode object) {
        JsonNode annotations = Json.at(object, "metadata", "annotations");
        if (annotations.isEmpty()) {
            return Map.of();
        }
        Map<String, String> copy = new HashMap<>();
        annotations.properties().forEach(e -> copy.put(e.getKey(), e.getValue().asText()));
        return Map.copyOf(copy);
    }

    /** The number an annotation holds, or {@code otherwise}. */
    long numberAnnotated(String annotation, long otherwise) {
        try {
            return Long.parseLong(annotations.getOrDefault(annotation, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
