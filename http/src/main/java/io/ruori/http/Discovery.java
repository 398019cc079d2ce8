package io.ruori.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.VersionOrder;
import io.ruori.kind.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The discovery documents, plain and aggregated, all made from the descriptors. */
final class Discovery {
    /** Upstream's choice: enough bytes to tell versions of one kind apart. */
    private static final int HASH_LENGTH = 8;

    private final Set<Kind> stored;
    private final List<Kind> kinds;

    /**
     * @param stored kinds with objects; those that are only asked are known
     */
    Discovery(Collection<Kind> stored) {
        this.stored = Set.copyOf(stored);
        this.kinds = ServedKinds.with(stored);
    }

    // ---- plain

    ObjectNode apiVersions(String address) {
        ObjectNode answer = Json.object().put("kind", "APIVersions");
        answer.putArray("versions").add("v1");
        answer.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", address);
        return answer;
    }

    ObjectNode groupList() {
        ObjectNode answer = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = answer.putArray("groups");
        groups().forEach((group, versions) -> groups.add(group(group, versions)));
        return answer;
    }

    java.util.Optional<ObjectNode> group(String group) {
        Set<String> versions = groups().get(group);
        return java.util.Optional.ofNullable(versions).map(v -> (ObjectNode)
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").setAll(group(group, v)));
    }

    private static ObjectNode group(String group, Set<String> versions) {
        ObjectNode entry = Json.object().put("name", group);
        ArrayNode list = entry.putArray("versions");
        for (String version : versions) {
            list.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        String preferred = versions.iterator().next();
        entry.putObject("preferredVersion")
                .put("groupVersion", group + "/" + preferred)
                .put("version", preferred);
        return entry;
    }

    java.util.Optional<ObjectNode> resources(String apiVersion) {
        List<Kind> served =
                kinds.stream().filter(k -> k.apiVersion().equals(apiVersion)).toList();
        if (served.isEmpty()) {
            return java.util.Optional.empty();
        }
        ObjectNode answer = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", apiVersion);
        ArrayNode resources = answer.putArray("resources");
        served.stream().sorted((a, b) -> a.plural().compareTo(b.plural())).forEach(kind -> {
            resources.add(resource(kind));
            Part.of(kind).forEach(part -> resources.add(part(kind, part)));
        });
        return java.util.Optional.of(answer);
    }

    private ObjectNode resource(Kind kind) {
        ObjectNode entry = Json.object()
                .put("name", kind.plural())
                .put("singularName", kind.singular())
                .put("namespaced", kind.isNamespaced())
                .put("kind", kind.kind());
        verbs(entry, kind.verbs());
        strings(entry, "shortNames", kind.shortNames());
        strings(entry, "categories", kind.categories());
        if (stored.contains(kind)) {
            entry.put("storageVersionHash", storageVersionHash(kind.stored()));
        }
        return entry;
    }

    /** By which storage migrators see that objects are to be written anew. */
    private static String storageVersionHash(Kind kind) {
        String name = kind.group() + "/" + kind.version() + "/" + kind.kind();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, HASH_LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode part(Kind kind, Part part) {
        ObjectNode entry = Json.object()
                .put("name", kind.plural() + "/" + part.name())
                .put("singularName", "")
                .put("namespaced", kind.isNamespaced());
        if (!part.group().equals(kind.group()) || !part.version().equals(kind.version())) {
            entry.put("group", part.group()).put("version", part.version());
        }
        entry.put("kind", part.kind());
        verbs(entry, part.verbs());
        return entry;
    }

    // ---- aggregated

    /** @param version {@code v2} or {@code v2beta1} */
    ObjectNode aggregated(boolean core, String version) {
        ObjectNode answer =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/" + version);
        answer.putObject("metadata");
        ArrayNode items = answer.putArray("items");
        Predicate<String> wanted = core ? String::isEmpty : group -> !group.isEmpty();
        allGroups().forEach((group, versions) -> {
            if (wanted.test(group)) {
                items.add(aggregatedGroup(group, versions));
            }
        });
        return answer;
    }

    private ObjectNode aggregatedGroup(String group, Set<String> versions) {
        ObjectNode item = Json.object();
        ObjectNode metadata = item.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
        metadata.putNull("creationTimestamp");
        ArrayNode list = item.putArray("versions");
        for (String version : versions) {
            ObjectNode entry = list.addObject().put("version", version);
            ArrayNode resources = entry.putArray("resources");
            kinds.stream()
                    .filter(k -> k.group().equals(group) && k.version().equals(version))
                    .sorted((a, b) -> a.plural().compareTo(b.plural()))
                    .forEach(kind -> resources.add(aggregatedResource(kind)));
            entry.put("freshness", "Current");
        }
        return item;
    }

    private static ObjectNode aggregatedResource(Kind kind) {
        ObjectNode entry = Json.object().put("resource", kind.plural());
        entry.set("responseKind", responseKind(kind.group(), kind.version(), kind.kind()));
        entry.put("scope", kind.isNamespaced() ? "Namespaced" : "Cluster").put("singularResource", kind.singular());
        verbs(entry, kind.verbs());
        strings(entry, "shortNames", kind.shortNames());
        strings(entry, "categories", kind.categories());
        List<Part> parts = Part.of(kind);
        if (!parts.isEmpty()) {
            ArrayNode list = entry.putArray("subresources");
            for (Part part : parts) {
                ObjectNode sub = list.addObject().put("subresource", part.name());
                sub.set("responseKind", responseKind(part.group(), part.version(), part.kind()));
                verbs(sub, part.verbs());
            }
        }
        return entry;
    }

    private static ObjectNode responseKind(String group, String version, String kind) {
        return Json.object().put("group", group).put("version", version).put("kind", kind);
    }

    // ---- shared

    private Map<String, Set<String>> groups() {
        Map<String, Set<String>> named = allGroups();
        named.remove("");
        return named;
    }

    private Map<String, Set<String>> allGroups() {
        Map<String, Set<String>> versions = new TreeMap<>();
        kinds.forEach(kind -> versions.computeIfAbsent(kind.group(), g -> new TreeSet<>(VersionOrder.PREFERRED_FIRST))
                .add(kind.version()));
        return versions;
    }

    private static void verbs(ObjectNode entry, Set<String> verbs) {
        strings(entry, "verbs", verbs.stream().sorted().toList());
    }

    private static void strings(ObjectNode entry, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = entry.putArray(field);
            values.forEach(list::add);
        }
    }
}
