package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ruori.core.patch.JsonValues;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The elements a list had before, to be found again by their keys. Only lists of type map can be compared that way. */
public final class OldElements {
    private static final OldElements NONE = new OldElements(null, Map.of());

    private final @Nullable StructuralSchema schema;
    private final Map<String, JsonNode> byKey;

    private OldElements(@Nullable StructuralSchema schema, Map<String, JsonNode> byKey) {
        this.schema = schema;
        this.byKey = byKey;
    }

    public static OldElements of(@Nullable JsonNode old, StructuralSchema schema) {
        if (!schema.isMapList() || !(old instanceof ArrayNode before)) {
            return NONE;
        }
        Map<String, JsonNode> byKey = new HashMap<>();
        before.forEach(element -> byKey.put(key(element, schema), element));
        return new OldElements(schema, byKey);
    }

    @Nullable
    public JsonNode like(JsonNode element) {
        return schema == null ? null : byKey.get(key(element, schema));
    }

    /** What tells an element from the others of a list of type map. */
    static String key(JsonNode element, StructuralSchema schema) {
        StringBuilder key = new StringBuilder();
        for (String field : schema.listKeys()) {
            JsonNode value = element.get(field);
            key.append(value == null ? "" : JsonValues.identity(value)).append('\0');
        }
        return key.toString();
    }
}
