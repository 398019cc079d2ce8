package io.ruori.http.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.Map;

/** The definitions of custom resources: what their schemas say, with what every resource has. */
final class CustomDefinitions {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String API_VERSION = "Names the version of the schema that this object is written in.";
    private static final String KIND = "Names the type of the object.";

    /** Swagger 2.0 has none of these. */
    private static final List<String> NOT_IN_V2 = List.of("oneOf", "anyOf", "allOf", "not", "nullable", "default");

    private CustomDefinitions() {}

    /** Adds the definitions of a resource and of its list; nothing for built-in ones. */
    static void add(ApiResource resource, boolean v2, Map<String, JsonNode> into) {
        ApiResource.Described described = resource.described();
        if (described == null) {
            return;
        }
        ObjectNode definition = described.schema().deepCopy();
        if (v2) {
            simplify(definition);
        }
        asResource(definition);
        embedded(definition);
        kind(definition, resource, resource.kind());
        into.put(resource.definition(), definition);
        into.put(resource.definition() + "List", list(resource, described.listKind()));
    }

    private static void asResource(ObjectNode definition) {
        ObjectNode properties = Json.child(definition, "properties");
        properties.set("apiVersion", text(API_VERSION));
        properties.set("kind", text(KIND));
        properties.set("metadata", reference("Standard object's metadata.", "ObjectMeta"));
    }

    private static ObjectNode text(String description) {
        return Json.object().put("description", description).put("type", "string");
    }

    private static ObjectNode reference(String description, String type) {
        ObjectNode property = Json.object().put("description", description);
        property.putArray("allOf").addObject().put("$ref", OpenApiV3.REFERENCE + META + type);
        return property;
    }

    private static void kind(ObjectNode definition, ApiResource resource, String kind) {
        definition
                .putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", resource.groupVersion().group())
                .put("kind", kind)
                .put("version", resource.groupVersion().version());
    }

    /** Resources inside of resources have metadata too. */
    private static void embedded(JsonNode schema) {
        for (JsonNode property : schema.path("properties")) {
            embedded(property);
            if (property instanceof ObjectNode own
                    && own.path("x-kubernetes-embedded-resource").asBoolean()) {
                asResource(own);
            }
        }
        for (String field : List.of("items", "additionalProperties")) {
            if (schema.path(field) instanceof ObjectNode inner) {
                embedded(inner);
            }
        }
    }

    private static void simplify(ObjectNode schema) {
        boolean typeless = schema.path("nullable").asBoolean()
                || schema.path("x-kubernetes-int-or-string").asBoolean();
        schema.remove(NOT_IN_V2);
        if (typeless) {
            schema.remove("type");
        }
        for (JsonNode property : schema.path("properties")) {
            if (property instanceof ObjectNode inner) {
                simplify(inner);
            }
        }
        for (String field : List.of("items", "additionalProperties")) {
            if (schema.path(field) instanceof ObjectNode inner) {
                simplify(inner);
            }
        }
    }

    private static ObjectNode list(ApiResource resource, String listKind) {
        ObjectNode definition = Json.object()
                .put("description", listKind + " is a list of " + resource.kind())
                .put("type", "object");
        definition.putArray("required").add("items");
        ObjectNode properties = definition.putObject("properties");
        properties.set("apiVersion", text(API_VERSION));
        ObjectNode items = properties
                .putObject("items")
                .put("description", "The objects of the list.")
                .put("type", "array");
        items.putObject("items").putArray("allOf").addObject().put("$ref", OpenApiV3.REFERENCE + resource.definition());
        properties.set("kind", text(KIND));
        properties.set("metadata", reference("Standard list metadata.", "ListMeta"));
        kind(definition, resource, listKind);
        return definition;
    }
}
