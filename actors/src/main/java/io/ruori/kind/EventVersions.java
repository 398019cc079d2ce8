package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
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

    /** What a selector of the other group may name. */
    private static final Map<String, String> SELECTABLE = Map.ofEntries(
            Map.entry("reason", "reason"),
            Map.entry("regarding.kind", "involvedObject.kind"),
            Map.entry("regarding.namespace", "involvedObject.namespace"),
            Map.entry("regarding.name", "involvedObject.name"),
            Map.entry("regarding.uid", "involvedObject.uid"),
            Map.entry("regarding.apiVersion", "involvedObject.apiVersion"),
            Map.entry("regarding.resourceVersion", "involvedObject.resourceVersion"),
            Map.entry("regarding.fieldPath", "involvedObject.fieldPath"),
            Map.entry("reportingController", "reportingComponent"),
            Map.entry("type", "type"));

    static final ServedVersion NEW = ServedVersion.of(
                    GROUP, "v1", SCHEMA, new ServedVersion.Conversion(EventVersions::toNew, EventVersions::toCore))
            .selectable(SELECTABLE)
            .differingBy(kind -> kind.rules(new Rules()));

    private EventVersions() {}

    /** Stricter than those of core/v1. */
    private static final class Rules implements KindRules {
        @Override
        public void applyDefaults(ObjectNode event) {
            Json.ifAbsent(event, "deprecatedSource", Json.object());
            Json.ifAbsent(event, "reportingController", "");
            Json.ifAbsent(event, "reportingInstance", "");
        }

        @Override
        public void validateCreate(JsonNode event, FieldErrors errors) {
            EventRules.strict(toCore(event), errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            EventRules.strictUpdate(toCore(updated), toCore(old), errors);
        }
    }

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
}
