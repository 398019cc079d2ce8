package io.ruori.kind.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.StatusRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** FlowSchemas: which requests belong to which priority level. */
public final class FlowSchemaKind {
    public static final Kind KIND = Kind.of(
                    "flowcontrol.apiserver.k8s.io",
                    "v1",
                    "FlowSchema",
                    "flowschemas",
                    "io.k8s.api.flowcontrol.v1.FlowSchema")
            .clusterScoped()
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text(
                            "PriorityLevel",
                            "The level its requests belong to.",
                            f -> Json.text(f, "spec", "priorityLevelConfiguration", "name")),
                    Columns.of(
                            "MatchingPrecedence",
                            "string",
                            "Smaller ones are asked first.",
                            (f, now) -> Json.number(f, 0, "spec", "matchingPrecedence")),
                    Columns.text(
                            "DistinguisherMethod",
                            "What tells its flows apart.",
                            f -> Columns.orNone(Json.text(f, "spec", "distinguisherMethod", "type"))),
                    Columns.age(),
                    Columns.text("MissingPL", "Whether its level is missing.", FlowSchemaKind::dangling))
            .firstObject(Mandatory.object(Mandatory.EXEMPT, Mandatory.schemaSpec(Mandatory.EXEMPT)))
            .firstObject(Mandatory.object(Mandatory.CATCH_ALL, Mandatory.schemaSpec(Mandatory.CATCH_ALL)))
            .build();

    private FlowSchemaKind() {}

    private static String dangling(JsonNode schema) {
        for (JsonNode condition : Json.at(schema, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Dangling")) {
                return Json.text(condition, "status");
            }
        }
        return "?";
    }

    private static final class Rules implements KindRules {
        private static final int LARGEST_PRECEDENCE = 10_000;
        private static final List<String> DISTINGUISHERS = List.of("ByNamespace", "ByUser");
        private static final List<String> SUBJECTS = List.of("Group", "ServiceAccount", "User");
        private static final List<String> VERBS =
                List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void prepareCreate(ObjectNode schema) {
            schema.putObject("status");
        }

        @Override
        public void applyDefaults(ObjectNode schema) {
            ObjectNode spec = Json.child(schema, "spec");
            if (Json.number(spec, 0, "matchingPrecedence") == 0) {
                spec.put("matchingPrecedence", 1000);
            }
        }

        @Override
        public void validateCreate(JsonNode schema, FieldErrors errors) {
            String name = Json.text(schema, "metadata", "name");
            JsonNode spec = schema.path("spec");
            precedence(name, Json.number(spec, 0, "matchingPrecedence"), errors);
            JsonNode method = spec.path("distinguisherMethod");
            if (method.isObject() && !DISTINGUISHERS.contains(Json.text(method, "type"))) {
                errors.notSupported("spec.distinguisherMethod.type", method, DISTINGUISHERS);
            }
            String level = Json.text(spec, "priorityLevelConfiguration", "name");
            if (level.isEmpty()) {
                errors.required("spec.priorityLevelConfiguration.name", "must reference a priority level");
            } else {
                Checks.each(Syntax.dnsSubdomain(level), "spec.priorityLevelConfiguration.name", level, errors);
            }
            Checks.eachOf(spec, "rules", "spec", (rule, path) -> rule(rule, path, errors));
            if (Mandatory.is(name) && !Checks.same(spec, Mandatory.schemaSpec(name))) {
                errors.invalid("spec", spec, "spec of '" + name + "' must equal the fixed value");
            }
        }

        private static void precedence(String name, long value, FieldErrors errors) {
            String path = "spec.matchingPrecedence";
            if (value <= 0) {
                errors.invalid(path, value, "must be a positive value");
            } else if (value > LARGEST_PRECEDENCE) {
                errors.invalid(path, value, "must not be greater than " + LARGEST_PRECEDENCE);
            } else if (value == 1 && !name.equals(Mandatory.EXEMPT)) {
                errors.invalid(path, value, "only the schema named 'exempt' may have matchingPrecedence 1");
            }
        }

        private static void rule(JsonNode rule, String path, FieldErrors errors) {
            if (rule.path("subjects").isEmpty()) {
                errors.required(path + ".subjects", "subjects must contain at least one value");
            }
            Checks.eachOf(rule, "subjects", path, (subject, at) -> subject(subject, at, errors));
            if (rule.path("resourceRules").isEmpty()
                    && rule.path("nonResourceRules").isEmpty()) {
                errors.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
            }
            Checks.eachOf(rule, "resourceRules", path, (resource, at) -> resources(resource, at, errors));
            Checks.eachOf(rule, "nonResourceRules", path, (urls, at) -> {
                verbs(urls, at, errors);
                urls(urls, at, errors);
            });
        }

        private static void subject(JsonNode subject, String path, FieldErrors errors) {
            String kind = Json.text(subject, "kind");
            if (!SUBJECTS.contains(kind)) {
                errors.notSupported(path + ".kind", kind, SUBJECTS);
                return;
            }
            String own = field(kind);
            JsonNode described = subject.path(own);
            if (!described.isObject()) {
                errors.required(path + "." + own, own + " is required when subject kind is '" + kind + "'");
            } else if (kind.equals("ServiceAccount")) {
                account(described, path + "." + own, errors);
            } else {
                Checks.required(described, "name", path + "." + own, errors);
            }
            for (String other : List.of("ServiceAccount", "User", "Group")) {
                if (!other.equals(kind) && subject.path(field(other)).isObject()) {
                    errors.forbidden(
                            path + "." + field(other),
                            field(other) + " is forbidden when subject kind is not '" + other + "'");
                }
            }
        }

        private static String field(String kind) {
            return kind.substring(0, 1).toLowerCase(Locale.ROOT) + kind.substring(1);
        }

        private static void account(JsonNode account, String path, FieldErrors errors) {
            String name = Json.text(account, "name");
            if (name.isEmpty()) {
                errors.required(path + ".name", "");
            } else if (!name.equals("*")) {
                Checks.each(Syntax.dnsSubdomain(name), path + ".name", name, errors);
            }
            String namespace = Json.text(account, "namespace");
            if (namespace.isEmpty()) {
                errors.required(path + ".namespace", "must specify namespace for service account");
            } else {
                Checks.each(Syntax.dnsLabel(namespace), path + ".namespace", namespace, errors);
            }
        }

        private static List<String> texts(JsonNode rule, String list) {
            List<String> texts = new ArrayList<>();
            rule.path(list).forEach(value -> texts.add(value.asText()));
            return texts;
        }

        /** A list that must have a value, and only one if that is a star; true where it is neither. */
        private static boolean values(
                JsonNode rule, String list, String empty, String others, String path, FieldErrors errors) {
            List<String> values = texts(rule, list);
            if (values.isEmpty()) {
                errors.required(path + "." + list, empty);
                return false;
            }
            if (values.contains("*") && values.size() > 1) {
                errors.invalid(
                        path + "." + list, rule.path(list), "if '*' is present, must not specify other " + others);
            }
            return !values.contains("*");
        }

        private static void verbs(JsonNode rule, String path, FieldErrors errors) {
            boolean named = values(rule, "verbs", "verbs must contain at least one value", "verbs", path, errors);
            if (named && !VERBS.containsAll(texts(rule, "verbs"))) {
                errors.notSupported(path + ".verbs", rule.path("verbs"), VERBS);
            }
        }

        private static void resources(JsonNode rule, String path, FieldErrors errors) {
            verbs(rule, path, errors);
            values(rule, "apiGroups", "resource rules must supply at least one api group", "api groups", path, errors);
            values(rule, "resources", "resource rules must supply at least one resource", "resources", path, errors);
            if (rule.path("clusterScope").asBoolean() && rule.path("namespaces").isEmpty()) {
                return;
            }
            boolean named = values(
                    rule,
                    "namespaces",
                    "resource rules that are not cluster scoped must supply at least one namespace",
                    "namespaces",
                    path,
                    errors);
            if (named) {
                Checks.eachOf(
                        rule,
                        "namespaces",
                        path,
                        (namespace, at) -> Syntax.dnsLabel(namespace.asText())
                                .forEach(text -> errors.invalid(
                                        at,
                                        namespace,
                                        "each member of this list must be '*' or a DNS-1123 label; " + text)));
            }
        }

        private static void urls(JsonNode rule, String path, FieldErrors errors) {
            String empty = "nonResourceURLs must contain at least one value";
            if (values(rule, "nonResourceURLs", empty, "non-resource URLs", path, errors)) {
                Checks.eachOf(rule, "nonResourceURLs", path, (url, at) -> {
                    String wrong = wrongPath(url.asText());
                    if (!wrong.isEmpty()) {
                        errors.invalid(at, url, wrong);
                    }
                });
            }
        }

        private static String wrongPath(String path) {
            if (path.isEmpty()) {
                return "must not be empty";
            }
            if (!path.startsWith("/")) {
                return "must start with slash";
            }
            if (path.contains(" ")) {
                return "must not contain white-space";
            }
            if (path.contains("//")) {
                return "must not contain double slash";
            }
            int star = path.indexOf('*');
            boolean suffix = star == path.length() - 1 && path.endsWith("/*");
            return star >= 0 && !suffix ? "wildcard can only do suffix matching" : "";
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            StatusRules.namedConditions(updated.path("status"), errors);
        }
    }
}
