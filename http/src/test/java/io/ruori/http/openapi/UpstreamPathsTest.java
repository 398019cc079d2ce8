package io.ruori.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.http.ServedKinds;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What our documents say of an operation, Kubernetes' say too, where those are at hand ({@code RUORI_FIXTURES}). */
class UpstreamPathsTest {
    /** What needs a running container, and comes with it. */
    private static final Pattern NOT_YET =
            Pattern.compile("/(proxy|portforward|ephemeralcontainers|eviction|resize)\\b");

    private int operations;

    @Test
    void everyOperationIsUpstreams() throws IOException {
        String fixtures = System.getenv("RUORI_FIXTURES");
        Assumptions.assumeTrue(fixtures != null, "RUORI_FIXTURES is not set");
        OpenApiDocuments documents =
                OpenApiDocuments.of(ServedKinds.documented(ServedKinds.with(new KindRegistry(Kinds.all()).served())));
        List<String> differences = new ArrayList<>();
        Path directory = Path.of(String.valueOf(fixtures), "openapi", "v3");
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                String place = file.getFileName()
                        .toString()
                        .replace("_openapi.json", "")
                        .replace("__", "/");
                JsonNode theirs = Json.read(Files.readAllBytes(file));
                JsonNode ours = documents
                        .v3(place)
                        .map(document -> (JsonNode) Json.read(document.bytes()))
                        .orElseGet(Json::object);
                compare(place, ours, theirs, differences);
            }
        }
        System.out.printf("%d operations compared; %d differences%n", operations, differences.size());
        assertThat(differences).isEmpty();
    }

    private void compare(String place, JsonNode ours, JsonNode theirs, List<String> differences) {
        for (Map.Entry<String, JsonNode> e : ours.path("paths").properties()) {
            item(e.getKey(), e.getValue(), theirs.path("paths").path(e.getKey()), differences);
        }
        ours.path("components").path("schemas").fieldNames().forEachRemaining(name -> {
            if (!theirs.path("components").path("schemas").has(name)) {
                differences.add(place + " has no " + name);
            }
        });
        for (Map.Entry<String, JsonNode> e : theirs.path("paths").properties()) {
            e.getValue().fieldNames().forEachRemaining(method -> {
                if (!method.equals("parameters")
                        && !NOT_YET.matcher(e.getKey()).find()
                        && !ours.path("paths").path(e.getKey()).has(method)) {
                    differences.add("lacks " + method + " " + e.getKey());
                }
            });
        }
    }

    private void item(String path, JsonNode ours, JsonNode theirs, List<String> differences) {
        Set<String> shared = names(theirs);
        for (Map.Entry<String, JsonNode> e : ours.properties()) {
            if (e.getKey().equals("parameters")) {
                continue;
            }
            operations++;
            JsonNode mine = e.getValue();
            JsonNode upstream = theirs.path(e.getKey());
            String where = e.getKey() + " " + path;
            for (String field :
                    List.of("operationId", "x-kubernetes-action", "x-kubernetes-group-version-kind", "tags")) {
                if (!mine.path(field).equals(upstream.path(field))) {
                    differences.add(where + " " + field + ": " + mine.path(field) + " not " + upstream.path(field));
                }
            }
            Set<String> known = names(upstream);
            known.addAll(shared);
            if (!known.containsAll(names(mine)) || !known.containsAll(names(ours))) {
                differences.add(where + " parameters: " + names(mine) + " not " + known);
            }
            codes(where, mine, upstream, differences);
        }
    }

    private static void codes(String where, JsonNode mine, JsonNode upstream, List<String> differences) {
        for (Map.Entry<String, JsonNode> e : mine.path("responses").properties()) {
            JsonNode answer = upstream.path("responses").path(e.getKey());
            for (Map.Entry<String, JsonNode> c : e.getValue().path("content").properties()) {
                if (!c.getValue().equals(answer.path("content").path(c.getKey()))) {
                    differences.add(where + " answers " + e.getKey() + " " + c + " not " + answer);
                }
            }
        }
        for (Map.Entry<String, JsonNode> c :
                mine.path("requestBody").path("content").properties()) {
            if (!c.getValue()
                    .equals(upstream.path("requestBody").path("content").path(c.getKey()))) {
                differences.add(where + " takes " + c);
            }
        }
    }

    private static Set<String> names(JsonNode holder) {
        Set<String> names = new TreeSet<>();
        holder.path("parameters").forEach(p -> names.add(p.path("name").asText()));
        return names;
    }
}
