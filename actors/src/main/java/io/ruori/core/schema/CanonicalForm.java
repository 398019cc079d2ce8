package io.ruori.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a tree as if it had been decoded into its kind's struct and encoded again, so that equal objects are stored and
 * compared equal: quantities and times in canonical form, a field that is null is absent, null in a list or map is the empty
 * value of its type. Wants a tree that {@link SchemaCheck} found no type error in; what does not fit is left alone.
 */
public final class CanonicalForm {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schemas schemas;

    public CanonicalForm(Schemas schemas) {
        this.schemas = schemas;
    }

    /** What happens to fields that the schema does not know. */
    public enum UnknownFields {
        KEEP,
        DROP
    }

    /** Works in place, so the tree must be the caller's own. */
    public void apply(Struct kind, ObjectNode tree, UnknownFields unknown) {
        struct(kind, tree, unknown);
    }

    private void struct(Struct struct, ObjectNode tree, UnknownFields unknown) {
        Iterator<Map.Entry<String, JsonNode>> entries = tree.properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            Field field = struct.field(entry.getKey());
            if (field == null ? unknown == UnknownFields.DROP : entry.getValue().isNull()) {
                entries.remove();
            } else if (field != null) {
                JsonNode replaced = value(field.type(), entry.getValue(), unknown);
                if (replaced != null) {
                    entry.setValue(replaced);
                }
            }
        }
    }

    /** The value to put in its place; null to leave it where it is. */
    private @Nullable JsonNode value(Schema schema, JsonNode node, UnknownFields unknown) {
        return switch (schema) {
            case Any() -> null;
            case Ref ref -> value(schemas.resolve(ref), node, unknown);
            case Scalar(Schema.Type type) -> scalar(type, node);
            case Struct struct -> {
                if (node instanceof ObjectNode tree) {
                    struct(struct, tree, unknown);
                }
                yield node.isNull() ? Json.object() : null;
            }
            case MapOf map -> {
                if (node instanceof ObjectNode tree) {
                    map(map, tree, unknown);
                }
                yield null;
            }
            case ListOf list -> {
                if (node instanceof ArrayNode tree) {
                    list(list, tree, unknown);
                }
                yield null;
            }
        };
    }

    private void map(MapOf map, ObjectNode tree, UnknownFields unknown) {
        boolean resources = map.values() instanceof Scalar(Schema.Type type) && type == Schema.Type.QUANTITY;
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            // Lists of resources are kept to thousandths; quantities elsewhere are not.
            JsonNode replaced =
                    resources ? quantity(entry.getValue(), true) : value(map.values(), entry.getValue(), unknown);
            if (replaced != null) {
                entry.setValue(replaced);
            }
        }
    }

    private void list(ListOf list, ArrayNode tree, UnknownFields unknown) {
        for (int i = 0; i < tree.size(); i++) {
            JsonNode replaced = value(list.items(), tree.get(i), unknown);
            if (replaced != null) {
                tree.set(i, replaced);
            }
        }
    }

    private static @Nullable JsonNode scalar(Schema.Type type, JsonNode node) {
        return switch (type) {
            case STRING, DURATION -> node.isNull() ? NODES.textNode("") : null;
            case BOOLEAN -> node.isNull() ? NODES.booleanNode(false) : null;
            case INT32, INT64, DOUBLE, INT_OR_STRING -> node.isNull() ? NODES.numberNode(0) : null;
            case BYTES -> bytes(node);
            case TIME -> node.isTextual() ? time(Rfc3339.seconds(node.textValue()), true) : null;
            case MICRO_TIME -> node.isTextual() ? time(Rfc3339.micros(node.textValue()), false) : null;
            case QUANTITY -> quantity(node, false);
        };
    }

    private static @Nullable JsonNode bytes(JsonNode node) {
        if (node.isNull()) {
            return NODES.textNode("");
        }
        return node.isTextual() ? NODES.textNode(SchemaCheck.stripLineBreaks(node.textValue())) : null;
    }

    private static @Nullable JsonNode time(Rfc3339.Parsed parsed, boolean seconds) {
        return switch (parsed) {
            case Rfc3339.Parsed.At(OffsetDateTime time) ->
                NODES.textNode(seconds ? Rfc3339.writeSeconds(time) : Rfc3339.writeMicros(time));
            case Rfc3339.Parsed.Malformed malformed -> null;
        };
    }

    private static @Nullable JsonNode quantity(JsonNode node, boolean toMillis) {
        if (node.isNull()) {
            return NODES.textNode("0");
        }
        if (!node.isTextual() && !node.isNumber()) {
            return null;
        }
        try {
            Quantity read = Quantity.read(node.asText().strip());
            return NODES.textNode((toMillis ? read.roundedToMillis() : read).toString());
        } catch (Quantity.MalformedQuantity e) {
            return null;
        }
    }
}
