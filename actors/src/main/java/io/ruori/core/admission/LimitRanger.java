package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Quantity;
import io.ruori.kind.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gives containers what their namespace's LimitRanges say they get, and refuses what those do not allow. */
final class LimitRanger implements Admitter {
    private static final KindName PODS = KindName.core("pods");
    private static final KindName CLAIMS = KindName.core("persistentvolumeclaims");
    private static final String CONTAINER = "Container";
    private static final String NOTE = "kubernetes.io/limit-ranger";

    // ---- what a container gets

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (!kind.name().equals(PODS) || facts.limits().isEmpty()) {
            return;
        }
        for (List<Limit> range : facts.limits()) {
            List<String> given = new ArrayList<>();
            Map<String, Quantity> limits = new TreeMap<>();
            Map<String, Quantity> requests = new TreeMap<>();
            range.stream().filter(limit -> limit.type().equals(CONTAINER)).forEach(limit -> {
                limits.putAll(limit.limits());
                requests.putAll(limit.requests());
            });
            complete(object, "containers", "container ", requests, limits, given);
            complete(object, "initContainers", "init container ", requests, limits, given);
            if (!given.isEmpty()) {
                Json.child(Json.child(object, "metadata"), "annotations")
                        .put(NOTE, "LimitRanger plugin set: " + String.join("; ", given));
            }
        }
    }

    private static void complete(
            ObjectNode pod,
            String list,
            String word,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> given) {
        for (JsonNode container : pod.path("spec").path(list)) {
            ObjectNode resources = Json.child((ObjectNode) container, "resources");
            String named = " for " + word + Json.text(container, "name");
            List<String> requested = fill(resources, "requests", requests);
            List<String> limited = fill(resources, "limits", limits);
            if (!requested.isEmpty()) {
                given.add(String.join(", ", requested) + " request" + named);
            }
            if (!limited.isEmpty()) {
                given.add(String.join(", ", limited) + " limit" + named);
            }
        }
    }

    /** Names what was not there before. */
    private static List<String> fill(ObjectNode resources, String field, Map<String, Quantity> amounts) {
        List<String> filled = new ArrayList<>();
        amounts.forEach((name, amount) -> {
            if (!resources.path(field).has(name)) {
                Json.child(resources, field).put(name, amount.toString());
                filled.add(name);
            }
        });
        return filled;
    }

    // ---- what is allowed

    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        List<String> complaints = new ArrayList<>();
        for (List<Limit> range : facts.limits()) {
            for (Limit limit : range) {
                if (kind.name().equals(PODS)) {
                    complaints.addAll(ofPod(limit, object.path("spec")));
                } else if (kind.name().equals(CLAIMS) && limit.type().equals("PersistentVolumeClaim")) {
                    complaints.addAll(limit.complaints(amounts(object.path("spec"), "requests")));
                }
            }
            if (!complaints.isEmpty()) {
                String all = complaints.size() == 1 ? complaints.getFirst() : complaints.toString();
                return Optional.of(ApiStatus.forbidden(key, all));
            }
        }
        return Optional.empty();
    }

    private static List<String> ofPod(Limit limit, JsonNode spec) {
        return switch (limit.type()) {
            case CONTAINER -> {
                List<String> complaints = new ArrayList<>();
                for (String list : List.of("containers", "initContainers")) {
                    for (JsonNode container : spec.path(list)) {
                        complaints.addAll(
                                limit.complaints(amounts(container, "requests"), amounts(container, "limits")));
                    }
                }
                yield complaints;
            }
            case "Pod" -> limit.complaints(together(spec, "requests"), together(spec, "limits"));
            default -> List.of();
        };
    }

    private static Map<String, Quantity> amounts(JsonNode holder, String field) {
        return Limit.amounts(holder.path("resources").path(field));
    }

    /** What runs at once: all containers and sidecars, or the greediest step before them. */
    private static Map<String, Quantity> together(JsonNode spec, String field) {
        Map<String, Quantity> sum = new TreeMap<>();
        spec.path("containers")
                .forEach(c -> amounts(c, field).forEach((name, q) -> sum.merge(name, q, Quantity::plus)));
        Map<String, Quantity> sidecars = new TreeMap<>();
        Map<String, Quantity> peak = new TreeMap<>();
        for (JsonNode step : spec.path("initContainers")) {
            Map<String, Quantity> own = amounts(step, field);
            if (Json.text(step, "restartPolicy").equals("Always")) {
                own.forEach((name, q) -> sidecars.merge(name, q, Quantity::plus));
                sidecars.forEach((name, q) -> peak.merge(name, q, LimitRanger::larger));
            } else {
                own.forEach((name, q) ->
                        peak.merge(name, q.plus(sidecars.getOrDefault(name, Quantity.ZERO)), LimitRanger::larger));
            }
        }
        sidecars.forEach((name, q) -> sum.merge(name, q, Quantity::plus));
        peak.forEach((name, q) -> sum.merge(name, q, LimitRanger::larger));
        return sum;
    }

    private static Quantity larger(Quantity a, Quantity b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
