package io.ruori.kind.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.IntOrPercent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.PodWarnings;
import io.ruori.kind.Scale;
import io.ruori.kind.StatusRules;
import io.ruori.kind.Syntax;
import io.ruori.kind.TemplateRules;
import io.ruori.kind.VolumeWarnings;
import java.util.ArrayList;
import java.util.List;

/** StatefulSets: Pods that keep their names and their volumes. */
public final class StatefulSetKind {
    public static final KindName NAME = new KindName("apps", "statefulsets");
    static final String ROLLING_UPDATE = "RollingUpdate";
    static final String ON_DELETE = "OnDelete";
    static final String ORDERED_READY = "OrderedReady";
    static final String PARALLEL = "Parallel";

    public static final Kind KIND = Kind.of(
                    "apps", "v1", "StatefulSet", "statefulsets", "io.k8s.api.apps.v1.StatefulSet")
            .shortNames("sts")
            .categories("all")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Ready", "Ready of wanted Pods.", StatefulSetKind::ready),
                    Columns.age(),
                    Columns.containers(),
                    Columns.images())
            .subresource(Scale.subresource())
            .build();

    private StatefulSetKind() {}

    private static String ready(JsonNode set) {
        return Json.number(set, 0, "status", "readyReplicas") + "/" + Json.number(set, 0, "spec", "replicas");
    }

    private static final class Rules implements KindRules {
        private static final List<String> RETENTION = List.of("Retain", "Delete");

        /** The parts of a spec that may change. */
        private static final List<String> MUTABLE = List.of(
                "replicas",
                "ordinals",
                "template",
                "updateStrategy",
                "revisionHistoryLimit",
                "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds");

        @Override
        public NameRule nameRule() {
            return NameRule.DNS_LABEL;
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode set) {
            set.putObject("status").put("replicas", 0).put("availableReplicas", 0);
        }

        @Override
        public void applyDefaults(ObjectNode set) {
            ObjectNode spec = Json.child(set, "spec");
            if (Json.text(spec, "podManagementPolicy").isEmpty()) {
                spec.put("podManagementPolicy", ORDERED_READY);
            }
            ObjectNode strategy = Json.child(spec, "updateStrategy");
            if (Json.text(strategy, "type").isEmpty()) {
                strategy.put("type", ROLLING_UPDATE);
                Json.child(strategy, "rollingUpdate");
            }
            if (Json.text(strategy, "type").equals(ROLLING_UPDATE)
                    && strategy.get("rollingUpdate") instanceof ObjectNode rolling) {
                Json.ifAbsent(rolling, "partition", 0);
            }
            ObjectNode retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
            for (String when : List.of("whenDeleted", "whenScaled")) {
                if (Json.text(retention, when).isEmpty()) {
                    retention.put(when, "Retain");
                }
            }
            Json.ifAbsent(spec, "replicas", 1);
            Json.ifAbsent(spec, "revisionHistoryLimit", 10);
            for (JsonNode claim : spec.path("volumeClaimTemplates")) {
                if (claim instanceof ObjectNode object) {
                    claim(object);
                }
            }
            TemplateRules.applyDefaults(set);
        }

        /** Claims in a template are complete objects upstream, type and phase included. */
        private static void claim(ObjectNode claim) {
            claim.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
            Json.ifAbsent(Json.child(claim, "spec"), "volumeMode", "Filesystem");
            Json.ifAbsent(Json.child(claim, "status"), "phase", "Pending");
        }

        @Override
        public void validateCreate(JsonNode set, FieldErrors errors) {
            JsonNode spec = set.path("spec");
            String policy = Json.text(spec, "podManagementPolicy");
            if (!policy.equals(ORDERED_READY) && !policy.equals(PARALLEL)) {
                errors.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
            }
            strategy(spec.path("updateStrategy"), errors);
            retention(spec.path("persistentVolumeClaimRetentionPolicy"), errors);
            Checks.nonNegative(spec.path("replicas"), "spec.replicas", errors);
            Checks.nonNegative(spec.path("minReadySeconds"), "spec.minReadySeconds", errors);
            Checks.nonNegative(Json.at(spec, "ordinals", "start"), "spec.ordinals.start", errors);
            Checks.nonNegative(spec.path("revisionHistoryLimit"), "spec.revisionHistoryLimit", errors);
            String service = Json.text(spec, "serviceName");
            if (!service.isEmpty()) {
                Checks.each(Syntax.dnsLabel(service), "spec.serviceName", service, errors);
            }
            boolean selects = TemplateRules.selector(spec.path("selector"), "spec.selector", "statefulset", errors);
            JsonNode template = withClaims(spec);
            TemplateRules.template(template, "spec.template", selects ? spec.path("selector") : null, errors);
            TemplateRules.runsForEver(template, "spec.template", "StatefulSet", errors);
        }

        /** The template as its Pods will have it: every claim is a volume, in place of one of the same name. */
        private static JsonNode withClaims(JsonNode spec) {
            if (spec.path("volumeClaimTemplates").isEmpty()
                    || !(spec.path("template").deepCopy() instanceof ObjectNode template)) {
                return spec.path("template");
            }
            ArrayNode volumes = Json.list(Json.child(template, "spec"), "volumes");
            for (JsonNode claim : spec.path("volumeClaimTemplates")) {
                String name = Json.text(claim, "metadata", "name");
                volumes.removeIf(volume -> Json.text(volume, "name").equals(name));
                volumes.addObject()
                        .put("name", name)
                        .putObject("persistentVolumeClaim")
                        .put("claimName", name);
            }
            return template;
        }

        private static void strategy(JsonNode strategy, FieldErrors errors) {
            JsonNode rolling = strategy.path("rollingUpdate");
            String path = "spec.updateStrategy.rollingUpdate";
            switch (Json.text(strategy, "type")) {
                case ON_DELETE -> {
                    if (rolling.isObject()) {
                        errors.invalid(path, rolling, "only allowed for updateStrategy 'RollingUpdate'");
                    }
                }
                case ROLLING_UPDATE -> {
                    Checks.nonNegative(rolling.path("partition"), path + ".partition", errors);
                    JsonNode unavailable = rolling.path("maxUnavailable");
                    if (Json.isPresent(unavailable)) {
                        unavailable(unavailable, path + ".maxUnavailable", errors);
                    }
                }
                default -> errors.invalid("spec.updateStrategy", strategy, "must be 'RollingUpdate' or 'OnDelete'");
            }
        }

        private static void unavailable(JsonNode value, String path, FieldErrors errors) {
            IntOrPercent.validate(value, path, errors);
            if (IntOrPercent.isZero(value)) {
                errors.invalid(path, value, "cannot be 0");
            }
            IntOrPercent.atMostAll(value, path, errors);
        }

        private static void retention(JsonNode policy, FieldErrors errors) {
            for (String when : List.of("whenDeleted", "whenScaled")) {
                String value = Json.text(policy, when);
                if (!RETENTION.contains(value)) {
                    errors.notSupported("spec.persistentVolumeClaimRetentionPolicy." + when, value, RETENTION);
                }
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            if (!Checks.same(fixed(updated), fixed(old))) {
                errors.forbidden(
                        "spec",
                        "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                                + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
                                + " and 'minReadySeconds' are forbidden");
            }
        }

        private static JsonNode fixed(JsonNode set) {
            ObjectNode spec = set.path("spec").deepCopy();
            return spec.remove(MUTABLE);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            StatusRules.counts(
                    status,
                    errors,
                    "replicas",
                    "readyReplicas",
                    "currentReplicas",
                    "updatedReplicas",
                    "availableReplicas",
                    "observedGeneration",
                    "collisionCount");
            long replicas = Json.number(status, 0, "replicas");
            for (String field : List.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas")) {
                StatusRules.atMost(status, field, replicas, "status.replicas", errors);
            }
            long ready = Json.number(status, 0, "readyReplicas");
            StatusRules.atMost(status, "availableReplicas", ready, "status.readyReplicas", errors);
            StatusRules.neverLess(status, old.path("status"), "collisionCount", "cannot be decremented", errors);
        }

        @Override
        public List<String> warnings(JsonNode set) {
            List<String> warnings =
                    new ArrayList<>(PodWarnings.ofTemplate(Json.at(set, "spec", "template"), "spec.template"));
            Checks.eachOf(
                    set.path("spec"),
                    "volumeClaimTemplates",
                    "spec",
                    (claim, at) -> VolumeWarnings.claim(claim.path("spec"), at, warnings));
            history(set, warnings);
            return warnings;
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            if (KindRules.isNewGeneration(updated, old)) {
                return warnings(updated);
            }
            List<String> warnings = new ArrayList<>();
            history(updated, warnings);
            return warnings;
        }

        private static void history(JsonNode set, List<String> warnings) {
            if (Json.number(set, 0, "spec", "revisionHistoryLimit") < 0) {
                warnings.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value"
                        + " >= 0 is recommended");
            }
        }
    }
}
