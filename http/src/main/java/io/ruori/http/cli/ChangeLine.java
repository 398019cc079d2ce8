package io.ruori.http.cli;

import io.ruori.http.cli.HistoryClient.Change;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** A change as one line for people. */
final class ChangeLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private ChangeLine() {}

    static String of(Change change, int depth) {
        String object = depth == 0 ? "" : change.object() + " ";
        String manager = change.manager().isEmpty() || change.manager().equals(change.user()) ? "" : " (" + change.manager() + ")";
        StringBuilder line = new StringBuilder(time(change))
                .append("  ")
                .append("   ".repeat(depth))
                .append(depth == 0 ? "" : "└ ")
                .append(object)
                .append(change.event())
                .append(" by ")
                .append(change.user().isEmpty() ? "?" : change.user())
                .append(manager);
        append(line, ": ", change.why());
        append(line, " — ", change.summary());
        return line.toString();
    }

    private static void append(StringBuilder line, String before, String text) {
        if (!text.isEmpty()) {
            line.append(before).append(text);
        }
    }

    private static String time(Change change) {
        try {
            return LocalTime.ofInstant(Instant.parse(change.time()), ZoneId.systemDefault()).format(TIME);
        } catch (DateTimeParseException e) {
            return change.time();
        }
    }
}
