package io.ruori.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads {@code bootstrap.policy}: the roles and bindings every cluster has. */
public final class BootstrapPolicy {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String CONTROLLER = "system:controller:";
    private static final Map<String, List<String>> VERBS = Map.of(
            "read",
            List.of("get", "list", "watch"),
            "write",
            List.of("create", "delete", "deletecollection", "patch", "update"));
    private static final Rule EVENTS = new Rule(
            List.of("create", "patch", "update"),
            List.of("", "events.k8s.io"),
            List.of("events"),
            List.of(),
            List.of());

    /** An object as it should be found in the cluster, or at least its rules and subjects. */
    public record Wanted(ObjectKey key, ObjectNode object) {}

    private final List<Wanted> wanted = new ArrayList<>();
    private final List<Wanted> bindings = new ArrayList<>();

    private BootstrapPolicy() {}

    /** Roles first, then what binds them. */
    public static List<Wanted> load() {
        try (InputStream in = BootstrapPolicy.class.getResourceAsStream("bootstrap.policy")) {
            String text = new String(
                    Objects.requireNonNull(in, "bootstrap.policy is part of this jar")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            return parse(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What nodes may do at most. */
    public static List<Rule> nodeRules() {
        for (Wanted each : load()) {
            if (each.key().kind().equals(AccessIndex.CLUSTER_ROLES)
                    && each.key().name().equals("system:node")) {
                return Rule.listOf(each.object().path("rules"));
            }
        }
        throw new IllegalStateException("bootstrap.policy has no role for nodes");
    }

    static List<Wanted> parse(String text) {
        BootstrapPolicy policy = new BootstrapPolicy();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            if (line.startsWith("  ")) {
                policy.rule(line.strip());
            } else {
                policy.object(List.of(line.strip().split(" +")));
            }
        });
        policy.wanted.addAll(policy.bindings);
        return List.copyOf(policy.wanted);
    }

    private void object(List<String> words) {
        switch (words.getFirst()) {
            case "clusterrole" -> clusterRole(words);
            case "controller" -> {
                role(AccessIndex.CLUSTER_ROLES, "", CONTROLLER + words.get(1), "ClusterRole");
                String account = "sa:kube-system/" + words.get(1);
                bind("", CONTROLLER + words.get(1), CONTROLLER + words.get(1), List.of(account));
            }
            case "role" -> role(AccessIndex.ROLES, words.get(1), words.get(2), "Role");
            case "bind" -> bind("", words.get(1), words.get(1), words.subList(3, words.size()));
            case "rolebind" -> {
                int to = words.indexOf("to");
                String name = words.get(3).equals("as") ? words.get(4) : words.get(2);
                bind(words.get(1), name, words.get(2), words.subList(to + 1, words.size()));
            }
            default -> throw new IllegalStateException("bootstrap.policy: " + words);
        }
    }

    private void clusterRole(List<String> words) {
        ObjectNode role = role(AccessIndex.CLUSTER_ROLES, "", words.get(1), "ClusterRole");
        int aggregated = words.indexOf("aggregated");
        if (aggregated > 0) {
            Json.child(Json.child(role, "metadata"), "labels").put(aggregateTo(words.get(aggregated + 2)), "true");
        }
        int aggregates = words.indexOf("aggregates");
        if (aggregates > 0) {
            role.putObject("aggregationRule")
                    .putArray("clusterRoleSelectors")
                    .addObject()
                    .putObject("matchLabels")
                    .put(aggregateTo(words.get(aggregates + 1)), "true");
        }
    }

    private static String aggregateTo(String role) {
        return GROUP + "/aggregate-to-" + role;
    }

    private ObjectNode role(KindName kind, String namespace, String name, String kindWord) {
        ObjectNode role = head(kindWord, namespace, name);
        wanted.add(new Wanted(new ObjectKey(kind, namespace, name), role));
        return role;
    }

    private static ObjectNode head(String kind, String namespace, String name) {
        ObjectNode object = Json.object().put("apiVersion", GROUP + "/v1").put("kind", kind);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put(RoleBootstrap.AUTO_UPDATE, "true");
        return object;
    }

    private void rule(String line) {
        Json.list(wanted.getLast().object(), "rules").add(parseRule(line).toJson());
    }

    private static Rule parseRule(String line) {
        if (line.equals("events")) {
            return EVENTS;
        }
        String[] parts = line.split(" \\| ");
        List<String> verbs = new ArrayList<>();
        for (String verb : list(parts[0])) {
            verbs.addAll(VERBS.getOrDefault(verb, List.of(verb)));
        }
        if (parts[1].equals("url")) {
            return new Rule(verbs, List.of(), List.of(), List.of(), list(parts[2]));
        }
        List<String> groups =
                list(parts[1]).stream().map(g -> g.equals("core") ? "" : g).toList();
        return new Rule(verbs, groups, list(parts[2]), parts.length > 3 ? list(parts[3]) : List.of(), List.of());
    }

    private static List<String> list(String text) {
        return List.of(text.strip().split(","));
    }

    private void bind(String namespace, String name, String role, List<String> subjects) {
        ObjectNode binding = head(namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding", namespace, name);
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", namespace.isEmpty() ? "ClusterRole" : "Role")
                .put("name", role);
        if (!subjects.isEmpty()) {
            ArrayNode list = binding.putArray("subjects");
            subjects.forEach(subject -> subject(list.addObject(), subject));
        }
        KindName kind = namespace.isEmpty() ? AccessIndex.CLUSTER_ROLE_BINDINGS : AccessIndex.ROLE_BINDINGS;
        bindings.add(new Wanted(new ObjectKey(kind, namespace, name), binding));
    }

    private static void subject(ObjectNode subject, String text) {
        String name = text.substring(text.indexOf(':') + 1);
        switch (text.substring(0, text.indexOf(':'))) {
            case "user" -> subject.put("kind", "User").put("apiGroup", GROUP).put("name", name);
            case "group" -> subject.put("kind", "Group").put("apiGroup", GROUP).put("name", name);
            case "sa" -> {
                int slash = name.indexOf('/');
                subject.put("kind", "ServiceAccount")
                        .put("name", name.substring(slash + 1))
                        .put("namespace", name.substring(0, slash));
            }
            default -> throw new IllegalStateException("bootstrap.policy: " + text);
        }
    }
}
