package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The conditions of a status while they are brought up to date. */
public final class Conditions {
    private final ArrayNode list;

    public Conditions(JsonNode status) {
        list = status.path("conditions") instanceof ArrayNode existing ? existing.deepCopy() : Json.array();
    }

    public @Nullable JsonNode get(String type) {
        for (JsonNode condition : list) {
            if (Json.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return null;
    }

    public String reason(String type) {
        JsonNode condition = get(type);
        return condition == null ? "" : Json.text(condition, "reason");
    }

    /** Sets a condition unless it holds already for the same reason; its transition time moves only with its status. */
    public void set(String type, String status, String reason, String message, Instant now) {
        JsonNode current = get(type);
        boolean holds = current != null
                && Json.text(current, "status").equals(status)
                && Json.text(current, "reason").equals(reason);
        if (!holds) {
            replace(current, type, status, reason, message, now);
        }
    }

    /** As {@link #set}, but marks the time of the update even where nothing else changes: how progress is noted. */
    void touch(String type, String status, String reason, String message, Instant now) {
        replace(get(type), type, status, reason, message, now);
    }

    private void replace(
            @Nullable JsonNode current, String type, String status, String reason, String message, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String since = current != null && Json.text(current, "status").equals(status)
                ? Json.text(current, "lastTransitionTime")
                : time;
        remove(type);
        ObjectNode condition = list.addObject();
        condition.put("type", type).put("status", status);
        condition.put("lastUpdateTime", time).put("lastTransitionTime", since);
        condition.put("reason", reason).put("message", message);
    }

    /** A condition without an update time of its own, kept in its place; a new message alone counts as a change. */
    public void setPlain(String type, String status, String reason, String message, Instant now) {
        JsonNode current = get(type);
        boolean sameStatus = current != null && Json.text(current, "status").equals(status);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode condition = current instanceof ObjectNode existing ? existing : list.addObject();
        condition.put("type", type).put("status", status);
        condition.put("lastTransitionTime", sameStatus ? Json.text(condition, "lastTransitionTime") : time);
        condition.put("reason", reason).put("message", message);
    }

    /** A condition of another object, told as this one's own. */
    void copy(JsonNode condition) {
        ObjectNode copy = condition.deepCopy();
        copy.set("lastUpdateTime", condition.path("lastTransitionTime"));
        list.add(copy);
    }

    public void remove(String type) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (Json.text(list.get(i), "type").equals(type)) {
                list.remove(i);
            }
        }
    }

    public ArrayNode list() {
        return list;
    }
}
