package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All documents of one set of kinds, made when first asked for and then kept. A change of the set makes a new one with
 * {@link #with}, which takes over the documents that did not change.
 */
public final class OpenApiDocuments {

    private final Map<GroupVersion, List<ApiResource>> resources;
    private final Map<GroupVersion, Document> made = new TreeMap<>();
    private @Nullable Map<String, Document> roots;
    private @Nullable Document index;
    private @Nullable Document v2;
    private @Nullable Document v2Protobuf;

    private OpenApiDocuments(Map<GroupVersion, List<ApiResource>> resources) {
        this.resources = resources;
    }

    public static OpenApiDocuments of(Collection<ApiResource> resources) {
        Map<GroupVersion, List<ApiResource>> grouped = new TreeMap<>();
        resources.forEach(r -> grouped.computeIfAbsent(r.groupVersion(), g -> new ArrayList<>())
                .add(r));
        return new OpenApiDocuments(grouped);
    }

    /** The documents of another set of resources. */
    public synchronized OpenApiDocuments with(Collection<ApiResource> changed) {
        OpenApiDocuments next = of(changed);
        made.forEach((groupVersion, document) -> {
            if (Objects.equals(resources.get(groupVersion), next.resources.get(groupVersion))) {
                next.made.put(groupVersion, document);
            }
        });
        return next;
    }

    /** {@code /openapi/v3}: where the documents are. */
    public synchronized Document index() {
        if (index == null) {
            DefinitionSource source = source(false);
            ObjectNode root = Json.object();
            ObjectNode paths = root.putObject("paths");
            Map<String, Document> all = new TreeMap<>(roots(source));
            resources.keySet().forEach(groupVersion -> all.put(groupVersion.path(), make(groupVersion, source)));
            all.forEach((path, document) ->
                    paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + document.hash()));
            index = new Document(Json.write(root));
        }
        return index;
    }

    /**
     * {@code /openapi/v3/PATH}.
     *
     * @param path {@code api/v1} or {@code apis/GROUP/VERSION}, or one of those above, such as {@code version}
     */
    public synchronized Optional<Document> v3(String path) {
        DefinitionSource source = source(false);
        return resources.keySet().stream()
                .filter(groupVersion -> groupVersion.path().equals(path))
                .findFirst()
                .map(groupVersion -> make(groupVersion, source))
                .or(() -> Optional.ofNullable(roots(source).get(path)));
    }

    private Map<String, Document> roots(DefinitionSource source) {
        Map<String, Document> known = roots;
        if (known == null) {
            Map<String, Document> all = new TreeMap<>();
            Paths.ofRoots(groups())
                    .forEach((path, paths) -> all.put(path, new Document(Json.write(OpenApiV3.tree(paths, source)))));
            known = all;
            roots = known;
        }
        return known;
    }

    private Set<String> groups() {
        Set<String> groups = new TreeSet<>();
        resources.keySet().forEach(groupVersion -> groups.add(groupVersion.group()));
        groups.remove("");
        return groups;
    }

    /** {@code /openapi/v2} as JSON. */
    public synchronized Document v2() {
        if (v2 == null) {
            v2 = new Document(Json.write(v2Tree()));
        }
        return v2;
    }

    /** {@code /openapi/v2} as {@link OpenApiV2Protobuf#MEDIA_TYPE}. */
    public synchronized Document v2Protobuf() {
        if (v2Protobuf == null) {
            v2Protobuf = new Document(OpenApiV2Protobuf.encode(v2Tree()));
        }
        return v2Protobuf;
    }

    private ObjectNode v2Tree() {
        DefinitionSource source = source(true);
        Stream<ObjectNode> groups =
                resources.entrySet().stream().map(e -> OpenApiV3.tree(e.getKey(), e.getValue(), source));
        Stream<ObjectNode> roots =
                Paths.ofRoots(groups()).values().stream().map(paths -> OpenApiV3.tree(paths, source));
        return OpenApiV2.tree(Stream.concat(groups, roots).toList());
    }

    private DefinitionSource source(boolean v2) {
        Map<String, JsonNode> custom = new HashMap<>();
        resources.values().forEach(list -> list.forEach(resource -> CustomDefinitions.add(resource, v2, custom)));
        DefinitionSource builtIn = DefinitionSource.builtIn();
        return name -> {
            JsonNode own = custom.get(name);
            return own == null ? builtIn.definition(name) : own;
        };
    }

    private Document make(GroupVersion groupVersion, DefinitionSource source) {
        return made.computeIfAbsent(
                groupVersion, g -> new Document(OpenApiV3.document(g, resources.getOrDefault(g, List.of()), source)));
    }
}
