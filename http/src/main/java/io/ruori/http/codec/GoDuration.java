package io.ruori.http.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Durations as Go writes and reads them: {@code 1h2m3.5s}, {@code 1m0s}, {@code 250ms}, {@code 0s}. */
final class GoDuration {
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private GoDuration() {}

    static String format(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        BigDecimal size = BigDecimal.valueOf(nanos).abs();
        String sign = nanos < 0 ? "-" : "";
        if (size.compareTo(BigDecimal.valueOf(SECOND)) < 0) {
            return sign + small(size.longValueExact());
        }
        long seconds = size.divideToIntegralValue(BigDecimal.valueOf(SECOND)).longValueExact();
        BigDecimal rest = BigDecimal.valueOf(seconds % 60)
                .add(size.remainder(BigDecimal.valueOf(SECOND)).movePointLeft(9));
        StringBuilder text = new StringBuilder(sign);
        long minutes = seconds / 60;
        if (minutes >= 60) {
            text.append(minutes / 60).append('h');
        }
        if (minutes > 0) {
            text.append(minutes % 60).append('m');
        }
        return text.append(plain(rest)).append('s').toString();
    }

    private static String small(long nanos) {
        if (nanos < MICRO) {
            return nanos + "ns";
        }
        return nanos < MILLI ? plain(BigDecimal.valueOf(nanos, 3)) + "µs" : plain(BigDecimal.valueOf(nanos, 6)) + "ms";
    }

    private static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /**
     * @throws IllegalArgumentException worded as Go's parser words it
     */
    static long parse(String text) {
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return 0;
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
        }
        BigDecimal total = BigDecimal.ZERO;
        while (!rest.isEmpty()) {
            int digits = span(rest, 0, true);
            if (digits == 0 || rest.substring(0, digits).equals(".")) {
                throw new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
            }
            int end = span(rest, digits, false);
            if (end == digits) {
                throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
            }
            BigDecimal count = new BigDecimal(rest.substring(0, digits));
            total = total.add(count.multiply(BigDecimal.valueOf(unit(rest.substring(digits, end), text))));
            rest = rest.substring(end);
        }
        BigDecimal signed = (negative ? total.negate() : total).setScale(0, RoundingMode.DOWN);
        try {
            return signed.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("time: invalid duration " + GoText.quote(text), e);
        }
    }

    private static int span(String text, int from, boolean numeric) {
        int at = from;
        while (at < text.length() && isNumeric(text.charAt(at)) == numeric) {
            at++;
        }
        return at;
    }

    private static boolean isNumeric(char c) {
        return c == '.' || (c >= '0' && c <= '9');
    }

    private static long unit(String unit, String text) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> MICRO;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> 60 * SECOND;
            case "h" -> 3600 * SECOND;
            default ->
                throw new IllegalArgumentException(
                        "time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
        };
    }
}
