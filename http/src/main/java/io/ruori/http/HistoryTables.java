package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.Tables.Include;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Histories as Tables: a row for each change, field or step, so that {@code kubectl get} prints them. */
final class HistoryTables {
    private static final int FIELDS_SHOWN = 2;
    private static final int LONGEST_VALUE = 40;

    private static final Column REVISION =
            Columns.text("Revision", "The resourceVersion of the change.", row -> Json.text(row, "revision"));
    private static final Column TIME = Columns.text("Time", "When it happened, in UTC.", row -> Json.text(row, "time"));
    private static final Column EVENT =
            Columns.text("Event", "Created, updated or deleted.", row -> Json.text(row, "event"));
    private static final Column USER = Columns.text("User", "Who did it.", row -> Json.text(row, "user"));
    private static final Column REASON = Columns.text("Reason", "Why.", row -> Json.text(row, "reason"));
    private static final Column CHANGED = Columns.text("Changed", "The fields that changed.", HistoryTables::changed);
    private static final Column MANAGER =
            Columns.wide("Manager", "The field manager.", row -> Json.text(row, "manager"));
    private static final Column CAUSE =
            Columns.wide("Cause", "The revision that led to it.", row -> Json.text(row, "cause"));
    private static final Column FIELD = Columns.text("Field", "Its path.", row -> Json.text(row, "path"));

    private static final List<Column> OF_HISTORY =
            List.of(REVISION, TIME, EVENT, USER, REASON, CHANGED, MANAGER, CAUSE);
    private static final List<Column> OF_DIFF = List.of(
            FIELD,
            Columns.text("Before", "Its value then.", row -> value(row.get("before"))),
            Columns.text("After", "Its value later.", row -> value(row.get("after"))));
    private static final List<Column> OF_BLAME = List.of(
            FIELD,
            Columns.text("Value", "What it is set to.", row -> value(row.get("value"))),
            USER,
            TIME,
            REVISION,
            REASON,
            MANAGER,
            CAUSE);
    private static final List<Column> OF_WHY = List.of(
            Columns.text("Object", "What changed.", HistoryTables::object),
            REVISION,
            TIME,
            EVENT,
            USER,
            REASON,
            CHANGED,
            MANAGER);

    private HistoryTables() {}

    /** @param part the sub-resource; empty for the history itself */
    static ObjectNode of(String part, ObjectNode answer, Include include, Instant now) {
        return switch (part) {
            case "diff" -> table(OF_DIFF, answer, answer.path("fields"), include, now);
            case "blame" -> table(OF_BLAME, answer, answer.path("fields"), include, now);
            case "effects" -> table(OF_WHY, answer, answer.path("changes"), include, now);
            case "why" -> table(OF_WHY, answer, answer.path("chain"), include, now);
            default -> table(OF_HISTORY, answer, answer.path("changes"), include, now);
        };
    }

    private static ObjectNode table(
            List<Column> columns, ObjectNode answer, JsonNode rows, Include include, Instant now) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", Json.text(answer, "metadata", "resourceVersion"));
        ArrayNode definitions = table.putArray("columnDefinitions");
        columns.forEach(column -> definitions.add(Tables.definition(column)));
        ArrayNode list = table.putArray("rows");
        for (JsonNode each : rows) {
            ObjectNode row = list.addObject();
            ArrayNode cells = row.putArray("cells");
            columns.forEach(column -> cells.add(String.valueOf(column.cell().of(each, now))));
            switch (include) {
                case NONE -> {}
                case METADATA -> row.set("object", Tables.partial(answer));
                case OBJECT -> row.set("object", answer);
            }
        }
        return table;
    }

    private static String object(JsonNode step) {
        return step.path("withheld").asBoolean()
                ? "<withheld>"
                : Json.text(step, "object", "kind") + "/" + Json.text(step, "object", "name");
    }

    /** What was decided, else what was reported; a generation only counts the former. */
    private static String changed(JsonNode change) {
        List<JsonNode> decided = new ArrayList<>();
        List<JsonNode> reported = new ArrayList<>();
        for (JsonNode field : change.path("fields")) {
            String path = Json.text(field, "path");
            boolean isReport = path.equals("metadata.generation") || path.startsWith("status.");
            (isReport ? reported : decided).add(field);
        }
        List<JsonNode> told = decided.isEmpty() ? reported : decided;
        List<String> texts = new ArrayList<>();
        told.stream()
                .limit(FIELDS_SHOWN)
                .map(field -> Json.text(field, "path") + ": " + value(field.get("before")) + " → "
                        + value(field.get("after")))
                .forEach(texts::add);
        if (told.size() > FIELDS_SHOWN) {
            texts.add("and " + (told.size() - FIELDS_SHOWN) + " more");
        }
        return String.join(", ", texts);
    }

    private static String value(@org.jspecify.annotations.Nullable JsonNode value) {
        if (value == null) {
            return Columns.NONE;
        }
        String text = value.isTextual() ? value.asText() : value.toString();
        String line = text.replace("\n", "\\n");
        return line.length() <= LONGEST_VALUE ? line : line.substring(0, LONGEST_VALUE) + "…";
    }
}
