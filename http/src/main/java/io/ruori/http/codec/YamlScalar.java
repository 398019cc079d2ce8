package io.ruori.http.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted scalar means in YAML 1.1, in the dialect of Go's parser, version 2: {@code yes}, {@code on} and
 * {@code y} are true, {@code 0x1f}, {@code 0b11} and {@code 017} are numbers and {@code _} may stand between digits. Base
 * 60 is not read, only quoted when written. Times stay strings.
 */
final class YamlScalar {
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}");
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})"
                    + "| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}([.,][0-9]+)?)");
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_NUMBER = 1000;

    private YamlScalar() {}

    /** Whether a string must be quoted to stay one. */
    static boolean needsQuotes(String text) {
        return !(resolve(text) instanceof TextNode)
                || text.equals("<<")
                || DATE.matcher(text).matches()
                || TIME.matcher(text).matches()
                || BASE_60.matcher(text).matches();
    }

    static JsonNode resolve(String text) {
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> BooleanNode.TRUE;
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> BooleanNode.FALSE;
            case "", "~", "null", "Null", "NULL" -> NullNode.instance;
            case ".nan", ".NaN", ".NAN" -> JsonNodeFactory.instance.numberNode(Double.NaN);
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
                JsonNodeFactory.instance.numberNode(Double.POSITIVE_INFINITY);
            case "-.inf", "-.Inf", "-.INF" -> JsonNodeFactory.instance.numberNode(Double.NEGATIVE_INFINITY);
            default -> number(text);
        };
    }

    private static JsonNode number(String text) {
        char first = text.charAt(0);
        boolean mayBe = (first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.';
        if (!mayBe || text.length() > MAX_NUMBER) {
            return TextNode.valueOf(text);
        }
        String plain = first == '.' ? text : text.replace("_", "");
        BigInteger whole = first == '.' ? null : integer(plain);
        if (whole != null) {
            return number(whole);
        }
        return FLOAT.matcher(plain).matches() ? number(plain, text) : TextNode.valueOf(text);
    }

    private static JsonNode number(String plain, String text) {
        double value = Double.parseDouble(plain);
        // Go refuses what does not fit a float, and so leaves it a string.
        return Double.isInfinite(value) ? TextNode.valueOf(text) : number(value);
    }

    /** Go's {@code ParseInt} with base 0; null where this is no integer of 64 bits. */
    private static @Nullable BigInteger integer(String plain) {
        boolean negative = plain.startsWith("-");
        String digits = negative || plain.startsWith("+") ? plain.substring(1) : plain;
        int radix = 10;
        if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = switch (digits.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            boolean isPrefixed = radix != 8 || digits.charAt(1) == 'o' || digits.charAt(1) == 'O';
            digits = digits.substring(isPrefixed ? 2 : 1);
        }
        int base = radix;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c < 128 && Character.digit(c, base) >= 0)) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        BigInteger signed = negative ? value.negate() : value;
        return signed.compareTo(MIN) >= 0 && signed.compareTo(MAX) <= 0 ? signed : null;
    }

    private static JsonNode number(BigInteger value) {
        if (value.bitLength() < 32) {
            return IntNode.valueOf(value.intValue());
        }
        return value.bitLength() < 64
                ? JsonNodeFactory.instance.numberNode(value.longValue())
                : JsonNodeFactory.instance.numberNode(value);
    }

    /** A float as JSON shows it: without a fraction where it has none. */
    static JsonNode number(double value) {
        BigDecimal shortest = BigDecimal.valueOf(value);
        // Go's JSON shows whole numbers below this without an exponent.
        return value == Math.rint(value) && Math.abs(value) < 1e21
                ? number(shortest.toBigIntegerExact())
                : JsonNodeFactory.instance.numberNode(shortest);
    }
}
