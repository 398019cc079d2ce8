package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/** What a Pod asks for as a whole, and the quality of service that follows. */
public final class PodResources {
    private static final List<String> QOS_RESOURCES = List.of("cpu", "memory");

    private PodResources() {}

    /** An init container that keeps running beside the others. */
    static boolean isSidecar(JsonNode initContainer) {
        return Json.text(initContainer, "restartPolicy").equals("Always");
    }

    /** What {@link #requested} comes to, in the units that a scheduler reckons with. */
    static PodDigest.Requests requests(JsonNode spec) {
        Map<String, Quantity> requested = requested(spec);
        return requested.isEmpty() ? PodDigest.Requests.NONE : digest(requested);
    }

    /**
     * The larger of what runs in the end and what runs at any time during initialization, plus overhead; requests of the Pod
     * as a whole take the place of its containers'.
     */
    public static Map<String, Quantity> requested(JsonNode spec) {
        Map<String, Quantity> requested = together(spec, PodResources::requestsOf);
        merge(requested, amounts(spec.path("overhead")), Quantity::plus);
        return requested;
    }

    /** The same of limits, where overhead only adds to what is limited. */
    public static Map<String, Quantity> limited(JsonNode spec) {
        Map<String, Quantity> limited = together(spec, PodResources::limitsOf);
        amounts(spec.path("overhead")).forEach((name, more) -> limited.computeIfPresent(name, (n, a) -> a.plus(more)));
        return limited;
    }

    private static Map<String, Quantity> together(JsonNode spec, Function<JsonNode, Map<String, Quantity>> of) {
        Map<String, Quantity> running = new HashMap<>();
        for (JsonNode container : spec.path("containers")) {
            merge(running, of.apply(container), Quantity::plus);
        }
        if (spec.has("initContainers")) {
            initialization(spec, running, of);
        }
        running.putAll(of.apply(spec));
        return running;
    }

    private static void initialization(
            JsonNode spec, Map<String, Quantity> running, Function<JsonNode, Map<String, Quantity>> of) {
        Map<String, Quantity> sidecars = new HashMap<>();
        Map<String, Quantity> peak = new HashMap<>();
        for (JsonNode container : spec.path("initContainers")) {
            Map<String, Quantity> own = of.apply(container);
            Map<String, Quantity> together = new HashMap<>(sidecars);
            merge(together, own, Quantity::plus);
            if (isSidecar(container)) {
                sidecars = together;
                merge(running, own, Quantity::plus);
            }
            merge(peak, together, PodResources::larger);
        }
        merge(running, peak, PodResources::larger);
    }

    private static Quantity larger(Quantity a, Quantity b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static void merge(Map<String, Quantity> into, Map<String, Quantity> from, BinaryOperator<Quantity> how) {
        from.forEach((name, amount) -> into.merge(name, amount, how));
    }

    /** A limit without a request counts as the request, whether or not defaults have been applied yet. */
    public static Map<String, Quantity> requestsOf(JsonNode container) {
        JsonNode resources = container.path("resources");
        if (resources.isEmpty()) {
            return Map.of();
        }
        Map<String, Quantity> amounts = amounts(resources.path("limits"));
        amounts.putAll(amounts(resources.path("requests")));
        return amounts;
    }

    /** The limits of a container, or of a Pod as a whole. */
    public static Map<String, Quantity> limitsOf(JsonNode container) {
        return amounts(container.path("resources").path("limits"));
    }

    private static Map<String, Quantity> amounts(JsonNode list) {
        Map<String, Quantity> amounts = new HashMap<>();
        list.properties()
                .forEach(e ->
                        Quantity.parse(e.getValue().asText()).ifPresent(amount -> amounts.put(e.getKey(), amount)));
        return amounts;
    }

    private static PodDigest.Requests digest(Map<String, Quantity> amounts) {
        Map<String, Long> extended = Map.of();
        for (Map.Entry<String, Quantity> entry : amounts.entrySet()) {
            if (!Set.of("cpu", "memory", "ephemeral-storage").contains(entry.getKey())) {
                extended = extended.isEmpty() ? new HashMap<>() : extended;
                extended.put(entry.getKey(), entry.getValue().value());
            }
        }
        return new PodDigest.Requests(
                amounts.getOrDefault("cpu", Quantity.ZERO).millis(),
                amounts.getOrDefault("memory", Quantity.ZERO).value(),
                amounts.getOrDefault("ephemeral-storage", Quantity.ZERO).value(),
                extended);
    }

    /** {@code Guaranteed}, {@code Burstable} or {@code BestEffort}. */
    public static String qosClass(JsonNode spec) {
        List<JsonNode> claims = new ArrayList<>();
        if (spec.path("resources").isEmpty()) {
            spec.path("containers").forEach(claims::add);
            spec.path("initContainers").forEach(claims::add);
        } else {
            claims.add(spec);
        }
        boolean any = false;
        boolean guaranteed = true;
        for (JsonNode claim : claims) {
            Map<String, Quantity> requests = requestsOf(claim);
            Map<String, Quantity> limits = amounts(claim.path("resources").path("limits"));
            for (String resource : QOS_RESOURCES) {
                Quantity request = requests.getOrDefault(resource, Quantity.ZERO);
                Quantity limit = limits.getOrDefault(resource, Quantity.ZERO);
                any |= request.signum() > 0 || limit.signum() > 0;
                guaranteed &= limit.signum() > 0 && limit.compareTo(request) == 0;
            }
        }
        if (!any) {
            return "BestEffort";
        }
        return guaranteed ? "Guaranteed" : "Burstable";
    }
}
