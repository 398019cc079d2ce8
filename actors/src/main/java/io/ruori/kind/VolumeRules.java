package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The volumes of a Pod: names, exactly one source each, and the sources' own fields. */
public final class VolumeRules {
    private static final String MODE = "must be a number between 0 and 0777 (octal), both inclusive";
    private static final Set<String> HOST_PATH_TYPES =
            Set.of("DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice");
    private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");
    private static final Set<String> DOWNWARD_FIELDS =
            Set.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");

    private VolumeRules() {}

    /** Checks the volumes and answers them by name, for the mounts. */
    public static Map<String, JsonNode> validate(JsonNode volumes, String path, FieldErrors errors) {
        Map<String, JsonNode> byName = new HashMap<>();
        for (int i = 0; i < volumes.size(); i++) {
            JsonNode volume = volumes.get(i);
            String at = path + "[" + i + "]";
            String name = Json.text(volume, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            } else {
                Checks.each(Syntax.dnsLabel(name), at + ".name", name, errors);
            }
            if (byName.putIfAbsent(name, volume) != null) {
                errors.duplicate(at + ".name", name);
            }
            sources(volume, at, errors);
        }
        return byName;
    }

    private static void sources(JsonNode volume, String path, FieldErrors errors) {
        boolean first = true;
        for (var field : volume.properties()) {
            if (!field.getKey().equals("name") && field.getValue().isObject()) {
                if (first) {
                    source(field.getKey(), field.getValue(), path + "." + field.getKey(), errors);
                    first = false;
                } else {
                    errors.forbidden(path + "." + field.getKey(), "may not specify more than 1 volume type");
                }
            }
        }
        if (first) {
            errors.required(path, "must specify a volume type");
        }
    }

    private static void source(String type, JsonNode source, String path, FieldErrors errors) {
        switch (type) {
            case "emptyDir" -> {
                JsonNode limit = source.path("sizeLimit");
                if (Json.isPresent(limit)) {
                    Checks.quantity(limit, path + ".sizeLimit", errors);
                }
            }
            case "hostPath" -> hostPath(source, path, errors);
            case "configMap" -> files(source, "name", path, errors);
            case "secret" -> files(source, "secretName", path, errors);
            case "downwardAPI" -> {
                mode(source, "defaultMode", path, errors);
                downward(source, path, errors);
            }
            case "projected" -> projected(source, path, errors);
            case "persistentVolumeClaim" -> Checks.required(source, "claimName", path, errors);
            case "nfs" -> {
                Checks.required(source, "server", path, errors);
                Checks.required(source, "path", path, errors);
            }
            case "csi" -> Checks.required(source, "driver", path, errors);
            case "image" -> {
                Checks.required(source, "reference", path, errors);
                Checks.oneOf(source, "pullPolicy", path, PULL_POLICIES, true, errors);
            }
            default -> {
                // Sources served by storage plug-ins are theirs to judge.
            }
        }
    }

    public static void hostPath(JsonNode source, String path, FieldErrors errors) {
        String target = Json.text(source, "path");
        if (target.isEmpty()) {
            errors.required(path + ".path", "");
        } else {
            noBackSteps(target, path + ".path", errors);
        }
        Checks.oneOf(source, "type", path, HOST_PATH_TYPES, false, errors);
    }

    private static void files(JsonNode source, String nameField, String path, FieldErrors errors) {
        Checks.required(source, nameField, path, errors);
        mode(source, "defaultMode", path, errors);
        items(source.path("items"), path + ".items", errors);
    }

    private static void items(JsonNode items, String path, FieldErrors errors) {
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String at = path + "[" + i + "]";
            Checks.required(item, "key", at, errors);
            target(item, at, errors);
            mode(item, "mode", at, errors);
        }
    }

    private static void target(JsonNode item, String path, FieldErrors errors) {
        String target = Json.text(item, "path");
        if (target.isEmpty()) {
            errors.required(path + ".path", "");
            return;
        }
        localNonReserved(target, path + ".path", errors);
    }

    private static void localNonReserved(String target, String path, FieldErrors errors) {
        localPath(target, path, errors);
        if (target.startsWith("..") && !target.startsWith("../")) {
            errors.invalid(path, target, "must not start with '..'");
        }
    }

    /** A path inside something: relative, and never upwards. */
    public static void localPath(String target, String path, FieldErrors errors) {
        if (target.startsWith("/")) {
            errors.invalid(path, target, "must be a relative path");
        }
        noBackSteps(target, path, errors);
    }

    public static void noBackSteps(String target, String path, FieldErrors errors) {
        if (List.of(target.split("/")).contains("..")) {
            errors.invalid(path, target, "must not contain '..'");
        }
    }

    private static void mode(JsonNode parent, String field, String path, FieldErrors errors) {
        JsonNode mode = parent.path(field);
        if (mode.isNumber() && (mode.longValue() < 0 || mode.longValue() > 0777)) {
            errors.invalid(path + "." + field, mode, MODE);
        }
    }

    private static void downward(JsonNode source, String path, FieldErrors errors) {
        JsonNode items = source.path("items");
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            String at = path + ".items[" + i + "]";
            target(item, at, errors);
            mode(item, "mode", at, errors);
            boolean field = item.path("fieldRef").isObject();
            boolean resource = item.path("resourceFieldRef").isObject();
            if (field) {
                ContainerRules.fieldRef(item.path("fieldRef"), at + ".fieldRef", DOWNWARD_FIELDS, errors);
                if (resource) {
                    errors.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            } else if (resource) {
                ContainerRules.resourceFieldRef(item.path("resourceFieldRef"), at + ".resourceFieldRef", true, errors);
            } else {
                errors.required(at, "one of fieldRef and resourceFieldRef is required");
            }
        }
    }

    private static void projected(JsonNode source, String path, FieldErrors errors) {
        mode(source, "defaultMode", path, errors);
        JsonNode sources = source.path("sources");
        for (int i = 0; i < sources.size(); i++) {
            String at = path + ".sources[" + i + "]";
            int types = 0;
            for (var entry : sources.get(i).properties()) {
                if (entry.getValue().isObject()) {
                    String inner = at + "." + entry.getKey();
                    if (types++ > 0) {
                        errors.forbidden(inner, "may not specify more than 1 volume type per source");
                    } else {
                        projection(entry.getKey(), entry.getValue(), inner, errors);
                    }
                }
            }
            if (types == 0) {
                errors.required(at, "must specify a volume type");
            }
        }
    }

    private static void projection(String type, JsonNode source, String path, FieldErrors errors) {
        switch (type) {
            case "secret", "configMap" -> {
                Checks.required(source, "name", path, errors);
                items(source.path("items"), path + ".items", errors);
            }
            case "downwardAPI" -> downward(source, path, errors);
            case "serviceAccountToken" -> {
                long seconds = Json.number(source, 3600, "expirationSeconds");
                if (seconds < 600) {
                    errors.invalid(
                            path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
                } else if (seconds > 1L << 32) {
                    errors.invalid(
                            path + ".expirationSeconds",
                            seconds,
                            "may not specify a duration larger than 2^32 seconds");
                }
                target(source, path, errors);
            }
            default -> {
                // Certificates and trust bundles are checked where they are issued.
            }
        }
    }
}
