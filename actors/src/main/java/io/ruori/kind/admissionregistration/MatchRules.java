package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which writes a webhook or a policy is asked about. */
final class MatchRules {
    static final List<String> FAILURE_POLICIES = List.of("Fail", "Ignore");
    static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");
    static final List<String> REINVOCATION_POLICIES = List.of("IfNeeded", "Never");
    private static final List<String> OPERATIONS = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
    private static final int MOST_CONDITIONS = 64;

    private MatchRules() {}

    static KindBuilder kind(String kind, String plural) {
        return Kind.of(
                        "admissionregistration.k8s.io",
                        "v1",
                        kind,
                        plural,
                        "io.k8s.api.admissionregistration.v1." + kind)
                .clusterScoped()
                .categories("api-extensions");
    }

    // ---- defaults

    static void ruleDefaults(ObjectNode parent, String list) {
        for (JsonNode rule : parent.path(list)) {
            if (rule instanceof ObjectNode object) {
                Json.ifAbsent(object, "scope", "*");
            }
        }
    }

    /** A webhook's part, or a policy's {@code matchConstraints}. */
    static void matchDefaults(ObjectNode match) {
        Json.ifAbsent(match, "matchPolicy", "Equivalent");
        Json.ifAbsent(match, "namespaceSelector", Json.object());
        Json.ifAbsent(match, "objectSelector", Json.object());
    }

    static void resourceDefaults(ObjectNode match) {
        matchDefaults(match);
        ruleDefaults(match, "resourceRules");
        ruleDefaults(match, "excludeResourceRules");
    }

    // ---- rules

    static void resources(JsonNode match, String path, FieldErrors errors) {
        Checks.oneOf(match, "matchPolicy", path, MATCH_POLICIES, true, errors);
        for (String field : List.of("namespaceSelector", "objectSelector")) {
            if (Json.isPresent(match.get(field))) {
                Checks.selector(match.get(field), path + "." + field, errors);
            } else {
                errors.required(path + "." + field, "");
            }
        }
        for (String list : List.of("resourceRules", "excludeResourceRules")) {
            Checks.eachOf(match, list, path, (rule, at) -> {
                names(rule, at, errors);
                rule(rule, at, errors);
            });
        }
    }

    private static void names(JsonNode rule, String path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(rule, "resourceNames", path, (name, at) -> {
            Checks.each(Syntax.pathSegment(name.asText()), at, name, errors);
            if (!seen.add(name.asText())) {
                errors.duplicate(at, name);
            }
        });
    }

    /** Operations, groups, versions and resources. */
    static void rule(JsonNode rule, String path, FieldErrors errors) {
        alone(rule, "operations", "operations", path, errors);
        Checks.eachOf(rule, "operations", path, (operation, at) -> {
            if (!OPERATIONS.contains(operation.asText())) {
                errors.notSupported(at, operation, OPERATIONS);
            }
        });
        alone(rule, "apiGroups", "API groups", path, errors);
        alone(rule, "apiVersions", "API versions", path, errors);
        Checks.eachOf(rule, "apiVersions", path, (version, at) -> {
            if (version.asText().isEmpty()) {
                errors.required(at, "");
            }
        });
        new Resources(rule.path("resources"), path + ".resources", errors).check();
        JsonNode scope = rule.path("scope");
        if (Json.isPresent(scope) && !SCOPES.contains(scope.asText())) {
            errors.notSupported(path + ".scope", scope, SCOPES);
        }
    }

    private static void alone(JsonNode rule, String list, String words, String path, FieldErrors errors) {
        JsonNode values = rule.path(list);
        if (values.isEmpty()) {
            errors.required(path + "." + list, "");
        } else if (values.size() > 1 && has(values, "*")) {
            errors.invalid(path + "." + list, values, "if '*' is present, must not specify other " + words);
        }
    }

    private static boolean has(JsonNode values, String wanted) {
        for (JsonNode value : values) {
            if (value.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Resources and sub-resources, of which those with a star must not be said twice. */
    private record Resources(JsonNode values, String path, FieldErrors errors) {
        void check() {
            if (values.isEmpty()) {
                errors.required(path, "");
            }
            Set<String> allPartsOf = new HashSet<>();
            Set<String> partOfAll = new HashSet<>();
            boolean plain = false;
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i).asText();
                int slash = value.indexOf('/');
                if (value.isEmpty()) {
                    errors.required(path + "[" + i + "]", "");
                } else if (slash < 0) {
                    plain = !value.equals("*");
                } else {
                    part(value, value.substring(0, slash), value.substring(slash + 1), i, allPartsOf, partOfAll);
                }
            }
            if (values.size() > 1 && has(values, "*/*")) {
                errors.invalid(path, values, "if '*/*' is present, must not specify other resources");
            }
            if (plain && has(values, "*")) {
                errors.invalid(
                        path, values, "if '*' is present, must not specify other resources without subresources");
            }
        }

        private void part(
                String value, String resource, String part, int i, Set<String> allPartsOf, Set<String> partOfAll) {
            String at = path + "[" + i + "]";
            if (allPartsOf.contains(resource)) {
                errors.invalid(at, value, "if '" + resource + "/*' is present, must not specify " + value);
            }
            if (partOfAll.contains(part)) {
                errors.invalid(at, value, "if '*/" + part + "' is present, must not specify " + value);
            }
            if (part.equals("*")) {
                allPartsOf.add(resource);
            }
            if (resource.equals("*")) {
                partOfAll.add(part);
            }
        }
    }

    // ---- conditions

    static void conditions(JsonNode parent, String path, FieldErrors errors) {
        int count = parent.path("matchConditions").size();
        if (count > MOST_CONDITIONS) {
            errors.tooMany(path + ".matchConditions", count, MOST_CONDITIONS);
        }
        Set<String> seen = new HashSet<>();
        Checks.eachOf(parent, "matchConditions", path, (condition, at) -> {
            if (Json.text(condition, "expression").isBlank()) {
                errors.required(at + ".expression", "");
            }
            String name = Json.text(condition, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            } else {
                Checks.each(Syntax.qualifiedName(name), at + ".name", name, errors);
                if (!seen.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
        });
    }
}
