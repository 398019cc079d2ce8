package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The {@code paths} of a v3 document. */
final class Paths {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> BODIES =
            List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml");
    private static final List<String> TEXT =
            List.of("application/json", "application/vnd.kubernetes.protobuf", "application/yaml", "text/plain");
    private static final List<String> STREAMS = List.of(
            "application/json",
            "application/json;stream=watch",
            "application/vnd.kubernetes.protobuf",
            "application/vnd.kubernetes.protobuf;stream=watch",
            "application/yaml");
    private static final List<String> PATCHES = List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");

    private static final List<String> CUSTOM_PATCHES =
            PATCHES.stream().filter(type -> !type.contains("strategic")).toList();

    private final GroupVersion groupVersion;
    private final TreeMap<String, ObjectNode> items = new TreeMap<>();

    private Paths(GroupVersion groupVersion) {
        this.groupVersion = groupVersion;
    }

    static ObjectNode of(GroupVersion groupVersion, List<ApiResource> resources) {
        Paths paths = new Paths(groupVersion);
        paths.discovery();
        resources.forEach(paths::resource);
        ObjectNode all = Json.object();
        paths.items.forEach(all::set);
        return all;
    }

    private void discovery() {
        items.put(
                "/" + groupVersion.path() + "/",
                read(
                        "get available resources",
                        "get" + groupVersion.title() + "APIResources",
                        groupVersion.tag(),
                        BODIES,
                        META + "APIResourceList"));
    }

    /**
     * The documents of what stands above groups and versions: for each its place below {@code /openapi/v3/}, and its paths.
     *
     * @param groups without the core group
     */
    static Map<String, ObjectNode> ofRoots(Collection<String> groups) {
        Map<String, ObjectNode> roots = new TreeMap<>();
        String versions = "get available API versions";
        root(roots, "api", read(versions, "getCoreAPIVersions", "core", BODIES, META + "APIVersions"));
        root(roots, "apis", read(versions, "getAPIVersions", "apis", BODIES, META + "APIGroupList"));
        for (String group : groups) {
            GroupVersion of = new GroupVersion(group, "");
            root(
                    roots,
                    "apis/" + group,
                    read(
                            "get information of a group",
                            "get" + of.title() + "APIGroup",
                            of.groupTag(),
                            BODIES,
                            META + "APIGroup"));
        }
        root(
                roots,
                "version",
                read(
                        "get the version of this server",
                        "getCodeVersion",
                        "version",
                        List.of("application/json"),
                        "io.k8s.apimachinery.pkg.version.Info"));
        root(
                roots,
                ".well-known/openid-configuration",
                read(
                        "get how tokens of service accounts are verified, as in OpenID",
                        "getServiceAccountIssuerOpenIDConfiguration",
                        "WellKnown",
                        List.of("application/json"),
                        ""));
        root(
                roots,
                "openid/v1/jwks",
                read(
                        "get the public keys that tokens of service accounts are verified with",
                        "getServiceAccountIssuerOpenIDKeyset",
                        "openid",
                        List.of("application/jwk-set+json"),
                        ""));
        return roots;
    }

    private static void root(Map<String, ObjectNode> roots, String at, ObjectNode item) {
        roots.put(at, Json.object().set("/" + at + "/", item));
    }

    private static ObjectNode read(
            String description, String operationId, String tag, List<String> types, String definition) {
        ObjectNode get = Json.object().put("description", description).put("operationId", operationId);
        answers(get, types, definition, "200");
        get.putArray("tags").add(tag);
        return Json.object().set("get", get);
    }

    private void resource(ApiResource resource) {
        String root = "/" + groupVersion.path();
        String scoped = resource.namespaced() ? root + "/namespaces/{namespace}" : root;
        collection(resource, scoped + "/" + resource.plural());
        if (resource.namespaced() && resource.verbs().contains("list")) {
            ObjectNode item = item(root + "/" + resource.plural());
            item.set("get", list(resource, "list" + groupVersion.title() + resource.kind() + "ForAllNamespaces"));
            parameters(item, false, false, resource.kind());
        }
        one(resource, scoped + "/" + resource.plural() + "/{name}");
        for (ApiResource.Part part : resource.parts()) {
            part(resource, part, scoped + "/" + resource.plural() + "/{name}/" + part.name());
        }
        if (resource.verbs().contains("watch") && resource.described() == null) {
            watches(resource, root + "/watch", scoped.replace(root, root + "/watch"));
        }
    }

    /** The paths of watches before a list could be watched; still served, never for custom resources. */
    private void watches(ApiResource resource, String root, String scoped) {
        String kind = resource.kind();
        String verb = "watch" + groupVersion.title();
        if (resource.namespaced()) {
            watch(resource, "watchlist", root + "/" + resource.plural(), verb + kind + "ListForAllNamespaces", false);
        }
        String list = scoped + "/" + resource.plural();
        watch(resource, "watchlist", list, verb + scope(resource) + kind + "List", false);
        if (resource.verbs().contains("get")) {
            watch(resource, "watch", list + "/{name}", verb + scope(resource) + kind, true);
        }
    }

    private void watch(ApiResource resource, String action, String path, String operationId, boolean named) {
        ObjectNode get = operation(
                resource,
                action,
                named
                        ? "watch one " + resource.kind() + ". Deprecated: watch the list with a fieldSelector instead."
                        : "watch a list of " + resource.kind()
                                + ". Deprecated: list with the parameter watch instead.");
        get.put("operationId", operationId);
        answers(get, STREAMS, META + "WatchEvent", "200");
        ObjectNode item = Json.object().set("get", get);
        parameters(item, path.contains("{namespace}"), named, resource.kind());
        QueryParameter.OF_LIST.forEach(p -> Json.list(item, "parameters").add(p.v3()));
        items.put(path, item);
    }

    private ObjectNode item(String path) {
        return items.computeIfAbsent(path, p -> Json.object());
    }

    private void collection(ApiResource resource, String path) {
        ObjectNode item = Json.object();
        Set<String> verbs = resource.verbs();
        if (verbs.contains("deletecollection")) {
            ObjectNode delete = operation(resource, "deletecollection", "delete collection of " + resource.kind());
            delete.put(
                    "operationId", "delete" + groupVersion.title() + "Collection" + scope(resource) + resource.kind());
            query(delete, QueryParameter.OF_DELETE_COLLECTION);
            body(delete, List.of("*/*"), META + "DeleteOptions", false);
            answers(delete, BODIES, META + "Status", "200");
            item.set("delete", delete);
        }
        if (verbs.contains("list")) {
            item.set("get", list(resource, "list" + groupVersion.title() + scope(resource) + resource.kind()));
        }
        if (verbs.contains("create")) {
            ObjectNode post = operation(resource, "post", "create a " + resource.kind());
            post.put("operationId", id(resource, "create", ""));
            query(post, QueryParameter.OF_WRITE);
            body(post, List.of("*/*"), resource.definition(), true);
            answers(post, BODIES, resource.definition(), "200", "201", "202");
            item.set("post", post);
        }
        if (!item.isEmpty()) {
            parameters(item, resource.namespaced(), false, resource.kind());
            items.put(path, item);
        }
    }

    private ObjectNode list(ApiResource resource, String operationId) {
        ObjectNode get = operation(resource, "list", "list or watch objects of kind " + resource.kind());
        get.put("operationId", operationId);
        query(get, QueryParameter.OF_LIST);
        answers(get, STREAMS, resource.definition() + "List", "200");
        return get;
    }

    private void one(ApiResource resource, String path) {
        ObjectNode item = Json.object();
        if (resource.verbs().contains("delete")) {
            ObjectNode delete = operation(resource, "delete", "delete a " + resource.kind());
            delete.put("operationId", id(resource, "delete", ""));
            query(delete, QueryParameter.OF_DELETE);
            body(delete, List.of("*/*"), META + "DeleteOptions", false);
            String answer = resource.answersWithDeleted() ? resource.definition() : META + "Status";
            answers(delete, BODIES, answer, "200", "202");
            item.set("delete", delete);
        }
        ApiResource.Part whole =
                new ApiResource.Part("", groupVersion, resource.kind(), resource.definition(), resource.verbs());
        edits(resource, whole, item);
        if (!item.isEmpty()) {
            parameters(item, resource.namespaced(), true, resource.kind());
            items.put(path, item);
        }
    }

    private void part(ApiResource resource, ApiResource.Part part, String path) {
        ObjectNode item = Json.object();
        edits(resource, part, item);
        if (part.verbs().contains("create")) {
            ObjectNode post = operation(part, "post", "create " + part.name() + " of a " + resource.kind());
            post.put("operationId", id(resource, "create", part.name()));
            query(post, QueryParameter.OF_WRITE);
            body(post, List.of("*/*"), part.definition(), true);
            answers(post, BODIES, part.definition(), "200", "201", "202");
            item.set("post", post);
        }
        if (part.verbs().contains("connect")) {
            item.set("get", connect(resource, part, "get"));
            item.set("post", connect(resource, part, "post"));
        }
        if (part.verbs().contains("connect")) {
            place(item, resource.namespaced(), true, part.kind());
        } else {
            parameters(item, resource.namespaced(), true, part.kind());
        }
        items.put(path, item);
    }

    private ObjectNode connect(ApiResource resource, ApiResource.Part part, String method) {
        String upper = method.toUpperCase(Locale.ROOT);
        ObjectNode operation = operation(
                part, "connect", "connect " + upper + " requests to " + part.name() + " of " + resource.kind());
        operation.put(
                "operationId", id(resource, "connect", "", upper.charAt(0) + method.substring(1)) + title(part.name()));
        query(operation, QueryParameter.ofRead(groupVersion, part.name()));
        answers(operation, List.of("*/*"), "", "200");
        return operation;
    }

    /** get, put and patch: of the whole object or a part of it. */
    private void edits(ApiResource resource, ApiResource.Part part, ObjectNode item) {
        String of = part.name().isEmpty() ? "" : part.name() + " of ";
        if (part.verbs().contains("get")) {
            ObjectNode get = operation(part, "get", "read " + of + "the specified " + resource.kind());
            get.put("operationId", id(resource, "read", part.name()));
            query(get, QueryParameter.ofRead(groupVersion, part.name()));
            answers(get, part.definition().isEmpty() ? TEXT : BODIES, part.definition(), "200");
            item.set("get", get);
        }
        if (part.verbs().contains("patch")) {
            ObjectNode patch = operation(part, "patch", "partially update " + of + "the specified " + resource.kind());
            patch.put("operationId", id(resource, "patch", part.name()));
            query(patch, QueryParameter.OF_PATCH);
            body(patch, resource.described() == null ? PATCHES : CUSTOM_PATCHES, META + "Patch", true);
            answers(patch, BODIES, part.definition(), "200", "201");
            item.set("patch", patch);
        }
        if (part.verbs().contains("update")) {
            ObjectNode put = operation(part, "put", "replace " + of + "the specified " + resource.kind());
            put.put("operationId", id(resource, "replace", part.name()));
            query(put, QueryParameter.OF_WRITE);
            body(put, List.of("*/*"), part.definition(), true);
            answers(put, BODIES, part.definition(), "200", "201");
            item.set("put", put);
        }
    }

    private ObjectNode operation(ApiResource resource, String action, String description) {
        return operation(resource.groupVersion(), resource.kind(), action, description);
    }

    private ObjectNode operation(ApiResource.Part part, String action, String description) {
        return operation(part.groupVersion(), part.kind(), action, description);
    }

    private ObjectNode operation(GroupVersion of, String kind, String action, String description) {
        ObjectNode operation = Json.object().put("description", description).put("x-kubernetes-action", action);
        operation.putArray("tags").add(groupVersion.tag());
        operation
                .putObject("x-kubernetes-group-version-kind")
                .put("group", of.group())
                .put("kind", kind)
                .put("version", of.version());
        return operation;
    }

    private String id(ApiResource resource, String verb, String part) {
        return id(resource, verb, part, "");
    }

    private String id(ApiResource resource, String verb, String part, String method) {
        return verb + groupVersion.title() + method + scope(resource) + resource.kind() + title(part);
    }

    private static String scope(ApiResource resource) {
        return resource.namespaced() ? "Namespaced" : "";
    }

    private static String title(String word) {
        return word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static void parameters(ObjectNode item, boolean namespaced, boolean named, String kind) {
        place(item, namespaced, named, kind);
        Json.list(item, "parameters").add(QueryParameter.pretty());
    }

    private static void place(ObjectNode item, boolean namespaced, boolean named, String kind) {
        if (named) {
            Json.list(item, "parameters").add(QueryParameter.path("name", "name of the " + kind));
        }
        if (namespaced) {
            Json.list(item, "parameters").add(QueryParameter.path("namespace", "the namespace the object is in"));
        }
    }

    private static void query(ObjectNode operation, List<QueryParameter> taken) {
        taken.forEach(parameter -> Json.list(operation, "parameters").add(parameter.v3()));
    }

    private static void body(ObjectNode operation, List<String> types, String definition, boolean required) {
        ObjectNode body = operation.putObject("requestBody");
        content(body, types, definition);
        if (required) {
            body.put("required", true);
        }
    }

    private static void answers(ObjectNode operation, List<String> types, String definition, String... codes) {
        ObjectNode responses = operation.putObject("responses");
        for (String code : codes) {
            ObjectNode response = responses.putObject(code);
            response.put(
                    "description",
                    switch (code) {
                        case "201" -> "Created";
                        case "202" -> "Accepted";
                        default -> "OK";
                    });
            content(response, types, definition);
        }
        responses.putObject("401").put("description", "Unauthorized");
    }

    private static void content(ObjectNode holder, List<String> types, String definition) {
        ObjectNode content = holder.putObject("content");
        for (String type : types) {
            ObjectNode schema = content.putObject(type).putObject("schema");
            if (definition.isEmpty()) {
                schema.put("type", "string");
            } else {
                schema.put("$ref", OpenApiV3.REFERENCE + definition);
            }
        }
    }
}
