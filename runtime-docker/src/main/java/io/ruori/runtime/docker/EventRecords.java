package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.RuntimeEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What to ask of the Engine's event stream, and what its records mean. */
final class EventRecords {
    private EventRecords() {}

    static Map<String, List<String>> filters(String node) {
        return Map.of(
                "type", List.of("container"),
                "event", List.of("start", "die", "destroy"),
                "label", List.of(Labels.NODE + "=" + node));
    }

    /** Empty for records that say nothing new about a Pod. */
    static Optional<RuntimeEvent> read(JsonNode record) {
        JsonNode labels = Json.at(record, "Actor", "Attributes");
        String id = Json.text(record, "Actor", "ID");
        String action = Json.text(record, "Action");
        String pod = Json.text(labels, Labels.POD_UID);
        if (Labels.isSandbox(labels)) {
            return action.equals("start") ? Optional.empty() : Optional.of(new RuntimeEvent.SandboxStopped(pod, id));
        }
        String sandbox = Json.text(labels, Labels.SANDBOX);
        String name = Json.text(labels, Labels.CONTAINER_NAME);
        return switch (action) {
            case "start" -> Optional.of(new RuntimeEvent.ContainerStarted(pod, sandbox, id, name));
            case "die" -> Optional.of(new RuntimeEvent.ContainerStopped(pod, sandbox, id, name));
            case "destroy" -> Optional.of(new RuntimeEvent.ContainerRemoved(pod, sandbox, id, name));
            default -> Optional.empty();
        };
    }
}
