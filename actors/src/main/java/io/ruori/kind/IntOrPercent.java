package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;

/** A number, or a share of one such as {@code 25%}. */
public final class IntOrPercent {
    private IntOrPercent() {}

    public static void validate(JsonNode value, String path, FieldErrors errors) {
        if (value.isNumber()) {
            Checks.nonNegative(value, path, errors);
        } else {
            Checks.each(Syntax.percent(value.asText()), path, value, errors);
        }
    }

    /** A share that is no more than the whole. */
    public static void atMostAll(JsonNode value, String path, FieldErrors errors) {
        if (value.isTextual() && Syntax.isPercent(value.asText()) && number(value.asText()) > 100) {
            errors.invalid(path, value, "must not be greater than 100%");
        }
    }

    public static boolean isZero(JsonNode value) {
        return value.isNumber()
                ? value.longValue() == 0
                : Syntax.isPercent(value.asText()) && number(value.asText()) == 0;
    }

    /** The number before the percent sign; very long ones are as good as the largest. */
    public static long number(String percent) {
        String digits = percent.substring(0, percent.length() - 1);
        return digits.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(digits);
    }

    /** The value as a count of {@code total}; what is neither a number nor a share counts as none. */
    public static long of(JsonNode value, long total, boolean roundUp) {
        if (value.isNumber()) {
            return value.longValue();
        }
        if (!Syntax.isPercent(value.asText())) {
            return 0;
        }
        long share = number(value.asText()) * total;
        return roundUp ? Math.ceilDiv(share, 100) : share / 100;
    }
}
