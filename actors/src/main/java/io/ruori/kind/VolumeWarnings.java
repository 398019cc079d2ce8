package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What is let pass in volumes: kinds that nobody mounts any more, and files that hide each other. */
public final class VolumeWarnings {
    private static final Map<String, String> PLUGINS = plugins();

    private VolumeWarnings() {}

    private static Map<String, String> plugins() {
        Map<String, String> plugins = new LinkedHashMap<>();
        plugins.put("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+");
        plugins.put("gitRepo", "deprecated in v1.11");
        plugins.put("scaleIO", "deprecated in v1.16, non-functional in v1.22+");
        plugins.put("flocker", "deprecated in v1.22, non-functional in v1.25+");
        plugins.put("storageos", "deprecated in v1.22, non-functional in v1.25+");
        plugins.put("quobyte", "deprecated in v1.22, non-functional in v1.25+");
        plugins.put("glusterfs", "deprecated in v1.25, non-functional in v1.26+");
        plugins.put("cephfs", "deprecated in v1.28, non-functional in v1.31+");
        plugins.put("rbd", "deprecated in v1.28, non-functional in v1.31+");
        return plugins;
    }

    /** Of a Pod's volumes. */
    static void add(JsonNode spec, String path, List<String> warnings) {
        Checks.eachOf(spec, "volumes", path, (volume, at) -> {
            plugins(volume, at, warnings);
            JsonNode claim = Json.at(volume, "ephemeral", "volumeClaimTemplate", "spec");
            claim(claim, at + ".ephemeral.volumeClaimTemplate.spec", warnings);
        });
        spec.path("volumes").forEach(volume -> files(volume, warnings));
    }

    /** Of a volume of a Pod or the spec of a PersistentVolume. Upstream spells one field in its own way. */
    static void plugins(JsonNode source, String at, List<String> warnings) {
        PLUGINS.forEach((field, advice) -> {
            if (Json.isPresent(source.get(field))) {
                warnings.add(at + "." + (field.equals("storageos") ? "storageOS" : field) + ": " + advice);
            }
        });
    }

    /** Of a claim's spec: parts of bytes. */
    public static void claim(JsonNode spec, String at, List<String> warnings) {
        for (String kind : List.of("requests", "limits")) {
            PodWarnings.bytes(Json.at(spec, "resources", kind), "storage", at + ".resources." + kind, warnings);
        }
    }

    // ---- files

    private static void files(JsonNode volume, List<String> warnings) {
        String name = "volume \"" + Json.text(volume, "name") + "\" (";
        JsonNode map = volume.path("configMap");
        overlaps(paths(map), name + "ConfigMap \"" + Json.text(map, "name") + "\")", warnings);
        JsonNode secret = volume.path("secret");
        overlaps(paths(secret), name + "Secret \"" + Json.text(secret, "secretName") + "\")", warnings);
        overlaps(paths(volume.path("downwardAPI")), name + "DownwardAPI)", warnings);
        projected(volume.path("projected"), name + "Projected", warnings);
    }

    /** Each source by itself, then together with those before it. */
    private static void projected(JsonNode projected, String name, List<String> warnings) {
        TreeSet<String> before = new TreeSet<>();
        for (JsonNode source : projected.path("sources")) {
            if (source.isEmpty()) {
                warnings.add(name + ") has no sources provided");
                continue;
            }
            String who = name + " " + who(source) + ")";
            List<String> paths = projectedPaths(source);
            List<String> own = new ArrayList<>();
            overlaps(paths, who, own);
            TreeSet<String> distinct = new TreeSet<>(paths);
            List<String> together = new ArrayList<>(distinct);
            together.addAll(before);
            together.sort(null);
            overlaps(together, who, own);
            before.addAll(distinct);
            own.stream().distinct().forEach(warnings::add);
        }
    }

    private static String who(JsonNode source) {
        if (source.has("configMap")) {
            return "ConfigMap \"" + Json.text(source, "configMap", "name") + '"';
        }
        if (source.has("secret")) {
            return "Secret \"" + Json.text(source, "secret", "name") + '"';
        }
        if (source.has("downwardAPI")) {
            return "DownwardAPI";
        }
        if (source.has("serviceAccountToken")) {
            return "ServiceAccountToken";
        }
        JsonNode bundle = source.path("clusterTrustBundle");
        String name = Json.text(bundle, "name");
        return "ClusterTrustBundle \"" + (name.isEmpty() ? Json.text(bundle, "signerName") : name) + '"';
    }

    private static List<String> projectedPaths(JsonNode source) {
        for (String items : List.of("configMap", "secret", "downwardAPI")) {
            if (source.has(items)) {
                return paths(source.path(items));
            }
        }
        for (String file : List.of("serviceAccountToken", "clusterTrustBundle")) {
            if (source.has(file)) {
                return List.of(Json.text(source, file, "path"));
            }
        }
        return List.of();
    }

    private static List<String> paths(JsonNode source) {
        List<String> paths = new ArrayList<>();
        source.path("items").forEach(item -> paths.add(Json.text(item, "path")));
        return paths;
    }

    private static void overlaps(List<String> paths, String who, List<String> warnings) {
        TreeSet<String> seen = new TreeSet<>();
        for (String given : paths) {
            String path = trimmed(given);
            for (String other : seen) {
                if (!path.isEmpty() && !other.isEmpty() && isWithin(path, other)) {
                    warnings.add(who + ": overlapping paths: \"" + path + "\" with \"" + other + "\"");
                    break;
                }
            }
            seen.add(path);
        }
    }

    private static String trimmed(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static boolean isWithin(String one, String other) {
        return (one + "/").startsWith(other + "/") || (other + "/").startsWith(one + "/");
    }
}
