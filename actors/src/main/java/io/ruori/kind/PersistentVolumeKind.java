package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Persistent volumes: storage that outlives the Pods that use it. */
public final class PersistentVolumeKind {
    public static final KindName NAME = KindName.core("persistentvolumes");

    public static final Kind KIND = Kind.of(
                    "", "v1", "PersistentVolume", "persistentvolumes", "io.k8s.api.core.v1.PersistentVolume")
            .clusterScoped()
            .shortNames("pv")
            .status()
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text(
                            "Capacity",
                            "How large it is.",
                            v -> VolumeSpecRules.storage(Json.at(v, "spec", "capacity"))),
                    Columns.text(
                            "Access Modes",
                            "How it can be mounted.",
                            v -> VolumeSpecRules.shortModes(Json.at(v, "spec", "accessModes"))),
                    Columns.text(
                            "Reclaim Policy",
                            "What becomes of it when its claim is gone.",
                            v -> Json.text(v, "spec", "persistentVolumeReclaimPolicy")),
                    Columns.text("Status", "Whether it is bound.", VolumeSpecRules::phase),
                    Columns.text("Claim", "Who has it.", PersistentVolumeKind::claim),
                    Columns.text("StorageClass", "Its storage class.", VolumeSpecRules::storageClass),
                    Columns.text(
                            "VolumeAttributesClass",
                            "Its class of attributes.",
                            v -> VolumeSpecRules.orUnset(v, "volumeAttributesClassName")),
                    Columns.text("Reason", "Why it is as it is.", v -> Json.text(v, "status", "reason")),
                    Columns.age(),
                    Columns.wide("VolumeMode", "Block or file system.", v -> VolumeSpecRules.orUnset(v, "volumeMode")))
            .build();

    private PersistentVolumeKind() {}

    private static String claim(JsonNode volume) {
        JsonNode claim = Json.at(volume, "spec", "claimRef");
        return claim.isObject() ? Json.text(claim, "namespace") + "/" + Json.text(claim, "name") : "";
    }

    private static final class Rules implements KindRules {
        private static final String SINCE = "lastPhaseTransitionTime";

        @Override
        public void prepareCreate(ObjectNode volume, Origin by, Instant now) {
            volume.putObject("status").put("phase", "Pending").put(SINCE, time(now));
        }

        @Override
        public void prepareStatus(ObjectNode updated, JsonNode old, Instant now) {
            boolean moved = !Json.text(updated, "status", "phase").equals(Json.text(old, "status", "phase"));
            JsonNode since = Json.at(updated, "status", SINCE);
            if (moved && (!Json.isPresent(since) || since.equals(Json.at(old, "status", SINCE)))) {
                Json.child(updated, "status").put(SINCE, time(now));
            }
        }

        private static String time(Instant now) {
            return now.truncatedTo(ChronoUnit.SECONDS).toString();
        }

        @Override
        public void applyDefaults(ObjectNode volume) {
            if (Json.text(volume, "status", "phase").isEmpty()) {
                Json.child(volume, "status").put("phase", "Pending");
            }
            ObjectNode spec = Json.child(volume, "spec");
            if (Json.text(spec, "persistentVolumeReclaimPolicy").isEmpty()) {
                spec.put("persistentVolumeReclaimPolicy", "Retain");
            }
            Json.ifAbsent(spec, "volumeMode", "Filesystem");
            source(spec, "hostPath", "type", "");
            source(spec, "iscsi", "iscsiInterface", "default");
            source(spec, "rbd", "pool", "rbd", "user", "admin", "keyring", "/etc/ceph/keyring");
            source(spec, "azureDisk", "cachingMode", "ReadWrite", "kind", "Shared", "fsType", "ext4");
            source(spec, "scaleIO", "storageMode", "ThinProvisioned", "fsType", "xfs");
            if (spec.get("azureDisk") instanceof ObjectNode disk) {
                Json.ifAbsent(disk, "readOnly", false);
            }
        }

        private static void source(ObjectNode spec, String source, String... defaults) {
            if (spec.get(source) instanceof ObjectNode found) {
                for (int i = 0; i < defaults.length; i += 2) {
                    Json.ifAbsent(found, defaults[i], defaults[i + 1]);
                }
            }
        }

        @Override
        public void validateCreate(JsonNode volume, FieldErrors errors) {
            VolumeSpecRules.validate(volume.path("spec"), "spec", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode spec = updated.path("spec");
            JsonNode before = old.path("spec");
            ObjectNode sources = VolumeSpecRules.sources(spec);
            ObjectNode oldSources = VolumeSpecRules.sources(before);
            boolean mayGetSecret = oldSources.path("csi").isObject()
                    && !oldSources.path("csi").hasNonNull("controllerExpandSecretRef");
            if (mayGetSecret && sources.get("csi") instanceof ObjectNode csi) {
                csi.remove("controllerExpandSecretRef");
            }
            if (!Checks.same(sources, oldSources)) {
                errors.forbidden(
                        "spec.persistentvolumesource",
                        "spec.persistentvolumesource is immutable after creation\n"
                                + Checks.difference(oldSources, sources));
            }
            Checks.immutable(spec.path("volumeMode"), before.path("volumeMode"), "volumeMode", errors);
            if (before.path("nodeAffinity").isObject()
                    && !Checks.same(spec.path("nodeAffinity"), before.path("nodeAffinity"))) {
                errors.invalid(
                        "nodeAffinity",
                        spec.get("nodeAffinity"),
                        "field is immutable, except for updating from beta label to GA");
            }
            if (before.hasNonNull("volumeAttributesClassName") && !spec.hasNonNull("volumeAttributesClassName")) {
                errors.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
            }
        }

        @Override
        public List<String> warnings(JsonNode volume) {
            List<String> warnings = new ArrayList<>();
            JsonNode spec = volume.path("spec");
            if (Json.at(volume, "metadata", "annotations", VolumeSpecRules.OLD_CLASS)
                    .isTextual()) {
                warnings.add("metadata.annotations[" + VolumeSpecRules.OLD_CLASS
                        + "]: deprecated since v1.8; use \"storageClassName\" attribute instead");
            }
            if (Json.text(spec, "persistentVolumeReclaimPolicy").equals("Recycle")) {
                warnings.add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead,"
                        + " the recommended approach is to use dynamic provisioning.");
            }
            Checks.eachOf(
                    Json.at(spec, "nodeAffinity", "required"),
                    "nodeSelectorTerms",
                    "spec.nodeAffinity.required",
                    (term, at) -> DeprecatedLabels.expressions(term, at, warnings));
            VolumeWarnings.plugins(spec, "spec", warnings);
            return warnings;
        }
    }
}
