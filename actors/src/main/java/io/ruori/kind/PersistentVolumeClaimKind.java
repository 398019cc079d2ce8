package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Claims: what storage a Pod wants, and which volume it got. */
public final class PersistentVolumeClaimKind {
    public static final KindName NAME = KindName.core("persistentvolumeclaims");

    public static final Kind KIND = Kind.of(
                    "",
                    "v1",
                    "PersistentVolumeClaim",
                    "persistentvolumeclaims",
                    "io.k8s.api.core.v1.PersistentVolumeClaim")
            .shortNames("pvc")
            .status()
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Status", "Whether it is bound.", VolumeSpecRules::phase),
                    Columns.text("Volume", "The volume it got.", c -> Json.text(c, "spec", "volumeName")),
                    Columns.text(
                            "Capacity",
                            "How large that is.",
                            c -> isBound(c) ? VolumeSpecRules.storage(Json.at(c, "status", "capacity")) : ""),
                    Columns.text(
                            "Access Modes",
                            "How it can be mounted.",
                            c -> isBound(c) ? VolumeSpecRules.shortModes(Json.at(c, "status", "accessModes")) : ""),
                    Columns.text("StorageClass", "Its storage class.", VolumeSpecRules::storageClass),
                    Columns.text(
                            "VolumeAttributesClass",
                            "Its class of attributes.",
                            c -> VolumeSpecRules.orUnset(c, "volumeAttributesClassName")),
                    Columns.age(),
                    Columns.wide("VolumeMode", "Block or file system.", c -> VolumeSpecRules.orUnset(c, "volumeMode")))
            .build();

    private PersistentVolumeClaimKind() {}

    private static boolean isBound(JsonNode claim) {
        return !Json.text(claim, "spec", "volumeName").isEmpty();
    }

    /** The spec of a claim, in a claim and in a template of claims. */
    public static void validate(JsonNode spec, String path, FieldErrors errors) {
        VolumeSpecRules.accessModes(spec, path, "at least 1 access mode is required", errors);
        if (spec.path("selector").isObject()) {
            Checks.selector(spec.path("selector"), path + ".selector", errors);
        }
        JsonNode storage = Json.at(spec, "resources", "requests", "storage");
        String at = path + ".resources[storage]";
        if (storage.isMissingNode()) {
            errors.required(at, "");
        } else {
            VolumeSpecRules.positive(storage, at, errors);
        }
        VolumeSpecRules.className(spec, "storageClassName", path, errors);
        VolumeSpecRules.mode(spec, path, errors);
        dataSources(spec, path, errors);
        VolumeSpecRules.className(spec, "volumeAttributesClassName", path, errors);
    }

    private static void dataSources(JsonNode spec, String path, FieldErrors errors) {
        JsonNode source = spec.path("dataSource");
        JsonNode reference = spec.path("dataSourceRef");
        for (String field : List.of("dataSource", "dataSourceRef")) {
            if (spec.path(field).isObject()) {
                dataSource(spec.path(field), path + "." + field, errors);
            }
        }
        if (!source.isObject() || !reference.isObject()) {
            return;
        }
        if (!Json.text(reference, "namespace").isEmpty()) {
            errors.invalid(
                    path, path + ".dataSource", "may not be specified when dataSourceRef.namespace is specified");
        } else if (!isSame(source, reference)) {
            errors.invalid(path, path + ".dataSource", "must match dataSourceRef");
        }
    }

    private static boolean isSame(JsonNode source, JsonNode reference) {
        return List.of("apiGroup", "kind", "name").stream()
                .allMatch(field -> Json.text(source, field).equals(Json.text(reference, field)));
    }

    private static void dataSource(JsonNode source, String path, FieldErrors errors) {
        Checks.required(source, "name", path, errors);
        Checks.required(source, "kind", path, errors);
        String group = Json.text(source, "apiGroup");
        String kind = Json.text(source, "kind");
        if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
            errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        if (!group.isEmpty()) {
            Checks.each(Syntax.dnsSubdomain(group), path + ".apiGroup", group, errors);
        }
        String namespace = Json.text(source, "namespace");
        if (!namespace.isEmpty()) {
            Checks.each(Syntax.dnsLabel(namespace), path + ".namespace", namespace, errors);
        }
    }

    private static final class Rules implements KindRules {
        private static final Set<String> RESIZING = Set.of(
                "ControllerResizeInProgress",
                "ControllerResizeInfeasible",
                "NodeResizePending",
                "NodeResizeInProgress",
                "NodeResizeInfeasible");

        @Override
        public void prepareCreate(ObjectNode claim) {
            claim.putObject("status").put("phase", "Pending");
            ObjectNode spec = Json.child(claim, "spec");
            if (spec.path("dataSource").isObject() && !isCopied(spec.path("dataSource"))) {
                spec.remove("dataSource");
            }
            copyDataSources(spec);
        }

        @Override
        public void prepareUpdate(ObjectNode updated, JsonNode old) {
            copyDataSources(Json.child(updated, "spec"));
        }

        /** The older field ever meant claims and snapshots only; anything else in it is dropped, as upstream. */
        private static boolean isCopied(JsonNode source) {
            String group = Json.text(source, "apiGroup");
            String kind = Json.text(source, "kind");
            return (group.isEmpty() && kind.equals("PersistentVolumeClaim"))
                    || (group.equals("snapshot.storage.k8s.io") && kind.equals("VolumeSnapshot"));
        }

        /** Two fields for one thing: each is filled from the other. */
        private static void copyDataSources(ObjectNode spec) {
            JsonNode source = spec.path("dataSource");
            JsonNode reference = spec.path("dataSourceRef");
            if (source.isObject() && !reference.isObject()) {
                spec.set("dataSourceRef", source.deepCopy());
            } else if (reference.isObject()
                    && !source.isObject()
                    && Json.text(reference, "namespace").isEmpty()
                    && isCopied(reference)) {
                spec.set("dataSource", reference.deepCopy());
            }
        }

        @Override
        public void applyDefaults(ObjectNode claim) {
            if (Json.text(claim, "status", "phase").isEmpty()) {
                Json.child(claim, "status").put("phase", "Pending");
            }
            Json.ifAbsent(Json.child(claim, "spec"), "volumeMode", "Filesystem");
        }

        @Override
        public void validateCreate(JsonNode claim, FieldErrors errors) {
            validate(claim.path("spec"), "spec", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode spec = updated.path("spec");
            JsonNode before = old.path("spec");
            ObjectNode allowed = withAllowedChangesUndone(spec, before, Json.text(updated, "status", "phase"));
            if (!Checks.same(allowed, before)) {
                errors.forbidden(
                        "spec",
                        "spec is immutable after creation except resources.requests and volumeAttributesClassName for"
                                + " bound claims\n"
                                + Checks.difference(before, allowed));
            }
            size(spec, before, old.path("status"), errors);
            Checks.immutable(spec.path("volumeMode"), before.path("volumeMode"), "volumeMode", errors);
            attributesClass(spec, before, errors);
        }

        private static ObjectNode withAllowedChangesUndone(JsonNode spec, JsonNode before, String phase) {
            ObjectNode copy = spec.deepCopy();
            if (Json.text(before, "volumeName").isEmpty()) {
                undo(copy, before, "volumeName");
            }
            if (!before.hasNonNull("storageClassName")) {
                undo(copy, before, "storageClassName");
            }
            if (phase.equals("Bound")) {
                if (copy.path("resources").get("requests") instanceof ObjectNode requests) {
                    undo(requests, Json.at(before, "resources", "requests"), "storage");
                }
                if (copy.hasNonNull("volumeAttributesClassName")) {
                    undo(copy, before, "volumeAttributesClassName");
                }
            }
            return copy;
        }

        private static void undo(ObjectNode copy, JsonNode before, String field) {
            if (before.has(field)) {
                copy.set(field, before.get(field));
            } else {
                copy.remove(field);
            }
        }

        private static void size(JsonNode spec, JsonNode before, JsonNode status, FieldErrors errors) {
            Quantity wanted = amount(Json.at(spec, "resources", "requests"));
            if (wanted.compareTo(amount(Json.at(before, "resources", "requests"))) < 0
                    && wanted.compareTo(amount(status.path("capacity"))) <= 0) {
                errors.forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
            }
        }

        private static Quantity amount(JsonNode amounts) {
            return Quantity.parse(Json.text(amounts, "storage")).orElse(Quantity.ZERO);
        }

        private static void attributesClass(JsonNode spec, JsonNode before, FieldErrors errors) {
            String field = "volumeAttributesClassName";
            if (before.hasNonNull(field)) {
                if (!spec.hasNonNull(field)) {
                    errors.forbidden("spec." + field, "update from non-nil value to nil is forbidden");
                } else if (Json.text(spec, field).isEmpty()
                        && !Json.text(before, field).isEmpty()) {
                    errors.forbidden("spec." + field, "update from non-nil value to an empty string is forbidden");
                }
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            JsonNode status = updated.path("status");
            status.path("capacity").properties().forEach(e -> {
                if (Quantity.parse(e.getValue().asText()).orElse(Quantity.ZERO).signum() < 0) {
                    errors.invalid(
                            "status.capacity[" + e.getKey() + "]",
                            e.getValue().asText(),
                            "must be a valid resource quantity");
                }
            });
            status.path("allocatedResourceStatuses").properties().forEach(e -> {
                if (!RESIZING.contains(e.getValue().asText())) {
                    errors.notSupported("status.allocatedResourceStatus", e.getKey(), RESIZING);
                }
            });
            status.path("allocatedResources")
                    .properties()
                    .forEach(e ->
                            Checks.quantity(e.getValue(), "status.allocatedResources[" + e.getKey() + "]", errors));
        }

        @Override
        public List<String> warnings(JsonNode claim) {
            List<String> warnings = new ArrayList<>();
            if (Json.at(claim, "metadata", "annotations", VolumeSpecRules.OLD_CLASS)
                    .isTextual()) {
                warnings.add("metadata.annotations[" + VolumeSpecRules.OLD_CLASS
                        + "]: deprecated since v1.8; use \"storageClassName\" attribute instead");
            }
            VolumeWarnings.claim(claim.path("spec"), "spec", warnings);
            return warnings;
        }
    }
}
