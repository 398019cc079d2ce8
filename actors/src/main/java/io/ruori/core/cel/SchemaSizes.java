package io.ruori.core.cel;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.core.structural.StructuralSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much there can be of what a schema describes, so that the cost of a rule can be told before it ever runs. What has no
 * limit of its own is limited by the size of a request: as many elements as fit into it at their smallest. The numbers are
 * upstream's; they decide which definitions are accepted, and change only with it.
 */
final class SchemaSizes {
    /** The largest request, in bytes, as upstream reckons with it whatever a server is set to. */
    private static final long REQUEST = 3 * 1024 * 1024;

    private static final Set<String> OF_RESOURCES = Set.of("apiVersion", "kind", "metadata");
    private static final long DURATION = 32;
    private static final long DATE = 12;
    private static final long DATE_TIME = 32;

    /** Bytes of one letter at most; a schema counts letters. */
    private static final long LETTER = 4;

    private final StructuralSchema root;
    private final boolean isResource;

    SchemaSizes(StructuralSchema root, boolean isResource) {
        this.root = root;
        this.isResource = isResource || root.embedded();
    }

    /** How often something of this schema fits into a request, when nothing else says how often there is one. */
    long occurrences() {
        return REQUEST / (smallest(root) + 1);
    }

    /**
     * The size of what stands at a path: a variable, then names of fields, {@code @items}, {@code @keys} and {@code @values}.
     *
     * @return null where the schema describes nothing
     */
    @Nullable
    Size at(List<String> path) {
        StructuralSchema here = root;
        boolean inResource = isResource;
        for (int i = 1; i < path.size(); i++) {
            String step = path.get(i);
            if (inResource && OF_RESOURCES.contains(step) && !SchemaTypes.tellsItsName(here)) {
                return ofResource(path.subList(i, path.size()));
            }
            if (step.equals("@keys")) {
                // Upstream takes the names in a map to be of no length.
                return here.additional() == null || i < path.size() - 1 ? null : Size.of(0);
            }
            StructuralSchema next = step.startsWith("@") ? element(here, step) : field(here, step);
            if (next == null) {
                return null;
            }
            here = next;
            inResource = here.embedded();
        }
        return Size.upTo(most(here));
    }

    /** What every resource has: described or not, rules see this of it. */
    private static @Nullable Size ofResource(List<String> path) {
        return switch (String.join(".", path)) {
            case "apiVersion", "kind", "metadata.name", "metadata.generateName" -> Size.upTo(REQUEST - 2);
            case "metadata" -> Size.upTo(0);
            default -> null;
        };
    }

    private static @Nullable StructuralSchema element(StructuralSchema schema, String step) {
        return switch (step) {
            case "@items", "@values" -> schema.type().equals("array") ? schema.items() : schema.additional();
            default -> null;
        };
    }

    private static @Nullable StructuralSchema field(StructuralSchema schema, String identifier) {
        if (schema.additional() != null) {
            return null;
        }
        for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
            if (Identifiers.escape(property.getKey()).equals(identifier)) {
                return property.getValue();
            }
        }
        return null;
    }

    /** The most elements or letters; 0 for what has neither. */
    private static long most(StructuralSchema schema) {
        if (schema.intOrString()) {
            Long limit = schema.bounds().maxLength();
            return limit == null ? REQUEST - 2 : LETTER * Math.max(0, limit);
        }
        return switch (schema.type()) {
            case "array" -> {
                StructuralSchema items = schema.items();
                Long limit = schema.bounds().maxItems();
                long smallest = items == null ? 0 : smallest(items);
                yield limit == null ? (REQUEST - 2) / (smallest + 1) : Math.max(0, limit);
            }
            case "object" -> {
                StructuralSchema values = schema.additional();
                Long limit = schema.bounds().maxProperties();
                // Beside the value a key, its quotes, a colon and a comma.
                long entry = values == null ? 0 : smallest(values) + 6;
                yield values == null ? 0 : limit == null ? (REQUEST - 2) / entry : Math.max(0, limit);
            }
            case "string" -> letters(schema);
            default -> 0;
        };
    }

    private static long letters(StructuralSchema schema) {
        Long limit = schema.bounds().maxLength();
        return switch (schema.format()) {
            case "duration" -> DURATION;
            case "date" -> DATE;
            case "date-time" -> DATE_TIME;
            case "byte" -> limit == null ? REQUEST - 2 : Math.max(0, limit);
            default -> limit == null ? longest(schema.values()) : LETTER * Math.max(0, limit);
        };
    }

    private static long longest(List<JsonNode> values) {
        return values.isEmpty()
                ? REQUEST - 2
                : values.stream()
                        .filter(JsonNode::isTextual)
                        .mapToLong(value -> value.textValue().getBytes(StandardCharsets.UTF_8).length)
                        .max()
                        .orElse(0);
    }

    /** The fewest bytes that a value takes in JSON. */
    private static long smallest(StructuralSchema schema) {
        if (schema.intOrString()) {
            return 1;
        }
        return switch (schema.type()) {
            case "object" -> schema.additional() == null ? smallestObject(schema) : 2;
            case "string" ->
                switch (schema.format()) {
                    case "duration" -> 3;
                    case "date" -> DATE;
                    case "date-time" -> 21;
                    default -> 2;
                };
            case "boolean" -> 4;
            case "integer", "number" -> 1;
            default -> 2;
        };
    }

    /** Its required fields, but for those that defaults fill in. */
    private static long smallestObject(StructuralSchema schema) {
        long bytes = 2;
        for (Map.Entry<String, StructuralSchema> property : schema.properties().entrySet()) {
            StructuralSchema described = property.getValue();
            if (schema.required().contains(property.getKey())
                    && described.defaultValue() == null
                    && SchemaTypes.canSee(described, false)) {
                bytes += property.getKey().getBytes(StandardCharsets.UTF_8).length + smallest(described) + 4;
            }
        }
        return bytes;
    }
}
