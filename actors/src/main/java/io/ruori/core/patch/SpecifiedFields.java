package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Struct;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields an object (or an applied configuration) mentions: its leaves, the keys of its maps and the elements of its
 * lists. A struct's field is a member only where it is a leaf or empty, since mentioning a struct owns just what is in it.
 */
record SpecifiedFields(FieldTypes types) {

    FieldSet of(JsonNode value, @Nullable Schema type) {
        return switch (types.shape(type, value)) {
            case FIELDS -> fields((ObjectNode) value, type);
            case ELEMENTS -> elements((ArrayNode) value, type);
            case LEAF -> FieldSet.EMPTY;
        };
    }

    private FieldSet fields(ObjectNode object, @Nullable Schema container) {
        FieldSet.Builder found = new FieldSet.Builder(object.size());
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            Schema type = types.ofField(container, field.getKey());
            boolean isDeclared = container instanceof Struct struct && struct.field(field.getKey()) != null;
            boolean isMember = !isDeclared
                    || (value.isObject() && value.isEmpty())
                    || types.shape(type, value) == FieldTypes.Shape.LEAF;
            found.add(PathElement.field(field.getKey()), isMember, of(value, type));
        }
        return found.build();
    }

    private FieldSet elements(ArrayNode list, @Nullable Schema type) {
        Schema items = types.resolve(FieldTypes.items(type));
        FieldSet.Builder found = new FieldSet.Builder(list.size());
        Set<String> twins = twins(list, type);
        for (JsonNode element : list) {
            String step = FieldTypes.element(type, element);
            if (step != null) {
                found.add(step, true, twins.contains(step) ? FieldSet.EMPTY : of(element, items));
            }
        }
        return found.build();
    }

    private static Set<String> twins(ArrayNode list, @Nullable Schema type) {
        Set<String> seen = HashSet.newHashSet(list.size());
        Set<String> twins = new HashSet<>();
        for (JsonNode element : list) {
            String step = FieldTypes.element(type, element);
            if (step != null && !seen.add(step)) {
                twins.add(step);
            }
        }
        return twins;
    }

    /**
     * The set with every declared field that has members below as a member too. Without this, a struct whose last field
     * goes would stay behind as an empty shell.
     */
    FieldSet withStructs(FieldSet set, @Nullable Schema type) {
        return set.map(new FieldSet.Step() {
            @Override
            public boolean isMember(String element, boolean isMember) {
                return isMember
                        || (element.startsWith("f:")
                                && type instanceof Struct struct
                                && struct.field(element.substring(2)) != null);
            }

            @Override
            public FieldSet below(String element, FieldSet below) {
                if (below.isEmpty()) {
                    return below;
                }
                Schema inner = element.startsWith("f:")
                        ? types.ofField(type, element.substring(2))
                        : types.resolve(FieldTypes.items(type));
                return withStructs(below, inner);
            }
        });
    }

    /** The value without these fields. What is emptied by that becomes null, and what is null already stays. */
    JsonNode without(JsonNode value, FieldSet gone, @Nullable Schema type) {
        return without(value, gone, FieldSet.EMPTY, type);
    }

    /**
     * The same, but structs that {@code kept} has as members become empty instead: somebody asked for them as such.
     */
    JsonNode without(JsonNode value, FieldSet gone, FieldSet kept, @Nullable Schema type) {
        if (gone.isEmpty()) {
            return value;
        }
        return switch (types.shape(type, value)) {
            case FIELDS -> fieldsWithout((ObjectNode) value, gone, kept, type);
            case ELEMENTS -> elementsWithout((ArrayNode) value, gone, kept, type);
            case LEAF -> value;
        };
    }

    private JsonNode fieldsWithout(ObjectNode object, FieldSet gone, FieldSet kept, @Nullable Schema container) {
        ObjectNode left = object.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String step = PathElement.field(field.getKey());
            if (!gone.has(step)) {
                Schema type = types.ofField(container, field.getKey());
                JsonNode rest = without(field.getValue(), gone.below(step), kept.below(step), type);
                boolean staysEmpty = rest.isNull() && type instanceof Struct && kept.has(step);
                left.set(field.getKey(), staysEmpty ? left.objectNode() : rest);
            }
        }
        return left.isEmpty() ? left.nullNode() : left;
    }

    private JsonNode elementsWithout(ArrayNode list, FieldSet gone, FieldSet kept, @Nullable Schema type) {
        Schema items = types.resolve(FieldTypes.items(type));
        ArrayNode left = list.arrayNode(list.size());
        for (JsonNode element : list) {
            String step = FieldTypes.element(type, element);
            if (step == null) {
                left.add(element);
            } else if (!gone.has(step)) {
                left.add(without(element, gone.below(step), kept.below(step), items));
            }
        }
        return left.isEmpty() ? left.nullNode() : left;
    }
}
