package io.ruori.kind.batch;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The schedule of a CronJob and its time zone: says what is wrong with them as upstream's parser does. */
final class CronSyntax {
    private static final Set<String> DESCRIPTORS =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final String EVERY = "@every ";
    private static final Pattern DURATION = Pattern.compile("[-+]?(0|(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+");

    /** Zones that are links in newer data, and that Java does not list. */
    private static final Set<String> MORE_ZONES = Set.of("EST", "MST", "HST", "UTC", "Local");

    private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z.\\-_0-9+]{1,14}");

    private static final List<Field> FIELDS = List.of(
            new Field(0, 59, List.of()),
            new Field(0, 23, List.of()),
            new Field(1, 31, List.of()),
            new Field(
                    1, 12, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
            new Field(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

    private CronSyntax() {}

    /** What a value may be; the first name stands for the smallest. */
    private record Field(int min, int max, List<String> names) {}

    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    static Optional<String> wrongSchedule(String schedule) {
        try {
            check(schedule);
            return Optional.empty();
        } catch (Wrong e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void check(String schedule) throws Wrong {
        String rest = schedule;
        if (rest.startsWith("TZ=") || rest.startsWith("CRON_TZ=")) {
            int end = rest.indexOf(' ');
            String zone = rest.substring(rest.indexOf('=') + 1, end < 0 ? rest.length() : end);
            if (!isZone(zone)) {
                throw new Wrong("provided bad location " + zone + ": unknown time zone " + zone);
            }
            rest = end < 0 ? "" : rest.substring(end).strip();
        }
        if (rest.startsWith("@")) {
            descriptor(rest);
            return;
        }
        String[] parts = rest.isBlank() ? new String[0] : rest.strip().split("\\s+");
        if (parts.length != FIELDS.size()) {
            throw new Wrong("expected exactly 5 fields, found " + parts.length + ": [" + String.join(" ", parts) + "]");
        }
        for (int i = 0; i < parts.length; i++) {
            for (String range : parts[i].split(",")) {
                if (!range.isEmpty()) {
                    range(range, FIELDS.get(i));
                }
            }
        }
    }

    private static void descriptor(String text) throws Wrong {
        if (text.startsWith(EVERY)) {
            String duration = text.substring(EVERY.length());
            if (!DURATION.matcher(duration).matches()) {
                throw new Wrong("failed to parse duration " + text + ": time: invalid duration \"" + duration + "\"");
            }
        } else if (!DESCRIPTORS.contains(text)) {
            throw new Wrong("unrecognized descriptor: " + text);
        }
    }

    /** One of {@code *}, {@code N} and {@code N-M}, and maybe a step. */
    private static void range(String text, Field field) throws Wrong {
        String[] stepped = text.split("/", -1);
        String[] limits = stepped[0].split("-", -1);
        long start = field.min;
        long end = field.max;
        if (!limits[0].equals("*") && !limits[0].equals("?")) {
            start = value(limits[0], field);
            end = start;
            if (limits.length == 2) {
                end = value(limits[1], field);
            } else if (limits.length > 2) {
                throw new Wrong("too many hyphens: " + text);
            }
        }
        long step = 1;
        if (stepped.length == 2) {
            step = number(stepped[1]);
            end = limits.length == 1 ? field.max : end;
        } else if (stepped.length > 2) {
            throw new Wrong("too many slashes: " + text);
        }
        bounds(start, end, step, field, text);
    }

    private static void bounds(long start, long end, long step, Field field, String text) throws Wrong {
        if (start < field.min) {
            throw new Wrong("beginning of range (" + start + ") below minimum (" + field.min + "): " + text);
        }
        if (end > field.max) {
            throw new Wrong("end of range (" + end + ") above maximum (" + field.max + "): " + text);
        }
        if (start > end) {
            throw new Wrong("beginning of range (" + start + ") beyond end of range (" + end + "): " + text);
        }
        if (step == 0) {
            throw new Wrong("step of range should be a positive number: " + text);
        }
    }

    private static long value(String text, Field field) throws Wrong {
        int named = field.names.indexOf(text.toLowerCase(Locale.ROOT));
        return named >= 0 ? named + field.min : number(text);
    }

    private static long number(String text) throws Wrong {
        if (!text.matches("[-+]?\\d+")) {
            throw new Wrong(
                    "failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
        BigInteger number = new BigInteger(text);
        if (number.bitLength() > 63) {
            throw new Wrong("failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text
                    + "\": value out of range");
        }
        if (number.signum() < 0) {
            throw new Wrong("negative number (" + number + ") not allowed: " + text);
        }
        return number.longValue();
    }

    /** What is wrong with the {@code timeZone} of a CronJob. */
    static Optional<String> wrongZone(String zone) {
        if (zone.isEmpty()) {
            return Optional.of("timeZone must be nil or non-empty string");
        }
        for (String part : zone.split("/", -1)) {
            boolean plain = ZONE_PART.matcher(part).matches() && !part.startsWith("-");
            if (!plain || part.equals(".") || part.equals("..")) {
                return Optional.of("unknown time zone " + zone);
            }
        }
        if (zone.equalsIgnoreCase("Local")) {
            return Optional.of("timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        return isZone(zone) ? Optional.empty() : Optional.of("unknown time zone " + zone);
    }

    private static boolean isZone(String zone) {
        if (zone.isEmpty() || MORE_ZONES.contains(zone)) {
            return true;
        }
        try {
            return !zone.startsWith("SystemV/") && ZoneRulesProvider.getRules(zone, false) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
