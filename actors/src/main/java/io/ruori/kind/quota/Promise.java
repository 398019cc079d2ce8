package io.ruori.kind.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a quota that is kept for a write under way. It stands in an annotation of the quota until a count has seen the
 * write, or until the write can no longer happen.
 *
 * @param basis the revision of the object that was looked at before; the write can only be done to that
 * @param until the write is not done after this moment
 * @param amounts by how much it raises what is used
 */
public record Promise(String id, ObjectKey of, Revision basis, Instant until, Amounts amounts) {
    static final String ANNOTATION = "quota.ruori.io/promised";

    /** A revision is issued a moment after the clock was asked whether there is time left. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    /** Whether the view shows the write, or shows that it was never done. */
    boolean isSettled(View view) {
        StoredObject found = view.get(of);
        return (found != null && found.revision().isAfter(basis))
                || isLate(view.revision().instant());
    }

    /** The view of a moment after which the write cannot have been done. */
    boolean isLate(Instant seen) {
        return seen.isAfter(until.plus(MARGIN));
    }

    // ---- as the quota keeps them

    static List<Promise> listOf(JsonNode quota) {
        String text = Json.text(quota, "metadata", "annotations", ANNOTATION);
        if (text.isEmpty()) {
            return List.of();
        }
        String namespace = Json.text(quota, "metadata", "namespace");
        List<Promise> promises = new ArrayList<>();
        Json.read(text).properties().forEach(e -> promises.add(of(e.getKey(), namespace, e.getValue())));
        return promises;
    }

    private static Promise of(String id, String namespace, JsonNode json) {
        return new Promise(
                id,
                new ObjectKey(
                        new KindName(Json.text(json, "group"), Json.text(json, "resource")),
                        namespace,
                        Json.text(json, "name")),
                new Revision(Json.number(json, 0, "basis")),
                Instant.parse(Json.text(json, "until")),
                Amounts.of(json.path("amounts")));
    }

    static void write(List<Promise> promises, ObjectNode quota) {
        ObjectNode metadata = Json.child(quota, "metadata");
        if (promises.isEmpty()) {
            if (metadata.get("annotations") instanceof ObjectNode annotations) {
                annotations.remove(ANNOTATION);
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
            return;
        }
        Map<String, JsonNode> all = new LinkedHashMap<>();
        promises.forEach(promise -> all.put(promise.id, promise.json()));
        Json.child(metadata, "annotations")
                .put(ANNOTATION, Json.object().setAll(all).toString());
    }

    /** The promises of one object, and only those, in another form of it. */
    public static void keep(JsonNode from, ObjectNode to) {
        write(listOf(from), to);
    }

    private ObjectNode json() {
        ObjectNode json = Json.object()
                .put("group", of.kind().group())
                .put("resource", of.kind().resource())
                .put("name", of.name())
                .put("basis", basis.value())
                .put("until", until.toString());
        json.set("amounts", amounts.json());
        return json;
    }
}
