package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.ContainerState.Exit;
import io.ruori.node.runtime.ContainerState.Phase;
import io.ruori.node.runtime.SandboxState;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the Engine's inspect answers mean. */
final class Inspections {
    /** A shell reports a death by signal N as 128 + N, and so does Docker. */
    private static final int SIGNAL_BASE = 128;

    private static final int LAST_SIGNAL = 64;

    private Inspections() {}

    static ContainerState container(JsonNode inspect, String imageId, String terminationMessage) {
        JsonNode labels = Json.at(inspect, "Config", "Labels");
        Phase phase = phase(inspect.path("State"));
        return new ContainerState(
                Json.text(inspect, "Id"),
                Json.text(labels, Labels.SANDBOX),
                Json.text(labels, Labels.CONTAINER_NAME),
                Labels.attempt(labels),
                Json.text(labels, Labels.SPEC_HASH),
                Json.text(inspect, "Config", "Image"),
                imageId,
                phase,
                time(Json.text(inspect, "State", "StartedAt")),
                phase == Phase.EXITED ? Optional.of(exit(inspect, terminationMessage)) : Optional.empty());
    }

    static SandboxState sandbox(JsonNode inspect, List<ContainerState> members) {
        JsonNode labels = Json.at(inspect, "Config", "Labels");
        return new SandboxState(
                Json.text(inspect, "Id"),
                Json.text(labels, Labels.POD_NAMESPACE),
                Json.text(labels, Labels.POD_NAME),
                Json.text(labels, Labels.POD_UID),
                Labels.attempt(labels),
                isRunning(inspect),
                isRunning(inspect) ? address(inspect) : "",
                time(Json.text(inspect, "Created")).orElse(Instant.EPOCH),
                members);
    }

    /** A sandbox whose pause container was removed behind our back; its members keep its identity. */
    static SandboxState lostSandbox(String id, JsonNode member, List<ContainerState> members) {
        JsonNode labels = Json.at(member, "Config", "Labels");
        return new SandboxState(
                id,
                Json.text(labels, Labels.POD_NAMESPACE),
                Json.text(labels, Labels.POD_NAME),
                Json.text(labels, Labels.POD_UID),
                0,
                false,
                "",
                time(Json.text(member, "Created")).orElse(Instant.EPOCH),
                members);
    }

    static boolean isRunning(JsonNode inspect) {
        return Json.at(inspect, "State", "Running").asBoolean();
    }

    /** Of the only network a sandbox has; empty on the host's. */
    static String address(JsonNode inspect) {
        for (JsonNode network : Json.at(inspect, "NetworkSettings", "Networks")) {
            return Json.text(network, "IPAddress");
        }
        return "";
    }

    private static Phase phase(JsonNode state) {
        if (state.path("Running").asBoolean()) {
            return Phase.RUNNING;
        }
        boolean neverStarted = Json.text(state, "Status").equals("created");
        return neverStarted && Json.text(state, "Error").isEmpty() ? Phase.CREATED : Phase.EXITED;
    }

    private static Exit exit(JsonNode inspect, String terminationMessage) {
        JsonNode state = inspect.path("State");
        int code = state.path("ExitCode").asInt();
        boolean bySignal = code > SIGNAL_BASE && code <= SIGNAL_BASE + LAST_SIGNAL;
        Instant at = time(Json.text(state, "FinishedAt"))
                .or(() -> time(Json.text(inspect, "Created")))
                .orElse(Instant.EPOCH);
        String message = terminationMessage.isEmpty() ? Json.text(state, "Error") : terminationMessage;
        return new Exit(
                code, bySignal ? code - SIGNAL_BASE : 0, state.path("OOMKilled").asBoolean(), at, message);
    }

    /** Docker writes the year 1 for "never". */
    static Optional<Instant> time(String text) {
        try {
            Instant at = Instant.parse(text);
            return at.isAfter(Instant.EPOCH) ? Optional.of(at) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
