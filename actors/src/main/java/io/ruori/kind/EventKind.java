package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.time.Instant;
import java.util.Locale;

/** Kubernetes Events: what happened to an object, told to people. Stored in the shape of core/v1. */
public final class EventKind {
    public static final KindName NAME = KindName.core("events");

    public static final Kind KIND = Kind.of("", "v1", "Event", "events", "io.k8s.api.core.v1.Event")
            .shortNames("ev")
            .createdByUpdate()
            .rules(new Rules())
            .columns(
                    new Column("Last Seen", "string", "", "How long ago it last happened.", 0, EventKind::lastSeen),
                    Columns.text("Type", "Normal or Warning.", e -> Json.text(e, "type")),
                    Columns.text("Reason", "Why, in one word.", e -> Json.text(e, "reason")),
                    Columns.text("Object", "What it is about.", EventKind::target),
                    Columns.wide("Subobject", "Which part of it.", e -> Json.text(e, "involvedObject", "fieldPath")),
                    Columns.wide("Source", "Who says so.", EventKind::from),
                    Columns.text(
                            "Message",
                            "What happened.",
                            e -> Json.text(e, "message").strip()),
                    new Column("First Seen", "string", "", "How long ago it first happened.", 1, EventKind::firstSeen),
                    new Column("Count", "string", "", "How often it happened.", 1, (e, now) -> count(e)),
                    new Column(
                            "Name",
                            "string",
                            "name",
                            "The name of the event.",
                            1,
                            (e, now) -> Json.text(e, "metadata", "name")))
            .selectable("involvedObject.kind", e -> Json.text(e, "involvedObject", "kind"))
            .selectable("involvedObject.namespace", e -> Json.text(e, "involvedObject", "namespace"))
            .selectable("involvedObject.name", e -> Json.text(e, "involvedObject", "name"))
            .selectable("involvedObject.uid", e -> Json.text(e, "involvedObject", "uid"))
            .selectable("involvedObject.apiVersion", e -> Json.text(e, "involvedObject", "apiVersion"))
            .selectable("involvedObject.resourceVersion", e -> Json.text(e, "involvedObject", "resourceVersion"))
            .selectable("involvedObject.fieldPath", e -> Json.text(e, "involvedObject", "fieldPath"))
            .selectable("reason", e -> Json.text(e, "reason"))
            .selectable("reportingComponent", e -> Json.text(e, "reportingComponent"))
            .selectable("source", EventKind::component)
            .selectable("type", e -> Json.text(e, "type"))
            .serves(EventVersions.NEW)
            .build();

    private EventKind() {}

    private static String component(JsonNode event) {
        String component = Json.text(event, "source", "component");
        return component.isEmpty() ? Json.text(event, "reportingComponent") : component;
    }

    private static String from(JsonNode event) {
        String host = Json.text(event, "source", "host");
        host = host.isEmpty() ? Json.text(event, "reportingInstance") : host;
        String component = component(event);
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String target(JsonNode event) {
        String kind = Json.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
        String name = Json.text(event, "involvedObject", "name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String firstSeen(JsonNode event, Instant now) {
        JsonNode first = event.path("firstTimestamp");
        return HumanDuration.since(Json.isPresent(first) ? first : event.path("eventTime"), now);
    }

    private static String lastSeen(JsonNode event, Instant now) {
        JsonNode series = event.path("series");
        if (series.isObject()) {
            return HumanDuration.since(series.path("lastObservedTime"), now);
        }
        JsonNode last = event.path("lastTimestamp");
        return Json.isPresent(last) ? HumanDuration.since(last, now) : firstSeen(event, now);
    }

    private static long count(JsonNode event) {
        JsonNode series = event.path("series");
        return Math.max(1, Json.number(series.isObject() ? series : event, 1, "count"));
    }

    private static final class Rules implements KindRules {
        @Override
        public void applyDefaults(ObjectNode event) {
            Json.ifAbsent(event, "source", Json.object());
            Json.ifAbsent(event, "reportingComponent", "");
            Json.ifAbsent(event, "reportingInstance", "");
        }

        @Override
        public void validateCreate(JsonNode event, FieldErrors errors) {
            EventRules.always(event, errors);
        }
    }
}
