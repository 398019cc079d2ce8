package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a Pod is shown in a table: one word for all that its phase, conditions and containers say. Containers still initializing
 * speak first; after that the first container that has something to say does.
 *
 * @param lastRestart when the last restart ended the life before; null where nothing restarted
 */
record PodSummary(
        int ready,
        int total,
        String status,
        int restarts,
        @Nullable Instant lastRestart) {

    String readiness() {
        return ready + "/" + total;
    }

    String restartsSince(Instant now) {
        return restarts == 0 || lastRestart == null
                ? Integer.toString(restarts)
                : restarts + " (" + HumanDuration.of(Duration.between(lastRestart, now)) + " ago)";
    }

    static PodSummary of(JsonNode pod) {
        Reading reading = new Reading(pod);
        reading.initContainers();
        if (!reading.initializing || isTrue(pod, "Initialized")) {
            reading.containers();
        }
        return new PodSummary(
                reading.ready, reading.total, terminating(pod, reading.status), reading.restarts, reading.lastRestart);
    }

    private static String terminating(JsonNode pod, String status) {
        if (!pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return status;
        }
        if (Json.text(pod, "status", "reason").equals("NodeLost")) {
            return "Unknown";
        }
        String phase = Json.text(pod, "status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed") ? status : "Terminating";
    }

    private static boolean isTrue(JsonNode pod, String condition) {
        return Json.text(PodDigest.condition(pod.path("status"), condition), "status")
                .equals("True");
    }

    /** The counters while a Pod is read. */
    private static final class Reading {
        private final JsonNode pod;
        private final Set<String> sidecars = new HashSet<>();
        private String status;
        private boolean initializing;
        private int ready;
        private int total;
        private int restarts;
        private int sidecarRestarts;
        private @Nullable Instant lastRestart;
        private @Nullable Instant lastSidecarRestart;

        Reading(JsonNode pod) {
            this.pod = pod;
            String phase = Json.text(pod, "status", "phase");
            String reason = Json.text(pod, "status", "reason");
            status = reason.isEmpty() ? phase : reason;
            if (Json.text(PodDigest.condition(pod.path("status"), "PodScheduled"), "reason")
                    .equals("SchedulingGated")) {
                status = "SchedulingGated";
            }
            for (JsonNode container : Json.at(pod, "spec", "initContainers")) {
                if (PodResources.isSidecar(container)) {
                    sidecars.add(Json.text(container, "name"));
                }
            }
            total = Json.at(pod, "spec", "containers").size() + sidecars.size();
        }

        void initContainers() {
            JsonNode statuses = Json.at(pod, "status", "initContainerStatuses");
            for (int i = 0; i < statuses.size() && !initializing; i++) {
                JsonNode container = statuses.get(i);
                boolean sidecar = sidecars.contains(Json.text(container, "name"));
                int count = container.path("restartCount").asInt();
                restarts += count;
                lastRestart = later(lastRestart, container);
                if (sidecar) {
                    sidecarRestarts += count;
                    lastSidecarRestart = later(lastSidecarRestart, container);
                }
                initContainer(container, sidecar, i);
            }
        }

        private void initContainer(JsonNode container, boolean sidecar, int position) {
            JsonNode terminated = Json.at(container, "state", "terminated");
            if (terminated.isObject() && terminated.path("exitCode").asInt() == 0) {
                return;
            }
            if (sidecar && container.path("started").asBoolean()) {
                ready += container.path("ready").asBoolean() ? 1 : 0;
                return;
            }
            initializing = true;
            String waiting = Json.text(container, "state", "waiting", "reason");
            if (terminated.isObject()) {
                status = "Init:" + ended(terminated);
            } else if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) {
                status = "Init:" + waiting;
            } else {
                status = "Init:" + position + "/"
                        + Json.at(pod, "spec", "initContainers").size();
            }
        }

        void containers() {
            restarts = sidecarRestarts;
            lastRestart = lastSidecarRestart;
            boolean running = false;
            JsonNode statuses = Json.at(pod, "status", "containerStatuses");
            for (int i = statuses.size() - 1; i >= 0; i--) {
                JsonNode container = statuses.get(i);
                restarts += container.path("restartCount").asInt();
                lastRestart = later(lastRestart, container);
                String waiting = Json.text(container, "state", "waiting", "reason");
                JsonNode terminated = Json.at(container, "state", "terminated");
                if (!waiting.isEmpty()) {
                    status = waiting;
                } else if (terminated.isObject()) {
                    status = ended(terminated);
                } else if (container.path("ready").asBoolean()
                        && Json.at(container, "state", "running").isObject()) {
                    running = true;
                    ready++;
                }
            }
            if (status.equals("Completed") && running) {
                status = isTrue(pod, "Ready") ? "Running" : "NotReady";
            }
        }

        private static String ended(JsonNode terminated) {
            String reason = Json.text(terminated, "reason");
            if (!reason.isEmpty()) {
                return reason;
            }
            int signal = terminated.path("signal").asInt();
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + terminated.path("exitCode").asInt();
        }

        private static @Nullable Instant later(@Nullable Instant known, JsonNode container) {
            Instant ended = HumanDuration.instant(Json.at(container, "lastState", "terminated", "finishedAt"));
            return ended == null || (known != null && known.isAfter(ended)) ? known : ended;
        }
    }
}
