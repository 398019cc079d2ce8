package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Drops the fields that a schema does not know, in place, and says which they were. */
public final class Pruning {
    /** These belong to every resource and are described elsewhere. */
    private static final Set<String> OF_RESOURCES = Set.of("apiVersion", "kind", "metadata");

    /** Upstream stops counting here too. */
    private static final int MOST_REPORTED = 100;

    private final List<String> unknown = new ArrayList<>();

    private Pruning() {}

    /** The paths of what was dropped from a whole object, such as {@code spec.list[0].extra}. */
    public static List<String> prune(ObjectNode object, StructuralSchema schema) {
        Pruning pruning = new Pruning();
        pruning.object(object, schema, "", true, schema.preserves());
        return pruning.unknown;
    }

    /** The same for a part of an object, such as a default. */
    static List<String> prunePart(JsonNode value, StructuralSchema schema) {
        Pruning pruning = new Pruning();
        pruning.value(value, schema, "", false);
        return pruning.unknown;
    }

    private void value(JsonNode value, @Nullable StructuralSchema schema, String path, boolean kept) {
        switch (value) {
            case ObjectNode object -> {
                if (schema == null) {
                    if (!kept) {
                        dropAll(object, path);
                    }
                    return;
                }
                object(object, schema, path, schema.embedded(), kept || schema.preserves());
            }
            case ArrayNode list -> {
                StructuralSchema items = schema == null ? null : schema.items();
                for (int i = 0; i < list.size(); i++) {
                    value(list.get(i), items, path + "[" + i + "]", kept || (schema != null && schema.preserves()));
                }
            }
            default -> {}
        }
    }

    private void object(ObjectNode object, StructuralSchema schema, String path, boolean isResource, boolean kept) {
        Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            String name = field.getKey();
            String at = path.isEmpty() ? name : path + "." + name;
            if (isResource && OF_RESOURCES.contains(name)) {
                continue;
            }
            StructuralSchema property = schema.properties().get(name);
            if (property != null) {
                value(field.getValue(), property, at, property.preserves());
            } else if (schema.additional() != null) {
                value(
                        field.getValue(),
                        schema.additional(),
                        at,
                        schema.additional().preserves());
            } else if (schema.anyAdditional()) {
                value(field.getValue(), null, at, kept);
            } else if (!kept) {
                report(at);
                fields.remove();
            }
        }
    }

    private void dropAll(ObjectNode object, String path) {
        object.fieldNames().forEachRemaining(name -> report(path.isEmpty() ? name : path + "." + name));
        object.removeAll();
    }

    private void report(String path) {
        if (unknown.size() < MOST_REPORTED) {
            unknown.add(path);
        }
    }
}
