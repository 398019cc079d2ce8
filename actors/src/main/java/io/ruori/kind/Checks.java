package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Small checks that many kinds need. */
public final class Checks {
    public static final String NOT_NEGATIVE = "must be greater than or equal to 0";

    /** Leaves are equal by value: a number read from one encoding may have another type than from the next. */
    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    private Checks() {}

    public static boolean same(JsonNode a, JsonNode b) {
        return a.equals(BY_VALUE, b);
    }

    public static void nonNegative(JsonNode value, String path, FieldErrors errors) {
        if (value.isNumber() && value.longValue() < 0) {
            errors.invalid(path, value, NOT_NEGATIVE);
        }
    }

    public static void positive(JsonNode value, String path, FieldErrors errors) {
        if (value.isNumber() && value.longValue() <= 0) {
            errors.invalid(path, value, "must be greater than 0");
        }
    }

    public static void immutable(JsonNode updated, JsonNode old, String path, FieldErrors errors) {
        if (!same(updated, old)) {
            errors.invalid(path, updated.isMissingNode() ? null : updated, "field is immutable");
        }
    }

    /** Which fields of two objects differ, a line each. */
    public static String difference(JsonNode old, JsonNode updated) {
        Set<String> names = new TreeSet<>();
        old.fieldNames().forEachRemaining(names::add);
        updated.fieldNames().forEachRemaining(names::add);
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            if (!same(old.path(name), updated.path(name))) {
                lines.add("- " + name + ": " + shown(old.path(name)));
                lines.add("+ " + name + ": " + shown(updated.path(name)));
            }
        }
        return String.join("\n", lines);
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nil" : value.toString();
    }

    public static void each(List<String> texts, String path, Object value, FieldErrors errors) {
        texts.forEach(text -> errors.invalid(path, value, text));
    }

    /** A field with a fixed set of values; absent values are {@code required} or fine. */
    public static void oneOf(
            JsonNode parent,
            String field,
            String path,
            Collection<String> allowed,
            boolean required,
            FieldErrors errors) {
        String value = Json.text(parent, field);
        if (value.isEmpty()) {
            if (required) {
                errors.required(path + "." + field, "");
            }
        } else if (!allowed.contains(value)) {
            errors.notSupported(path + "." + field, value, allowed);
        }
    }

    /** Visits the elements of a list with their paths; {@code path} is empty for a list at the root. */
    public static void eachOf(JsonNode parent, String list, String path, BiConsumer<JsonNode, String> check) {
        JsonNode elements = parent.path(list);
        String at = path.isEmpty() ? list : path + "." + list;
        for (int i = 0; i < elements.size(); i++) {
            check.accept(elements.get(i), at + "[" + i + "]");
        }
    }

    public static void required(JsonNode parent, String field, String path, FieldErrors errors) {
        if (Json.text(parent, field).isEmpty()) {
            errors.required(path + "." + field, "");
        }
    }

    /** A selector's syntax. */
    public static void selector(JsonNode selector, String path, FieldErrors errors) {
        MetaRules.labels(selector.path("matchLabels"), path + ".matchLabels", errors);
        JsonNode expressions = selector.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            requirement(expressions.get(i), path + ".matchExpressions[" + i + "]", errors);
        }
    }

    private static void requirement(JsonNode expression, String path, FieldErrors errors) {
        String name = Json.text(expression, "operator");
        JsonNode values = expression.path("values");
        LabelSelector.Operator operator = LabelSelector.operator(name);
        switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    errors.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!values.isEmpty()) {
                    errors.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case null -> errors.invalid(path + ".operator", name, "not a valid selector operator");
        }
        String key = Json.text(expression, "key");
        Syntax.qualifiedName(key).forEach(text -> errors.invalid(path + ".key", key, text));
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i).asText();
            each(Syntax.labelValue(value), path + ".values[" + i + "]", value, errors);
        }
    }

    /** A quantity that must not be negative; true when it could be read. */
    public static boolean quantity(JsonNode value, String path, FieldErrors errors) {
        var quantity = Quantity.parse(value.asText());
        if (quantity.isEmpty()) {
            errors.invalid(path, value.asText(), Quantity.WRONG_FORMAT);
            return false;
        }
        if (quantity.get().signum() < 0) {
            errors.invalid(path, value.asText(), NOT_NEGATIVE);
            return false;
        }
        return true;
    }
}
