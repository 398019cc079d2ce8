package io.ruori.schema.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.ruori.api.Json;
import io.ruori.schema.build.Facts.Definition;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the OpenAPI v3 schema of each definition from its Java model class and the facts. */
final class ModelDefinitions {
    private static final String MODELS = "io.kubernetes.client.openapi.models.";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final Set<String> ALWAYS_THERE = Set.of(META + "ObjectMeta", META + "ListMeta");
    private static final Set<String> USUALLY_THERE = Set.of("spec", "status");

    private final Facts facts;
    private final Map<Class<?>, String> names = new HashMap<>();
    private final Map<String, String> leaves = new HashMap<>();

    ModelDefinitions(Facts facts) {
        this.facts = facts;
        for (Definition definition : facts.definitions()) {
            if (definition.has("leaf")) {
                leaves.put(definition.simpleName(), definition.name());
            } else {
                names.put(modelClass(definition), definition.name());
            }
        }
    }

    /** The schemas by definition name. */
    Map<String, ObjectNode> schemas() {
        Map<String, ObjectNode> schemas = new TreeMap<>();
        for (Definition definition : facts.definitions()) {
            schemas.put(definition.name(), definition.has("leaf") ? leaf(definition) : struct(definition));
        }
        return schemas;
    }

    private static ObjectNode leaf(Definition definition) {
        return Leaves.of(definition.simpleName()).schema();
    }

    private static Class<?> modelClass(Definition definition) {
        String version =
                definition.packageName().substring(definition.packageName().lastIndexOf('.') + 1);
        String usual =
                version.substring(0, 1).toUpperCase(Locale.ROOT) + version.substring(1) + definition.simpleName();
        String given = definition.fact("java");
        try {
            return Class.forName(MODELS + (given == null ? usual : given));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("no model class for " + definition.name(), e);
        }
    }

    private ObjectNode struct(Definition definition) {
        Class<?> model = modelClass(definition);
        ObjectNode schema = Json.object();
        ApiModel about = model.getAnnotation(ApiModel.class);
        if (about != null && !about.description().isEmpty()) {
            schema.put("description", lines(about.description()));
        }
        schema.put("type", "object");
        Map<String, ObjectNode> fields = new TreeMap<>();
        Set<String> unused = new HashSet<>(definition.fields().keySet());
        for (Field field : model.getDeclaredFields()) {
            SerializedName jsonName = field.getAnnotation(SerializedName.class);
            if (jsonName != null) {
                unused.remove(jsonName.value());
                ApiModelProperty property = property(model, field);
                fields.put(jsonName.value(), field(definition, jsonName.value(), field.getGenericType(), property));
                if (property.required()) {
                    Json.list(schema, "required").add(jsonName.value());
                }
            }
        }
        if (!unused.isEmpty()) {
            throw new IllegalStateException("facts about fields that " + definition.name() + " lacks: " + unused);
        }
        if (!fields.isEmpty()) {
            ObjectNode properties = schema.putObject("properties");
            fields.forEach(properties::set);
        }
        extend(definition, schema);
        return schema;
    }

    private static void extend(Definition definition, ObjectNode schema) {
        String mapType = definition.fact("map");
        if (mapType != null) {
            schema.put("x-kubernetes-map-type", mapType);
        }
        String unions = definition.fact("unions");
        if (unions != null) {
            schema.set("x-kubernetes-unions", parse(unions));
        }
        if (definition.has("kind")) {
            String[] parts = definition.groupVersion().split("/");
            Json.list(schema, "x-kubernetes-group-version-kind")
                    .addObject()
                    .put("group", parts.length > 1 ? parts[0] : "")
                    .put("kind", definition.simpleName())
                    .put("version", parts[parts.length - 1]);
        }
    }

    /** The annotation sits on the getter, whose name only the field's Java name tells. */
    private static ApiModelProperty property(Class<?> model, Field field) {
        // Java's reserved words carry an underscore in front.
        String name = field.getName().startsWith("_") ? field.getName().substring(1) : field.getName();
        for (Method method : model.getDeclaredMethods()) {
            ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
            if (property != null
                    && method.getParameterCount() == 0
                    && (method.getName().equalsIgnoreCase("get" + name)
                            || method.getName().equalsIgnoreCase("is" + name))) {
                return property;
            }
        }
        throw new IllegalStateException("no annotated getter for " + field);
    }

    private ObjectNode field(Definition owner, String jsonName, Type javaType, ApiModelProperty property) {
        Map<String, String> said = owner.field(jsonName);
        ObjectNode schema = Json.object();
        ObjectNode type = type(owner.name() + "." + jsonName, javaType, said.get("type"));
        String description = property.value();
        if (description.isEmpty() && type.has("$ref")) {
            String own = StructFields.description(jsonName, type.path("$ref").asText());
            description = own == null ? descriptionOf(javaType) : own;
        }
        if (!description.isEmpty()) {
            schema.put("description", lines(description));
        }
        JsonNode reference = type.get("$ref");
        defaultOf(jsonName, type, property.required(), said.get("default")).ifPresent(d -> schema.set("default", d));
        merging(schema, type, said);
        if (reference == null) {
            schema.setAll(type);
        } else if (schema.isEmpty()) {
            return type;
        } else {
            // A reference may have no siblings in OpenAPI 3.0, so what is said beside it needs this wrapping.
            schema.putArray("allOf").add(type);
        }
        return schema;
    }

    /** The struct's own description is better than none. */
    private static String descriptionOf(Type javaType) {
        ApiModel about = javaType instanceof Class<?> type ? type.getAnnotation(ApiModel.class) : null;
        return about == null ? "" : about.description();
    }

    /** The model has a blank where upstream's text has a line break, so two in a row were a paragraph's end. */
    private static String lines(String description) {
        return description.strip().replaceAll("(?<! ) {2}(?! )", "\n\n").replaceAll("(?<! ) (?= {2,})", "\n");
    }

    private static void merging(ObjectNode schema, ObjectNode type, Map<String, String> said) {
        // Bytes are a list in Go, and one field of bytes says so.
        boolean isList = type.path("type").asText().equals("array");
        if (isList || said.containsKey("list")) {
            String list = said.getOrDefault("list", "atomic");
            if (list.startsWith("map:")) {
                for (String key : list.substring(4).split(",")) {
                    Json.list(schema, "x-kubernetes-list-map-keys").add(key);
                }
                list = "map";
            }
            if (!list.equals("none")) {
                schema.put("x-kubernetes-list-type", list);
            }
        }
        String map = said.get("map");
        if (map != null) {
            schema.put("x-kubernetes-map-type", map);
        }
        String key = said.getOrDefault("merge", "");
        if (!key.isEmpty()) {
            schema.put("x-kubernetes-patch-merge-key", key);
        }
        String strategy = String.join(
                ",",
                said.keySet().stream()
                        .filter(Set.of("merge", "retainKeys", "replace")::contains)
                        .toList());
        if (!strategy.isEmpty()) {
            schema.put("x-kubernetes-patch-strategy", strategy);
        }
    }

    private static Optional<JsonNode> defaultOf(
            String jsonName, ObjectNode type, boolean required, @Nullable String said) {
        if (said != null) {
            return said.equals("none") ? Optional.empty() : Optional.of(parse(said));
        }
        JsonNode reference = type.get("$ref");
        if (reference != null) {
            String target = reference.asText().substring("#/components/schemas/".length());
            return ALWAYS_THERE.contains(target) || USUALLY_THERE.contains(jsonName)
                    ? Optional.of(Json.object())
                    : Optional.empty();
        }
        if (!required) {
            return Optional.empty();
        }
        return switch (type.path("type").asText()) {
            case "string" -> Optional.of(type.textNode(""));
            case "integer", "number" -> Optional.of(type.numberNode(0));
            case "boolean" -> Optional.of(type.booleanNode(false));
            default -> Optional.empty();
        };
    }

    private ObjectNode type(String where, Type javaType, @Nullable String leaf) {
        ObjectNode schema = Json.object();
        if (javaType instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Map.class) {
                schema.put("type", "object").set("additionalProperties", type(where, arguments[1], leaf));
            } else {
                schema.put("type", "array").set("items", type(where, arguments[0], leaf));
            }
            return schema;
        }
        if (leaf != null) {
            return reference(leaf(leaf));
        }
        Class<?> plain = (Class<?>) javaType;
        if (plain == String.class) {
            return schema.put("type", "string");
        } else if (plain == Boolean.class) {
            return schema.put("type", "boolean");
        } else if (plain == Integer.class) {
            return schema.put("format", "int32").put("type", "integer");
        } else if (plain == Long.class) {
            return schema.put("format", "int64").put("type", "integer");
        } else if (plain == Double.class) {
            return schema.put("format", "double").put("type", "number");
        } else if (plain == byte[].class) {
            return schema.put("format", "byte").put("type", "string");
        } else if (plain == OffsetDateTime.class) {
            return reference(leaf("Time"));
        } else if (plain == Quantity.class) {
            return reference(leaf("Quantity"));
        } else if (plain == IntOrString.class) {
            return reference(leaf("IntOrString"));
        }
        String name = names.get(plain);
        if (name == null) {
            throw new IllegalStateException("no definition for " + javaType + " of " + where);
        }
        return reference(name);
    }

    private String leaf(String simpleName) {
        String name = leaves.get(simpleName);
        if (name == null) {
            throw new IllegalStateException("no leaf " + simpleName);
        }
        return name;
    }

    private static ObjectNode reference(String name) {
        return Json.object().put("$ref", "#/components/schemas/" + name);
    }

    private static JsonNode parse(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }
}
