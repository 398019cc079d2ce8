package io.ruori.core.cel;

import dev.cel.runtime.CelEvaluationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in upstream's words why a rule could not be run to its end. */
final class Faults {
    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at [^:]*:[0-9]+)?: ");
    private static final Pattern KEY = Pattern.compile("(?s)^key '(.*)' is not present in map\\.$");

    private Faults() {}

    static String words(CelEvaluationException e) {
        String why = PLACE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        return switch (e.getErrorCode()) {
            case DIVIDE_BY_ZERO -> why.contains("mod") ? "modulus by zero" : "division by zero";
            case NUMERIC_OVERFLOW -> "integer overflow";
            case INDEX_OUT_OF_BOUNDS -> why.replaceFirst("^Index", "index");
            case ATTRIBUTE_NOT_FOUND -> {
                Matcher key = KEY.matcher(why);
                yield "no such key: " + (key.matches() ? key.group(1) : why);
            }
            default -> why;
        };
    }
}
