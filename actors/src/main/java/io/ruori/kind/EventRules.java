package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.List;
import java.util.Set;

/** What holds for Events; always told in the names of core/v1, whichever version was written in, as upstream does. */
final class EventRules {
    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_MESSAGE = 1024;
    private static final Set<String> NONE_OR_DEFAULT = Set.of("", "default");
    private static final Set<String> DEFAULT_OR_SYSTEM = Set.of("default", "kube-system");

    private static final List<String> IMMUTABLE = List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "reason",
            "type",
            "eventTime",
            "action",
            "related");

    private EventRules() {}

    /** What every Event must keep to. Those with a time of their own came with events.k8s.io and are held to more. */
    static void always(JsonNode event, FieldErrors errors) {
        String namespace = Json.text(event, "metadata", "namespace");
        String involved = Json.text(event, "involvedObject", "namespace");
        if (Json.isPresent(event.path("eventTime"))) {
            if (involved.isEmpty() && !DEFAULT_OR_SYSTEM.contains(namespace)) {
                errors.invalid("involvedObject.namespace", involved, "does not match event.namespace");
            }
            words(event, errors);
            return;
        }
        boolean matches = involved.isEmpty() ? NONE_OR_DEFAULT.contains(namespace) : involved.equals(namespace);
        if (!matches) {
            errors.invalid("involvedObject.namespace", involved, "does not match event.namespace");
        }
    }

    private static void words(JsonNode event, FieldErrors errors) {
        String controller = Json.text(event, "reportingComponent");
        if (controller.isEmpty()) {
            errors.required("reportingController", "");
        }
        Syntax.qualifiedName(controller).forEach(text -> errors.invalid("reportingController", controller, text));
        for (String field : List.of("reportingInstance", "action", "reason")) {
            String value = Json.text(event, field);
            if (value.isEmpty()) {
                errors.required(field, "");
            }
            atMost(value, field, LONGEST_WORD, errors);
        }
        atMost(Json.text(event, "message"), "message", LONGEST_MESSAGE, errors);
    }

    private static void atMost(String value, String field, int limit, FieldErrors errors) {
        if (value.length() > limit) {
            errors.invalid(field, "", "can have at most " + limit + " characters");
        }
    }

    /** What a new Event must keep to that was written in events.k8s.io/v1. */
    static void strict(JsonNode event, FieldErrors errors) {
        always(event, errors);
        series(event.path("series"), errors);
        if (!Json.isPresent(event.path("eventTime"))) {
            errors.required("eventTime", "");
        }
        String type = Json.text(event, "type");
        if (!type.equals("Normal") && !type.equals("Warning")) {
            errors.invalid("type", "", "has invalid value: " + type);
        }
        for (String time : List.of("firstTimestamp", "lastTimestamp")) {
            unset(!Json.isPresent(event.path(time)), time, errors);
        }
        unset(Json.number(event, 0, "count") == 0, "count", errors);
        JsonNode source = event.path("source");
        unset(
                Json.text(source, "component").isEmpty()
                        && Json.text(source, "host").isEmpty(),
                "source",
                errors);
    }

    private static void unset(boolean isUnset, String field, FieldErrors errors) {
        if (!isUnset) {
            errors.invalid(field, "", "needs to be unset");
        }
    }

    private static void series(JsonNode series, FieldErrors errors) {
        if (!Json.isPresent(series)) {
            return;
        }
        if (Json.number(series, 0, "count") < 2) {
            errors.invalid("series.count", "", "should be at least 2");
        }
        if (!Json.isPresent(series.path("lastObservedTime"))) {
            errors.required("series.lastObservedTime", "");
        }
    }

    /** A change in events.k8s.io/v1: only the series goes on. */
    static void strictUpdate(JsonNode event, JsonNode old, FieldErrors errors) {
        always(event, errors);
        if (!Checks.same(event.path("series"), old.path("series"))) {
            series(event.path("series"), errors);
        }
        for (String field : IMMUTABLE) {
            immutable(event, old, field, field, errors);
        }
        immutable(event, old, "reportingComponent", "reportingController", errors);
        immutable(event, old, "reportingInstance", "reportingInstance", errors);
    }

    private static void immutable(JsonNode event, JsonNode old, String field, String name, FieldErrors errors) {
        if (!Checks.same(event.path(field), old.path(field))) {
            errors.invalid(name, event.get(field), "field is immutable");
        }
    }
}
