package io.ruori.http;

import io.ruori.http.openapi.ApiResource;
import io.ruori.http.openapi.GroupVersion;
import io.ruori.kind.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The sub-resources of a kind as discovery and OpenAPI list them: those of the descriptor, and those that have routes of their
 * own because they are no part of an object.
 *
 * @param schemaName of its own kind; empty for bytes
 */
record Part(String name, String group, String version, String kind, String schemaName, Set<String> verbs) {
    private static final Set<String> READ_WRITE = Set.of("get", "patch", "update");
    private static final List<Part> POD_STREAMS = List.of(
            new Part("attach", "", "v1", "PodAttachOptions", "", Set.of("create", "get")),
            new Part("exec", "", "v1", "PodExecOptions", "", Set.of("create", "get")),
            new Part("log", "", "v1", "Pod", "", Set.of("get")));

    private static final Part TOKEN = new Part(
            "token",
            "authentication.k8s.io",
            "v1",
            "TokenRequest",
            "io.k8s.api.authentication.v1.TokenRequest",
            Set.of("create"));

    static List<Part> of(Kind kind) {
        List<Part> parts = new ArrayList<>();
        if (kind.hasStatus()) {
            parts.add(new Part("status", kind.group(), kind.version(), kind.kind(), kind.schemaName(), READ_WRITE));
        }
        kind.subresources()
                .values()
                .forEach(s ->
                        parts.add(new Part(s.name(), s.group(), s.version(), s.kind(), s.schemaName(), s.verbs())));
        parts.addAll(apart(kind));
        return parts.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
    }

    private static List<Part> apart(Kind kind) {
        if (!kind.apiVersion().equals("v1")) {
            return List.of();
        }
        return switch (kind.plural()) {
            case "pods" -> POD_STREAMS;
            case "serviceaccounts" -> List.of(TOKEN);
            default -> List.of();
        };
    }

    /** In OpenAPI, what is entered through a GET or a POST alike is connected to. */
    ApiResource.Part documented() {
        boolean entered = kind.endsWith("Options");
        return new ApiResource.Part(
                name, new GroupVersion(group, version), kind, schemaName, entered ? Set.of("connect") : verbs);
    }
}
