package io.ruori.core.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.ruori.core.structural.StructuralSchema;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as CEL's values, by the types that {@link SchemaTypes} promised. */
final class SchemaValues {
    private SchemaValues() {}

    static Object of(JsonNode value, @Nullable StructuralSchema schema, boolean isRoot) {
        return switch (value) {
            case ObjectNode object -> ofObject(object, schema, isRoot || (schema != null && schema.embedded()));
            case ArrayNode list -> ofList(list, schema);
            default -> scalar(value, schema);
        };
    }

    private static List<Object> ofList(ArrayNode list, @Nullable StructuralSchema schema) {
        List<Object> elements = new ArrayList<>(list.size());
        StructuralSchema items = schema == null ? null : schema.items();
        list.forEach(element -> elements.add(of(element, items, false)));
        if (schema != null && schema.isSetList()) {
            return new UnorderedList(elements, List.of());
        }
        return schema != null && schema.isMapList()
                ? new UnorderedList(
                        elements,
                        schema.listKeys().stream().map(SchemaValues::identifier).toList())
                : elements;
    }

    private static Map<String, Object> ofObject(
            ObjectNode object, @Nullable StructuralSchema schema, boolean isResource) {
        Map<String, Object> fields = LinkedHashMap.newLinkedHashMap(object.size());
        boolean isMap = schema == null || schema.additional() != null;
        object.properties().forEach(field -> {
            String name = field.getKey();
            StructuralSchema member = schema == null ? null : schema.member(name);
            if (isResource && name.equals("metadata") && (schema == null || !SchemaTypes.tellsItsName(schema))) {
                fields.put(name, metadata(field.getValue()));
            } else if (isMap) {
                fields.put(name, of(field.getValue(), member, false));
            } else if (!field.getValue().isNull()) {
                field(fields, name, of(field.getValue(), member, false), member != null);
            }
        });
        return fields;
    }

    private static String identifier(String name) {
        String escaped = Identifiers.escape(name);
        return escaped.isEmpty() ? name : escaped;
    }

    /** A null counts as absent. Fields that nothing describes cannot be named, but two objects differ by them. */
    private static void field(Map<String, Object> fields, String name, Object value, boolean isDescribed) {
        List<String> identifiers = isDescribed ? Identifiers.of(name) : List.of();
        identifiers.forEach(identifier -> fields.put(identifier, value));
        if (identifiers.isEmpty()) {
            fields.put(name, value);
        }
    }

    /** Rules may speak of an object's name, and of nothing else in there. */
    private static Map<String, Object> metadata(JsonNode metadata) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name : List.of("name", "generateName")) {
            if (metadata.path(name).isTextual()) {
                fields.put(name, metadata.path(name).textValue());
            }
        }
        return fields;
    }

    private static Object scalar(JsonNode value, @Nullable StructuralSchema schema) {
        String type = schema == null ? "" : schema.type();
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                type.equals("number") || (!value.isIntegralNumber() && !type.equals("integer"))
                        ? (Object) value.doubleValue()
                        : (Object) value.longValue();
            case STRING -> text(value.textValue(), type.equals("string") && schema != null ? schema.format() : "");
            case NULL, MISSING, BINARY, POJO, ARRAY, OBJECT -> NullValue.NULL_VALUE;
        };
    }

    /** What does not read as its format has been refused before any rule runs; a rule sees the text then. */
    private static Object text(String text, String format) {
        try {
            return switch (format) {
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                case "date" ->
                    LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "duration" -> duration(text);
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            return text;
        }
    }

    /** Go's form, such as {@code 1h30m}. */
    private static Duration duration(String text) {
        String bare = text.replace(" ", "");
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < bare.length()) {
            int unit = at;
            while (unit < bare.length() && "0123456789.+-".indexOf(bare.charAt(unit)) >= 0) {
                unit++;
            }
            int end = unit;
            while (end < bare.length() && Character.isLetter(bare.charAt(end))) {
                end++;
            }
            double amount = Double.parseDouble(bare.substring(at, unit));
            double nanos = switch (bare.substring(unit, end)) {
                case "ns" -> 1;
                case "us", "µs", "μs" -> 1e3;
                case "ms" -> 1e6;
                case "s" -> 1e9;
                case "m" -> 60e9;
                case "h" -> 3600e9;
                case "d" -> 24 * 3600e9;
                case "w" -> 7 * 24 * 3600e9;
                default -> throw new IllegalArgumentException("no such unit: " + text);
            };
            sum = sum.plusNanos((long) (amount * nanos));
            at = end;
        }
        return sum;
    }
}
