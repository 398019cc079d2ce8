package io.ruori.core.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One rule of a role: verbs on resources, or verbs on paths that are none.
 *
 * @param names empty for all names
 * @param urls not empty only where groups, resources and names are
 */
public record Rule(
        List<String> verbs, List<String> groups, List<String> resources, List<String> names, List<String> urls) {
    private static final String ALL = "*";

    public Rule {
        verbs = List.copyOf(verbs);
        groups = List.copyOf(groups);
        resources = List.copyOf(resources);
        names = List.copyOf(names);
        urls = List.copyOf(urls);
    }

    /** The {@code rules} of a role. */
    public static List<Rule> listOf(JsonNode rules) {
        List<Rule> all = new ArrayList<>(rules.size());
        for (JsonNode rule : rules) {
            all.add(of(rule));
        }
        return List.copyOf(all);
    }

    static Rule of(JsonNode rule) {
        return new Rule(
                strings(rule.path("verbs")),
                strings(rule.path("apiGroups")),
                strings(rule.path("resources")),
                strings(rule.path("resourceNames")),
                strings(rule.path("nonResourceURLs")));
    }

    private static List<String> strings(JsonNode list) {
        List<String> all = new ArrayList<>(list.size());
        list.forEach(item -> all.add(item.asText()));
        return all;
    }

    public ObjectNode toJson() {
        ObjectNode rule = Json.object();
        put(rule, "verbs", verbs);
        put(rule, "apiGroups", groups);
        put(rule, "resources", resources);
        put(rule, "resourceNames", names);
        put(rule, "nonResourceURLs", urls);
        return rule;
    }

    private static void put(ObjectNode rule, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = rule.putArray(field);
            values.forEach(list::add);
        }
    }

    // ---- what it allows

    boolean allows(Ask ask) {
        if (!hasVerb(ask.verb())) {
            return false;
        }
        return ask.isResource() ? hasGroup(ask.group()) && hasResource(ask) && hasName(ask.name()) : hasUrl(ask.path());
    }

    private boolean hasVerb(String verb) {
        return verbs.contains(verb) || verbs.contains(ALL);
    }

    private boolean hasGroup(String group) {
        return groups.contains(group) || groups.contains(ALL);
    }

    private boolean hasResource(Ask ask) {
        if (ask.subresource().isEmpty()) {
            return resources.contains(ask.resource()) || resources.contains(ALL);
        }
        return resources.contains(ALL)
                || resources.contains(ask.combinedResource())
                || resources.contains("*/" + ask.subresource());
    }

    private boolean hasName(String name) {
        return names.isEmpty() || names.contains(name);
    }

    private boolean hasUrl(String path) {
        for (String url : urls) {
            if (url.equals(ALL)
                    || url.equals(path)
                    || (url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1)))) {
                return true;
            }
        }
        return false;
    }

    // ---- what it covers of another

    /** Rules of one verb, group, resource and name each that come to the same: what can be compared one by one. */
    List<Rule> parts() {
        List<Rule> parts = new ArrayList<>();
        for (String group : groups) {
            for (String resource : resources) {
                for (String verb : verbs) {
                    if (names.isEmpty()) {
                        parts.add(new Rule(List.of(verb), List.of(group), List.of(resource), List.of(), List.of()));
                    }
                    for (String name : names) {
                        parts.add(new Rule(List.of(verb), List.of(group), List.of(resource), List.of(name), List.of()));
                    }
                }
            }
        }
        for (String url : urls) {
            for (String verb : verbs) {
                parts.add(new Rule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return parts;
    }

    /** Whether everything that {@code part} (see {@link #parts}) allows is allowed by this rule alone. */
    boolean covers(Rule part) {
        if (!hasVerb(part.verbs.getFirst())) {
            return false;
        }
        if (!part.urls.isEmpty()) {
            return coversUrl(part.urls.getFirst());
        }
        return hasGroup(part.groups.getFirst())
                && coversResource(part.resources.getFirst())
                && (names.isEmpty() || (!part.names.isEmpty() && names.contains(part.names.getFirst())));
    }

    /** Whether rules together allow everything that this one does. */
    public boolean isCoveredBy(List<Rule> others) {
        return parts().stream().allMatch(part -> others.stream().anyMatch(other -> other.covers(part)));
    }

    private boolean coversResource(String resource) {
        int slash = resource.indexOf('/');
        return resources.contains(resource)
                || resources.contains(ALL)
                || (slash >= 0 && resources.contains("*" + resource.substring(slash)));
    }

    private boolean coversUrl(String wanted) {
        for (String url : urls) {
            if (url.equals(ALL)
                    || url.equals(wanted)
                    || (url.endsWith(ALL) && wanted.startsWith(url.substring(0, url.length() - 1)))) {
                return true;
            }
        }
        return false;
    }

    /** In the short form that upstream's messages have. */
    String words() {
        List<String> parts = new ArrayList<>();
        words(parts, "APIGroups", groups);
        words(parts, "Resources", resources);
        words(parts, "NonResourceURLs", urls);
        words(parts, "ResourceNames", names);
        words(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void words(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + listed(values));
        }
    }

    static String listed(List<String> values) {
        return values.stream().map(Ask::quoted).collect(Collectors.joining(" ", "[", "]"));
    }
}
