package io.ruori.core.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What scheduling reads of a Node.
 *
 * @param taints those that keep Pods away (NoSchedule, NoExecute) or make a node less wanted (PreferNoSchedule)
 * @param pods how many Pods it takes
 */
public record NodeCapacity(
        String name,
        Map<String, String> labels,
        List<Taint> taints,
        boolean unschedulable,
        long cpuMillis,
        long memoryBytes,
        long ephemeralBytes,
        int pods,
        Map<String, Long> extended) {

    /** A taint, as the API has it. */
    public record Taint(String key, String value, String effect) {
        boolean repels() {
            return effect.equals("NoSchedule") || effect.equals("NoExecute");
        }
    }

    public static NodeCapacity of(JsonNode node) {
        JsonNode allocatable = node.path("status").path("allocatable");
        Map<String, String> labels = new HashMap<>();
        Json.at(node, "metadata", "labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        List<Taint> taints = new java.util.ArrayList<>();
        for (JsonNode taint : Json.at(node, "spec", "taints")) {
            taints.add(new Taint(Json.text(taint, "key"), Json.text(taint, "value"), Json.text(taint, "effect")));
        }
        Map<String, Long> extended = new HashMap<>();
        allocatable.properties().forEach(e -> {
            if (e.getKey().contains("/") || e.getKey().startsWith("hugepages-")) {
                extended.put(e.getKey(), units(e.getValue()));
            }
        });
        return new NodeCapacity(
                Json.text(node, "metadata", "name"),
                Map.copyOf(labels),
                List.copyOf(taints),
                Json.at(node, "spec", "unschedulable").asBoolean(),
                millis(allocatable.path("cpu")),
                units(allocatable.path("memory")),
                allocatable.has("ephemeral-storage") ? units(allocatable.path("ephemeral-storage")) : Long.MAX_VALUE,
                (int) units(allocatable.path("pods")),
                Map.copyOf(extended));
    }

    private static long millis(JsonNode quantity) {
        return quantity.isMissingNode()
                ? 0
                : Quantity.parse(quantity.asText()).map(Quantity::millis).orElse(0L);
    }

    private static long units(JsonNode quantity) {
        return quantity.isMissingNode()
                ? 0
                : Quantity.parse(quantity.asText()).map(Quantity::value).orElse(0L);
    }
}
