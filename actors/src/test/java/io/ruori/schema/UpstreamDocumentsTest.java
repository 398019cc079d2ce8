package io.ruori.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our definitions equal Kubernetes' own 1.36 documents, where those are at hand ({@code RUORI_FIXTURES}). */
class UpstreamDocumentsTest {
    /** These belong to every group, so upstream lists other kinds in each document. */
    private static final Set<String> OF_EVERY_GROUP = Set.of(
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent");

    private final Map<String, JsonNode> upstream = new TreeMap<>();

    @BeforeEach
    void read() throws IOException {
        String fixtures = System.getenv("RUORI_FIXTURES");
        Assumptions.assumeTrue(fixtures != null, "RUORI_FIXTURES is not set");
        try (Stream<Path> files = Files.list(Path.of(String.valueOf(fixtures), "openapi", "v3"))) {
            for (Path file : files.toList()) {
                Json.read(Files.readAllBytes(file))
                        .path("components")
                        .path("schemas")
                        .properties()
                        .forEach(e -> upstream.put(e.getKey(), e.getValue()));
            }
        }
    }

    @Test
    void everyDefinitionIsEqual() {
        int fields = 0;
        int descriptions = 0;
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : upstream.entrySet()) {
            JsonNode ours = Definitions.of(Definitions.packageOf(e.getKey())).path(e.getKey());
            fields += e.getValue().path("properties").size();
            descriptions += equalDescriptions(ours, e.getValue());
            compare(e.getKey(), bare(e.getKey(), ours), bare(e.getKey(), e.getValue()), differences);
        }
        System.out.printf(
                "%d definitions, %d fields compared; %d differences; %d descriptions equal%n",
                upstream.size(), fields, differences.size(), descriptions);
        assertThat(differences).isEmpty();
    }

    private static int equalDescriptions(JsonNode ours, JsonNode theirs) {
        int equal = 0;
        for (Map.Entry<String, JsonNode> e : theirs.path("properties").properties()) {
            String mine =
                    ours.path("properties").path(e.getKey()).path("description").asText();
            if (mine.equals(e.getValue().path("description").asText())) {
                equal++;
            }
        }
        return equal;
    }

    private static void compare(String where, JsonNode ours, JsonNode theirs, List<String> differences) {
        if (ours.isObject() && theirs.isObject()) {
            Set<String> names = new TreeSet<>();
            ours.fieldNames().forEachRemaining(names::add);
            theirs.fieldNames().forEachRemaining(names::add);
            names.forEach(n -> compare(where + "." + n, ours.path(n), theirs.path(n), differences));
        } else if (!ours.equals(theirs)) {
            differences.add(where + ": " + ours + " instead of " + theirs);
        }
    }

    private static JsonNode bare(String name, JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        if (copy instanceof ObjectNode definition) {
            definition.remove("description");
            definition.path("properties").forEach(property -> bareProperty((ObjectNode) property));
            sortRequired(definition);
            if (OF_EVERY_GROUP.contains(name)) {
                definition.remove("x-kubernetes-group-version-kind");
            }
        }
        return copy;
    }

    private static void bareProperty(ObjectNode property) {
        property.remove("description");
        if (property.remove("allOf") instanceof ArrayNode wrapped) {
            property.setAll((ObjectNode) wrapped.get(0));
        }
    }

    private static void sortRequired(ObjectNode definition) {
        if (definition.has("required")) {
            List<String> names = new ArrayList<>();
            definition.path("required").forEach(n -> names.add(n.asText()));
            names.sort(null);
            definition.putArray("required");
            names.forEach(Json.list(definition, "required")::add);
        }
    }
}
