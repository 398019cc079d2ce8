package io.ruori.core.schema;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The two forms of time in the API: whole seconds ({@code Time}) and microseconds ({@code MicroTime}). Read as Go's
 * {@code time.Parse} reads them, with its wording for what it cannot read; written in UTC.
 */
public final class Rfc3339 {
    private Rfc3339() {}

    /** What reading a time gave. */
    public sealed interface Parsed {
        record At(OffsetDateTime time) implements Parsed {}

        /** {@code message} is for the client. */
        record Malformed(String message) implements Parsed {}
    }

    /** Reads {@code 2006-01-02T15:04:05Z}; a fraction is allowed and lost on writing. */
    public static Parsed seconds(String text) {
        return new Scan(text, false).parse();
    }

    /** Reads {@code 2006-01-02T15:04:05.000000Z}; exactly six decimals. */
    public static Parsed micros(String text) {
        return new Scan(text, true).parse();
    }

    public static String writeSeconds(OffsetDateTime time) {
        return local(time) + "Z";
    }

    public static String writeMicros(OffsetDateTime time) {
        return String.format(Locale.ROOT, "%s.%06dZ", local(time), time.getNano() / 1000);
    }

    private static String local(OffsetDateTime time) {
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02dT%02d:%02d:%02d",
                utc.getYear(),
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond());
    }

    /** One pass over a text; the first piece that does not fit names itself in the error. */
    private static final class Scan {
        private final String text;
        private final boolean micro;
        private int at;

        Scan(String text, boolean micro) {
            this.text = text;
            this.micro = micro;
        }

        Parsed parse() {
            try {
                int year = number(4, "2006");
                literal("-");
                int month = number(2, "01");
                within(month >= 1 && month <= 12, "month");
                literal("-");
                int day = number(2, "02");
                literal("T");
                int hour = number(2, "15");
                within(hour < 24, "hour");
                literal(":");
                int minute = number(2, "04");
                within(minute < 60, "minute");
                literal(":");
                int second = number(2, "05");
                within(second < 60, "second");
                int nanos = fraction();
                ZoneOffset zone = zone();
                if (at < text.length()) {
                    throw new Unreadable(": extra text: \"" + text.substring(at) + "\"");
                }
                within(day >= 1 && day <= LocalDate.of(year, month, 1).lengthOfMonth(), "day");
                return new Parsed.At(LocalDateTime.of(year, month, day, hour, minute, second, nanos)
                        .atOffset(zone));
            } catch (Unreadable e) {
                return new Parsed.Malformed("parsing time \"" + text + "\"" + e.getMessage());
            }
        }

        private int number(int digits, String layout) {
            int value = 0;
            for (int i = at; i < at + digits; i++) {
                int digit = i < text.length() ? text.charAt(i) - '0' : -1;
                if (digit < 0 || digit > 9) {
                    throw cannot(layout);
                }
                value = value * 10 + digit;
            }
            at += digits;
            return value;
        }

        private void literal(String expected) {
            if (!text.startsWith(expected, at)) {
                throw cannot(expected);
            }
            at++;
        }

        private int fraction() {
            boolean point = at < text.length() && text.charAt(at) == '.';
            if (micro) {
                if (!point) {
                    throw cannot(".000000");
                }
                at++;
                return number(6, ".000000") * 1000;
            }
            if (!point) {
                return 0;
            }
            int start = ++at;
            int nanos = 0;
            while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
                if (at - start < 9) {
                    nanos = nanos * 10 + Character.digit(text.charAt(at), 10);
                }
                at++;
            }
            for (int i = at - start; i < 9; i++) {
                nanos *= 10;
            }
            return nanos;
        }

        private ZoneOffset zone() {
            if (text.startsWith("Z", at)) {
                at++;
                return ZoneOffset.UTC;
            }
            int start = at;
            if (!text.startsWith("+", at) && !text.startsWith("-", at)) {
                throw cannot("Z07:00");
            }
            int sign = text.charAt(at++) == '-' ? -1 : 1;
            try {
                int hours = number(2, "Z07:00");
                literal(":");
                int minutes = number(2, "Z07:00");
                return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
            } catch (Unreadable | DateTimeException e) {
                at = start;
                throw cannot("Z07:00");
            }
        }

        private Unreadable cannot(String layout) {
            String whole = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
            return new Unreadable(" as \"" + whole + "\": cannot parse \"" + text.substring(Math.min(at, text.length()))
                    + "\" as \"" + layout + "\"");
        }

        private static void within(boolean fits, String what) {
            if (!fits) {
                throw new Unreadable(": " + what + " out of range");
            }
        }
    }

    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message, null, false, false);
        }
    }
}
