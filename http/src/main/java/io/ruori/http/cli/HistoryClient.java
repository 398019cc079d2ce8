package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the journal over the API: {@code GET /ruori/history?kind=&namespace=&name=}. */
final class HistoryClient {
    /**
     * One change of one object.
     *
     * @param cause the revision of the change that led to this one; 0 when somebody outside started it
     * @param why in a few words
     */
    record Change(
            long revision,
            String kind,
            String namespace,
            String name,
            String time,
            String event,
            String user,
            String manager,
            String source,
            String why,
            long cause,
            String summary) {
        static Change of(JsonNode tree, String kind, String namespace, String name) {
            return new Change(
                    tree.path("revision").asLong(),
                    or(tree, "kind", kind),
                    or(tree, "namespace", namespace),
                    or(tree, "name", name),
                    Json.text(tree, "time"),
                    Json.text(tree, "event"),
                    Json.text(tree, "user"),
                    Json.text(tree, "manager"),
                    Json.text(tree, "source"),
                    Json.text(tree, "why"),
                    tree.path("cause").asLong(),
                    Json.text(tree, "summary"));
        }

        private static String or(JsonNode tree, String field, String otherwise) {
            String value = Json.text(tree, field);
            return value.isEmpty() ? otherwise : value;
        }

        String object() {
            return kind + "/" + name;
        }
    }

    private final ApiClient client;

    HistoryClient(ApiClient client) {
        this.client = client;
    }

    /** Oldest first. */
    List<Change> ofObject(String kind, String namespace, String name) throws IOException {
        return read(kind, namespace, name);
    }

    /** Of all objects of a kind in a namespace, also those that are gone; oldest first. */
    List<Change> ofKind(String kind, String namespace) throws IOException {
        return read(kind, namespace, "");
    }

    private List<Change> read(String kind, String namespace, String name) throws IOException {
        String path = "/ruori/history?kind=" + encoded(kind)
                + (namespace.isEmpty() ? "" : "&namespace=" + encoded(namespace))
                + (name.isEmpty() ? "" : "&name=" + encoded(name));
        JsonNode answer = Json.mapper().readTree(client.text(path));
        JsonNode items = answer.isArray() ? answer : answer.path("items");
        List<Change> changes = new ArrayList<>();
        items.forEach(each -> changes.add(Change.of(each, kind, namespace, name)));
        changes.sort(java.util.Comparator.comparingLong(Change::revision));
        return changes;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
