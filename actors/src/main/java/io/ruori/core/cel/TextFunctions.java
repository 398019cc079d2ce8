package io.ruori.core.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;

/** Searching in texts by pattern, and putting texts together. */
final class TextFunctions {
    private TextFunctions() {}

    static void addTo(Declarations to) {
        to.member(
                "find",
                "string_find_string",
                SimpleType.STRING,
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                (text, pattern) -> {
                    List<String> found = find(text, pattern, 1);
                    return found.isEmpty() ? "" : found.getFirst();
                });
        to.member(
                "findAll",
                "string_find_all_string",
                ListType.create(SimpleType.STRING),
                SimpleType.STRING,
                SimpleType.STRING,
                String.class,
                String.class,
                (text, pattern) -> find(text, pattern, -1));
        to.member(
                "findAll",
                "string_find_all_string_int",
                ListType.create(SimpleType.STRING),
                List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                List.of(String.class, String.class, Long.class),
                arguments -> find((String) arguments[0], (String) arguments[1], (Long) arguments[2]));
        to.member(
                "format",
                "string_format",
                SimpleType.STRING,
                SimpleType.STRING,
                ListType.create(SimpleType.DYN),
                String.class,
                List.class,
                (pattern, arguments) -> TextFormat.format(pattern, arguments));
    }

    /** @param most negative for all */
    private static List<String> find(String text, String pattern, long most) throws CelEvaluationException {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            List<String> found = new ArrayList<>();
            while ((most < 0 || found.size() < most) && matcher.find()) {
                found.add(matcher.group());
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new CelEvaluationException("Illegal regex: " + e.getMessage(), e);
        }
    }
}
