package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The spec of a volume that outlives Pods, of its own or inline in an attachment, and what claims share with it. */
public final class VolumeSpecRules {
    static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> SHORT_MODES = List.of("RWO", "ROX", "RWX", "RWOP");
    private static final List<String> LONG_MODES =
            List.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");
    private static final List<String> MODES = List.of("Block", "Filesystem");
    private static final List<String> RECLAIM = List.of("Delete", "Recycle", "Retain");
    private static final String INLINE = "may not be specified in the context of inline volumes";
    private static final int LONGEST_DRIVER = 63;

    /** The sources a volume may have, in the order they are looked at, and the fields each must have. */
    private static final Map<String, List<String>> SOURCES = new LinkedHashMap<>();

    static {
        SOURCES.put("hostPath", List.of());
        SOURCES.put("gcePersistentDisk", List.of("pdName"));
        SOURCES.put("awsElasticBlockStore", List.of("volumeID"));
        SOURCES.put("glusterfs", List.of("endpoints", "path"));
        SOURCES.put("flocker", List.of());
        SOURCES.put("nfs", List.of("server", "path"));
        SOURCES.put("rbd", List.of("monitors", "image"));
        SOURCES.put("quobyte", List.of("registry", "volume"));
        SOURCES.put("cephfs", List.of("monitors"));
        SOURCES.put("iscsi", List.of("targetPortal", "iqn"));
        SOURCES.put("cinder", List.of("volumeID"));
        SOURCES.put("fc", List.of());
        SOURCES.put("flexVolume", List.of("driver"));
        SOURCES.put("azureFile", List.of("secretName", "shareName"));
        SOURCES.put("vsphereVolume", List.of("volumePath"));
        SOURCES.put("photonPersistentDisk", List.of("pdID"));
        SOURCES.put("portworxVolume", List.of("volumeID"));
        SOURCES.put("azureDisk", List.of("diskName", "diskURI"));
        SOURCES.put("scaleIO", List.of("gateway", "system", "volumeName"));
        SOURCES.put("local", List.of("path"));
        SOURCES.put("storageos", List.of("volumeName"));
        SOURCES.put("csi", List.of());
    }

    private VolumeSpecRules() {}

    /** The source fields of a spec: what never changes. */
    static ObjectNode sources(JsonNode spec) {
        ObjectNode sources = Json.object();
        SOURCES.keySet().forEach(name -> {
            if (spec.hasNonNull(name)) {
                sources.set(name, spec.get(name).deepCopy());
            }
        });
        return sources;
    }

    /** The spec of a PersistentVolume. */
    static void validate(JsonNode spec, String path, FieldErrors errors) {
        accessModes(spec, path, "", errors);
        capacity(spec, path, errors);
        String policy = Json.text(spec, "persistentVolumeReclaimPolicy");
        if (!policy.isEmpty() && !RECLAIM.contains(policy)) {
            errors.notSupported(path + ".persistentVolumeReclaimPolicy", policy, RECLAIM);
        }
        boolean affine = spec.path("nodeAffinity").isObject();
        if (affine) {
            nodeAffinity(spec.path("nodeAffinity"), path + ".nodeAffinity", errors);
        }
        sources(spec, path, affine, errors);
        if (policy.equals("Recycle") && Json.text(spec, "hostPath", "path").matches("/+\\.?/*")) {
            errors.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'");
        }
        className(spec, "storageClassName", path, errors);
        mode(spec, path, errors);
        attributesClass(spec, path, errors);
    }

    /** The spec of a volume that only an attachment knows of. */
    public static void validateInline(JsonNode spec, String path, FieldErrors errors) {
        for (String field : List.of("claimRef", "capacity")) {
            if (!spec.path(field).isEmpty()) {
                errors.forbidden(path + "." + field, INLINE);
            }
        }
        if (!spec.path("csi").isObject()) {
            errors.required(path + ".csi", "has to be specified in the context of inline volumes");
        }
        accessModes(spec, path, "", errors);
        String policy = Json.text(spec, "persistentVolumeReclaimPolicy");
        if (!policy.isEmpty() && !policy.equals("Retain")) {
            errors.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes");
        }
        if (spec.path("nodeAffinity").isObject()) {
            errors.forbidden(path + ".nodeAffinity", INLINE);
        }
        sources(spec, path, false, errors);
        if (!Json.text(spec, "storageClassName").isEmpty()) {
            errors.forbidden(path + ".storageClassName", INLINE);
        }
        if (spec.hasNonNull("volumeMode") && !Json.text(spec, "volumeMode").equals("Filesystem")) {
            errors.forbidden(
                    path + ".volumeMode",
                    "may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
        attributesClass(spec, path, errors);
    }

    static void accessModes(JsonNode spec, String path, String whenNone, FieldErrors errors) {
        String at = path + ".accessModes";
        if (spec.path("accessModes").isEmpty()) {
            errors.required(at, whenNone);
        }
        boolean alone = false;
        boolean shared = false;
        for (JsonNode mode : spec.path("accessModes")) {
            String name = mode.asText();
            if (!ACCESS_MODES.contains(name)) {
                errors.notSupported(at, name, ACCESS_MODES);
            } else if (name.equals("ReadWriteOncePod")) {
                alone = true;
            } else {
                shared = true;
            }
        }
        if (alone && shared) {
            errors.forbidden(at, "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void capacity(JsonNode spec, String path, FieldErrors errors) {
        JsonNode capacity = spec.path("capacity");
        if (capacity.isEmpty()) {
            errors.required(path + ".capacity", "");
        }
        if (!capacity.has("storage") || capacity.size() > 1) {
            errors.notSupported(path + ".capacity", capacity.isMissingNode() ? null : capacity, List.of("storage"));
        }
        capacity.properties().forEach(e -> positive(e.getValue(), path + ".capacity[" + e.getKey() + "]", errors));
    }

    /** A quantity above zero. */
    static boolean positive(JsonNode value, String path, FieldErrors errors) {
        Quantity amount = Quantity.parse(value.asText()).orElse(Quantity.ZERO);
        if (amount.signum() <= 0) {
            errors.invalid(path, value.asText(), "must be greater than zero");
        }
        return amount.signum() > 0;
    }

    private static void nodeAffinity(JsonNode affinity, String path, FieldErrors errors) {
        if (affinity.path("required").isObject()) {
            SchedulingRules.nodeSelector(affinity.path("required"), path + ".required", errors);
        } else {
            errors.required(path + ".required", "must specify required node constraints");
        }
    }

    private static void sources(JsonNode spec, String path, boolean affine, FieldErrors errors) {
        boolean found = false;
        for (var source : SOURCES.entrySet()) {
            String name = source.getKey();
            if (!spec.path(name).isObject()) {
                continue;
            }
            if (found && !name.equals("flexVolume")) {
                errors.forbidden(path + "." + name, "may not specify more than 1 volume type");
                continue;
            }
            found = true;
            source(name, spec.path(name), path + "." + pathOf(name), source.getValue(), errors);
            if (name.equals("local") && !affine) {
                errors.required(path + ".nodeAffinity", "Local volume requires node affinity");
            }
        }
        if (!found) {
            errors.required(path, "must specify a volume type");
        }
    }

    /** Upstream names one source otherwise in its errors. */
    private static String pathOf(String source) {
        return source.equals("gcePersistentDisk") ? "persistentDisk" : source;
    }

    private static void source(String name, JsonNode source, String path, List<String> required, FieldErrors errors) {
        for (String field : required) {
            JsonNode value = source.path(field);
            if (value.isArray() ? value.isEmpty() : Json.text(source, field).isEmpty()) {
                errors.required(path + "." + field, "");
            }
        }
        switch (name) {
            case "hostPath" -> VolumeRules.hostPath(source, path, errors);
            case "local" -> VolumeRules.noBackSteps(Json.text(source, "path"), path + ".path", errors);
            case "nfs" -> {
                String target = Json.text(source, "path");
                if (!target.isEmpty() && !target.startsWith("/")) {
                    errors.invalid(path + ".path", target, "must be an absolute path");
                }
            }
            case "iscsi" -> {
                long lun = Json.number(source, 0, "lun");
                if (lun < 0 || lun > 255) {
                    errors.invalid(path + ".lun", lun, "must be between 0 and 255, inclusive");
                }
            }
            case "csi" -> csi(source, path, errors);
            default -> {
                // Nothing more is known of the others here.
            }
        }
    }

    private static void csi(JsonNode source, String path, FieldErrors errors) {
        driverName(Json.text(source, "driver"), path + ".driver", errors);
        if (Json.text(source, "volumeHandle").isEmpty()) {
            errors.required(path + ".volumeHandle", "");
        }
        for (String secret : List.of(
                "controllerPublishSecretRef",
                "controllerExpandSecretRef",
                "nodePublishSecretRef",
                "nodeExpandSecretRef")) {
            if (source.path(secret).isObject()) {
                secret(source.path(secret), path + "." + secret, errors);
            }
        }
    }

    private static void secret(JsonNode reference, String path, FieldErrors errors) {
        String name = Json.text(reference, "name");
        if (name.isEmpty()) {
            errors.required(path + ".name", "");
        } else {
            Checks.each(Syntax.dnsSubdomain(name), path + ".name", name, errors);
        }
        String namespace = Json.text(reference, "namespace");
        if (namespace.isEmpty()) {
            errors.required(path + ".namespace", "");
        } else {
            Checks.each(Syntax.dnsLabel(namespace), path + ".namespace", namespace, errors);
        }
    }

    /** The name of a CSI driver. */
    public static void driverName(String name, String path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path, "");
        }
        if (name.length() > LONGEST_DRIVER) {
            errors.tooLong(path, LONGEST_DRIVER);
        }
        Checks.each(Syntax.dnsSubdomain(name.toLowerCase(Locale.ROOT)), path, name, errors);
    }

    static void className(JsonNode spec, String field, String path, FieldErrors errors) {
        String name = Json.text(spec, field);
        if (!name.isEmpty()) {
            Checks.each(Syntax.dnsSubdomain(name), path + "." + field, name, errors);
        }
    }

    static void mode(JsonNode spec, String path, FieldErrors errors) {
        String mode = Json.text(spec, "volumeMode");
        if (spec.hasNonNull("volumeMode") && !MODES.contains(mode)) {
            errors.notSupported(path + ".volumeMode", mode, MODES);
        }
    }

    private static void attributesClass(JsonNode spec, String path, FieldErrors errors) {
        if (!spec.hasNonNull("volumeAttributesClassName")) {
            return;
        }
        if (Json.text(spec, "volumeAttributesClassName").isEmpty()) {
            errors.required(path + ".volumeAttributesClassName", "an empty string is disallowed");
        } else {
            className(spec, "volumeAttributesClassName", path, errors);
        }
        if (!spec.path("csi").isObject()) {
            errors.required(path + ".csi", "has to be specified when using volumeAttributesClassName");
        }
    }

    // ---- tables

    /** {@code RWO,ROX}: each mode once. */
    static String shortModes(JsonNode modes) {
        Set<String> all = new HashSet<>();
        modes.forEach(mode -> all.add(mode.asText()));
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < LONG_MODES.size(); i++) {
            if (all.contains(LONG_MODES.get(i))) {
                shown.add(SHORT_MODES.get(i));
            }
        }
        return String.join(",", shown);
    }

    static String storageClass(JsonNode object) {
        JsonNode old = Json.at(object, "metadata", "annotations", OLD_CLASS);
        return old.isTextual() ? old.textValue() : Json.text(object, "spec", "storageClassName");
    }

    static String orUnset(JsonNode object, String field) {
        JsonNode value = object.path("spec").path(field);
        return value.isTextual() ? value.textValue() : "<unset>";
    }

    static String phase(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp")
                ? "Terminating"
                : Json.text(object, "status", "phase");
    }

    static String storage(JsonNode amounts) {
        String amount = Json.text(amounts, "storage");
        return amount.isEmpty() ? "0" : amount;
    }
}
