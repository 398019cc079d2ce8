package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patch (RFC 7386): objects merge, {@code null} deletes, everything else replaces. */
public final class MergePatch {

    private MergePatch() {}

    /** Refuses (400) what is not an object. */
    public static PatchResult apply(ObjectNode live, JsonNode patch) {
        return PatchRefusal.guard(() -> {
            if (patch instanceof ObjectNode changes) {
                return merged(live, changes);
            }
            throw PatchRefusal.malformed("error decoding patch: json: cannot unmarshal " + JsonPatch.goKind(patch)
                    + " into Go value of type map[string]interface {}");
        });
    }

    private static ObjectNode merged(ObjectNode target, ObjectNode changes) {
        ObjectNode result = JsonValues.copyOf(target);
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                result.set(change.getKey(), mergedValue(target.get(change.getKey()), change.getValue()));
            }
        }
        return result;
    }

    private static JsonNode mergedValue(@Nullable JsonNode target, JsonNode change) {
        return target instanceof ObjectNode object && change instanceof ObjectNode changes
                ? merged(object, changes)
                : withoutNulls(change);
    }

    /** Nulls under a new value ask to delete what is not there. Elements of lists keep their places. */
    static JsonNode withoutNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode kept = object.objectNode();
            object.properties().forEach(field -> {
                if (!field.getValue().isNull()) {
                    kept.set(field.getKey(), withoutNulls(field.getValue()));
                }
            });
            return kept;
        }
        if (value instanceof ArrayNode list) {
            ArrayNode kept = list.arrayNode(list.size());
            list.forEach(element -> kept.add(withoutNulls(element)));
            return kept;
        }
        return value;
    }
}
