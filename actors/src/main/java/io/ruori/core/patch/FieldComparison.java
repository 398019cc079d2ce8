package io.ruori.core.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.patch.FieldTypes.Shape;
import io.ruori.core.schema.Schema;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields a write touched, found by walking the object before and after it side by side. Subtrees that both share
 * are not entered. Fields that nobody may own (names, versions, managedFields themselves) are left out.
 *
 * @param changed fields with another value than before, or none before
 * @param removed fields that are gone
 */
record FieldComparison(FieldSet changed, FieldSet removed) {
    private static final ObjectNode NOTHING = Json.object();

    boolean isSame() {
        return changed.isEmpty() && removed.isEmpty();
    }

    static FieldComparison of(ObjectNode before, ObjectNode after, Struct schema, Schemas schemas) {
        return new Walk(new FieldTypes(schemas)).objects(before, after, schema);
    }

    /** Ownership of a whole subtree: every node of it is a member. */
    private record Walk(FieldTypes types) {

        FieldComparison objects(ObjectNode before, ObjectNode after, Struct schema) {
            Level level = new Level();
            fields(before, after, schema, level, name -> STRIPPED_OR_METADATA.contains(name));
            JsonNode metadataBefore = before.get("metadata");
            JsonNode metadataAfter = after.get("metadata");
            Level metadata = new Level();
            fields(
                    metadataBefore instanceof ObjectNode object ? object : NOTHING,
                    metadataAfter instanceof ObjectNode object ? object : NOTHING,
                    types.ofField(schema, "metadata"),
                    metadata,
                    FieldTypes.STRIPPED_OF_METADATA::contains);
            level.add(PathElement.field("metadata"), metadata);
            return new FieldComparison(level.changed(), level.removed());
        }

        @SuppressWarnings("ReferenceEquality") // trees share what a write did not touch
        private void fields(ObjectNode before, ObjectNode after, @Nullable Schema type, Level level, Names skipped) {
            for (Map.Entry<String, JsonNode> field : after.properties()) {
                String name = field.getKey();
                JsonNode value = field.getValue();
                JsonNode old = before.get(name);
                if (old != value && !skipped.contains(name)) {
                    field(name, old, value, type, level);
                }
            }
            for (Map.Entry<String, JsonNode> field : before.properties()) {
                String name = field.getKey();
                if (!after.has(name) && !skipped.contains(name)) {
                    level.removed(PathElement.field(name), all(field.getValue(), types.ofField(type, name)));
                }
            }
        }

        private void field(
                String name, @Nullable JsonNode old, JsonNode value, @Nullable Schema container, Level level) {
            Schema type = types.ofField(container, name);
            if (old != null) {
                value(PathElement.field(name), old, value, type, level);
            } else if (FieldTypes.isAlwaysThere(container, name)) {
                appeared(name, value, type, level);
            } else {
                level.changed(PathElement.field(name), all(value, type));
            }
        }

        /** A field whose zero value counts as having been there. */
        private void appeared(String name, JsonNode value, @Nullable Schema type, Level level) {
            switch (types.shape(type, value)) {
                case FIELDS -> {
                    Level below = new Level();
                    fields(NOTHING, (ObjectNode) value, type, below, Names.NONE);
                    level.add(PathElement.field(name), below);
                }
                case ELEMENTS -> fromNull(PathElement.field(name), value, type, level);
                case LEAF -> {
                    if (!isZero(value)) {
                        level.changed(PathElement.field(name), FieldSet.EMPTY);
                    }
                }
            }
        }

        private static boolean isZero(JsonNode value) {
            return switch (value.getNodeType()) {
                case STRING -> value.textValue().isEmpty();
                case NUMBER -> value.asDouble() == 0;
                case BOOLEAN -> !value.booleanValue();
                case NULL, MISSING -> true;
                case ARRAY, OBJECT, BINARY, POJO -> false;
            };
        }

        /** What a null turns into; its fields or elements are new, but itself it was there. */
        private void fromNull(String step, JsonNode value, @Nullable Schema type, Level level) {
            if (types.shape(type, value) == Shape.LEAF) {
                level.changed(step, FieldSet.EMPTY);
            } else {
                level.changedBelow(step, all(value, type));
            }
        }

        /** A leaf that turns null has another value; a list is gone with its last element, a map stays, empty. */
        private void toNull(String step, JsonNode old, @Nullable Schema type, Level level) {
            switch (types.shape(type, old)) {
                case LEAF -> level.changed(step, FieldSet.EMPTY);
                case FIELDS -> level.removedBelow(step, all(old, type));
                case ELEMENTS -> level.removed(step, all(old, type));
            }
        }

        private void value(String step, JsonNode old, JsonNode value, @Nullable Schema type, Level level) {
            if (old.isNull() || value.isNull()) {
                if (!value.isNull()) {
                    fromNull(step, value, type, level);
                } else if (!old.isNull()) {
                    toNull(step, old, type, level);
                }
                return;
            }
            Shape shape = types.shape(type, value);
            if (shape != types.shape(type, old)) {
                level.changed(step, all(value, type));
                level.removedBelow(step, all(old, type));
                return;
            }
            Level below = new Level();
            switch (shape) {
                case FIELDS -> fields((ObjectNode) old, (ObjectNode) value, type, below, Names.NONE);
                case ELEMENTS -> elements((ArrayNode) old, (ArrayNode) value, type, below);
                case LEAF -> {
                    if (!JsonValues.same(old, value)) {
                        level.changed(step, FieldSet.EMPTY);
                    }
                    return;
                }
            }
            level.add(step, below);
        }

        @SuppressWarnings("ReferenceEquality")
        private void elements(ArrayNode before, ArrayNode after, @Nullable Schema type, Level level) {
            Map<String, List<JsonNode>> olds = byStep(before, type);
            Map<String, List<JsonNode>> news = byStep(after, type);
            Schema items = types.resolve(FieldTypes.items(type));
            news.forEach((step, values) -> {
                List<JsonNode> old = olds.getOrDefault(step, List.of());
                if (old.size() == 1 && values.size() == 1) {
                    if (old.getFirst() != values.getFirst()) {
                        value(step, old.getFirst(), values.getFirst(), items, level);
                    }
                } else if (old.size() < 2 && values.size() < 2) {
                    level.changed(step, all(values.getFirst(), items));
                } else {
                    duplicates(step, old, values, items, level);
                }
            });
            olds.forEach((step, old) -> {
                if (!news.containsKey(step)) {
                    level.removed(step, old.size() == 1 ? all(old.getFirst(), items) : FieldSet.EMPTY);
                }
            });
        }

        /** Elements that share a key are owned together, as if they were one leaf. */
        private void duplicates(
                String step, List<JsonNode> old, List<JsonNode> values, @Nullable Schema items, Level level) {
            if (values.size() == 1) {
                level.changed(step, all(values.getFirst(), items));
            } else if (old.size() < 2) {
                level.changed(step, FieldSet.EMPTY);
                level.removedBelow(step, old.isEmpty() ? FieldSet.EMPTY : all(old.getFirst(), items));
            } else if (!sameAll(old, values)) {
                level.changed(step, FieldSet.EMPTY);
            }
        }

        private static boolean sameAll(List<JsonNode> old, List<JsonNode> values) {
            if (old.size() != values.size()) {
                return false;
            }
            for (int i = 0; i < old.size(); i++) {
                if (!JsonValues.same(old.get(i), values.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private static Map<String, List<JsonNode>> byStep(ArrayNode list, @Nullable Schema type) {
            Map<String, List<JsonNode>> byStep = LinkedHashMap.newLinkedHashMap(list.size());
            for (JsonNode element : list) {
                String step = FieldTypes.element(type, element);
                if (step != null) {
                    List<JsonNode> first = byStep.putIfAbsent(step, List.of(element));
                    if (first != null) {
                        List<JsonNode> twins = new ArrayList<>(first);
                        twins.add(element);
                        byStep.put(step, twins);
                    }
                }
            }
            return byStep;
        }

        /** What is below a value of which everything is new, or everything is gone. */
        private FieldSet all(JsonNode value, @Nullable Schema type) {
            return switch (types.shape(type, value)) {
                case FIELDS -> {
                    FieldSet.Builder all = new FieldSet.Builder(value.size());
                    for (Map.Entry<String, JsonNode> field : value.properties()) {
                        String name = field.getKey();
                        all.add(PathElement.field(name), true, all(field.getValue(), types.ofField(type, name)));
                    }
                    yield all.build();
                }
                case ELEMENTS -> elements((ArrayNode) value, type);
                case LEAF -> FieldSet.EMPTY;
            };
        }

        private FieldSet elements(ArrayNode list, @Nullable Schema type) {
            FieldSet.Builder all = new FieldSet.Builder(list.size());
            Schema items = types.resolve(FieldTypes.items(type));
            if (list.size() == 1) {
                String step = FieldTypes.element(type, list.get(0));
                if (step != null) {
                    all.add(step, true, all(list.get(0), items));
                }
                return all.build();
            }
            byStep(list, type)
                    .forEach((step, values) ->
                            all.add(step, true, values.size() == 1 ? all(values.getFirst(), items) : FieldSet.EMPTY));
            return all.build();
        }
    }

    private static final Set<String> STRIPPED_OR_METADATA = Set.of("apiVersion", "kind", "metadata");

    private interface Names {
        Names NONE = name -> false;

        boolean contains(String name);
    }

    /** What was found among the steps of one node. */
    private static final class Level {
        private FieldSet.@Nullable Builder changes;
        private FieldSet.@Nullable Builder removals;

        void changed(String step, FieldSet below) {
            changes().add(step, true, below);
        }

        void changedBelow(String step, FieldSet below) {
            changes().add(step, false, below);
        }

        void removed(String step, FieldSet below) {
            removals().add(step, true, below);
        }

        void removedBelow(String step, FieldSet below) {
            removals().add(step, false, below);
        }

        void add(String step, Level below) {
            FieldSet changed = below.changed();
            FieldSet removed = below.removed();
            if (!changed.isEmpty()) {
                changes().add(step, false, changed);
            }
            if (!removed.isEmpty()) {
                removals().add(step, false, removed);
            }
        }

        private FieldSet.Builder changes() {
            if (changes == null) {
                changes = new FieldSet.Builder(8);
            }
            return changes;
        }

        private FieldSet.Builder removals() {
            if (removals == null) {
                removals = new FieldSet.Builder(4);
            }
            return removals;
        }

        FieldSet changed() {
            return changes == null ? FieldSet.EMPTY : changes.build();
        }

        FieldSet removed() {
            return removals == null ? FieldSet.EMPTY : removals.build();
        }
    }
}
