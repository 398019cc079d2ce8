package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * One change of one object, as the server tells it.
 *
 * @param object {@code Deployment/web}; empty where it is the object that was asked for
 * @param cause the revision of the change that led to this one; 0 when somebody outside started it
 * @param reason in a few words
 * @param isReport nothing was decided by it
 * @param isWithheld it concerns an object that the asker may not get
 */
record Change(
        long revision,
        String object,
        String time,
        String event,
        String user,
        String manager,
        String reason,
        long cause,
        boolean isReport,
        boolean isWithheld,
        List<Field> fields) {

    /** A field that changed; texts are those of values, empty where there is none. */
    record Field(String path, String before, String after) {
        static Field of(JsonNode field) {
            return new Field(Json.text(field, "path"), value(field.path("before")), value(field.path("after")));
        }

        static String value(JsonNode value) {
            return value.isMissingNode()
                    ? ""
                    : value.isTextual() ? value.asText().replace("\n", "\\n") : value.toString();
        }

        @Override
        public String toString() {
            return after.isEmpty()
                    ? path + " removed"
                    : before.isEmpty() ? path + ": " + after : path + ": " + before + " → " + after;
        }
    }

    static Change of(JsonNode tree) {
        List<Field> fields = new ArrayList<>();
        tree.path("fields").forEach(field -> fields.add(Field.of(field)));
        String name = Json.text(tree, "object", "name");
        return new Change(
                Long.parseLong(Json.text(tree, "revision")),
                name.isEmpty() ? "" : Json.text(tree, "object", "kind") + "/" + name,
                Json.text(tree, "time"),
                Json.text(tree, "event"),
                Json.text(tree, "user"),
                Json.text(tree, "manager"),
                Json.text(tree, "reason"),
                tree.path("cause").asLong(),
                tree.path("report").asBoolean(),
                tree.path("withheld").asBoolean(),
                fields);
    }

    /** Oldest first. */
    static List<Change> listOf(JsonNode list) {
        List<Change> changes = new ArrayList<>();
        list.forEach(each -> changes.add(of(each)));
        return changes;
    }

    /** Controllers are known by their last name; for people the tool they used matters, too. */
    String who() {
        if (user.startsWith("system:")) {
            return user.substring(user.lastIndexOf(':') + 1);
        }
        return manager.isEmpty() || manager.equals(user) ? user : user + " (" + manager + ")";
    }

    /** What was decided, else what was reported; a generation only counts the former. */
    List<Field> worthTelling() {
        List<Field> decided = fields.stream()
                .filter(field -> !field.path().equals("metadata.generation")
                        && !field.path().startsWith("status."))
                .toList();
        return decided.isEmpty() ? fields : decided;
    }
}
