package io.ruori.core.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldError.Reason;
import io.ruori.api.FieldErrors;
import io.ruori.core.patch.JsonValues;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an OpenAPI schema demands of a value, in upstream's order and words. On an update, what did not change is not held
 * against the writer: errors of a value that is equal to what stood in its place before are left out.
 */
public final class SchemaValidation {
    private static final String NOWHERE = "<nil>";

    /**
     * @param matches how many checks held: of several failing alternatives the one that came closest is shown
     */
    private record Result(List<FieldError> errors, int matches) {
        static final Result FINE = new Result(List.of(), 1);

        boolean isFine() {
            return errors.isEmpty();
        }
    }

    private SchemaValidation() {}

    /**
     * Checks a whole object.
     *
     * @param old what was there before; null on create
     */
    public static void validate(JsonNode value, @Nullable JsonNode old, StructuralSchema schema, FieldErrors errors) {
        for (FieldError error : check(value, old, schema, "").errors) {
            errors.add(error.reason(), error.path(), error.detail());
        }
    }

    private static Result check(JsonNode value, @Nullable JsonNode old, StructuralSchema schema, String path) {
        if (old != null && JsonValues.same(value, old)) {
            return Result.FINE;
        }
        Collected into = new Collected(path);
        if (value.isNull()) {
            if (!schema.nullable() && !types(schema).isEmpty()) {
                into.type(types(schema), "null");
            }
            values(value, schema, into);
            return into.result();
        }
        type(value, schema, into);
        alternatives(value, old, schema, path, into);
        switch (value) {
            case ObjectNode object -> object(object, old, schema, path, into);
            case ArrayNode list -> list(list, old, schema, path, into);
            default -> scalar(value, schema, into);
        }
        values(value, schema, into);
        return into.result();
    }

    private static String types(StructuralSchema schema) {
        return schema.intOrString() ? "integer,string" : schema.type();
    }

    private static void type(JsonNode value, StructuralSchema schema, Collected into) {
        String types = types(schema);
        if (types.isEmpty()) {
            return;
        }
        String found = typeOf(value);
        boolean fits = types.equals(found)
                || (schema.intOrString() && (found.equals("integer") || found.equals("string")))
                || (types.equals("number") && found.equals("integer"));
        into.check(fits);
        if (!fits) {
            into.type(types, found);
        }
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "object";
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case STRING, BINARY -> "string";
            case NUMBER -> isWhole(value) ? "integer" : "number";
            case NULL, MISSING -> "null";
        };
    }

    private static boolean isWhole(JsonNode number) {
        return number.isIntegralNumber()
                || number.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    // ---- alternatives

    private static void alternatives(
            JsonNode value, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        if (!schema.anyOf().isEmpty()) {
            anyOf(value, old, schema, path, into);
        }
        if (!schema.oneOf().isEmpty()) {
            oneOf(value, old, schema, path, into);
        }
        if (!schema.allOf().isEmpty()) {
            allOf(value, old, schema, path, into);
        }
        StructuralSchema not = schema.not();
        if (not != null && check(value, null, not, path).isFine()) {
            into.general("\"" + path + "\" must not validate the schema (not)");
        }
    }

    private static void anyOf(
            JsonNode value, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        Result closest = null;
        for (StructuralSchema one : schema.anyOf()) {
            Result result = check(value, old, one, path);
            if (result.isFine()) {
                return;
            }
            if (closest == null || result.matches > closest.matches) {
                closest = result;
            }
        }
        into.general("\"" + path + "\" must validate at least one schema (anyOf)");
        into.addAll(closest);
    }

    private static void oneOf(
            JsonNode value, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        Result closest = null;
        int valid = 0;
        for (StructuralSchema one : schema.oneOf()) {
            Result result = check(value, old, one, path);
            if (result.isFine()) {
                valid++;
            } else if (closest == null || result.matches > closest.matches) {
                closest = result;
            }
        }
        if (valid != 1) {
            into.general("\"" + path + "\" must validate one and only one schema (oneOf). "
                    + (valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives"));
            into.addAll(valid == 0 ? closest : null);
        }
    }

    private static void allOf(
            JsonNode value, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        int valid = 0;
        for (StructuralSchema one : schema.allOf()) {
            Result result = check(value, old, one, path);
            valid += result.isFine() ? 1 : 0;
            into.addAll(result);
        }
        if (valid != schema.allOf().size()) {
            into.general(
                    "\"" + path + "\" must validate all the schemas (allOf)" + (valid == 0 ? ". None validated" : ""));
        }
    }

    // ---- scalars

    private static void scalar(JsonNode value, StructuralSchema schema, Collected into) {
        if (value.isTextual()) {
            text(value, schema, into);
        } else if (value.isNumber()) {
            range(value, schema, into);
            number(value, schema.bounds(), into);
        }
    }

    private static void text(JsonNode value, StructuralSchema schema, Collected into) {
        StructuralSchema.Bounds bounds = schema.bounds();
        String text = value.textValue();
        long length = text.codePointCount(0, text.length());
        if (into.check(bounds.maxLength() == null || length <= bounds.maxLength())) {
            into.add(Reason.TOO_LONG, "Too long: may not be more than " + bounds.maxLength() + " bytes");
        }
        if (into.check(bounds.minLength() == null || length >= bounds.minLength())) {
            into.invalid(value, "should be at least " + bounds.minLength() + " chars long");
        }
        if (into.check(
                bounds.pattern() == null || bounds.pattern().matcher(text).find())) {
            into.invalid(value, "should match '" + bounds.pattern() + "'");
        }
        if (into.check(Formats.fits(schema.format(), text))) {
            into.add(
                    Reason.TYPE_INVALID,
                    "Invalid value: " + quoted(text) + ": " + into.path + " in body must be of type " + schema.format()
                            + ": " + quoted(text));
        }
    }

    /** A number must fit into what its format says it is kept in; upstream tells so of the object at large. */
    private static void range(JsonNode value, StructuralSchema schema, Collected into) {
        boolean fits = schema.type().equals("integer")
                ? !isWhole(value)
                        || value.decimalValue().toBigInteger().bitLength()
                                < (schema.format().equals("int32") ? 32 : 64)
                : !schema.format().equals("float") || Math.abs(value.doubleValue()) <= Float.MAX_VALUE;
        if (into.check(fits || schema.intOrString())) {
            String format = schema.format().isEmpty() ? "(default format)" : "with format " + schema.format();
            into.general("Checked value must be of type " + schema.type() + " " + format + " in " + into.path);
        }
    }

    private static void number(JsonNode value, StructuralSchema.Bounds bounds, Collected into) {
        BigDecimal number = value.decimalValue();
        BigDecimal factor = bounds.multipleOf();
        if (into.check(factor == null
                || factor.signum() <= 0
                || number.divide(factor, 15, RoundingMode.HALF_EVEN)
                                .stripTrailingZeros()
                                .scale()
                        <= 0)) {
            into.invalid(value, "should be a multiple of " + shown(factor));
        }
        BigDecimal max = bounds.maximum();
        if (into.check(max == null || number.compareTo(max) < (bounds.exclusiveMaximum() ? 0 : 1))) {
            into.invalid(
                    value, "should be less than " + (bounds.exclusiveMaximum() ? "" : "or equal to ") + shown(max));
        }
        BigDecimal min = bounds.minimum();
        if (into.check(min == null || number.compareTo(min) > (bounds.exclusiveMinimum() ? 0 : -1))) {
            into.invalid(
                    value, "should be greater than " + (bounds.exclusiveMinimum() ? "" : "or equal to ") + shown(min));
        }
    }

    private static String shown(@Nullable BigDecimal number) {
        return number == null ? "" : number.stripTrailingZeros().toPlainString();
    }

    private static void values(JsonNode value, StructuralSchema schema, Collected into) {
        if (into.check(
                schema.values().isEmpty() || schema.values().stream().anyMatch(one -> JsonValues.same(one, value)))) {
            String supported = schema.values().stream()
                    .map(one -> quoted(one.isTextual() ? one.textValue() : one.toString()))
                    .collect(Collectors.joining(", "));
            into.add(Reason.NOT_SUPPORTED, "Unsupported value: " + value + ": supported values: " + supported);
        }
    }

    // ---- collections

    private static void list(
            ArrayNode list, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        StructuralSchema items = schema.items();
        if (items != null) {
            OldElements before = OldElements.of(old, schema);
            for (int i = 0; i < list.size(); i++) {
                JsonNode element = list.get(i);
                into.addAll(check(element, before.like(element), items, path + "[" + i + "]"));
            }
        }
        StructuralSchema.Bounds bounds = schema.bounds();
        if (into.check(bounds.minItems() == null || list.size() >= bounds.minItems())) {
            into.invalid(list.size(), "should have at least " + bounds.minItems() + " items");
        }
        if (into.check(bounds.maxItems() == null || list.size() <= bounds.maxItems())) {
            into.add(
                    Reason.TOO_MANY,
                    "Too many: " + list.size() + ": must have at most " + bounds.maxItems() + " items");
        }
        if (into.check(!bounds.uniqueItems() || isUnique(list))) {
            into.invalid("", "shouldn't contain duplicates");
        }
    }

    private static boolean isUnique(ArrayNode list) {
        Set<String> seen = new HashSet<>();
        for (JsonNode element : list) {
            if (!seen.add(JsonValues.identity(element))) {
                return false;
            }
        }
        return true;
    }

    private static void object(
            ObjectNode object, @Nullable JsonNode old, StructuralSchema schema, String path, Collected into) {
        StructuralSchema.Bounds bounds = schema.bounds();
        if (into.check(bounds.minProperties() == null || object.size() >= bounds.minProperties())) {
            into.invalid(object.size(), "should have at least " + bounds.minProperties() + " properties");
        }
        if (into.check(bounds.maxProperties() == null || object.size() <= bounds.maxProperties())) {
            into.add(
                    Reason.TOO_MANY,
                    "Too many: " + object.size() + ": must have at most " + bounds.maxProperties() + " items");
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            StructuralSchema member = schema.member(field.getKey());
            if (member != null) {
                JsonNode before = old == null ? null : old.get(field.getKey());
                into.addAll(check(field.getValue(), before, member, below(path, field.getKey())));
            }
        }
        for (String name : schema.required()) {
            if (into.check(object.has(name))) {
                into.errors.add(new FieldError(Reason.REQUIRED, below(path, name), "Required value"));
            }
        }
    }

    static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** The errors of one value. */
    private static final class Collected {
        private final String path;
        private final List<FieldError> errors = new ArrayList<>();
        private int matches = 1;

        Collected(String path) {
            this.path = path;
        }

        Result result() {
            return errors.isEmpty() && matches == 1 ? Result.FINE : new Result(errors, matches);
        }

        /** Counts a check that held; answers whether it did not. */
        boolean check(boolean holds) {
            matches += holds ? 1 : 0;
            return !holds;
        }

        void addAll(@Nullable Result result) {
            if (result != null) {
                errors.addAll(result.errors);
                matches += result.matches;
            }
        }

        void add(Reason reason, String detail) {
            errors.add(new FieldError(reason, path.isEmpty() ? NOWHERE : path, detail));
        }

        void invalid(Object value, String why) {
            String shown = value instanceof CharSequence text ? quoted(text.toString()) : value.toString();
            add(Reason.INVALID, "Invalid value: " + shown + ": " + path + " in body " + why);
        }

        void type(String types, String found) {
            add(
                    Reason.TYPE_INVALID,
                    "Invalid value: \"" + found + "\": " + path + " in body must be of type " + types + ": \"" + found
                            + "\"");
        }

        /** What is told of the object at large, as upstream does of alternatives. */
        void general(String text) {
            errors.add(new FieldError(Reason.INVALID, NOWHERE, "Invalid value: \"\": " + text));
        }
    }
}
