package io.ruori.core.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.List;

/** What there is to know of a RoleBinding or a ClusterRoleBinding. */
public record Binding(String roleKind, String roleName, List<Subject> subjects) {

    /** To whom a role is given: a User, a Group, or a ServiceAccount of a namespace. */
    public record Subject(String kind, String namespace, String name) {
        String words() {
            return kind + " " + Ask.quoted(kind.equals("ServiceAccount") ? name + "/" + namespace : name);
        }
    }

    /** Fit to be a digest. */
    public static Binding of(JsonNode binding) {
        String here = Json.text(binding, "metadata", "namespace");
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode subject : binding.path("subjects")) {
            String namespace = Json.text(subject, "namespace");
            subjects.add(new Subject(
                    Json.text(subject, "kind"), namespace.isEmpty() ? here : namespace, Json.text(subject, "name")));
        }
        return new Binding(
                Json.text(binding, "roleRef", "kind"), Json.text(binding, "roleRef", "name"), List.copyOf(subjects));
    }
}
