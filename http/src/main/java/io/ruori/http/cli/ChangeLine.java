package io.ruori.http.cli;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** A change as one line for people. */
final class ChangeLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private static final int MAX_SUMMARY = 100;

    private ChangeLine() {}

    /** @param whole without shortening what changed */
    static String of(Change change, int depth, boolean named, boolean whole) {
        StringBuilder line = new StringBuilder(time(change.time())).append("  ");
        if (change.isWithheld()) {
            return line.append("something that you may not get").toString();
        }
        line.append("   ".repeat(depth))
                .append(depth == 0 ? "" : "└ ")
                .append(named || depth > 0 ? change.object() + " " : "")
                .append(change.event())
                .append(" by ")
                .append(change.who());
        append(line, ": ", change.reason());
        append(line, " — ", summary(change, whole));
        return line.toString();
    }

    private static String summary(Change change, boolean whole) {
        List<Change.Field> fields = whole ? change.fields() : change.worthTelling();
        return shortened(
                fields.stream().map(Change.Field::toString).collect(joining(", ")),
                whole ? Integer.MAX_VALUE : MAX_SUMMARY);
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static void append(StringBuilder line, String before, String text) {
        if (!text.isEmpty()) {
            line.append(before).append(text);
        }
    }

    /** Of this machine's clock; with the day where it is not today. */
    static String time(String instant) {
        try {
            LocalDateTime local = LocalDateTime.ofInstant(Instant.parse(instant), ZoneId.systemDefault());
            return local.format(local.toLocalDate().equals(LocalDate.now(ZoneId.systemDefault())) ? TIME : DAY);
        } catch (DateTimeParseException e) {
            return instant;
        }
    }
}
