package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Makes the OpenAPI 3.0 document of a group and version: its paths, and the definitions that they lead to. */
public final class OpenApiV3 {
    static final String REFERENCE = "#/components/schemas/";

    /** These belong to every group: each document says so of its own. */
    private static final Set<String> OF_EVERY_GROUP = Set.of(
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent");

    private OpenApiV3() {}

    /**
     * @param resources those of this group and version
     */
    public static byte[] document(GroupVersion groupVersion, List<ApiResource> resources, DefinitionSource source) {
        return Json.write(tree(groupVersion, resources, source));
    }

    static ObjectNode tree(GroupVersion groupVersion, List<ApiResource> resources, DefinitionSource source) {
        return tree(groupVersion, Paths.of(groupVersion, resources), source);
    }

    /** A document about no group. */
    static ObjectNode tree(ObjectNode paths, DefinitionSource source) {
        return tree(new GroupVersion("", ""), paths, source);
    }

    private static ObjectNode tree(GroupVersion groupVersion, ObjectNode paths, DefinitionSource source) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "unversioned");
        document.set("paths", paths);
        ObjectNode components = document.putObject("components");
        components.set("schemas", reachable(paths, groupVersion, source));
        components
                .putObject("securitySchemes")
                .putObject("BearerToken")
                .put("description", "Bearer Token authentication")
                .put("in", "header")
                .put("name", "authorization")
                .put("type", "apiKey");
        return document;
    }

    private static ObjectNode reachable(ObjectNode paths, GroupVersion groupVersion, DefinitionSource source) {
        TreeMap<String, JsonNode> found = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>();
        references(paths, open);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!found.containsKey(name)) {
                JsonNode definition = described(name, groupVersion, source);
                found.put(name, definition);
                references(definition, open);
            }
        }
        ObjectNode schemas = Json.object();
        found.forEach(schemas::set);
        return schemas;
    }

    private static JsonNode described(String name, GroupVersion groupVersion, DefinitionSource source) {
        JsonNode definition = source.definition(name);
        if (definition instanceof ObjectNode shared
                && OF_EVERY_GROUP.contains(name)
                && !groupVersion.group().isEmpty()) {
            ObjectNode own = shared.objectNode().setAll(shared);
            ArrayNode kinds = own.putArray("x-kubernetes-group-version-kind");
            kinds.addAll((ArrayNode) shared.path("x-kubernetes-group-version-kind"));
            kinds.addObject()
                    .put("group", groupVersion.group())
                    .put("kind", name.substring(name.lastIndexOf('.') + 1))
                    .put("version", groupVersion.version());
            return own;
        }
        return definition.isMissingNode() ? Json.object().put("type", "object") : definition;
    }

    private static void references(JsonNode node, Deque<String> into) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isTextual()) {
            into.push(reference.textValue().substring(REFERENCE.length()));
            return;
        }
        node.forEach(child -> references(child, into));
    }
}
