package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.List;
import java.util.Map;

/** Replication controllers: what ReplicaSets were before they had selectors worth the name. Nothing reconciles them yet. */
public final class ReplicationControllerKind {
    public static final KindName NAME = KindName.core("replicationcontrollers");

    public static final Kind KIND = Kind.of(
                    "",
                    "v1",
                    "ReplicationController",
                    "replicationcontrollers",
                    "io.k8s.api.core.v1.ReplicationController")
            .shortNames("rc")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number(
                            "Desired", "How many Pods are wanted.", rc -> Json.number(rc, 0, "spec", "replicas")),
                    Columns.number(
                            "Current", "How many Pods there are.", rc -> Json.number(rc, 0, "status", "replicas")),
                    Columns.number(
                            "Ready", "How many Pods are ready.", rc -> Json.number(rc, 0, "status", "readyReplicas")),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images(),
                    Columns.wide(
                            "Selector", "Selects the Pods.", rc -> Columns.labels(Json.at(rc, "spec", "selector"))))
            .selectable("status.replicas", rc -> Long.toString(Json.number(rc, 0, "status", "replicas")))
            .subresource(Scale.subresource(ReplicationControllerKind::selector))
            .build();

    private ReplicationControllerKind() {}

    private static String selector(JsonNode controller) {
        JsonNode labels = Json.at(controller, "spec", "selector");
        return labels.isEmpty() ? "" : Columns.labels(labels);
    }

    private static final class Rules implements KindRules {
        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode controller) {
            controller.putObject("status").put("replicas", 0);
        }

        /** The template's labels are what is selected, where nothing else is said. */
        @Override
        public void applyDefaults(ObjectNode controller) {
            ObjectNode spec = Json.child(controller, "spec");
            Json.ifAbsent(spec, "replicas", 1);
            JsonNode labels = Json.at(spec, "template", "metadata", "labels");
            if (!labels.isEmpty()) {
                if (spec.path("selector").isEmpty()) {
                    spec.set("selector", labels.deepCopy());
                }
                ObjectNode metadata = Json.child(controller, "metadata");
                if (metadata.path("labels").isEmpty()) {
                    metadata.set("labels", labels.deepCopy());
                }
            }
            TemplateRules.applyDefaults(controller);
        }

        @Override
        public void validateCreate(JsonNode controller, FieldErrors errors) {
            JsonNode spec = controller.path("spec");
            Checks.nonNegative(spec.path("minReadySeconds"), "spec.minReadySeconds", errors);
            if (spec.path("selector").isEmpty()) {
                errors.required("spec.selector", "");
            }
            Checks.nonNegative(spec.path("replicas"), "spec.replicas", errors);
            template(spec, spec.path("template"), errors);
        }

        private static void template(JsonNode spec, JsonNode template, FieldErrors errors) {
            String path = "spec.template";
            if (!Json.isPresent(template)) {
                errors.required(path, "");
                return;
            }
            Map<String, String> labels = TemplateRules.labels(template);
            boolean selected = spec.path("selector").properties().stream()
                    .allMatch(e -> e.getValue().asText().equals(labels.get(e.getKey())));
            if (!selected) {
                JsonNode shown = Json.at(template, "metadata", "labels");
                errors.invalid(
                        path + ".metadata.labels",
                        shown.isMissingNode() ? null : shown,
                        "`selector` does not match template `labels`");
            }
            TemplateRules.pods(template, path, errors);
            String policy = Json.text(template, "spec", "restartPolicy");
            if (!policy.equals("Always")) {
                errors.notSupported(path + ".spec.restartPolicy", policy, List.of("Always"));
            }
            if (Json.isPresent(Json.at(template, "spec", "activeDeadlineSeconds"))) {
                errors.forbidden(
                        path + ".spec.activeDeadlineSeconds",
                        "activeDeadlineSeconds in ReplicationController is not Supported");
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            ReplicaSetKind.counts(updated.path("status"), errors);
        }

        @Override
        public List<String> warnings(JsonNode controller) {
            return PodWarnings.ofTemplate(Json.at(controller, "spec", "template"), "spec.template");
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old) ? warnings(updated) : List.of();
        }
    }
}
