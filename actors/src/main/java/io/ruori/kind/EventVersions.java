package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events in the shape of {@code events.k8s.io/v1}. Both shapes are one object with other names for some fields; it is stored as
 * core/v1, and this is done when a body of the other group is read or written.
 */
public final class EventVersions {
    public static final String GROUP = "events.k8s.io";
    public static final String API_VERSION = "events.k8s.io/v1";
    public static final String SCHEMA = "io.k8s.api.events.v1.Event";

    private static final Map<String, String> TO_NEW = Map.of(
            "involvedObject", "regarding",
            "message", "note",
            "source", "deprecatedSource",
            "firstTimestamp", "deprecatedFirstTimestamp",
            "lastTimestamp", "deprecatedLastTimestamp",
            "count", "deprecatedCount",
            "reportingComponent", "reportingController");

    /** Selectors of the other group name the object they regard by its new name. */
    private static final String REGARDING = "regarding.";

    private EventVersions() {}

    /** A core/v1 Event as events.k8s.io/v1. */
    public static ObjectNode toNew(JsonNode core) {
        return renamed(core, TO_NEW).put("apiVersion", API_VERSION);
    }

    /** An events.k8s.io/v1 Event as core/v1. */
    public static ObjectNode toCore(JsonNode event) {
        Map<String, String> back = new LinkedHashMap<>();
        TO_NEW.forEach((core, name) -> back.put(name, core));
        return renamed(event, back).put("apiVersion", "v1");
    }

    private static ObjectNode renamed(JsonNode event, Map<String, String> names) {
        ObjectNode result = Json.object();
        event.properties()
                .forEach(field -> result.set(names.getOrDefault(field.getKey(), field.getKey()), field.getValue()));
        return result;
    }

    /** The field a selector of events.k8s.io/v1 names, as core/v1 calls it. */
    public static String selector(String path) {
        if (path.startsWith(REGARDING)) {
            return "involvedObject." + path.substring(REGARDING.length());
        }
        return path.equals("reportingController") ? "reportingComponent" : path;
    }
}
