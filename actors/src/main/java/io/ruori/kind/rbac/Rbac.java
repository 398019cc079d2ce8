package io.ruori.kind.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What roles have in common, and what bindings have in common, whether of a namespace or of the whole cluster. */
final class Rbac {
    static final String GROUP = "rbac.authorization.k8s.io";

    private static final String SERVICE_ACCOUNT = "ServiceAccount";
    private static final String USER = "User";
    private static final String GROUP_OF_USERS = "Group";

    private Rbac() {}

    static KindBuilder kind(String kind, String plural) {
        return Kind.of(GROUP, "v1", kind, plural, "io.k8s.api.rbac.v1." + kind);
    }

    /** Roles and bindings may be called anything that fits into a path: {@code system:node}, for example. */
    static class NamedFreely implements KindRules {
        @Override
        public NameRule nameRule() {
            return NameRule.PATH_SEGMENT;
        }
    }

    // ---- roles

    /** The rules of a Role ({@code namespaced}) or a ClusterRole. */
    static final class RoleRules extends NamedFreely {
        private final boolean namespaced;

        RoleRules(boolean namespaced) {
            this.namespaced = namespaced;
        }

        @Override
        public void validateCreate(JsonNode role, FieldErrors errors) {
            Checks.eachOf(role, "rules", "", (rule, path) -> policyRule(rule, path, errors));
            JsonNode aggregation = role.path("aggregationRule");
            if (!namespaced && aggregation.isObject()) {
                aggregation(aggregation, errors);
            }
        }

        private void policyRule(JsonNode rule, String path, FieldErrors errors) {
            if (rule.path("verbs").isEmpty()) {
                errors.required(path + ".verbs", "verbs must contain at least one value");
            }
            JsonNode urls = rule.path("nonResourceURLs");
            if (!urls.isEmpty()) {
                nonResource(rule, urls, path + ".nonResourceURLs", errors);
                return;
            }
            if (rule.path("apiGroups").isEmpty()) {
                errors.required(path + ".apiGroups", "resource rules must supply at least one api group");
            }
            if (rule.path("resources").isEmpty()) {
                errors.required(path + ".resources", "resource rules must supply at least one resource");
            }
        }

        private void nonResource(JsonNode rule, JsonNode urls, String path, FieldErrors errors) {
            if (namespaced) {
                errors.invalid(path, urls, "namespaced rules cannot apply to non-resource URLs");
            }
            for (String field : List.of("apiGroups", "resources", "resourceNames")) {
                if (!rule.path(field).isEmpty()) {
                    errors.invalid(path, urls, "rules cannot apply to both regular resources and non-resource URLs");
                    return;
                }
            }
        }

        private static void aggregation(JsonNode aggregation, FieldErrors errors) {
            if (aggregation.path("clusterRoleSelectors").isEmpty()) {
                errors.required(
                        "aggregationRule.clusterRoleSelectors",
                        "at least one clusterRoleSelector required if aggregationRule is non-nil");
            }
            Checks.eachOf(
                    aggregation,
                    "clusterRoleSelectors",
                    "aggregationRule",
                    (selector, path) -> Checks.selector(selector, path, errors));
        }
    }

    // ---- bindings

    static Column[] bindingColumns() {
        return new Column[] {
            Columns.name(),
            Columns.text(
                    "Role",
                    "The role that is granted.",
                    b -> Json.text(b, "roleRef", "kind") + "/" + Json.text(b, "roleRef", "name")),
            Columns.age(),
            Columns.wide("Users", "Users it is granted to.", b -> subjects(b, USER, s -> Json.text(s, "name"))),
            Columns.wide(
                    "Groups", "Groups it is granted to.", b -> subjects(b, GROUP_OF_USERS, s -> Json.text(s, "name"))),
            Columns.wide(
                    "ServiceAccounts",
                    "Service accounts it is granted to.",
                    b -> subjects(b, SERVICE_ACCOUNT, s -> Json.text(s, "namespace") + "/" + Json.text(s, "name")))
        };
    }

    private static String subjects(JsonNode binding, String kind, Function<JsonNode, String> read) {
        List<String> names = new ArrayList<>();
        for (JsonNode subject : binding.path("subjects")) {
            if (Json.text(subject, "kind").equals(kind)) {
                names.add(read.apply(subject));
            }
        }
        return String.join(", ", names);
    }

    /** The rules of a RoleBinding ({@code namespaced}) or a ClusterRoleBinding. */
    static final class BindingRules extends NamedFreely {
        private final boolean namespaced;
        private final List<String> roles;

        BindingRules(boolean namespaced) {
            this.namespaced = namespaced;
            this.roles = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
        }

        @Override
        public void applyDefaults(ObjectNode binding) {
            ObjectNode role = Json.child(binding, "roleRef");
            if (Json.text(role, "apiGroup").isEmpty()) {
                role.put("apiGroup", GROUP);
            }
            for (JsonNode subject : binding.path("subjects")) {
                boolean person = List.of(USER, GROUP_OF_USERS).contains(Json.text(subject, "kind"));
                if (person && Json.text(subject, "apiGroup").isEmpty() && subject instanceof ObjectNode tree) {
                    tree.put("apiGroup", GROUP);
                }
            }
        }

        @Override
        public void validateCreate(JsonNode binding, FieldErrors errors) {
            JsonNode role = binding.path("roleRef");
            String group = Json.text(role, "apiGroup");
            if (!group.equals(GROUP)) {
                errors.notSupported("roleRef.apiGroup", group, List.of(GROUP));
            }
            String kind = Json.text(role, "kind");
            if (!roles.contains(kind)) {
                errors.notSupported("roleRef.kind", kind, roles);
            }
            String name = Json.text(role, "name");
            if (name.isEmpty()) {
                errors.required("roleRef.name", "");
            } else {
                Checks.each(Syntax.pathSegment(name), "roleRef.name", name, errors);
            }
            Checks.eachOf(binding, "subjects", "", (subject, path) -> subject(subject, path, errors));
        }

        private void subject(JsonNode subject, String path, FieldErrors errors) {
            String name = Json.text(subject, "name");
            if (name.isEmpty()) {
                errors.required(path + ".name", "");
            }
            String group = Json.text(subject, "apiGroup");
            switch (Json.text(subject, "kind")) {
                case SERVICE_ACCOUNT -> serviceAccount(subject, name, group, path, errors);
                case USER -> person(name, group, "user name cannot be empty", path, errors);
                case GROUP_OF_USERS -> person(name, group, "group name cannot be empty", path, errors);
                default ->
                    errors.notSupported(
                            path + ".kind", Json.text(subject, "kind"), List.of(SERVICE_ACCOUNT, USER, GROUP_OF_USERS));
            }
        }

        private void serviceAccount(JsonNode subject, String name, String group, String path, FieldErrors errors) {
            if (!name.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(name), path + ".name", name, errors);
            }
            if (!group.isEmpty()) {
                errors.notSupported(path + ".apiGroup", group, List.of(""));
            }
            if (!namespaced && Json.text(subject, "namespace").isEmpty()) {
                errors.required(path + ".namespace", "");
            }
        }

        private static void person(String name, String group, String nameless, String path, FieldErrors errors) {
            if (name.isEmpty()) {
                errors.invalid(path + ".name", name, nameless);
            }
            if (!group.equals(GROUP)) {
                errors.notSupported(path + ".apiGroup", group, List.of(GROUP));
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            if (!Checks.same(updated.path("roleRef"), old.path("roleRef"))) {
                errors.invalid("roleRef", asUpstreamShows(updated.path("roleRef")), "cannot change roleRef");
            }
        }

        /** Upstream prints the type it works with, whose fields are named as in Go. */
        private static JsonNode asUpstreamShows(JsonNode role) {
            return Json.object()
                    .put("APIGroup", Json.text(role, "apiGroup"))
                    .put("Kind", Json.text(role, "kind"))
                    .put("Name", Json.text(role, "name"));
        }
    }
}
