package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.kind.PodResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which Pods a quota is about: one term of its scopes or its scope selector.
 *
 * @param values of the PriorityClass scope, where the operator asks for some
 */
public record Scope(String name, String operator, Set<String> values) {

    /** All must hold; none where the quota is about everything. */
    static List<Scope> listOf(JsonNode spec) {
        List<Scope> scopes = new ArrayList<>();
        spec.path("scopes").forEach(name -> scopes.add(new Scope(name.asText(), "Exists", Set.of())));
        for (JsonNode term : Json.at(spec, "scopeSelector", "matchExpressions")) {
            Set<String> values = new TreeSet<>();
            term.path("values").forEach(value -> values.add(value.asText()));
            scopes.add(new Scope(Json.text(term, "scopeName"), Json.text(term, "operator"), Set.copyOf(values)));
        }
        return List.copyOf(scopes);
    }

    boolean matches(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        return switch (name) {
            case "Terminating" -> hasEnd(spec);
            case "NotTerminating" -> !hasEnd(spec);
            case "BestEffort" -> isBestEffort(spec);
            case "NotBestEffort" -> !isBestEffort(spec);
            case "PriorityClass" -> matchesClass(Json.text(spec, "priorityClassName"));
            case "CrossNamespacePodAffinity" -> looksElsewhere(spec.path("affinity"));
            default -> false;
        };
    }

    private static boolean hasEnd(JsonNode spec) {
        return Json.number(spec, -1, "activeDeadlineSeconds") >= 0;
    }

    private static boolean isBestEffort(JsonNode spec) {
        return PodResources.qosClass(spec).equals("BestEffort");
    }

    private boolean matchesClass(String priorityClass) {
        return switch (operator) {
            case "In" -> values.contains(priorityClass);
            case "NotIn" -> !values.contains(priorityClass);
            case "Exists" -> !priorityClass.isEmpty();
            case "DoesNotExist" -> priorityClass.isEmpty();
            default -> false;
        };
    }

    /** A term of affinity to Pods, or against them, that names other namespaces. */
    private static boolean looksElsewhere(JsonNode affinity) {
        for (String sort : List.of("podAffinity", "podAntiAffinity")) {
            for (JsonNode term : Json.at(affinity, sort, "requiredDuringSchedulingIgnoredDuringExecution")) {
                if (isElsewhere(term)) {
                    return true;
                }
            }
            for (JsonNode term : Json.at(affinity, sort, "preferredDuringSchedulingIgnoredDuringExecution")) {
                if (isElsewhere(term.path("podAffinityTerm"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isElsewhere(JsonNode term) {
        return !term.path("namespaces").isEmpty() || term.hasNonNull("namespaceSelector");
    }
}
