package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import io.ruori.api.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What reconcilers and the scheduler read of a Pod, parsed once per revision.
 *
 * @param ready the Ready condition is True
 * @param readySince since when it is; null where unknown or not ready
 * @param nodeName empty until the Pod is bound
 * @param maxRestarts of its most restarted container
 * @param maxSidecarRestarts of its most restarted restartable init container
 * @param deletionCost from the annotation {@code controller.kubernetes.io/pod-deletion-cost}
 * @param gated it has scheduling gates
 * @param affinity the {@code spec.affinity} tree; a missing node where there is none
 * @param topologySpread the {@code spec.topologySpreadConstraints} tree
 */
public record PodDigest(
        Phase phase,
        boolean ready,
        @Nullable Instant readySince,
        String nodeName,
        Instant createdAt,
        int containers,
        int readyContainers,
        int maxRestarts,
        int maxSidecarRestarts,
        int deletionCost,
        String templateHash,
        String schedulerName,
        int priority,
        boolean gated,
        Requests requests,
        List<HostPort> hostPorts,
        List<Toleration> tolerations,
        Map<String, String> nodeSelector,
        JsonNode affinity,
        JsonNode topologySpread) {

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    /** Phases in the order in which a ReplicaSet gives its Pods up: pending before unknown before running. */
    public enum Phase {
        PENDING,
        UNKNOWN,
        RUNNING,
        SUCCEEDED,
        FAILED;

        static Phase of(String name) {
            return switch (name) {
                case "Running" -> RUNNING;
                case "Succeeded" -> SUCCEEDED;
                case "Failed" -> FAILED;
                case "Unknown" -> UNKNOWN;
                default -> PENDING;
            };
        }
    }

    /**
     * What a Pod asks of a node, init containers, sidecars and overhead counted as upstream counts them.
     *
     * @param extended whole units of all other resources
     */
    public record Requests(long cpuMillis, long memoryBytes, long ephemeralBytes, Map<String, Long> extended) {
        public static final Requests NONE = new Requests(0, 0, 0, Map.of());
    }

    /** A port taken on the node; the address is {@code 0.0.0.0} for all. */
    public record HostPort(String address, String protocol, int port) {}

    /**
     * @param seconds how long a NoExecute taint is tolerated; -1 for ever
     */
    public record Toleration(String key, String operator, String value, String effect, long seconds) {}

    /** The digest of a stored Pod. */
    public static PodDigest of(StoredObject pod) {
        return pod.digest(PodDigest::of);
    }

    public static PodDigest of(JsonNode pod) {
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        JsonNode ready = condition(status, "Ready");
        boolean isReady = Json.text(ready, "status").equals("True");
        Instant created = HumanDuration.instant(Json.at(pod, "metadata", "creationTimestamp"));
        return new PodDigest(
                Phase.of(Json.text(status, "phase")),
                isReady,
                isReady ? HumanDuration.instant(ready.path("lastTransitionTime")) : null,
                Json.text(spec, "nodeName"),
                created == null ? Instant.EPOCH : created,
                spec.path("containers").size(),
                readyContainers(status),
                maxRestarts(status.path("containerStatuses")),
                spec.has("initContainers") ? maxSidecarRestarts(spec, status) : 0,
                deletionCost(Json.text(pod, "metadata", "annotations", DELETION_COST)),
                Json.text(pod, "metadata", "labels", TemplateHash.LABEL),
                schedulerName(spec),
                (int) Json.number(spec, 0, "priority"),
                !spec.path("schedulingGates").isEmpty(),
                PodResources.requests(spec),
                hostPorts(spec),
                tolerations(spec),
                strings(spec.path("nodeSelector")),
                spec.path("affinity"),
                spec.path("topologySpreadConstraints"));
    }

    public boolean isFinished() {
        return phase == Phase.SUCCEEDED || phase == Phase.FAILED;
    }

    /** Whether it has been ready for at least this long. */
    public boolean isAvailable(Duration minReady, Instant now) {
        if (!ready) {
            return false;
        }
        return minReady.isZero()
                || (readySince != null && !readySince.plus(minReady).isAfter(now));
    }

    static JsonNode condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (Json.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return Json.at(status, "no such condition");
    }

    private static String schedulerName(JsonNode spec) {
        String name = Json.text(spec, "schedulerName");
        return name.equals("default-scheduler") ? "default-scheduler" : name;
    }

    private static int readyContainers(JsonNode status) {
        int ready = 0;
        for (JsonNode container : status.path("containerStatuses")) {
            if (container.path("ready").asBoolean()) {
                ready++;
            }
        }
        return ready;
    }

    private static int maxRestarts(JsonNode statuses) {
        int max = 0;
        for (JsonNode container : statuses) {
            max = Math.max(max, container.path("restartCount").asInt());
        }
        return max;
    }

    private static int maxSidecarRestarts(JsonNode spec, JsonNode status) {
        int max = 0;
        for (JsonNode container : spec.path("initContainers")) {
            if (PodResources.isSidecar(container)) {
                for (JsonNode state : status.path("initContainerStatuses")) {
                    if (Json.text(state, "name").equals(Json.text(container, "name"))) {
                        max = Math.max(max, state.path("restartCount").asInt());
                    }
                }
            }
        }
        return max;
    }

    private static int deletionCost(String annotation) {
        if (annotation.isEmpty() || annotation.startsWith("+")) {
            return 0;
        }
        try {
            return Integer.parseInt(annotation);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static List<HostPort> hostPorts(JsonNode spec) {
        List<HostPort> ports = List.of();
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                int number = port.path("hostPort").asInt();
                if (number > 0) {
                    ports = ports.isEmpty() ? new ArrayList<>() : ports;
                    String address = Json.text(port, "hostIP");
                    ports.add(new HostPort(
                            address.isEmpty() ? "0.0.0.0" : address,
                            port.path("protocol").asText("TCP"),
                            number));
                }
            }
        }
        return ports;
    }

    private static List<Toleration> tolerations(JsonNode spec) {
        JsonNode list = spec.path("tolerations");
        if (list.isEmpty()) {
            return List.of();
        }
        List<Toleration> tolerations = new ArrayList<>(list.size());
        for (JsonNode entry : list) {
            tolerations.add(new Toleration(
                    Json.text(entry, "key"),
                    Json.text(entry, "operator"),
                    Json.text(entry, "value"),
                    Json.text(entry, "effect"),
                    Json.number(entry, -1, "tolerationSeconds")));
        }
        return tolerations;
    }

    private static Map<String, String> strings(JsonNode map) {
        if (map.isEmpty()) {
            return Map.of();
        }
        Map<String, String> copy = new HashMap<>();
        map.properties().forEach(e -> copy.put(e.getKey(), e.getValue().asText()));
        return copy;
    }

    /** The quantity of a resource in a list such as {@code limits}; zero where it is absent or malformed. */
    static Quantity amount(JsonNode resources, String name) {
        JsonNode value = resources.path(name);
        return value.isMissingNode()
                ? Quantity.ZERO
                : Quantity.parse(value.asText()).orElse(Quantity.ZERO);
    }
}
