package io.ruori.schema.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns OpenAPI v3 schemas into the model that the core works with. */
final class Structure {
    private final Map<String, ObjectNode> definitions;

    Structure(Map<String, ObjectNode> definitions) {
        this.definitions = definitions;
    }

    Map<String, Schema> schemas() {
        Map<String, Schema> schemas = new LinkedHashMap<>();
        definitions.keySet().forEach(name -> schemas.put(name, named(name)));
        return schemas;
    }

    private Schema named(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "Quantity" -> new Scalar(Schema.Type.QUANTITY);
            case "IntOrString" -> new Scalar(Schema.Type.INT_OR_STRING);
            case "Time" -> new Scalar(Schema.Type.TIME);
            case "MicroTime" -> new Scalar(Schema.Type.MICRO_TIME);
            default -> {
                ObjectNode definition = definition(name);
                yield definition.has("properties")
                        ? struct(
                                name,
                                definition,
                                definition
                                        .path("x-kubernetes-map-type")
                                        .asText()
                                        .equals("atomic"))
                        : new Any();
            }
        };
    }

    private ObjectNode definition(String name) {
        ObjectNode found = definitions.get(name);
        if (found == null) {
            throw new IllegalStateException("no definition " + name);
        }
        return found;
    }

    private Struct struct(String name, ObjectNode definition, boolean atomic) {
        List<String> required = texts(definition.path("required"));
        Map<String, Field> fields = new LinkedHashMap<>();
        definition.path("properties").properties().forEach(e -> {
            JsonNode property = e.getValue();
            List<String> strategies = List.of(
                    property.path("x-kubernetes-patch-strategy").asText().split(","));
            fields.put(
                    e.getKey(),
                    new Field(
                            schema(property),
                            required.contains(e.getKey()),
                            property.path("x-kubernetes-patch-merge-key").asText(),
                            strategies.contains("merge"),
                            strategies.contains("retainKeys")));
        });
        return new Struct(name, fields, atomic);
    }

    private Schema schema(JsonNode node) {
        boolean atomic = node.path("x-kubernetes-map-type").asText().equals("atomic");
        JsonNode reference = node.has("allOf") ? node.get("allOf").get(0).get("$ref") : node.get("$ref");
        if (reference != null) {
            return reference(reference.asText(), node);
        }
        String format = node.path("format").asText();
        return switch (node.path("type").asText()) {
            case "string" -> new Scalar(format.equals("byte") ? Schema.Type.BYTES : Schema.Type.STRING);
            case "boolean" -> new Scalar(Schema.Type.BOOLEAN);
            case "integer" -> new Scalar(format.equals("int64") ? Schema.Type.INT64 : Schema.Type.INT32);
            case "number" -> new Scalar(Schema.Type.DOUBLE);
            case "object" -> new MapOf(schema(node.get("additionalProperties")), atomic);
            case "array" ->
                new ListOf(
                        schema(node.get("items")),
                        ListType.valueOf(node.path("x-kubernetes-list-type")
                                .asText("atomic")
                                .toUpperCase(Locale.ROOT)),
                        texts(node.path("x-kubernetes-list-map-keys")));
            default -> throw new IllegalStateException("cannot tell the type of " + node);
        };
    }

    /** A field may override how the struct it refers to merges; such a struct is written out in place. */
    private Schema reference(String reference, JsonNode node) {
        String name = reference.substring("#/components/schemas/".length());
        String override = node.path("x-kubernetes-map-type").asText();
        if (!definition(name).has("properties")) {
            return named(name);
        }
        return override.isEmpty() ? new Ref(name) : struct(name, definition(name), override.equals("atomic"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
