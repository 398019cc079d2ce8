package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.History;
import io.ruori.view.ObjectIndex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * What the journal remembers of an object, or of all objects of a kind in a namespace: who changed what, when, why, and which
 * revision led to it. Answers are in revision order.
 */
final class HistoryRoutes {
    static final String PATH = "/ruori/history";

    /** More than that many changes are cut off at the old end, and the answer says so. */
    private static final int MOST = 10_000;

    private static final int FIELDS_SHOWN = 6;

    private final Supplier<KindRegistry> kinds;
    private final ObjectIndex index;
    private final History history;
    private final Executor readers;

    HistoryRoutes(Supplier<KindRegistry> kinds, ObjectIndex index, History history, Executor readers) {
        this.kinds = kinds;
        this.index = index;
        this.history = history;
        this.readers = readers;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request) {
        Map<String, List<String>> query = ApiRoutes.query(request);
        Kind kind = kind(first(query, "kind"));
        String namespace = kind.isNamespaced() ? first(query, "namespace") : "";
        String name = first(query, "name");
        return index.consistent(ReadRoutes.CONSISTENT_WAIT)
                .thenCompose(view -> CompletableFuture.supplyAsync(
                        () -> name.isEmpty()
                                ? ofKind(kind, namespace, view.revision())
                                : ofObject(kind.key(namespace, name)),
                        readers))
                .thenApply(events -> Replies.json(200, answer(events)));
    }

    private static String first(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    /** By any name that kubectl takes: plural, singular, short, kind, or plural.group. */
    private Kind kind(String text) {
        for (Kind kind : kinds.get().all()) {
            if (kind.plural().equals(text)
                    || kind.singular().equals(text)
                    || kind.kind().equals(text)
                    || kind.shortNames().contains(text)
                    || kind.name().qualified().equals(text)) {
                return kind;
            }
        }
        throw new Refusal(ApiStatus.badRequest("kind: there is no kind \"" + text + "\""));
    }

    private List<ObjectEvent> ofObject(ObjectKey key) {
        try (Stream<ObjectEvent> events = history.history(key, new Revision(Long.MAX_VALUE))) {
            List<ObjectEvent> found = new ArrayList<>(events.limit(MOST).toList());
            java.util.Collections.reverse(found);
            return found;
        }
    }

    private List<ObjectEvent> ofKind(Kind kind, String namespace, Revision until) {
        try (Stream<ObjectEvent> events = history.changes(kind.name(), Revision.ZERO, until)) {
            ArrayDeque<ObjectEvent> newest = new ArrayDeque<>();
            events.filter(e -> namespace.isEmpty() || e.key().namespace().equals(namespace))
                    .forEach(e -> {
                        newest.add(e);
                        if (newest.size() > MOST) {
                            newest.remove();
                        }
                    });
            return List.copyOf(newest);
        }
    }

    private ObjectNode answer(List<ObjectEvent> events) {
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items");
        Map<ObjectKey, ObjectNode> before = new HashMap<>();
        for (ObjectEvent event : events) {
            ObjectNode tree = event.object().tree();
            items.add(item(event, summary(event, before.put(event.key(), tree), tree)));
        }
        answer.put("truncated", events.size() >= MOST);
        return answer;
    }

    private ObjectNode item(ObjectEvent event, String summary) {
        Kind kind = kinds.get().get(event.key().kind());
        return Json.object()
                .put("revision", event.revision().value())
                .put("time", event.revision().instant().toString())
                .put("kind", kind.kind())
                .put("namespace", event.key().namespace())
                .put("name", event.key().name())
                .put(
                        "event",
                        switch (event) {
                            case ObjectEvent.Created created -> "created";
                            case ObjectEvent.Updated updated -> "updated";
                            case ObjectEvent.Deleted deleted -> "deleted";
                        })
                .put("user", event.origin().user().name())
                .put("manager", event.origin().manager())
                .put("source", event.origin().source())
                .put("why", event.origin().why())
                .put("cause", event.origin().cause().value())
                .put("summary", summary);
    }

    /** The fields that changed, deepest names first come, without what changes with every write. */
    private static String summary(
            ObjectEvent event, @org.jspecify.annotations.Nullable ObjectNode before, ObjectNode after) {
        if (!(event instanceof ObjectEvent.Updated) || before == null) {
            return "";
        }
        TreeSet<String> changed = new TreeSet<>();
        compare("", before, after, changed);
        List<String> shown = changed.stream().limit(FIELDS_SHOWN).toList();
        return String.join(", ", shown) + (changed.size() > FIELDS_SHOWN ? ", …" : "");
    }

    /** Data may be secret, and what kubectl keeps in its annotation repeats it. */
    private static boolean isFitToShow(String path) {
        return !path.startsWith("data.") && !path.startsWith("metadata.annotations.");
    }

    private static void compare(String path, JsonNode before, JsonNode after, Set<String> changed) {
        if (before.equals(after) || path.equals("metadata.managedFields") || path.equals("metadata.resourceVersion")) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(path.isEmpty() ? name : path + "." + name, before.path(name), after.path(name), changed);
            }
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(path + "[" + i + "]", before.path(i), after.path(i), changed);
            }
        } else if (before.isValueNode() && after.isValueNode() && isFitToShow(path)) {
            changed.add(path + ": " + before.asText() + " → " + after.asText());
        } else {
            changed.add(path);
        }
    }
}
