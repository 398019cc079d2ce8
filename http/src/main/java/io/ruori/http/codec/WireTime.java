package io.ruori.http.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Kubernetes' times in JSON: RFC 3339 in UTC, with whole seconds or with six digits of micro-seconds. */
final class WireTime {
    private WireTime() {}

    /** Any offset and any fraction is understood, as Go's parser does. */
    static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not an RFC 3339 time: " + text, e);
        }
    }

    static String seconds(long epochSecond) {
        StringBuilder out = new StringBuilder(20);
        appendSeconds(out, epochSecond);
        return out.append('Z').toString();
    }

    static String micros(long epochSecond, int nanos) {
        StringBuilder out = new StringBuilder(27);
        appendSeconds(out, epochSecond);
        out.append('.');
        appendPadded(out, nanos / 1000, 6);
        return out.append('Z').toString();
    }

    private static void appendSeconds(StringBuilder out, long epochSecond) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        appendPadded(out, time.getYear(), 4);
        appendPadded(out.append('-'), time.getMonthValue(), 2);
        appendPadded(out.append('-'), time.getDayOfMonth(), 2);
        appendPadded(out.append('T'), time.getHour(), 2);
        appendPadded(out.append(':'), time.getMinute(), 2);
        appendPadded(out.append(':'), time.getSecond(), 2);
    }

    private static void appendPadded(StringBuilder out, int value, int width) {
        String digits = Integer.toString(value);
        out.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }
}
