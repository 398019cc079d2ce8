package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is to lie in each volume of a Pod, before a file is written. */
public final class VolumePlan {
    private static final int FILE_MODE = 0644;

    private VolumePlan() {}

    /** A volume. */
    public sealed interface Volume {
        /** A directory that lives as long as the Pod. */
        record Empty(boolean inMemory) implements Volume {}

        /** A path of the node's own. {@code type} as in {@code hostPath.type}. */
        record Host(String path, String type) implements Volume {}

        /** Files made from objects of the API, by relative path; replaced together when they change. */
        record Files(Map<String, Content> files) implements Volume {}
    }

    /** A file's bytes and permission bits. */
    public record Content(byte[] bytes, int mode) {}

    /** All volumes of the Pod by name. */
    public static Map<String, Volume> of(PodSpec pod, References references, FieldPaths fields) throws ConfigProblem {
        Map<String, Volume> plan = new LinkedHashMap<>();
        Writer writer = new Writer(pod, references, fields);
        for (JsonNode volume : pod.spec().path("volumes")) {
            String name = Json.text(volume, "name");
            try {
                plan.put(name, writer.volume(volume));
            } catch (ConfigProblem problem) {
                throw new ConfigProblem(
                        "MountVolume.SetUp failed for volume \"" + name + "\" : " + problem.getMessage());
            }
        }
        return plan;
    }

    private record Writer(PodSpec pod, References references, FieldPaths fields) {

        Volume volume(JsonNode volume) throws ConfigProblem {
            if (volume.has("hostPath")) {
                return new Volume.Host(Json.text(volume, "hostPath", "path"), Json.text(volume, "hostPath", "type"));
            }
            if (volume.has("configMap")) {
                return files(volume.path("configMap"), "configMap", "name");
            }
            if (volume.has("secret")) {
                return files(volume.path("secret"), "secret", "secretName");
            }
            if (volume.has("downwardAPI")) {
                return files(volume.path("downwardAPI"), "downwardAPI", "");
            }
            if (volume.has("projected")) {
                return projected(volume.path("projected"));
            }
            if (volume.has("emptyDir") || volume.size() == 1) {
                return new Volume.Empty(Json.text(volume, "emptyDir", "medium").equals("Memory"));
            }
            throw new ConfigProblem("this node cannot make volumes of that type");
        }

        private Volume files(JsonNode source, String type, String nameField) throws ConfigProblem {
            Map<String, Content> files = new TreeMap<>();
            addSource(files, source, type, nameField, mode(source, FILE_MODE));
            return new Volume.Files(files);
        }

        private Volume projected(JsonNode projected) throws ConfigProblem {
            Map<String, Content> files = new TreeMap<>();
            int mode = mode(projected, FILE_MODE);
            for (JsonNode source : projected.path("sources")) {
                for (String type : new String[] {"configMap", "secret", "downwardAPI"}) {
                    if (source.has(type)) {
                        addSource(files, source.path(type), type, "name", mode);
                    }
                }
                JsonNode token = source.path("serviceAccountToken");
                if (token.isObject()) {
                    files.put(Json.text(token, "path"), new Content(new byte[0], mode));
                }
            }
            return new Volume.Files(files);
        }

        private void addSource(Map<String, Content> files, JsonNode source, String type, String nameField, int mode)
                throws ConfigProblem {
            if (type.equals("downwardAPI")) {
                downward(files, source, mode);
                return;
            }
            boolean isConfigMap = type.equals("configMap");
            String name = Json.text(source, nameField);
            Optional<Map<String, byte[]>> data = isConfigMap
                    ? references.configMapFiles(pod.namespace(), name)
                    : references.secret(pod.namespace(), name);
            boolean optional = source.path("optional").asBoolean(false);
            if (data.isEmpty() && !optional) {
                throw new ConfigProblem((isConfigMap ? "configmap" : "secret") + " \"" + name + "\" not found");
            }
            Map<String, byte[]> entries = data.orElse(Map.of());
            if (source.path("items").isEmpty()) {
                entries.forEach((key, bytes) -> files.put(key, new Content(bytes, mode)));
                return;
            }
            for (JsonNode item : source.path("items")) {
                byte[] bytes = entries.get(Json.text(item, "key"));
                if (bytes != null) {
                    files.put(Json.text(item, "path"), new Content(bytes, mode(item, mode)));
                } else if (!optional) {
                    throw new ConfigProblem((isConfigMap
                                    ? "configmap references non-existent config key: "
                                    : "references non-existent secret key: ")
                            + Json.text(item, "key"));
                }
            }
        }

        private void downward(Map<String, Content> files, JsonNode source, int mode) throws ConfigProblem {
            for (JsonNode item : source.path("items")) {
                String value = item.path("fieldRef").isObject()
                        ? fields.field(Json.text(item, "fieldRef", "fieldPath"))
                        : fields.resource(item.path("resourceFieldRef"), Json.object());
                files.put(
                        Json.text(item, "path"), new Content(value.getBytes(StandardCharsets.UTF_8), mode(item, mode)));
            }
        }

        private static int mode(JsonNode source, int otherwise) {
            String field = source.has("defaultMode") ? "defaultMode" : "mode";
            return (int) Json.number(source, otherwise, field);
        }
    }
}
