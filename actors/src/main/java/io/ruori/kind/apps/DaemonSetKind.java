package io.ruori.kind.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.IntOrPercent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.PodWarnings;
import io.ruori.kind.StatusRules;
import io.ruori.kind.TemplateRules;
import java.util.List;

/** DaemonSets: one Pod on every node that fits. */
public final class DaemonSetKind {
    public static final KindName NAME = new KindName("apps", "daemonsets");
    static final String ROLLING_UPDATE = "RollingUpdate";
    static final String ON_DELETE = "OnDelete";

    public static final Kind KIND = Kind.of("apps", "v1", "DaemonSet", "daemonsets", "io.k8s.api.apps.v1.DaemonSet")
            .shortNames("ds")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    count("Desired", "Nodes that should run it.", "desiredNumberScheduled"),
                    count("Current", "Nodes that run it and should.", "currentNumberScheduled"),
                    count("Ready", "Nodes where it is ready.", "numberReady"),
                    count("Up-to-date", "Nodes that run the current template.", "updatedNumberScheduled"),
                    count("Available", "Nodes where it is available.", "numberAvailable"),
                    Columns.text(
                            "Node Selector",
                            "Which nodes are meant.",
                            d -> Columns.labels(Json.at(d, "spec", "template", "spec", "nodeSelector"))),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images(),
                    Columns.selector())
            .build();

    private DaemonSetKind() {}

    private static Column count(String name, String description, String field) {
        return Columns.number(name, description, d -> Json.number(d, 0, "status", field));
    }

    private static final class Rules implements KindRules {
        /** Counts templates. A field of the API before apps/v1, and an annotation since. */
        private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode set) {
            ObjectNode status = set.putObject("status");
            for (String count :
                    List.of("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady")) {
                status.put(count, 0);
            }
            setGeneration(set, Math.max(1, generation(set)));
        }

        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            TemplateRules.applyDefaults(updated);
            boolean same = Checks.same(Json.at(updated, "spec", "template"), Json.at(old, "spec", "template"));
            setGeneration(updated, same ? generation(old) : generation(old) + 1);
        }

        private static long generation(JsonNode set) {
            String text = Json.text(set, "metadata", "annotations", TEMPLATE_GENERATION);
            return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        }

        private static void setGeneration(ObjectNode set, long generation) {
            Json.child(Json.child(set, "metadata"), "annotations").put(TEMPLATE_GENERATION, Long.toString(generation));
        }

        @Override
        public void applyDefaults(ObjectNode set) {
            ObjectNode spec = Json.child(set, "spec");
            ObjectNode strategy = Json.child(spec, "updateStrategy");
            if (Json.text(strategy, "type").isEmpty()) {
                strategy.put("type", ROLLING_UPDATE);
            }
            if (Json.text(strategy, "type").equals(ROLLING_UPDATE)) {
                ObjectNode rolling = Json.child(strategy, "rollingUpdate");
                Json.ifAbsent(rolling, "maxUnavailable", 1);
                Json.ifAbsent(rolling, "maxSurge", 0);
            }
            Json.ifAbsent(spec, "revisionHistoryLimit", 10);
            TemplateRules.applyDefaults(set);
        }

        @Override
        public void validateCreate(JsonNode set, FieldErrors errors) {
            JsonNode spec = set.path("spec");
            JsonNode selector = spec.path("selector");
            JsonNode template = spec.path("template");
            if (Json.isPresent(selector)) {
                boolean selects = TemplateRules.selector(selector, "spec.selector", "daemonset", errors);
                TemplateRules.template(template, "spec.template", selects ? selector : null, errors);
            } else {
                // Upstream reads an absent selector as one that matches nothing.
                errors.invalid(
                        "spec.template.metadata.labels",
                        Json.at(template, "metadata", "labels"),
                        "`selector` does not match template `labels`");
                TemplateRules.template(template, "spec.template", null, errors);
            }
            TemplateRules.runsForEver(template, "spec.template", "DaemonSet", errors);
            Checks.nonNegative(spec.path("minReadySeconds"), "spec.minReadySeconds", errors);
            strategy(spec.path("updateStrategy"), errors);
            Checks.nonNegative(spec.path("revisionHistoryLimit"), "spec.revisionHistoryLimit", errors);
        }

        private static void strategy(JsonNode strategy, FieldErrors errors) {
            switch (Json.text(strategy, "type")) {
                case ON_DELETE -> {
                    // Nothing else to say.
                }
                case ROLLING_UPDATE -> rolling(strategy.path("rollingUpdate"), errors);
                default -> errors.notSupported("spec.updateStrategy", strategy, List.of(ROLLING_UPDATE, ON_DELETE));
            }
        }

        private static void rolling(JsonNode rolling, FieldErrors errors) {
            String path = "spec.updateStrategy.rollingUpdate";
            JsonNode unavailable = rolling.path("maxUnavailable");
            JsonNode surge = rolling.path("maxSurge");
            IntOrPercent.validate(unavailable, path + ".maxUnavailable", errors);
            IntOrPercent.validate(surge, path + ".maxSurge", errors);
            IntOrPercent.atMostAll(unavailable, path + ".maxUnavailable", errors);
            IntOrPercent.atMostAll(surge, path + ".maxSurge", errors);
            boolean none = IntOrPercent.isZero(unavailable);
            if (none && IntOrPercent.isZero(surge)) {
                errors.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
            } else if (!none && !IntOrPercent.isZero(surge)) {
                errors.invalid(path + ".maxSurge", surge, "may not be set when maxUnavailable is non-zero");
            }
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
                    "currentNumberScheduled",
                    "numberMisscheduled",
                    "desiredNumberScheduled",
                    "numberReady",
                    "observedGeneration",
                    "updatedNumberScheduled",
                    "numberAvailable",
                    "numberUnavailable",
                    "collisionCount");
            StatusRules.neverLess(status, old.path("status"), "collisionCount", "cannot be decremented", errors);
        }

        @Override
        public List<String> warnings(JsonNode set) {
            return PodWarnings.ofTemplate(Json.at(set, "spec", "template"), "spec.template");
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old) ? warnings(updated) : List.of();
        }
    }
}
