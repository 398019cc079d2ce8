package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.Set;
import java.util.function.Function;

/** Whether the parts of the control plane are well. They live in the process that answers, so where there is an answer they are. */
public final class ComponentStatusKind {
    public static final KindName NAME = KindName.core("componentstatuses");

    public static final Kind KIND = Kind.of(
                    "", "v1", "ComponentStatus", "componentstatuses", "io.k8s.api.core.v1.ComponentStatus")
            .clusterScoped()
            .shortNames("cs")
            .verbs(Set.of("get", "list"))
            .deprecated("v1 ComponentStatus is deprecated in v1.19+")
            .columns(
                    Columns.name(),
                    Columns.text("Status", "Whether it is well.", healthy(ComponentStatusKind::word)),
                    Columns.text("Message", "What it says.", healthy(c -> Json.text(c, "message"))),
                    Columns.text("Error", "What is wrong.", healthy(c -> Json.text(c, "error"))))
            .firstObject(wellComponent("controller-manager"))
            .firstObject(wellComponent("scheduler"))
            .build();

    private ComponentStatusKind() {}

    private static ObjectNode wellComponent(String name) {
        ObjectNode component = Json.object();
        component.putObject("metadata").put("name", name);
        component
                .putArray("conditions")
                .addObject()
                .put("type", "Healthy")
                .put("status", "True")
                .put("message", "ok");
        return component;
    }

    private static Function<JsonNode, String> healthy(Function<JsonNode, String> read) {
        return component -> read.apply(PodDigest.condition(component, "Healthy"));
    }

    private static String word(JsonNode condition) {
        return switch (Json.text(condition, "status")) {
            case "" -> "Unknown";
            case "True" -> "Healthy";
            default -> "Unhealthy";
        };
    }
}
