package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Table form of objects, which {@code kubectl get} prints as it comes. */
final class Tables {

    /** What each row carries beside its cells: {@code includeObject} of the request. */
    enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private Tables() {}

    static ObjectNode table(
            Kind kind,
            Iterable<StoredObject> objects,
            ObjectNode listMetadata,
            Include include,
            boolean withColumns,
            Instant now) {
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", listMetadata);
        ArrayNode columns = table.putArray("columnDefinitions");
        List<Column> shown = kind.columns().isEmpty() ? Fallback.COLUMNS : kind.columns();
        if (withColumns) {
            shown.forEach(column -> columns.add(definition(column)));
        }
        ArrayNode rows = table.putArray("rows");
        for (StoredObject object : objects) {
            rows.add(row(kind, shown, object, include, now));
        }
        return table;
    }

    /** A Scale, which has no kind of its own to bring columns. */
    static ObjectNode scale(ObjectNode scale, Include include, Instant now) {
        ObjectNode table = Json.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", Json.text(scale, "metadata", "resourceVersion"));
        ArrayNode columns = table.putArray("columnDefinitions");
        OfScale.COLUMNS.forEach(column -> columns.add(definition(column)));
        table.putArray("rows").add(row(OfScale.COLUMNS, scale, scale, include, now));
        return table;
    }

    static ObjectNode definition(Column column) {
        return Json.object()
                .put("name", column.name())
                .put("type", column.type())
                .put("format", column.format())
                .put("description", column.description())
                .put("priority", column.priority());
    }

    private static ObjectNode row(Kind kind, List<Column> columns, StoredObject stored, Include include, Instant now) {
        JsonNode whole = include == Include.OBJECT ? kind.tree(stored) : MissingNode.getInstance();
        return row(columns, kind.treeOfColumns(stored), whole, include, now);
    }

    private static ObjectNode row(List<Column> columns, JsonNode object, JsonNode whole, Include include, Instant now) {
        ObjectNode row = Json.object();
        ArrayNode cells = row.putArray("cells");
        for (Column column : columns) {
            addCell(cells, column.cell().of(object, now));
        }
        conditions(row, object);
        switch (include) {
            case NONE -> {}
            case METADATA -> row.set("object", partial(object));
            case OBJECT -> row.set("object", whole);
        }
        return row;
    }

    private static void addCell(ArrayNode cells, @Nullable Object value) {
        switch (value) {
            case null -> cells.addNull();
            case Integer number -> cells.add(number);
            case Long number -> cells.add(number);
            case Boolean flag -> cells.add(flag);
            default -> cells.add(value.toString());
        }
    }

    /** Rows of finished Pods are marked, so that clients may hide them. */
    private static void conditions(ObjectNode row, JsonNode object) {
        String phase = Json.text(object, "status", "phase");
        if (Json.text(object, "kind").equals("Pod") && (phase.equals("Succeeded") || phase.equals("Failed"))) {
            row.putArray("conditions")
                    .addObject()
                    .put("type", "Completed")
                    .put("status", "True")
                    .put("reason", phase)
                    .put(
                            "message",
                            "The pod has completed"
                                    + (phase.equals("Succeeded") ? " successfully." : " with an error."));
        }
    }

    /** An object's metadata alone. */
    static ObjectNode partial(JsonNode object) {
        ObjectNode partial = Json.object();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /** Upstream's columns of a Scale. */
    private static final class OfScale {
        static final List<Column> COLUMNS = List.of(
                Columns.name(),
                Columns.number("Desired", "How many are asked for.", s -> Json.number(s, 0, "spec", "replicas")),
                Columns.number("Available", "How many there are.", s -> Json.number(s, 0, "status", "replicas")),
                Columns.age());
    }

    /** Upstream's columns for kinds without a printer. */
    private static final class Fallback {
        static final List<Column> COLUMNS = List.of(
                new Column(
                        "Name",
                        "string",
                        "name",
                        "Name of the object",
                        0,
                        (o, now) -> Json.text(o, "metadata", "name")),
                new Column(
                        "Created At",
                        "date",
                        "",
                        "When the object was created",
                        0,
                        (o, now) -> Json.text(o, "metadata", "creationTimestamp")));
    }
}
