package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The ConfigMaps and Secrets a Pod refers to, by key.
 *
 * @param find the whole object, if there is one; not to be changed
 */
public record References(Function<ObjectKey, Optional<ObjectNode>> find) {
    public static final KindName CONFIG_MAPS = KindName.core("configmaps");
    public static final KindName SECRETS = KindName.core("secrets");

    public static References of(Map<ObjectKey, ObjectNode> objects) {
        return new References(key -> Optional.ofNullable(objects.get(key)));
    }

    /** The text entries of a ConfigMap. */
    public Optional<Map<String, String>> configMap(String namespace, String name) {
        return find.apply(ObjectKey.of(CONFIG_MAPS, namespace, name)).map(tree -> {
            Map<String, String> data = new TreeMap<>();
            tree.path("data")
                    .properties()
                    .forEach(e -> data.put(e.getKey(), e.getValue().asText()));
            return data;
        });
    }

    /** All entries of a ConfigMap as bytes. */
    public Optional<Map<String, byte[]>> configMapFiles(String namespace, String name) {
        return find.apply(ObjectKey.of(CONFIG_MAPS, namespace, name)).map(tree -> {
            Map<String, byte[]> data = decoded(tree.path("binaryData"));
            tree.path("data")
                    .properties()
                    .forEach(e -> data.put(e.getKey(), e.getValue().asText().getBytes(StandardCharsets.UTF_8)));
            return data;
        });
    }

    /** The entries of a Secret, decoded. */
    public Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return find.apply(ObjectKey.of(SECRETS, namespace, name)).map(tree -> decoded(tree.path("data")));
    }

    /** A login from a Secret of type {@code kubernetes.io/dockerconfigjson}, as its JSON. */
    public Optional<JsonNode> dockerConfig(String namespace, String name) {
        return secret(namespace, name)
                .map(data -> data.get(".dockerconfigjson"))
                .map(bytes -> Json.read(bytes).path("auths"));
    }

    private static Map<String, byte[]> decoded(JsonNode data) {
        Map<String, byte[]> bytes = new TreeMap<>();
        data.properties()
                .forEach(e -> bytes.put(
                        e.getKey(), Base64.getMimeDecoder().decode(e.getValue().asText())));
        return bytes;
    }
}
