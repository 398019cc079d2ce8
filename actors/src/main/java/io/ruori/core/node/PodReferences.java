package io.ruori.core.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The ConfigMaps and Secrets a Pod's specification names. */
public final class PodReferences {
    private static final KindName CONFIG_MAPS = KindName.core("configmaps");
    private static final KindName SECRETS = KindName.core("secrets");
    private static final byte[] CONFIG_MAP_WORD = "onfigMap".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECRET_WORD = "ecret".getBytes(StandardCharsets.US_ASCII);

    private PodReferences() {}

    /** Most Pods name none; a scan of the bytes tells without a parse. */
    public static Set<ObjectKey> of(StoredObject pod) {
        return contains(pod.json(), CONFIG_MAP_WORD) || contains(pod.json(), SECRET_WORD) ? of(pod.tree()) : Set.of();
    }

    public static Set<ObjectKey> of(JsonNode pod) {
        Set<ObjectKey> found = new HashSet<>();
        String namespace = Json.text(pod, "metadata", "namespace");
        JsonNode spec = pod.path("spec");
        spec.path("containers").forEach(c -> container(c, namespace, found));
        spec.path("initContainers").forEach(c -> container(c, namespace, found));
        spec.path("imagePullSecrets").forEach(s -> add(found, SECRETS, namespace, Json.text(s, "name")));
        for (JsonNode volume : spec.path("volumes")) {
            source(volume, namespace, found);
            volume.path("projected").path("sources").forEach(s -> source(s, namespace, found));
        }
        return found;
    }

    private static void container(JsonNode container, String namespace, Set<ObjectKey> found) {
        for (JsonNode from : container.path("envFrom")) {
            add(found, CONFIG_MAPS, namespace, Json.text(from, "configMapRef", "name"));
            add(found, SECRETS, namespace, Json.text(from, "secretRef", "name"));
        }
        for (JsonNode variable : container.path("env")) {
            add(found, CONFIG_MAPS, namespace, Json.text(variable, "valueFrom", "configMapKeyRef", "name"));
            add(found, SECRETS, namespace, Json.text(variable, "valueFrom", "secretKeyRef", "name"));
        }
    }

    private static void source(JsonNode volume, String namespace, Set<ObjectKey> found) {
        add(found, CONFIG_MAPS, namespace, Json.text(volume, "configMap", "name"));
        add(found, SECRETS, namespace, Json.text(volume, "secret", "secretName"));
        add(found, SECRETS, namespace, Json.text(volume, "secret", "name"));
    }

    private static void add(Set<ObjectKey> found, KindName kind, String namespace, String name) {
        if (!name.isEmpty()) {
            found.add(new ObjectKey(kind, namespace, name));
        }
    }

    private static boolean contains(byte[] text, byte[] word) {
        outer:
        for (int i = 0; i <= text.length - word.length; i++) {
            for (int j = 0; j < word.length; j++) {
                if (text[i + j] != word[j]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }
}
