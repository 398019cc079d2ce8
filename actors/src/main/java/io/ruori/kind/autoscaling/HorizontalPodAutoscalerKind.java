package io.ruori.kind.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.ServedVersion;
import io.ruori.kind.StatusRules;

/** HorizontalPodAutoscalers: how many Pods a workload has, by what is measured. */
public final class HorizontalPodAutoscalerKind {
    public static final KindName NAME = new KindName("autoscaling", "horizontalpodautoscalers");

    public static final Kind KIND = Kind.of(
                    "autoscaling",
                    "v2",
                    "HorizontalPodAutoscaler",
                    "horizontalpodautoscalers",
                    "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler")
            .shortNames("hpa")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Reference", "What is scaled.", HorizontalPodAutoscalerKind::reference),
                    Columns.text("Targets", "What is measured, and what it should be.", MetricsText::of),
                    Columns.text("MinPods", "The fewest Pods.", a -> atLeast(a.path("spec"))),
                    Columns.of(
                            "MaxPods",
                            "string",
                            "The most Pods.",
                            (a, now) -> Json.number(a, 0, "spec", "maxReplicas")),
                    Columns.of(
                            "Replicas",
                            "string",
                            "How many there were when last looked.",
                            (a, now) -> Json.number(a, 0, "status", "currentReplicas")),
                    Columns.age())
            .serves(ServedVersion.of(
                    "autoscaling",
                    "v1",
                    "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
                    new ServedVersion.Conversion(
                            HorizontalPodAutoscalerV1::fromStored, HorizontalPodAutoscalerV1::toStored)))
            .build();

    private HorizontalPodAutoscalerKind() {}

    private static String reference(JsonNode autoscaler) {
        JsonNode target = Json.at(autoscaler, "spec", "scaleTargetRef");
        return Json.text(target, "kind") + "/" + Json.text(target, "name");
    }

    private static String atLeast(JsonNode spec) {
        return spec.path("minReplicas").isNumber() ? spec.path("minReplicas").asText() : "<unset>";
    }

    private static final class Rules implements KindRules {
        private static final int DEFAULT_CPU_PERCENT = 80;

        @Override
        public void prepareCreate(ObjectNode autoscaler) {
            autoscaler.putObject("status").put("desiredReplicas", 0);
        }

        @Override
        public void applyDefaults(ObjectNode autoscaler) {
            ObjectNode spec = Json.child(autoscaler, "spec");
            Json.ifAbsent(spec, "minReplicas", 1);
            if (spec.path("metrics").isEmpty()) {
                ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
                metric.putObject("resource")
                        .put("name", "cpu")
                        .putObject("target")
                        .put("type", "Utilization")
                        .put("averageUtilization", DEFAULT_CPU_PERCENT);
            }
            if (spec.get("behavior") instanceof ObjectNode behavior) {
                up(Json.child(behavior, "scaleUp"));
                down(Json.child(behavior, "scaleDown"));
            }
        }

        private static void up(ObjectNode rules) {
            Json.ifAbsent(rules, "stabilizationWindowSeconds", 0);
            Json.ifAbsent(rules, "selectPolicy", "Max");
            if (!Json.isPresent(rules.get("policies"))) {
                policy(rules, "Pods", 4);
                policy(rules, "Percent", 100);
            }
        }

        /** How long to wait before scaling down has a default of the whole cluster, which is not written into objects. */
        private static void down(ObjectNode rules) {
            Json.ifAbsent(rules, "selectPolicy", "Max");
            if (!Json.isPresent(rules.get("policies"))) {
                policy(rules, "Percent", 100);
            }
        }

        private static void policy(ObjectNode rules, String type, int value) {
            Json.list(rules, "policies")
                    .addObject()
                    .put("type", type)
                    .put("value", value)
                    .put("periodSeconds", 15);
        }

        @Override
        public void validateCreate(JsonNode autoscaler, FieldErrors errors) {
            AutoscalerRules.spec(autoscaler.path("spec"), 1, errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            boolean sleeps = Json.number(old, 1, "spec", "minReplicas") == 0;
            AutoscalerRules.spec(updated.path("spec"), sleeps ? 0 : 1, errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            StatusRules.counts(updated.path("status"), errors, "currentReplicas", "desiredReplicas");
        }
    }
}
