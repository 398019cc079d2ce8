package io.ruori.core.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The function {@code format} of CEL's string extensions, in the words of the library that upstream uses. */
final class TextFormat {
    private static final int PRECISION = 6;
    private static final String SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private final String pattern;
    private final List<?> arguments;
    private final StringBuilder out = new StringBuilder();
    private int next;

    private TextFormat(String pattern, List<?> arguments) {
        this.pattern = pattern;
        this.arguments = arguments;
    }

    static String format(String pattern, List<?> arguments) throws CelEvaluationException {
        return new TextFormat(pattern, arguments).run();
    }

    private String run() throws CelEvaluationException {
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int precision = PRECISION;
            if (at < pattern.length() && pattern.charAt(at) == '.') {
                int end = at + 1;
                while (end < pattern.length() && Character.isDigit(pattern.charAt(end))) {
                    end++;
                }
                precision = precision(pattern.substring(at + 1, end));
                at = end;
            }
            if (at >= pattern.length()) {
                throw new CelEvaluationException("unexpected end of string");
            }
            clause(pattern.charAt(at++), precision);
        }
        if (next < arguments.size()) {
            throw new CelEvaluationException(
                    "too many arguments supplied to string.format: expected " + next + ", got " + arguments.size());
        }
        return out.toString();
    }

    private static int precision(String digits) throws CelEvaluationException {
        if (digits.isEmpty() || digits.length() > 3) {
            throw new CelEvaluationException("error while parsing precision: \"" + digits + "\"");
        }
        return Integer.parseInt(digits);
    }

    private void clause(char verb, int precision) throws CelEvaluationException {
        if (verb == '%') {
            out.append('%');
            return;
        }
        if ("sdfebxXo".indexOf(verb) < 0) {
            throw new CelEvaluationException(
                    "could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
        }
        if (next >= arguments.size()) {
            throw new CelEvaluationException("index " + next + " out of range");
        }
        Object argument = arguments.get(next++);
        out.append(
                switch (verb) {
                    case 's' -> text(argument);
                    case 'd' -> whole(argument, 10, "d");
                    case 'b' -> argument instanceof Boolean flag ? (flag ? "1" : "0") : whole(argument, 2, "b");
                    case 'o' -> whole(argument, 8, "o");
                    case 'x' -> hex(argument);
                    case 'X' -> hex(argument).toUpperCase(Locale.ROOT);
                    case 'f' -> fixed(number(argument), precision);
                    default -> scientific(number(argument), precision);
                });
    }

    // ---- clauses

    private static String whole(Object argument, int radix, String verb) throws CelEvaluationException {
        return switch (argument) {
            case Long number -> Long.toString(number, radix);
            case UnsignedLong number -> number.toString(radix);
            default -> throw unfit(verb, argument);
        };
    }

    private static String hex(Object argument) throws CelEvaluationException {
        return switch (argument) {
            case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
            default -> whole(argument, 16, "x");
        };
    }

    private static double number(Object argument) throws CelEvaluationException {
        return switch (argument) {
            case Double number -> number;
            case String text when text.equals("NaN") -> Double.NaN;
            case String text when text.equals("Infinity") -> Double.POSITIVE_INFINITY;
            case String text when text.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
            default -> throw unfit("f", argument);
        };
    }

    private static CelEvaluationException unfit(String verb, Object argument) {
        return new CelEvaluationException("error during formatting: %" + verb + " cannot be used on "
                + argument.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    }

    private static String fixed(double number, int precision) {
        if (!Double.isFinite(number)) {
            return unbounded(number);
        }
        String plain = new BigDecimal(number)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        int dot = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
        StringBuilder grouped = new StringBuilder(plain);
        for (int i = dot - 3; i > (plain.startsWith("-") ? 1 : 0); i -= 3) {
            grouped.insert(i, ',');
        }
        return grouped.toString();
    }

    private static String unbounded(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "∞" : "-∞";
    }

    private static String scientific(double number, int precision) {
        if (!Double.isFinite(number)) {
            return unbounded(number);
        }
        BigDecimal exact = new BigDecimal(number).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = exact.signum() == 0 ? 0 : exact.precision() - exact.scale() - 1;
        String digits = exact.movePointLeft(exponent)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        String raised = String.format(Locale.ROOT, "%02d", Math.abs(exponent))
                .chars()
                .mapToObj(digit -> String.valueOf(SUPERSCRIPT.charAt(digit - '0')))
                .collect(Collectors.joining());
        return digits + "×10" + (exponent < 0 ? "⁻" : "") + raised;
    }

    // ---- values as text

    /** A number as Go's {@code %g} writes it: the shortest form that reads back as the same. */
    static String shortest(double number) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 21) {
            return shortest.toPlainString();
        }
        return shortest.movePointLeft(exponent).toPlainString() + "e" + (exponent < 0 ? "-" : "+")
                + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
    }

    private static String text(Object value) {
        return switch (value) {
            case NullValue nothing -> "null";
            case Double number -> shortest(number);
            case CelByteString bytes -> bytes.toStringUtf8();
            case Duration duration -> seconds(duration);
            case CelType type -> type.name();
            case List<?> list -> list.stream().map(TextFormat::nested).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(e -> nested(e.getKey()) + ":" + nested(e.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> String.valueOf(value);
        };
    }

    private static String nested(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case CelByteString bytes -> "b" + quoted(bytes.toStringUtf8());
            case Double number ->
                Double.isFinite(number) ? fixed(number, PRECISION).replace(",", "") : shortest(number);
            case Duration duration -> "duration(" + quoted(seconds(duration)) + ")";
            case Instant instant -> "timestamp(" + quoted(instant.toString()) + ")";
            default -> text(value);
        };
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String seconds(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return seconds.signum() == 0 ? "0s" : seconds.stripTrailingZeros().toPlainString() + "s";
    }
}
