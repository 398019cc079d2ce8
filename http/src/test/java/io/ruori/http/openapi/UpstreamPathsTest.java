package io.ruori.http.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.kind.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What our documents say of an operation, Kubernetes' say too, where those are at hand ({@code RUORI_FIXTURES}). */
class UpstreamPathsTest {
    private int operations;

    @Test
    void everyOperationIsUpstreams() throws IOException {
        String fixtures = System.getenv("RUORI_FIXTURES");
        Assumptions.assumeTrue(fixtures != null, "RUORI_FIXTURES is not set");
        OpenApiDocuments documents = OpenApiDocuments.ofKinds(Kinds.all());
        List<String> differences = new ArrayList<>();
        Set<String> groupVersions = new TreeSet<>();
        Json.read(documents.index().bytes()).path("paths").fieldNames().forEachRemaining(groupVersions::add);
        for (String groupVersion : groupVersions) {
            Path file = Path.of(
                    String.valueOf(fixtures), "openapi", "v3", groupVersion.replace("/", "__") + "_openapi.json");
            JsonNode theirs = Json.read(Files.readAllBytes(file));
            JsonNode ours = Json.read(documents.v3(groupVersion).orElseThrow().bytes());
            for (Map.Entry<String, JsonNode> e : ours.path("paths").properties()) {
                compare(e.getKey(), e.getValue(), theirs.path("paths").path(e.getKey()), differences);
            }
            ours.path("components").path("schemas").fieldNames().forEachRemaining(name -> {
                if (!theirs.path("components").path("schemas").has(name)) {
                    differences.add(groupVersion + " has no " + name);
                }
            });
        }
        System.out.printf("%d operations compared; %d differences%n", operations, differences.size());
        assertThat(differences).isEmpty();
    }

    private void compare(String path, JsonNode ours, JsonNode theirs, List<String> differences) {
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
