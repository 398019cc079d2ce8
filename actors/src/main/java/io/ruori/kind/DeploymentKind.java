package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.List;
import java.util.Set;

/** Deployments: a template rolled out over ReplicaSets. */
public final class DeploymentKind {
    public static final KindName NAME = new KindName("apps", "deployments");
    static final String ROLLING_UPDATE = "RollingUpdate";
    static final String RECREATE = "Recreate";

    public static final Kind KIND = Kind.of("apps", "v1", "Deployment", "deployments", "io.k8s.api.apps.v1.Deployment")
            .shortNames("deploy")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Ready", "Ready of wanted Pods.", DeploymentKind::ready),
                    Columns.number(
                            "Up-to-date",
                            "Pods of the current template.",
                            d -> Json.number(d, 0, "status", "updatedReplicas")),
                    Columns.number(
                            "Available", "Pods available.", d -> Json.number(d, 0, "status", "availableReplicas")),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images(),
                    Columns.selector())
            .subresource(Scale.subresource())
            .wokenBy(WorkloadWakes.REPLICA_SETS_TO_DEPLOYMENTS, WorkloadWakes.GONE_PODS_TO_DEPLOYMENTS)
            .reconciler(DeploymentReconciler.COMPONENT, new DeploymentReconciler())
            .build();

    private DeploymentKind() {}

    private static String ready(JsonNode deployment) {
        return Json.number(deployment, 0, "status", "readyReplicas") + "/"
                + Json.number(deployment, 0, "spec", "replicas");
    }

    private static final class Rules implements KindRules {
        @Override
        public Set<String> metadataOutsideStatus() {
            return Set.of("labels");
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode deployment) {
            deployment.putObject("status");
        }

        @Override
        public void applyDefaults(ObjectNode deployment) {
            ObjectNode spec = Json.child(deployment, "spec");
            Json.ifAbsent(spec, "replicas", 1);
            ObjectNode strategy = Json.child(spec, "strategy");
            if (Json.text(strategy, "type").isEmpty()) {
                strategy.put("type", ROLLING_UPDATE);
            }
            if (Json.text(strategy, "type").equals(ROLLING_UPDATE)) {
                ObjectNode rolling = Json.child(strategy, "rollingUpdate");
                Json.ifAbsent(rolling, "maxUnavailable", "25%");
                Json.ifAbsent(rolling, "maxSurge", "25%");
            }
            Json.ifAbsent(spec, "revisionHistoryLimit", 10);
            Json.ifAbsent(spec, "progressDeadlineSeconds", 600);
            TemplateRules.applyDefaults(deployment);
        }

        @Override
        public void validateCreate(JsonNode deployment, FieldErrors errors) {
            JsonNode spec = deployment.path("spec");
            Checks.nonNegative(spec.path("replicas"), "spec.replicas", errors);
            Checks.nonNegative(spec.path("minReadySeconds"), "spec.minReadySeconds", errors);
            Checks.nonNegative(spec.path("revisionHistoryLimit"), "spec.revisionHistoryLimit", errors);
            TemplateRules.validate(spec, "deployment", errors);
            strategy(spec.path("strategy"), errors);
            JsonNode deadline = spec.path("progressDeadlineSeconds");
            if (deadline.isNumber()) {
                Checks.nonNegative(deadline, "spec.progressDeadlineSeconds", errors);
                if (deadline.longValue() <= Json.number(spec, 0, "minReadySeconds")) {
                    errors.invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
                }
            }
        }

        private static void strategy(JsonNode strategy, FieldErrors errors) {
            JsonNode rolling = strategy.path("rollingUpdate");
            String type = Json.text(strategy, "type");
            switch (type) {
                case RECREATE -> {
                    if (rolling.isObject()) {
                        errors.forbidden(
                                "spec.strategy.rollingUpdate",
                                "may not be specified when strategy `type` is 'Recreate'");
                    }
                }
                case ROLLING_UPDATE -> rolling(rolling, errors);
                default -> errors.notSupported("spec.strategy", strategy, Set.of(RECREATE, ROLLING_UPDATE));
            }
        }

        private static void rolling(JsonNode rolling, FieldErrors errors) {
            String path = "spec.strategy.rollingUpdate";
            if (!rolling.isObject()) {
                errors.required(path, "this should be defaulted and never be nil");
                return;
            }
            JsonNode unavailable = rolling.path("maxUnavailable");
            JsonNode surge = rolling.path("maxSurge");
            IntOrPercent.validate(unavailable, path + ".maxUnavailable", errors);
            IntOrPercent.validate(surge, path + ".maxSurge", errors);
            if (IntOrPercent.isZero(unavailable) && IntOrPercent.isZero(surge)) {
                errors.invalid(path + ".maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0");
            }
            IntOrPercent.atMostAll(unavailable, path + ".maxUnavailable", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            Checks.immutable(
                    Json.at(updated, "spec", "selector"), Json.at(old, "spec", "selector"), "spec.selector", errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            StatusRules.counts(
                    status,
                    errors,
                    "observedGeneration",
                    "replicas",
                    "updatedReplicas",
                    "readyReplicas",
                    "availableReplicas",
                    "unavailableReplicas");
            long replicas = Json.number(status, 0, "replicas");
            StatusRules.atMost(status, "updatedReplicas", replicas, "status.replicas", errors);
            StatusRules.atMost(status, "readyReplicas", replicas, "status.replicas", errors);
            StatusRules.atMost(status, "availableReplicas", replicas, "status.replicas", errors);
            StatusRules.atMost(
                    status, "availableReplicas", Json.number(status, 0, "readyReplicas"), "readyReplicas", errors);
            StatusRules.neverLess(status, old.path("status"), "collisionCount", "cannot be decremented", errors);
        }

        @Override
        public List<String> warnings(JsonNode deployment) {
            return PodWarnings.ofTemplate(Json.at(deployment, "spec", "template"), "spec.template");
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old) ? warnings(updated) : List.of();
        }
    }
}
