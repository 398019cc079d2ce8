package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an update of a Service leaves out, and what its new type makes void. Clients write what they know: one that never knew
 * of {@code clusterIPs}, or applies again the manifest it began with, must neither lose what was given out nor be refused.
 */
public final class ServiceEdit {
    private static final String CLUSTER_IP = "clusterIP";
    private static final String CLUSTER_IPS = "clusterIPs";
    private static final String HEALTH_PORT = "healthCheckNodePort";

    private ServiceEdit() {}

    static void apply(ObjectNode spec, JsonNode old) {
        keepWhatWasGivenOut(spec, old);
        bothAddressFields(spec, old);
        dropWhatTheTypeHasNot(spec, old);
    }

    /** {@code clusterIP} is the first of {@code clusterIPs}; older clients write the one, newer ones both. */
    static void bothAddressFields(ObjectNode spec) {
        if (!Json.text(spec, CLUSTER_IP).isEmpty() && spec.path(CLUSTER_IPS).isEmpty()) {
            spec.putArray(CLUSTER_IPS).add(Json.text(spec, CLUSTER_IP));
        }
    }

    // ---- what a Service has, by its type

    public static String type(JsonNode spec) {
        String type = Json.text(spec, "type");
        return type.isEmpty() ? "ClusterIP" : type;
    }

    public static boolean hasAddress(JsonNode spec) {
        return !type(spec).equals("ExternalName");
    }

    public static boolean hasNodePorts(JsonNode spec) {
        boolean balanced = type(spec).equals("LoadBalancer")
                && spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
        return type(spec).equals("NodePort") || balanced;
    }

    public static boolean hasHealthPort(JsonNode spec) {
        return type(spec).equals("LoadBalancer")
                && Json.text(spec, "externalTrafficPolicy").equals("Local");
    }

    static boolean isReachedFromOutside(JsonNode spec) {
        return switch (type(spec)) {
            case "LoadBalancer", "NodePort" -> true;
            case "ClusterIP" -> !spec.path("externalIPs").isEmpty();
            default -> false;
        };
    }

    public static boolean isHeadless(JsonNode spec) {
        JsonNode addresses = spec.path(CLUSTER_IPS);
        return addresses.size() == 1 && addresses.get(0).asText().equals("None");
    }

    // ---- updates

    private static void keepWhatWasGivenOut(ObjectNode spec, JsonNode old) {
        if (hasAddress(old) && hasAddress(spec)) {
            if (Json.text(spec, CLUSTER_IP).isEmpty()
                    && !Json.text(old, CLUSTER_IP).isEmpty()) {
                spec.set(CLUSTER_IP, old.get(CLUSTER_IP));
            }
            if (spec.path(CLUSTER_IPS).isEmpty() && Json.text(spec, CLUSTER_IP).equals(Json.text(old, CLUSTER_IP))) {
                copy(old, spec, CLUSTER_IPS);
            }
            keepFamilies(spec, old);
        }
        if (hasNodePorts(old) && hasNodePorts(spec)) {
            keepNodePorts(spec, old);
        }
        if (hasHealthPort(old) && hasHealthPort(spec) && Json.number(spec, 0, HEALTH_PORT) == 0) {
            copy(old, spec, HEALTH_PORT);
        }
    }

    private static void keepFamilies(ObjectNode spec, JsonNode old) {
        for (String field : List.of("ipFamilyPolicy", "ipFamilies")) {
            if (spec.path(field).isMissingNode()) {
                copy(old, spec, field);
            }
        }
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (from.has(field)) {
            to.set(field, from.get(field).deepCopy());
        }
    }

    /** Ports are known by their names; a number that another port of the new Service has is not given twice. */
    private static void keepNodePorts(ObjectNode spec, JsonNode old) {
        Map<String, Long> given = new HashMap<>();
        Set<Long> before = new HashSet<>();
        for (JsonNode port : old.path("ports")) {
            given.put(Json.text(port, "name"), Json.number(port, 0, "nodePort"));
            before.add(Json.number(port, 0, "nodePort"));
        }
        Set<Long> used = new HashSet<>();
        spec.path("ports").forEach(port -> used.add(Json.number(port, 0, "nodePort")));
        used.retainAll(before);
        for (JsonNode port : spec.path("ports")) {
            long number = given.getOrDefault(Json.text(port, "name"), 0L);
            if (Json.number(port, 0, "nodePort") == 0 && number != 0 && used.add(number)) {
                ((ObjectNode) port).set("nodePort", Json.number(number));
            }
        }
    }

    private static void bothAddressFields(ObjectNode spec, JsonNode old) {
        String now = Json.text(spec, CLUSTER_IP);
        String before = Json.text(old, CLUSTER_IP);
        if (now.equals(before) || !spec.path(CLUSTER_IPS).equals(old.path(CLUSTER_IPS))) {
            return;
        }
        if (now.isEmpty()) {
            spec.remove(CLUSTER_IPS);
        } else {
            spec.putArray(CLUSTER_IPS).add(now);
        }
    }

    /** Only what the client did not also change: what it changed is for validation to refuse. */
    private static void dropWhatTheTypeHasNot(ObjectNode spec, JsonNode old) {
        if (hasAddress(old) && !hasAddress(spec)) {
            if (same(spec, old, CLUSTER_IP) && same(spec, old, CLUSTER_IPS)) {
                spec.remove(List.of(CLUSTER_IP, CLUSTER_IPS));
            }
            drop(spec, old, "ipFamilies");
            drop(spec, old, "ipFamilyPolicy");
        }
        if (hasNodePorts(old) && !hasNodePorts(spec) && nodePorts(spec).equals(nodePorts(old))) {
            spec.path("ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
        }
        if (hasHealthPort(old) && !hasHealthPort(spec)) {
            drop(spec, old, HEALTH_PORT);
        }
        if (type(old).equals("LoadBalancer") && !type(spec).equals("LoadBalancer")) {
            drop(spec, old, "allocateLoadBalancerNodePorts");
            drop(spec, old, "loadBalancerClass");
        }
        if (isReachedFromOutside(old) && !isReachedFromOutside(spec)) {
            drop(spec, old, "externalTrafficPolicy");
        }
    }

    private static boolean same(JsonNode spec, JsonNode old, String field) {
        return Checks.same(spec.path(field), old.path(field));
    }

    private static void drop(ObjectNode spec, JsonNode old, String field) {
        if (same(spec, old, field)) {
            spec.remove(field);
        }
    }

    private static Set<Long> nodePorts(JsonNode spec) {
        Set<Long> ports = new HashSet<>();
        spec.path("ports").forEach(port -> ports.add(Json.number(port, 0, "nodePort")));
        return ports;
    }
}
