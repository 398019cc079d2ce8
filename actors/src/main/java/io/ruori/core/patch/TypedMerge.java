package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.patch.FieldTypes.Shape;
import io.ruori.core.schema.Schema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An applied configuration laid over the live object: granular structs and maps merge, keyed lists and sets merge by
 * element in the configuration's order, everything else is the configuration's. Nothing is removed. Where nothing changes
 * the live subtree itself is answered.
 */
record TypedMerge(FieldTypes types) {

    @SuppressWarnings("ReferenceEquality") // an unchanged subtree comes back as itself
    JsonNode merged(JsonNode live, JsonNode applied, @Nullable Schema type) {
        Shape shape = types.shape(type, live);
        if (applied.isNull() && shape != Shape.LEAF && !live.isEmpty()) {
            return live;
        }
        if (shape != types.shape(type, applied) || shape == Shape.LEAF || (live.isEmpty() && applied.isEmpty())) {
            return JsonValues.same(live, applied) ? live : applied;
        }
        return shape == Shape.FIELDS
                ? fields((ObjectNode) live, (ObjectNode) applied, type)
                : elements((ArrayNode) live, (ArrayNode) applied, type);
    }

    @SuppressWarnings("ReferenceEquality")
    private ObjectNode fields(ObjectNode live, ObjectNode applied, @Nullable Schema type) {
        ObjectNode result = live;
        for (Map.Entry<String, JsonNode> field : applied.properties()) {
            String name = field.getKey();
            JsonNode before = live.get(name);
            JsonNode after =
                    before == null ? field.getValue() : merged(before, field.getValue(), types.ofField(type, name));
            if (before != after) {
                result = result == live ? JsonValues.copyOf(live) : result;
                result.set(name, after);
            }
        }
        return result;
    }

    /**
     * The elements both have come in the configuration's order. Those only the live list has keep their places before the
     * shared element they preceded; upstream's walk over both lists is followed step by step, since its order shows.
     */
    private ArrayNode elements(ArrayNode live, ArrayNode applied, @Nullable Schema type) {
        Elements left = new Elements(live, type);
        Elements right = new Elements(applied, type);
        Schema items = types.resolve(FieldTypes.items(type));
        Deque<String> shared = new ArrayDeque<>(
                right.steps.stream().filter(left.byStep::containsKey).toList());
        Set<String> taken = new HashSet<>();
        List<JsonNode> result = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.steps.size() || j < right.steps.size()) {
            String mine = i < left.steps.size() ? left.steps.get(i) : null;
            String theirs = j < right.steps.size() ? right.steps.get(j) : null;
            if (mine != null && !right.byStep.containsKey(mine)) {
                result.add(left.elements.get(i++));
            } else if (mine != null && theirs != null && !mine.equals(theirs) && isNotNext(mine, shared)) {
                i++;
            } else if (theirs == null) {
                i++;
            } else {
                if (mine != null && (mine.equals(theirs) || taken.contains(mine))) {
                    i++;
                }
                result.add(mergedElement(left.byStep.get(theirs), right.elements.get(j++), items));
                taken.add(theirs);
                if (theirs.equals(shared.peek())) {
                    shared.remove();
                }
            }
        }
        return sameElements(live, result) ? live : live.arrayNode(result.size()).addAll(result);
    }

    private static boolean isNotNext(String step, Deque<String> shared) {
        return !shared.isEmpty() && !step.equals(shared.peek());
    }

    private JsonNode mergedElement(@Nullable JsonNode live, JsonNode applied, @Nullable Schema items) {
        return live == null ? applied : merged(live, applied, items);
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean sameElements(ArrayNode live, List<JsonNode> result) {
        if (live.size() != result.size()) {
            return false;
        }
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i) != result.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** A list with its elements' steps. An element whose step occurs twice is not merged with: it maps to null. */
    private static final class Elements {
        final List<String> steps = new ArrayList<>();
        final List<JsonNode> elements = new ArrayList<>();
        final Map<String, @Nullable JsonNode> byStep = new HashMap<>();

        Elements(ArrayNode list, @Nullable Schema type) {
            for (JsonNode element : list) {
                String step = FieldTypes.element(type, element);
                String known = Objects.requireNonNullElse(step, "?" + elements.size());
                steps.add(known);
                elements.add(element);
                byStep.put(known, byStep.containsKey(known) ? null : element);
            }
        }
    }

    /**
     * Without the nulls that a configuration or a removal left; they stand for absent values. What is as it was in the
     * live object is not looked into; everything else is copied, so that nothing of the configuration is shared.
     */
    @SuppressWarnings("ReferenceEquality")
    JsonNode withoutNulls(JsonNode value, @Nullable JsonNode live, @Nullable Schema type) {
        if (value == live) {
            return value;
        }
        if (type == null || type instanceof Schema.Any) {
            return value.deepCopy();
        }
        return switch (value) {
            case ObjectNode object -> withoutNulls(object, live, type);
            case ArrayNode list -> withoutNulls(list, live, types.resolve(FieldTypes.items(type)));
            default -> value;
        };
    }

    private ObjectNode withoutNulls(ObjectNode object, @Nullable JsonNode live, Schema type) {
        ObjectNode result = object.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            JsonNode before = live == null ? null : live.get(field.getKey());
            if (!value.isNull() || (before != null && before.isNull())) {
                result.set(field.getKey(), withoutNulls(value, before, types.ofField(type, field.getKey())));
            }
        }
        return result;
    }

    private ArrayNode withoutNulls(ArrayNode list, @Nullable JsonNode live, @Nullable Schema items) {
        Set<JsonNode> known = Collections.newSetFromMap(new IdentityHashMap<>());
        if (live instanceof ArrayNode before) {
            before.forEach(known::add);
        }
        ArrayNode result = list.arrayNode(list.size());
        list.forEach(element -> result.add(known.contains(element) ? element : withoutNulls(element, null, items)));
        return result;
    }
}
