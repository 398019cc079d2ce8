package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.kind.PodKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A ResourceQuota, read.
 *
 * @param hard what its spec allows
 * @param counted what its status allows: what is enforced, once it has been counted
 */
public record Quota(
        String name, Amounts hard, Amounts counted, Amounts used, List<Scope> scopes, List<Promise> promises) {
    private static final Set<String> SAID_BY_CONTAINERS =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

    public static Quota of(StoredObject quota) {
        return quota.digest(Quota::of);
    }

    public static Quota of(JsonNode quota) {
        return new Quota(
                Json.text(quota, "metadata", "name"),
                Amounts.of(Json.at(quota, "spec", "hard")),
                Amounts.of(Json.at(quota, "status", "hard")),
                Amounts.of(Json.at(quota, "status", "used")),
                Scope.listOf(quota.path("spec")),
                Promise.listOf(quota));
    }

    /** Whether some of what it allows is about objects of this kind. */
    public boolean isAbout(KindName kind) {
        if (!scopes.isEmpty() && !kind.equals(PodKind.NAME)) {
            return false;
        }
        for (String name : hard.byName().keySet()) {
            if (Usage.isOf(kind, name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an object of a kind that it is about is within all of its scopes. */
    boolean covers(JsonNode object) {
        return scopes.stream().allMatch(scope -> scope.matches(object));
    }

    /** The promises to writes of an object before this revision of it. */
    public List<String> promisedBefore(ObjectKey object, Revision revision) {
        return promises.stream()
                .filter(promise -> promise.of().equals(object) && revision.isAfter(promise.basis()))
                .map(Promise::id)
                .toList();
    }

    /**
     * What the containers of a Pod must say and do not, as upstream words it; empty where all is said. Where CPU and memory are
     * shared out by a quota, each container must ask for its share.
     */
    String unsaid(JsonNode pod) {
        Set<String> asked = new TreeSet<>(counted.byName().keySet());
        asked.retainAll(SAID_BY_CONTAINERS);
        asked.removeAll(Usage.said(pod.path("spec")));
        Map<String, Set<String>> missing = new TreeMap<>();
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                Set<String> unsaid = new TreeSet<>(asked);
                unsaid.removeAll(Usage.said(container));
                unsaid.forEach(name ->
                        missing.computeIfAbsent(name, none -> new TreeSet<>()).add(Json.text(container, "name")));
            }
        }
        List<String> parts = new ArrayList<>();
        missing.forEach((name, containers) -> parts.add(name + " for: " + String.join(",", containers)));
        return parts.isEmpty() ? "" : "must specify " + String.join("; ", parts);
    }
}
