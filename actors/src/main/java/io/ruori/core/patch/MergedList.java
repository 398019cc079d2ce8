package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of one field under the merge strategy: structs identified by their merge key, or primitives identified by
 * themselves (when the key is empty). Every look-up goes through an identity, so large lists stay linear.
 *
 * @param items the schema of an element; null where nobody described it
 */
record MergedList(
        StrategicMergePatch patching,
        String mergeKey,
        @Nullable Schema items) {

    /** Both lists' elements; the patch's in the patch's order, and the others where they were among them. */
    ArrayNode merged(ArrayNode original, ArrayNode patch) {
        if (patch.isEmpty()) {
            return original;
        }
        ArrayNode combined = combined(original, patch);
        return inOrder(combined, withoutDirectives(patch), combinedBase(original, patch));
    }

    private boolean isOfStructs() {
        return !mergeKey.isEmpty();
    }

    /** Both lists' elements, new ones at the end. */
    ArrayNode combined(ArrayNode original, ArrayNode patch) {
        checkElements(original, patch);
        if (!isOfStructs()) {
            return union(original, patch);
        }
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        List<JsonNode> twins = new ArrayList<>();
        for (JsonNode element : combinedBase(original, patch)) {
            // A key that occurs twice should not; the later twins stay as they are.
            String key = element.has(mergeKey) ? identity(element) : "missing" + twins.size();
            if (elements.putIfAbsent(key, element) != null) {
                twins.add(element);
            }
        }
        for (JsonNode change : withoutDirectives(patch)) {
            elements.merge(
                    identity(change),
                    StrategicMergePatch.taken(change),
                    (before, taken) -> patching.mergedMap((ObjectNode) before, (ObjectNode) change, items));
        }
        ArrayNode result = original.arrayNode(elements.size() + twins.size());
        elements.values().forEach(result::add);
        twins.forEach(result::add);
        return result;
    }

    private ArrayNode union(ArrayNode original, ArrayNode patch) {
        Set<String> seen = new HashSet<>();
        ArrayNode result = original.arrayNode();
        for (ArrayNode list : List.of(original, patch)) {
            list.forEach(element -> {
                if (seen.add(JsonValues.identity(element))) {
                    result.add(element);
                }
            });
        }
        return result;
    }

    /** The old elements that the patch's directives leave. */
    private ArrayNode combinedBase(ArrayNode original, ArrayNode patch) {
        Set<String> deleted = new HashSet<>();
        boolean replaces = false;
        for (JsonNode element : patch) {
            JsonNode directive = element.get(StrategicMergePatch.PATCH);
            if (directive == null) {
                continue;
            }
            switch (directive.asText()) {
                case "delete" -> deleted.add(identity(element));
                case "replace" -> replaces = true;
                case "merge" -> throw PatchRefusal.untyped("merging lists cannot yet be specified in the patch");
                default -> throw StrategicMergePatch.unknownDirective(directive, (ObjectNode) element);
            }
        }
        if (!replaces && deleted.isEmpty()) {
            return original;
        }
        ArrayNode left = original.arrayNode();
        if (!replaces) {
            original.forEach(element -> {
                if (!element.has(mergeKey) || !deleted.contains(identity(element))) {
                    left.add(element);
                }
            });
        }
        return left;
    }

    /**
     * The old list as the order directive sees it. Upstream reuses the places of deleted elements for new ones, and so
     * orders those as if they had been there; that shows in the result, so we do the same.
     */
    ArrayNode places(ArrayNode original, ArrayNode patch) {
        ArrayNode left = combinedBase(original, patch);
        ArrayNode places = left.arrayNode(original.size()).addAll(left);
        if (places.isEmpty()) {
            return original;
        }
        Map<String, Integer> known = positions(places);
        for (JsonNode change : withoutDirectives(patch)) {
            if (places.size() < original.size() && !known.containsKey(identity(change))) {
                places.add(change);
            }
        }
        return places;
    }

    private static ArrayNode withoutDirectives(ArrayNode patch) {
        ArrayNode plain = patch.arrayNode(patch.size());
        patch.forEach(element -> {
            if (!StrategicMergePatch.hasDirective(element)) {
                plain.add(element);
            }
        });
        return plain;
    }

    /** All elements must be of one type, and maps exactly where there is a merge key. */
    private void checkElements(ArrayNode original, ArrayNode patch) {
        for (ArrayNode list : List.of(original, patch)) {
            for (JsonNode element : list) {
                if (element.isArray()) {
                    throw PatchRefusal.unprocessable("lists of lists are not supported");
                }
                if (element.isObject() && !isOfStructs()) {
                    throw PatchRefusal.untyped("cannot merge lists without merge key for " + nameOfItems());
                }
                if (!element.isObject() && isOfStructs()) {
                    throw PatchRefusal.untyped("list element types are not identical: [" + JsonValues.shown(original)
                            + " " + JsonValues.shown(patch) + "]");
                }
            }
        }
    }

    private String nameOfItems() {
        return items instanceof Schema.Struct struct ? struct.name() : "list";
    }

    private String identity(JsonNode element) {
        if (!isOfStructs()) {
            return JsonValues.identity(element);
        }
        if (!(element instanceof ObjectNode map)) {
            throw PatchRefusal.untyped(
                    "expected a map[string]interface {}, but received a " + JsonPatch.goKind(element));
        }
        JsonNode key = map.get(mergeKey);
        if (key == null) {
            throw PatchRefusal.untyped(
                    "map: " + JsonValues.shown(map) + " does not contain declared merge key: " + mergeKey);
        }
        return JsonValues.identity(key);
    }

    // Order

    /** A list of one side only, in this order. */
    ArrayNode ordered(ArrayNode elements, ArrayNode order) {
        return inOrder(elements, order, elements);
    }

    /**
     * The elements that {@code order} names come in that order. The others keep their old order and go before the first
     * named one that they preceded in the old list.
     */
    ArrayNode inOrder(ArrayNode elements, ArrayNode order, ArrayNode before) {
        Map<String, Integer> wanted = positions(order);
        Map<String, Integer> old = positions(before);
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        elements.forEach(element -> (wanted.containsKey(identity(element)) ? named : others).add(element));
        named.sort(Comparator.comparing(element -> wanted.getOrDefault(identity(element), 0)));
        others.sort(Comparator.comparing(element -> old.getOrDefault(identity(element), Integer.MAX_VALUE)));
        return interleaved(others, named, old, elements.arrayNode(elements.size()));
    }

    private ArrayNode interleaved(
            List<JsonNode> others, List<JsonNode> named, Map<String, Integer> old, ArrayNode result) {
        int i = 0;
        int j = 0;
        while (i < others.size() || j < named.size()) {
            if (i < others.size() && (j == named.size() || precedes(others.get(i), named.get(j), old))) {
                result.add(others.get(i++));
            } else {
                result.add(named.get(j++));
            }
        }
        return result;
    }

    private boolean precedes(JsonNode other, JsonNode named, Map<String, Integer> old) {
        Integer left = old.get(identity(other));
        Integer right = old.get(identity(named));
        return left != null && right != null && left < right;
    }

    private Map<String, Integer> positions(ArrayNode list) {
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            positions.putIfAbsent(identity(list.get(i)), i);
        }
        return positions;
    }

    /** What the patch sets must stand in the order list, in the same order. */
    void checkOrder(@Nullable ArrayNode patch, ArrayNode order) {
        if (patch == null || patch.isEmpty() || order.isEmpty()) {
            return;
        }
        int next = 0;
        ArrayNode plain = withoutDirectives(patch);
        for (JsonNode position : order) {
            if (next < plain.size() && identity(plain.get(next)).equals(identity(position))) {
                next++;
            }
        }
        if (next < plain.size()) {
            throw PatchRefusal.untyped("The order in patch list:\n" + JsonValues.shown(patch) + "\n doesn't match "
                    + StrategicMergePatch.SET_ORDER + " list:\n" + JsonValues.shown(order) + "\n");
        }
    }
}
