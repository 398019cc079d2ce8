package io.ruori.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An amount of a resource: an exact decimal, and the kind of suffix it is shown with. Immutable. Written in canonical form,
 * so that equal amounts read alike: no fraction, the largest suffix that allows it ({@code 1000m} is {@code 1},
 * {@code 1024Mi} is {@code 1Gi}, {@code 1.5} is {@code 1500m}). Nothing finer than a billionth (nano) is kept; parsing rounds
 * such away from zero, since who asks for a little should not get nothing.
 */
public final class Quantity implements Comparable<Quantity> {
    /** What a malformed quantity is answered with. */
    public static final String WRONG_FORMAT =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    public static final String WRONG_SUFFIX = "unable to parse quantity's suffix";
    public static final String WRONG_NUMBER = "unable to parse numeric part of quantity";

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI);

    /** Longer texts and larger exponents mean nothing, and would cost much time to compute with. */
    private static final int MAX_LENGTH = 256;

    private static final int MAX_EXPONENT = 1000;
    private static final int NANO = 9;
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigDecimal MAX_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final Map<Integer, String> DECIMAL_SUFFIXES =
            Map.of(-9, "n", -6, "u", -3, "m", 0, "", 3, "k", 6, "M", 9, "G", 12, "T", 15, "P", 18, "E");
    private static final Map<String, Integer> DECIMAL_POWERS = DECIMAL_SUFFIXES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    /** How an amount is shown. */
    public enum Format {
        /** 12e6 */
        DECIMAL_EXPONENT,
        /** 12Mi */
        BINARY_SI,
        /** 12M */
        DECIMAL_SI
    }

    private final BigDecimal amount;
    private final Format format;

    private Quantity(BigDecimal amount, Format format) {
        this.amount = amount;
        this.format = format;
    }

    public static Quantity of(long units) {
        return new Quantity(BigDecimal.valueOf(units), Format.DECIMAL_SI);
    }

    /** An amount of bytes, shown with Ki, Mi, Gi … */
    public static Quantity ofBytes(long bytes) {
        return new Quantity(BigDecimal.valueOf(bytes), Format.BINARY_SI);
    }

    public static Quantity ofMillis(long thousandths) {
        return new Quantity(BigDecimal.valueOf(thousandths, 3), Format.DECIMAL_SI);
    }

    /** An amount as another was: {@link #amount} and {@link #format} of it. */
    public static Quantity of(BigDecimal amount, Format format) {
        return new Quantity(rounded(amount), format);
    }

    /** Reads a quantity; empty when the text is none. */
    public static Optional<Quantity> parse(String text) {
        try {
            return Optional.of(read(text));
        } catch (MalformedQuantity e) {
            return Optional.empty();
        }
    }

    /**
     * Reads a quantity.
     *
     * @throws MalformedQuantity with upstream's wording
     */
    public static Quantity read(String text) {
        int numberEnd = numberEnd(text);
        String suffix = text.substring(numberEnd);
        if (text.isEmpty() || text.length() > MAX_LENGTH || !isSuffix(suffix)) {
            throw new MalformedQuantity(WRONG_FORMAT);
        }
        BigDecimal number = number(text.substring(0, numberEnd));
        int binary = binaryPower(suffix);
        if (binary > 0) {
            BigDecimal value = rounded(number.multiply(new BigDecimal(KIBI.pow(binary))))
                    .min(MAX_BINARY)
                    .max(MAX_BINARY.negate());
            boolean tiny = value.abs().compareTo(BigDecimal.ONE) < 0;
            return new Quantity(value, tiny ? Format.DECIMAL_SI : Format.BINARY_SI);
        }
        Integer decimal = DECIMAL_POWERS.get(suffix);
        if (decimal != null) {
            return new Quantity(rounded(number.scaleByPowerOfTen(decimal)), Format.DECIMAL_SI);
        }
        return new Quantity(rounded(number.scaleByPowerOfTen(exponent(suffix))), Format.DECIMAL_EXPONENT);
    }

    private static int numberEnd(String text) {
        int at = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        at = digitsEnd(text, at);
        return at < text.length() && text.charAt(at) == '.' ? digitsEnd(text, at + 1) : at;
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isSuffix(String suffix) {
        int at = 0;
        while (at < suffix.length() && "eEinumkKMGTP".indexOf(suffix.charAt(at)) >= 0) {
            at++;
        }
        if (at < suffix.length() && (suffix.charAt(at) == '-' || suffix.charAt(at) == '+')) {
            at++;
        }
        return digitsEnd(suffix, at) == suffix.length();
    }

    /** Signs, a leading or trailing point and leading zeros are all allowed; no digit at all is not. */
    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new MalformedQuantity(WRONG_NUMBER, e);
        }
    }

    private static int binaryPower(String suffix) {
        for (int power = 1; power < BINARY_SUFFIXES.length; power++) {
            if (BINARY_SUFFIXES[power].equals(suffix)) {
                return power;
            }
        }
        return 0;
    }

    private static int exponent(String suffix) {
        if (suffix.length() < 2 || suffix.toLowerCase(Locale.ROOT).charAt(0) != 'e') {
            throw new MalformedQuantity(WRONG_SUFFIX);
        }
        try {
            int exponent = Integer.parseInt(suffix.substring(1));
            if (exponent <= MAX_EXPONENT) {
                return Math.max(exponent, -MAX_EXPONENT);
            }
        } catch (NumberFormatException e) {
            throw new MalformedQuantity(WRONG_SUFFIX, e);
        }
        throw new MalformedQuantity(WRONG_SUFFIX);
    }

    private static BigDecimal rounded(BigDecimal value) {
        return value.scale() > NANO ? value.setScale(NANO, RoundingMode.UP) : value;
    }

    /** The exact amount. */
    public BigDecimal amount() {
        return amount;
    }

    public Format format() {
        return format;
    }

    /** Whole units, rounded away from zero; {@link Long#MAX_VALUE} for more than that. */
    public long value() {
        return bounded(amount);
    }

    /** Thousandths, rounded away from zero; {@link Long#MAX_VALUE} for more than that. */
    public long millis() {
        return bounded(amount.movePointRight(3));
    }

    private static long bounded(BigDecimal exact) {
        BigInteger whole = exact.setScale(0, RoundingMode.UP).toBigInteger();
        if (whole.bitLength() < Long.SIZE) {
            return whole.longValue();
        }
        return whole.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    public boolean isWhole() {
        return amount.stripTrailingZeros().scale() <= 0;
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }

    public int signum() {
        return amount.signum();
    }

    /** The sum, shown as this one is, or as the other where this one is zero. */
    public Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount), isZero() ? other.format : format);
    }

    public Quantity minus(Quantity other) {
        return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format);
    }

    public Quantity negated() {
        return new Quantity(amount.negate(), format);
    }

    /** Rounded away from zero to thousandths, as lists of resources keep their amounts. */
    public Quantity roundedToMillis() {
        return amount.scale() > 3 ? new Quantity(amount.setScale(3, RoundingMode.UP), format) : this;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** Equal amounts are equal, however they are shown. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity q && amount.compareTo(q.amount) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(amount.stripTrailingZeros());
    }

    /** The canonical form. */
    @Override
    public String toString() {
        if (isZero()) {
            return "0";
        }
        BigDecimal bare = amount.stripTrailingZeros();
        boolean whole = bare.scale() <= 0;
        if (format == Format.BINARY_SI && whole && bare.abs().compareTo(new BigDecimal(KIBI)) >= 0) {
            return binary(bare.toBigIntegerExact());
        }
        return decimal(bare);
    }

    private static String binary(BigInteger whole) {
        BigInteger rest = whole;
        int power = 0;
        while (power < BINARY_SUFFIXES.length - 1) {
            BigInteger[] parts = rest.divideAndRemainder(KIBI);
            if (parts[1].signum() != 0) {
                break;
            }
            rest = parts[0];
            power++;
        }
        return rest + BINARY_SUFFIXES[power];
    }

    private String decimal(BigDecimal bare) {
        int exponent = Math.floorDiv(-bare.scale(), 3) * 3;
        if (format != Format.DECIMAL_EXPONENT) {
            exponent = Math.min(exponent, 18);
        }
        String number = bare.scaleByPowerOfTen(-exponent).toBigIntegerExact().toString();
        if (format == Format.DECIMAL_EXPONENT) {
            return exponent == 0 ? number : number + "e" + exponent;
        }
        return number + Objects.requireNonNull(DECIMAL_SUFFIXES.get(exponent));
    }

    /** A text that is no quantity; the message is for the client. */
    public static final class MalformedQuantity extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        MalformedQuantity(String message) {
            super(message);
        }

        MalformedQuantity(String message, NumberFormatException cause) {
            super(message, cause);
        }
    }
}
