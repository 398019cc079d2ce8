package io.ruori.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;

/** Node selectors: terms are alternatives, the requirements of a term must all hold. */
final class NodeAffinity {
    private NodeAffinity() {}

    static boolean required(JsonNode affinity, NodeCapacity node) {
        JsonNode terms = Json.at(
                affinity, "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
        if (terms.isMissingNode()) {
            return true;
        }
        for (JsonNode term : terms) {
            if (matches(term, node)) {
                return true;
            }
        }
        return false;
    }

    /** The sum of the weights of the preferences this node meets. */
    static long preferred(JsonNode affinity, NodeCapacity node) {
        long sum = 0;
        for (JsonNode preference :
                Json.at(affinity, "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution")) {
            if (matches(preference.path("preference"), node)) {
                sum += Json.number(preference, 0, "weight");
            }
        }
        return sum;
    }

    /** An empty term matches nothing, as upstream. */
    private static boolean matches(JsonNode term, NodeCapacity node) {
        if (term.path("matchExpressions").isEmpty() && term.path("matchFields").isEmpty()) {
            return false;
        }
        for (JsonNode requirement : term.path("matchExpressions")) {
            String value = node.labels().get(Json.text(requirement, "key"));
            if (!holds(requirement, value)) {
                return false;
            }
        }
        for (JsonNode requirement : term.path("matchFields")) {
            if (!Json.text(requirement, "key").equals("metadata.name") || !holds(requirement, node.name())) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(JsonNode requirement, @org.jspecify.annotations.Nullable String value) {
        return switch (Json.text(requirement, "operator")) {
            case "In" -> value != null && contains(requirement.path("values"), value);
            case "NotIn" -> value == null || !contains(requirement.path("values"), value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> value != null && compare(value, requirement) > 0;
            case "Lt" -> value != null && compare(value, requirement) < 0;
            default -> false;
        };
    }

    private static boolean contains(JsonNode values, String value) {
        for (JsonNode candidate : values) {
            if (candidate.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }

    /** Zero (which satisfies neither Gt nor Lt) where one of them is no integer. */
    private static int compare(String value, JsonNode requirement) {
        try {
            return Long.compare(
                    Long.parseLong(value),
                    Long.parseLong(requirement.path("values").path(0).asText()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
