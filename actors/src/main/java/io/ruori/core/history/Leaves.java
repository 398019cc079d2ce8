package io.ruori.core.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.ListType;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The leaves of an object by their paths, in the order of the object. A leaf is what is set as one: a number or text, an empty
 * list or map, or a list of such values that only has a meaning as a whole. Elements of a keyed list go by their keys, so that
 * {@code spec.template.spec.containers[name=web].image} stays what it is when a container is put before it; those of other
 * lists of structs go by their places.
 */
public final class Leaves {
    /** What changes with every write, or repeats the rest of the object, tells nothing. */
    private static final Set<String> LEFT_OUT = Set.of(
            "metadata.managedFields",
            "metadata.resourceVersion",
            "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]");

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    private final Schemas schemas;
    private final Map<String, JsonNode> found = new LinkedHashMap<>();

    private Leaves(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * @param type of the whole object; null where nobody described it, and then every list of structs goes by places
     */
    public static Map<String, JsonNode> of(ObjectNode object, @Nullable Schema type, Schemas schemas) {
        Leaves leaves = new Leaves(schemas);
        leaves.fields("", object, leaves.resolved(type));
        return Collections.unmodifiableMap(leaves.found);
    }

    private @Nullable Schema resolved(@Nullable Schema type) {
        return type == null ? null : schemas.resolve(type);
    }

    private void value(String path, JsonNode value, @Nullable Schema unresolved) {
        if (LEFT_OUT.contains(path)) {
            return;
        }
        Schema type = resolved(unresolved);
        if (value.isObject() && !value.isEmpty()) {
            fields(path, value, type);
        } else if (value.isArray() && !value.isEmpty()) {
            elements(path, value, type);
        } else {
            found.put(path, value);
        }
    }

    private void fields(String path, JsonNode object, @Nullable Schema type) {
        object.properties()
                .forEach(field -> value(step(path, field.getKey()), field.getValue(), ofField(type, field.getKey())));
    }

    private static String step(String path, String name) {
        if (!PLAIN.matcher(name).matches()) {
            return path + "[" + name + "]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    private static @Nullable Schema ofField(@Nullable Schema container, String name) {
        return switch (container) {
            case Struct struct -> {
                Schema.Field field = struct.field(name);
                yield field == null ? null : field.type();
            }
            case MapOf map -> map.values();
            case null, default -> null;
        };
    }

    private void elements(String path, JsonNode list, @Nullable Schema type) {
        ListOf described = type instanceof ListOf known ? known : null;
        Schema items = described == null ? null : described.items();
        boolean isSet = described != null && described.type() == ListType.SET;
        if (!isSet && !hasStructs(list)) {
            found.put(path, list);
            return;
        }
        List<String> keys = described != null && described.type() == ListType.MAP ? described.keys() : List.of();
        Map<String, Integer> seen = new LinkedHashMap<>();
        int place = 0;
        for (JsonNode element : list) {
            String label = isSet ? "=" + element : label(keys, element);
            String name = label.isEmpty() ? Integer.toString(place) : label;
            int before = seen.merge(name, 1, Integer::sum);
            // No list should have two elements of one key; older ones may.
            value(path + "[" + name + (before > 1 ? "#" + before : "") + "]", element, items);
            place++;
        }
    }

    private static boolean hasStructs(JsonNode list) {
        for (JsonNode element : list) {
            if (element.isContainerNode()) {
                return true;
            }
        }
        return false;
    }

    /** {@code containerPort=80,protocol=TCP}; empty where the element has none of the keys. */
    private static String label(List<String> keys, JsonNode element) {
        StringBuilder label = new StringBuilder();
        for (String key : keys) {
            JsonNode value = element.path(key);
            if (value.isValueNode() && !value.isNull()) {
                label.append(label.isEmpty() ? "" : ",").append(key).append('=').append(value.asText());
            }
        }
        return label.toString();
    }
}
