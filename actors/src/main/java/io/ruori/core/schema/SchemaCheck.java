package io.ruori.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Quantity;
import io.ruori.core.schema.Schema.Any;
import io.ruori.core.schema.Schema.Field;
import io.ruori.core.schema.Schema.ListOf;
import io.ruori.core.schema.Schema.MapOf;
import io.ruori.core.schema.Schema.Ref;
import io.ruori.core.schema.Schema.Scalar;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a tree with its kind's schema, as decoding it into a struct would: which fields are unknown, and whether any
 * value has a wrong type. Worded as Go's decoder words it, which is what clients of Kubernetes see: a field's path has no
 * list indexes, and is named after the innermost struct.
 */
public final class SchemaCheck {
    /** Upstream stops listing unknown fields here too. */
    private static final int MAX_UNKNOWN = 100;

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";

    private final Schemas schemas;

    public SchemaCheck(Schemas schemas) {
        this.schemas = schemas;
    }

    /**
     * What a check found.
     *
     * @param unknownFields their paths, in document order
     * @param typeError the decoder's words for the first wrong value
     */
    public record Result(List<String> unknownFields, Optional<String> typeError) {

        /** One text for each unknown field, as {@code Warning} headers carry it. */
        public List<String> warnings() {
            return unknownFields.stream()
                    .map(f -> "unknown field \"" + f + "\"")
                    .toList();
        }

        /** The error of strict validation: {@code strict decoding error: unknown field "spec.foo"}. */
        public String strictError() {
            return "strict decoding error: " + String.join(", ", warnings());
        }
    }

    /** How upstream words a body that does not decode: a 400. */
    public static ApiStatus cannotBeHandled(String version, String kind, String error) {
        return ApiStatus.badRequest(
                kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": " + error);
    }

    public Result check(Struct kind, JsonNode tree) {
        Walk walk = new Walk();
        walk.value(kind, tree, Place.ROOT);
        String error = walk.fatal != null ? walk.fatal : walk.first;
        return new Result(List.copyOf(walk.unknown), Optional.ofNullable(error));
    }

    /**
     * Where a value is: a chain that only errors write out.
     *
     * @param step a field's name, a map's key, or an index in brackets
     * @param owner the innermost struct; null at the root
     */
    private record Place(
            @Nullable Place parent,
            String step,
            boolean isField,
            @Nullable Struct owner) {
        static final Place ROOT = new Place(null, "", false, null);

        Place field(String name, Struct struct) {
            return new Place(this, name, true, struct);
        }

        Place key(String key) {
            return new Place(this, key, false, owner);
        }

        Place index(int index) {
            return new Place(this, "[" + index + "]", false, owner);
        }

        /** With keys and indexes, for unknown fields. */
        String exact() {
            String before = parent == null ? "" : parent.exact();
            return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
        }

        /** The field names alone, for wrong types. */
        String named() {
            String before = parent == null ? "" : parent.named();
            if (!isField) {
                return before;
            }
            return before.isEmpty() ? step : before + "." + step;
        }
    }

    private final class Walk {
        private final List<String> unknown = new ArrayList<>();

        /** A wrong type lets the decoder go on; it reports the first in the end. */
        private @Nullable String first;

        /** A value its own type refuses ends decoding at once, and is reported before any wrong type. */
        private @Nullable String fatal;

        void value(Schema schema, JsonNode node, Place place) {
            if (node.isNull() || fatal != null) {
                return;
            }
            switch (schema) {
                case Any() -> {}
                case Ref ref -> value(schemas.resolve(ref), node, place);
                case Scalar scalar -> scalar(scalar, node, place);
                case Struct struct -> struct(struct, node, place);
                case MapOf map -> map(map, node, place);
                case ListOf list -> list(list, node, place);
            }
        }

        private void struct(Struct struct, JsonNode node, Place place) {
            if (!node.isObject()) {
                mismatch(described(node), goType(struct), place);
                return;
            }
            for (Map.Entry<String, JsonNode> e : node.properties()) {
                Field field = struct.field(e.getKey());
                if (field != null) {
                    value(field.type(), e.getValue(), place.field(e.getKey(), struct));
                } else if (unknown.size() < MAX_UNKNOWN) {
                    unknown.add(place.key(e.getKey()).exact());
                }
            }
        }

        private void map(MapOf map, JsonNode node, Place place) {
            if (!node.isObject()) {
                mismatch(described(node), goType(map), place);
                return;
            }
            node.properties().forEach(e -> value(map.values(), e.getValue(), place.key(e.getKey())));
        }

        private void list(ListOf list, JsonNode node, Place place) {
            if (!node.isArray()) {
                mismatch(described(node), goType(list), place);
                return;
            }
            for (int i = 0; i < node.size(); i++) {
                value(list.items(), node.get(i), place.index(i));
            }
        }

        private void scalar(Scalar scalar, JsonNode node, Place place) {
            switch (scalar.type()) {
                case STRING, DURATION -> expect(node.isTextual(), described(node), "string", place);
                case BOOLEAN -> expect(node.isBoolean(), described(node), "bool", place);
                case INT32 -> expect(isInt32(node), describedNumber(node), "int32", place);
                case INT64 -> expect(isInt64(node), describedNumber(node), "int64", place);
                case DOUBLE -> expect(node.isNumber(), described(node), "float64", place);
                case BYTES -> bytes(node, place);
                case TIME, MICRO_TIME -> time(scalar, node, place);
                case QUANTITY -> quantity(node);
                case INT_OR_STRING -> {
                    if (!node.isTextual() && !isInt32(node)) {
                        fatal = mismatchText(describedNumber(node), "int32", place);
                    }
                }
            }
        }

        private void bytes(JsonNode node, Place place) {
            if (!node.isTextual()) {
                mismatch(described(node), "[]uint8", place);
                return;
            }
            int wrong = firstCorruptByte(node.textValue());
            if (wrong >= 0 && first == null) {
                first = "illegal base64 data at input byte " + wrong;
            }
        }

        private void time(Scalar scalar, JsonNode node, Place place) {
            if (!node.isTextual()) {
                fatal = mismatchText(described(node), "string", place);
                return;
            }
            Rfc3339.Parsed parsed = scalar.type() == Schema.Type.TIME
                    ? Rfc3339.seconds(node.textValue())
                    : Rfc3339.micros(node.textValue());
            if (parsed instanceof Rfc3339.Parsed.Malformed malformed) {
                fatal = malformed.message();
            }
        }

        private void quantity(JsonNode node) {
            if (!node.isTextual() && !node.isNumber()) {
                fatal = Quantity.WRONG_FORMAT;
                return;
            }
            try {
                Quantity.read(node.asText().strip());
            } catch (Quantity.MalformedQuantity e) {
                fatal = e.getMessage();
            }
        }

        private void expect(boolean fits, String found, String type, Place place) {
            if (!fits) {
                mismatch(found, type, place);
            }
        }

        private void mismatch(String found, String type, Place place) {
            if (first == null) {
                first = mismatchText(found, type, place);
            }
        }
    }

    private static String mismatchText(String found, String type, Place place) {
        String into = place.owner() == null
                ? "Go value"
                : "Go struct field " + simpleName(place.owner()) + "." + place.named();
        return "json: cannot unmarshal " + found + " into " + into + " of type " + type;
    }

    private static boolean isInt32(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt();
    }

    private static boolean isInt64(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong();
    }

    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            case OBJECT -> "object";
            case NULL, MISSING, BINARY, POJO -> "value";
        };
    }

    /** A number that does not fit is shown. */
    private static String describedNumber(JsonNode node) {
        return node.isNumber() ? "number " + node.asText() : described(node);
    }

    /** Where base64 goes wrong, or -1: at the first foreign character, else at the end. */
    private static int firstCorruptByte(String text) {
        String bare = stripLineBreaks(text);
        try {
            Base64.getDecoder().decode(bare);
            // Go wants the padding that Java does without.
            return bare.length() % 4 == 0 ? -1 : text.length();
        } catch (IllegalArgumentException e) {
            for (int i = 0; i < text.length(); i++) {
                if (BASE64.indexOf(text.charAt(i)) < 0) {
                    return i;
                }
            }
            return text.length();
        }
    }

    /** Line breaks inside base64 are allowed. */
    static String stripLineBreaks(String base64) {
        return base64.indexOf('\n') < 0 && base64.indexOf('\r') < 0 ? base64 : base64.replaceAll("[\r\n]", "");
    }

    private static String simpleName(Struct struct) {
        return struct.name().substring(struct.name().lastIndexOf('.') + 1);
    }

    /** The name Go's reflection has for a type. */
    private static String goType(Schema schema) {
        return switch (schema) {
            case Any() -> "interface {}";
            case Ref(String name) -> goName(name);
            case Struct struct -> goName(struct.name());
            case ListOf list -> "[]" + goType(list.items());
            case MapOf(Scalar(Schema.Type values), boolean atomic)
            when values == Schema.Type.QUANTITY -> "v1.ResourceList";
            case MapOf map -> "map[string]" + goType(map.values());
            case Scalar(Schema.Type type) ->
                switch (type) {
                    case STRING -> "string";
                    case BOOLEAN -> "bool";
                    case INT32 -> "int32";
                    case INT64 -> "int64";
                    case DOUBLE -> "float64";
                    case BYTES -> "[]uint8";
                    case TIME -> "v1.Time";
                    case MICRO_TIME -> "v1.MicroTime";
                    case DURATION -> "v1.Duration";
                    case QUANTITY -> "resource.Quantity";
                    case INT_OR_STRING -> "intstr.IntOrString";
                };
        };
    }

    /** {@code v1.PodSpec} of {@code io.k8s.api.core.v1.PodSpec}. */
    private static String goName(String definition) {
        int last = definition.lastIndexOf('.');
        return definition.substring(definition.lastIndexOf('.', last - 1) + 1);
    }
}
