package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.List;

/** ReplicaSets: a number of like Pods, kept. */
public final class ReplicaSetKind {
    public static final KindName NAME = new KindName("apps", "replicasets");

    public static final Kind KIND = Kind.of("apps", "v1", "ReplicaSet", "replicasets", "io.k8s.api.apps.v1.ReplicaSet")
            .shortNames("rs")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number(
                            "Desired", "How many Pods are wanted.", rs -> Json.number(rs, 0, "spec", "replicas")),
                    Columns.number(
                            "Current", "How many Pods there are.", rs -> Json.number(rs, 0, "status", "replicas")),
                    Columns.number(
                            "Ready", "How many Pods are ready.", rs -> Json.number(rs, 0, "status", "readyReplicas")),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images(),
                    Columns.selector())
            .selectable("status.replicas", rs -> Long.toString(Json.number(rs, 0, "status", "replicas")))
            .indexOnly(Ownership.ORPHAN, PodKind::orphan)
            .digest(ReplicaSetDigest::of)
            .subresource(Scale.subresource())
            .wokenBy(WorkloadWakes.PODS_TO_REPLICA_SETS)
            .reconciler(ReplicaSetReconciler.COMPONENT, new ReplicaSetReconciler())
            .build();

    private ReplicaSetKind() {}

    private static final class Rules implements KindRules {
        @Override
        public List<String> warnings(JsonNode set) {
            return PodWarnings.ofTemplate(Json.at(set, "spec", "template"), "spec.template");
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old) ? warnings(updated) : List.of();
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode set) {
            set.putObject("status").put("replicas", 0);
        }

        @Override
        public void applyDefaults(ObjectNode set) {
            Json.ifAbsent(Json.child(set, "spec"), "replicas", 1);
            TemplateRules.applyDefaults(set);
        }

        @Override
        public void validateCreate(JsonNode set, FieldErrors errors) {
            JsonNode spec = set.path("spec");
            Checks.nonNegative(spec.path("replicas"), "spec.replicas", errors);
            Checks.nonNegative(spec.path("minReadySeconds"), "spec.minReadySeconds", errors);
            TemplateRules.validate(spec, "deployment", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            Checks.immutable(
                    Json.at(updated, "spec", "selector"), Json.at(old, "spec", "selector"), "spec.selector", errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            counts(updated.path("status"), errors);
        }
    }

    /** The counts of a status, which must fit each other. */
    static void counts(JsonNode status, FieldErrors errors) {
        StatusRules.counts(
                status,
                errors,
                "replicas",
                "fullyLabeledReplicas",
                "readyReplicas",
                "availableReplicas",
                "observedGeneration");
        long replicas = Json.number(status, 0, "replicas");
        long ready = Json.number(status, 0, "readyReplicas");
        StatusRules.atMost(status, "fullyLabeledReplicas", replicas, "status.replicas", errors);
        StatusRules.atMost(status, "readyReplicas", replicas, "status.replicas", errors);
        StatusRules.atMost(status, "availableReplicas", replicas, "status.replicas", errors);
        StatusRules.atMost(status, "availableReplicas", ready, "readyReplicas", errors);
    }
}
