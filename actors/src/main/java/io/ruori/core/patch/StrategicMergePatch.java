package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Schemas;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' strategic merge patch: a merge patch whose lists merge too, where the schema names a merge strategy.
 *
 * <p>Directives stand among a patch's fields: {@code $patch} (replace or delete the map around it, or delete the list
 * element around it), {@code $retainKeys} (drop every other key of the map), {@code $setElementOrder/LIST} (the order of
 * the result) and {@code $deleteFromPrimitiveList/LIST}. Elements the patch does not mention stay; the order in the result
 * follows {@code $setElementOrder} or else the patch, and the unmentioned ones keep their places relative to their old
 * neighbours.
 */
public final class StrategicMergePatch {
    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String SET_ORDER = "$setElementOrder";
    static final String DELETE_FROM_PRIMITIVES = "$deleteFromPrimitiveList";

    private final Schemas schemas;

    StrategicMergePatch(Schemas schemas) {
        this.schemas = schemas;
    }

    /** Refuses a malformed directive (400), and what contradicts the schema's merge keys (500, as Kubernetes does). */
    public static PatchResult apply(ObjectNode live, JsonNode patch, Schema.Struct schema, Schemas schemas) {
        return PatchRefusal.guard(() -> {
            if (patch instanceof ObjectNode changes) {
                return new StrategicMergePatch(schemas).mergedMap(live, changes, schema);
            }
            throw PatchRefusal.malformed("json: cannot unmarshal " + JsonPatch.goKind(patch)
                    + " into Go value of type map[string]interface {}");
        });
    }

    /** Null where the directive says that nothing is left. */
    ObjectNode mergedMap(ObjectNode original, ObjectNode patch, @Nullable Schema schema) {
        JsonNode directive = patch.get(PATCH);
        if (directive != null) {
            switch (directive.asText()) {
                case "replace" -> {
                    return withoutDirective(patch);
                }
                case "delete" -> {
                    return original.objectNode();
                }
                case "merge" -> {
                    // What happens anyway.
                }
                default -> throw unknownDirective(directive, patch);
            }
        }
        ObjectNode result = retained(original, patch);
        Set<String> ordered = mergeOrderedLists(original, result, patch, schema);
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String key = change.getKey();
            if (!ordered.contains(key) && !isDirective(key)) {
                mergeField(result, key, change.getValue(), schema);
            } else if (key.startsWith(DELETE_FROM_PRIMITIVES)) {
                deletePrimitives(result, listOf(key, DELETE_FROM_PRIMITIVES), change.getValue());
            }
        }
        return result;
    }

    private static boolean isDirective(String key) {
        return key.startsWith("$")
                && (key.equals(PATCH)
                        || key.equals(RETAIN_KEYS)
                        || key.startsWith(SET_ORDER)
                        || key.startsWith(DELETE_FROM_PRIMITIVES));
    }

    private static ObjectNode withoutDirective(ObjectNode patch) {
        ObjectNode bare = JsonValues.copyOf(patch);
        bare.remove(PATCH);
        return (ObjectNode) taken(bare);
    }

    private void mergeField(ObjectNode result, String key, JsonNode change, @Nullable Schema schema) {
        JsonNode original = result.get(key);
        if (change.isNull()) {
            result.remove(key);
        } else if (original instanceof ObjectNode map && change instanceof ObjectNode changes) {
            result.set(key, mergedMap(map, changes, resolvedType(schema, key)));
        } else if (original instanceof ArrayNode list && change instanceof ArrayNode changes) {
            result.set(key, mergedField(list, changes, schema, key));
        } else if (change instanceof ObjectNode map && map.has(PATCH)) {
            // A directive about something that is not there, or is no map: what it would leave is nothing.
            result.remove(key);
        } else {
            result.set(key, taken(change));
        }
    }

    private JsonNode mergedField(ArrayNode original, ArrayNode patch, @Nullable Schema schema, String key) {
        Schema.Field field = field(schema, key);
        return field != null && field.patchMerge() ? lists(field).merged(original, patch) : taken(patch);
    }

    private MergedList lists(Schema.Field field) {
        Schema type = schemas.resolve(field.type());
        Schema items = type instanceof Schema.ListOf list ? schemas.resolve(list.items()) : null;
        return new MergedList(this, field.patchMergeKey(), items);
    }

    private Schema.@Nullable Field field(@Nullable Schema schema, String key) {
        return schema instanceof Schema.Struct struct ? struct.field(key) : null;
    }

    private @Nullable Schema resolvedType(@Nullable Schema schema, String key) {
        if (schema instanceof Schema.MapOf map) {
            return schemas.resolve(map.values());
        }
        Schema.Field field = field(schema, key);
        return field == null ? null : schemas.resolve(field.type());
    }

    /** A patch's value where there is nothing to merge it with: without directives, and without asking to delete. */
    static JsonNode taken(JsonNode value) {
        if (value instanceof ObjectNode map) {
            ObjectNode kept = map.objectNode();
            map.properties().forEach(field -> {
                if (!field.getValue().isNull() && !isDirective(field.getKey()) && !hasDirective(field.getValue())) {
                    kept.set(field.getKey(), taken(field.getValue()));
                }
            });
            return kept;
        }
        if (value instanceof ArrayNode list) {
            ArrayNode kept = list.arrayNode(list.size());
            list.forEach(element -> {
                if (!hasDirective(element)) {
                    kept.add(taken(element));
                }
            });
            return kept;
        }
        return value;
    }

    static boolean hasDirective(JsonNode value) {
        return value.isObject() && value.has(PATCH);
    }

    static PatchRefusal unknownDirective(JsonNode directive, ObjectNode around) {
        return PatchRefusal.untyped(
                "unknown patch type: " + JsonValues.shown(directive) + " in map: " + JsonValues.shown(around));
    }

    // $retainKeys

    /** A copy of the map to merge into, without the keys that {@code $retainKeys} does not name. */
    private static ObjectNode retained(ObjectNode original, ObjectNode patch) {
        JsonNode directive = patch.get(RETAIN_KEYS);
        if (directive == null) {
            return JsonValues.copyOf(original);
        }
        if (!(directive instanceof ArrayNode)) {
            throw malformed("retainKeys");
        }
        Set<String> keys = new HashSet<>();
        directive.forEach(key -> keys.add(key.asText()));
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            if (!change.getValue().isNull() && !isDirective(change.getKey()) && !keys.contains(change.getKey())) {
                throw malformed("retainKeys");
            }
        }
        ObjectNode kept = original.objectNode();
        original.properties().forEach(field -> {
            if (keys.contains(field.getKey())) {
                kept.set(field.getKey(), field.getValue());
            }
        });
        return kept;
    }

    // $setElementOrder

    /** Merges the lists that come with an order; answers which fields of the patch that took care of. */
    private Set<String> mergeOrderedLists(
            ObjectNode original, ObjectNode result, ObjectNode patch, @Nullable Schema schema) {
        Map<String, ArrayNode> orders = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> directive : patch.properties()) {
            if (directive.getKey().startsWith(SET_ORDER)) {
                orders.put(listOf(directive.getKey(), SET_ORDER), list(directive.getValue(), "setElementOrder list"));
            }
        }
        Set<String> done = new HashSet<>();
        orders.forEach((key, order) -> {
            JsonNode change = patch.get(key);
            if (JsonValues.isAbsent(change) && patch.has(key)) {
                return;
            }
            Schema.Field field = field(schema, key);
            if (field == null) {
                throw PatchRefusal.untyped(
                        "unable to find api field in struct " + nameOf(schema) + " for the json field \"" + key + "\"");
            }
            mergeOrderedList(result, key, original.get(key), change, order, field);
            done.add(key);
        });
        return done;
    }

    private void mergeOrderedList(
            ObjectNode result,
            String key,
            @Nullable JsonNode original,
            @Nullable JsonNode change,
            ArrayNode order,
            Schema.Field field) {
        boolean isThere = !JsonValues.isAbsent(original) && result.has(key);
        if (!isThere && change == null) {
            return;
        }
        MergedList lists = lists(field);
        ArrayNode patch = change == null ? null : list(change, "setElementOrder list");
        lists.checkOrder(patch, order);
        if (patch == null) {
            result.set(key, lists.ordered(list(original, "setElementOrder list"), order));
        } else if (!isThere) {
            result.set(key, lists.ordered((ArrayNode) taken(patch), order));
        } else {
            ArrayNode before = list(original, "setElementOrder list");
            ArrayNode merged = field.patchMerge() ? lists.combined(before, patch) : (ArrayNode) taken(patch);
            result.set(key, lists.inOrder(merged, order, lists.places(before, patch)));
        }
    }

    private static String nameOf(@Nullable Schema schema) {
        if (!(schema instanceof Schema.Struct struct)) {
            return "map";
        }
        return struct.name().substring(struct.name().lastIndexOf('.') + 1);
    }

    private static void deletePrimitives(ObjectNode result, String key, JsonNode values) {
        ArrayNode toDelete = list(values, "primitive list");
        if (result.get(key) instanceof ArrayNode original) {
            Set<String> gone = new HashSet<>();
            toDelete.forEach(value -> gone.add(JsonValues.identity(value)));
            ArrayNode kept = original.arrayNode(original.size());
            original.forEach(element -> {
                if (!gone.contains(JsonValues.identity(element))) {
                    kept.add(element);
                }
            });
            result.set(key, kept);
        }
    }

    private static ArrayNode list(@Nullable JsonNode value, String what) {
        if (value instanceof ArrayNode list) {
            return list;
        }
        throw malformed(what);
    }

    /** The field that a parallel list such as {@code $setElementOrder/containers} is about. */
    private static String listOf(String key, String prefix) {
        if (key.length() <= prefix.length() || key.charAt(prefix.length()) != '/') {
            throw malformed(prefix.equals(SET_ORDER) ? "setElementOrder list" : "primitive list");
        }
        return key.substring(prefix.length() + 1);
    }

    private static PatchRefusal malformed(String what) {
        return PatchRefusal.malformed("invalid patch format of " + what);
    }
}
