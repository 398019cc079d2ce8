package io.ruori.http;

import io.ruori.kind.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The sub-resources of a kind as discovery lists them: those of the descriptor, and the byte streams of Pods. */
record Part(String name, String group, String version, String kind, Set<String> verbs) {
    private static final Set<String> READ_WRITE = Set.of("get", "patch", "update");
    private static final List<Part> POD_STREAMS = List.of(
            new Part("attach", "", "v1", "PodAttachOptions", Set.of("create", "get")),
            new Part("exec", "", "v1", "PodExecOptions", Set.of("create", "get")),
            new Part("log", "", "v1", "Pod", Set.of("get")));

    private static final Part TOKEN =
            new Part("token", "authentication.k8s.io", "v1", "TokenRequest", Set.of("create"));

    static List<Part> of(Kind kind) {
        List<Part> parts = new ArrayList<>();
        if (kind.hasStatus()) {
            parts.add(new Part("status", kind.group(), kind.version(), kind.kind(), READ_WRITE));
        }
        kind.subresources()
                .values()
                .forEach(s -> parts.add(new Part(s.name(), s.group(), s.version(), s.kind(), s.verbs())));
        if (kind.apiVersion().equals("v1") && kind.plural().equals("pods")) {
            parts.addAll(POD_STREAMS);
        }
        if (kind.apiVersion().equals("v1") && kind.plural().equals("serviceaccounts")) {
            parts.add(TOKEN);
        }
        return parts.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
    }
}
