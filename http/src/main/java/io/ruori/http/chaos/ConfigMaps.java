package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.entity.Sharding;
import io.ruori.http.chaos.core.Change;
import java.util.ArrayList;
import java.util.List;

/** The objects that clients write to: names, bodies, and what a body says. */
final class ConfigMaps {
    static final String NAMESPACE = "chaos";
    static final String PATH = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
    private static final String PROBE = "probe-";
    private static final String OBJECT = "object-";

    private ConfigMaps() {}

    static String key(String name) {
        return NAMESPACE + "/" + name;
    }

    static String path(String name) {
        return PATH + "/" + name;
    }

    static int shard(String name) {
        return Sharding.shardOf("/configmaps/" + NAMESPACE + "/" + name, RunCluster.SHARDS);
    }

    static List<String> names(int keys) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            names.add(OBJECT + i);
        }
        return names;
    }

    /** One object of each shard, that nobody writes to but {@link Probes}. */
    static List<String> probes() {
        String[] names = new String[RunCluster.SHARDS];
        int missing = RunCluster.SHARDS;
        for (int i = 0; missing > 0; i++) {
            String name = PROBE + i;
            if (names[shard(name)] == null) {
                names[shard(name)] = name;
                missing--;
            }
        }
        return List.of(names);
    }

    /** Of ours, and not one that the cluster keeps in every namespace. */
    static boolean isOurs(JsonNode object) {
        String name = Json.text(object, "metadata", "name");
        return name.startsWith(PROBE) || name.startsWith(OBJECT);
    }

    /** Its last character is its label, so that selections can be watched. */
    static ObjectNode body(String name, String value, long revision) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = Json.child(body, "metadata").put("name", name);
        if (revision != 0) {
            metadata.put("resourceVersion", "" + revision);
        }
        Json.child(metadata, "labels").put("tier", tier(value));
        Json.child(body, "data").put("value", value);
        return body;
    }

    static String tier(String value) {
        return value.substring(value.length() - 1);
    }

    static Change change(JsonNode object, boolean isLive) {
        String value = Json.text(object, "data", "value");
        String label = Json.text(object, "metadata", "labels", "tier");
        return new Change(
                key(Json.text(object, "metadata", "name")),
                revision(object),
                isLive,
                Json.text(object, "metadata", "uid"),
                value.endsWith(label) ? value : value + " with the label " + label);
    }

    static long revision(JsonNode object) {
        return Long.parseLong(Json.text(object, "metadata", "resourceVersion"));
    }
}
