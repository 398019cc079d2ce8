package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns the v3 documents into the one Swagger 2.0 document that older clients read. It says less: it has no defaults. */
final class OpenApiV2 {
    private static final String KINDS = "x-kubernetes-group-version-kind";

    private OpenApiV2() {}

    static ObjectNode tree(List<ObjectNode> documents) {
        TreeMap<String, JsonNode> paths = new TreeMap<>();
        TreeMap<String, ObjectNode> definitions = new TreeMap<>();
        for (ObjectNode document : documents) {
            document.path("paths").properties().forEach(e -> paths.put(e.getKey(), item(e.getValue())));
            document.path("components")
                    .path("schemas")
                    .properties()
                    .forEach(e -> definitions.merge(e.getKey(), schema(e.getValue()), OpenApiV2::withKindsOf));
        }
        ObjectNode whole = Json.object().put("swagger", "2.0");
        whole.putObject("info").put("title", "Kubernetes").put("version", "unversioned");
        ObjectNode allPaths = whole.putObject("paths");
        paths.forEach(allPaths::set);
        ObjectNode allDefinitions = whole.putObject("definitions");
        definitions.forEach(allDefinitions::set);
        whole.putObject("securityDefinitions")
                .putObject("BearerToken")
                .put("description", "Bearer Token authentication")
                .put("in", "header")
                .put("name", "authorization")
                .put("type", "apiKey");
        whole.putArray("security").addObject().putArray("BearerToken");
        return whole;
    }

    /** A kind of every group is described once, with the groups of all documents. */
    private static ObjectNode withKindsOf(ObjectNode first, ObjectNode other) {
        if (other.get(KINDS) instanceof ArrayNode more && first.get(KINDS) instanceof ArrayNode known) {
            for (JsonNode kind : more) {
                boolean isNew = true;
                for (JsonNode old : known) {
                    isNew &= !old.equals(kind);
                }
                if (isNew) {
                    known.add(kind);
                }
            }
        }
        return first;
    }

    static ObjectNode schema(JsonNode v3) {
        ObjectNode v2 = Json.object();
        v3.properties().forEach(e -> {
            switch (e.getKey()) {
                case "default" -> {}
                case "$ref" -> v2.put("$ref", reference(e.getValue()));
                case "allOf" -> v2.put("$ref", reference(e.getValue().get(0).get("$ref")));
                case "oneOf" -> v2.put("type", "string");
                case "items", "additionalProperties" -> v2.set(e.getKey(), schema(e.getValue()));
                case "properties" -> {
                    ObjectNode properties = v2.putObject("properties");
                    e.getValue().properties().forEach(p -> properties.set(p.getKey(), schema(p.getValue())));
                }
                default -> v2.set(e.getKey(), e.getValue().deepCopy());
            }
        });
        return v2;
    }

    private static String reference(JsonNode v3) {
        return "#/definitions/" + v3.asText().substring(OpenApiV3.REFERENCE.length());
    }

    private static ObjectNode item(JsonNode v3) {
        ObjectNode v2 = Json.object();
        v3.properties().forEach(e -> {
            if (e.getKey().equals("parameters")) {
                e.getValue().forEach(p -> Json.list(v2, "parameters").add(parameter(p)));
            } else {
                v2.set(e.getKey(), operation(e.getValue()));
            }
        });
        return v2;
    }

    private static ObjectNode parameter(JsonNode v3) {
        ObjectNode v2 = Json.object();
        v3.properties().forEach(e -> {
            if (e.getKey().equals("schema")) {
                v2.setAll((ObjectNode) e.getValue());
            } else {
                v2.set(e.getKey(), e.getValue());
            }
        });
        return v2;
    }

    private static ObjectNode operation(JsonNode v3) {
        ObjectNode v2 = Json.object();
        for (Map.Entry<String, JsonNode> e : v3.properties()) {
            switch (e.getKey()) {
                case "requestBody" -> body(v2, e.getValue());
                case "responses" -> responses(v2, e.getValue());
                case "parameters" ->
                    e.getValue().forEach(p -> Json.list(v2, "parameters").add(parameter(p)));
                default -> v2.set(e.getKey(), e.getValue());
            }
        }
        v2.putArray("schemes").add("https");
        return v2;
    }

    private static void body(ObjectNode v2, JsonNode body) {
        ObjectNode parameter =
                Json.list(v2, "parameters").addObject().put("in", "body").put("name", "body");
        if (body.path("required").asBoolean()) {
            parameter.put("required", true);
        }
        body.path("content").properties().forEach(e -> {
            Json.list(v2, "consumes").add(e.getKey());
            parameter.set("schema", schema(e.getValue().path("schema")));
        });
    }

    private static void responses(ObjectNode v2, JsonNode responses) {
        TreeSet<String> produced = new TreeSet<>();
        ObjectNode all = v2.putObject("responses");
        responses.properties().forEach(e -> {
            ObjectNode response = all.putObject(e.getKey());
            response.set("description", e.getValue().path("description"));
            e.getValue().path("content").properties().forEach(c -> {
                produced.add(c.getKey());
                response.set("schema", schema(c.getValue().path("schema")));
            });
        });
        produced.forEach(Json.list(v2, "produces")::add);
    }
}
