package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Columns that many kinds share. */
public final class Columns {
    public static final String NONE = "<none>";

    private Columns() {}

    public static Column name() {
        return new Column(
                "Name",
                "string",
                "name",
                "The name, unique within its namespace and kind.",
                0,
                (object, now) -> Json.text(object, "metadata", "name"));
    }

    public static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                "How long ago the object was created.",
                0,
                (object, now) -> HumanDuration.age(object, now));
    }

    /** What upstream shows of kinds without columns of their own. */
    public static Column createdAt() {
        return new Column(
                "Created At",
                "date",
                "",
                "When the object was created.",
                0,
                (object, now) -> Json.text(object, "metadata", "creationTimestamp"));
    }

    public static Column text(String name, String description, Function<JsonNode, String> read) {
        return new Column(name, "string", "", description, 0, (object, now) -> read.apply(object));
    }

    public static Column wide(String name, String description, Function<JsonNode, String> read) {
        return new Column(name, "string", "", description, 1, (object, now) -> read.apply(object));
    }

    public static Column number(String name, String description, Function<JsonNode, Long> read) {
        return new Column(name, "integer", "", description, 0, (object, now) -> read.apply(object));
    }

    public static Column flag(String name, String description, Function<JsonNode, Boolean> read) {
        return new Column(name, "boolean", "", description, 0, (object, now) -> read.apply(object));
    }

    /** A column that depends on the time, or that is empty. */
    public static Column of(String name, String type, String description, Column.Cell cell) {
        return new Column(name, type, "", description, 0, cell);
    }

    /** Containers, images and selector of a workload, shown with {@code -o wide}. */
    public static Column containers() {
        return wide("Containers", "Names of the containers in the template.", w -> join(template(w), "name"));
    }

    public static Column images() {
        return wide("Images", "Images of the containers in the template.", w -> join(template(w), "image"));
    }

    public static Column selector() {
        return wide("Selector", "Selects the Pods.", w -> LabelSelector.format(Json.at(w, "spec", "selector")));
    }

    private static JsonNode template(JsonNode workload) {
        return Json.at(workload, "spec", "template", "spec", "containers");
    }

    private static String join(JsonNode containers, String field) {
        List<String> values = new ArrayList<>();
        for (JsonNode container : containers) {
            values.add(Json.text(container, field));
        }
        return String.join(",", values);
    }

    /** {@code a=1,b=2} in key order, or {@code <none>}. */
    public static String labels(JsonNode labels) {
        if (labels.isEmpty()) {
            return NONE;
        }
        Map<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        List<String> pairs = new ArrayList<>();
        sorted.forEach((k, v) -> pairs.add(k + "=" + v));
        return String.join(",", pairs);
    }

    public static String orNone(String value) {
        return value.isEmpty() ? NONE : value;
    }
}
