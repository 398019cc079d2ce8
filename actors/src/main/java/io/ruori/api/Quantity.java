package io.ruori.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/**
 * An amount of a resource as Kubernetes writes it: {@code 100m}, {@code 1.5}, {@code 128Mi}, {@code 1e3}. Amounts compare by
 * value; the text keeps the family of suffixes it was written in.
 *
 * @param amount the exact value, in cores, bytes or units
 */
public record Quantity(BigDecimal amount, Format format) implements Comparable<Quantity> {

    /** The family of suffixes. */
    public enum Format {
        BINARY_SI,
        DECIMAL_SI,
        DECIMAL_EXPONENT
    }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    /** What upstream says of a text that is no quantity. */
    public static final String WRONG_FORMAT =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final Map<String, Integer> DECIMAL = Map.ofEntries(
            Map.entry("n", -9),
            Map.entry("u", -6),
            Map.entry("m", -3),
            Map.entry("", 0),
            Map.entry("k", 3),
            Map.entry("M", 6),
            Map.entry("G", 9),
            Map.entry("T", 12),
            Map.entry("P", 15),
            Map.entry("E", 18));
    private static final Map<Integer, String> DECIMAL_SUFFIX = Map.ofEntries(
            Map.entry(-9, "n"),
            Map.entry(-6, "u"),
            Map.entry(-3, "m"),
            Map.entry(0, ""),
            Map.entry(3, "k"),
            Map.entry(6, "M"),
            Map.entry(9, "G"),
            Map.entry(12, "T"),
            Map.entry(15, "P"),
            Map.entry(18, "E"));
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    /** Larger exponents are refused before they can cost memory. */
    private static final int MAX_EXPONENT = 400;

    private static final int MAX_LENGTH = 128;

    /** Reads a quantity; empty when the text is none. */
    public static Optional<Quantity> parse(String text) {
        int digits = numberLength(text);
        if (digits == 0 || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text.substring(0, digits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        return scaled(number, text.substring(digits));
    }

    private static int numberLength(String text) {
        int at = 0;
        if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            at++;
        }
        int start = at;
        while (at < text.length() && (Character.digit(text.charAt(at), 10) >= 0 || text.charAt(at) == '.')) {
            at++;
        }
        return at == start ? 0 : at;
    }

    private static Optional<Quantity> scaled(BigDecimal number, String suffix) {
        Integer decimal = DECIMAL.get(suffix);
        if (decimal != null) {
            return Optional.of(rounded(number.scaleByPowerOfTen(decimal), Format.DECIMAL_SI));
        }
        for (int i = 1; i < BINARY.length; i++) {
            if (BINARY[i].equals(suffix)) {
                return Optional.of(rounded(number.multiply(KIBI.pow(i)), Format.BINARY_SI));
            }
        }
        if (suffix.startsWith("e") || suffix.startsWith("E")) {
            return exponent(suffix.substring(1)).map(e -> rounded(number.scaleByPowerOfTen(e), Format.DECIMAL_EXPONENT));
        }
        return Optional.empty();
    }

    private static Optional<Integer> exponent(String text) {
        try {
            int value = Integer.parseInt(text);
            return Math.abs(value) <= MAX_EXPONENT ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Nothing is finer than a billionth: upstream rounds up. */
    private static Quantity rounded(BigDecimal amount, Format format) {
        return new Quantity(amount.scale() > 9 ? amount.setScale(9, RoundingMode.UP) : amount, format);
    }

    /** Whole units, rounded up. */
    public long value() {
        return clamp(amount.setScale(0, RoundingMode.CEILING));
    }

    /** Thousandths, rounded up: how CPU is counted. */
    public long millis() {
        return clamp(amount.movePointRight(3).setScale(0, RoundingMode.CEILING));
    }

    private static long clamp(BigDecimal whole) {
        if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Long.MAX_VALUE;
        }
        return whole.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0 ? Long.MIN_VALUE : whole.longValue();
    }

    public int signum() {
        return amount.signum();
    }

    public boolean isWhole() {
        return amount.stripTrailingZeros().scale() <= 0;
    }

    public Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.format : format);
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** The canonical text: the largest suffix that loses nothing. */
    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        return switch (format) {
            case BINARY_SI -> amount.abs().compareTo(KIBI) < 0 || !isWhole() ? decimal() : binary();
            case DECIMAL_SI -> decimal();
            case DECIMAL_EXPONENT -> exponential();
        };
    }

    private String binary() {
        BigInteger rest = amount.toBigIntegerExact();
        int suffix = 0;
        BigInteger kibi = BigInteger.valueOf(1024);
        while (suffix < BINARY.length - 1 && rest.mod(kibi).signum() == 0) {
            rest = rest.divide(kibi);
            suffix++;
        }
        return rest + BINARY[suffix];
    }

    private String decimal() {
        int power = power(18);
        return amount.movePointLeft(power).setScale(0, RoundingMode.UP).toBigInteger() + DECIMAL_SUFFIX.getOrDefault(power, "");
    }

    private String exponential() {
        int power = power(MAX_EXPONENT);
        return amount.movePointLeft(power).setScale(0, RoundingMode.UP).toBigInteger() + (power == 0 ? "" : "e" + power);
    }

    /** The largest multiple of three, up to a limit, by whose power of ten the amount can be divided. */
    private int power(int limit) {
        int exact = -amount.stripTrailingZeros().scale();
        return Math.max(-9, Math.min(limit, Math.floorDiv(exact, 3) * 3));
    }
}
