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

    private static final int MAX_SUMMARY = 100;

    private ChangeLine() {}

    /** @param whole without shortening what changed */
    static String of(Change change, int depth, boolean named, boolean whole) {
        StringBuilder line = new StringBuilder(time(change))
                .append("  ")
                .append("   ".repeat(depth))
                .append(depth == 0 ? "" : "└ ")
                .append(named || depth > 0 ? change.object() + " " : "")
                .append(change.event())
                .append(" by ")
                .append(who(change));
        append(line, ": ", change.why());
        append(line, " — ", whole ? change.summary() : shortened(change.summary()));
        return line.toString();
    }

    /** Controllers are known by their last name; for people the tool they used matters, too. */
    private static String who(Change change) {
        String user = change.user().isEmpty() ? "?" : change.user();
        if (user.startsWith("system:")) {
            return user.substring(user.lastIndexOf(':') + 1);
        }
        return change.manager().isEmpty() || change.manager().equals(user)
                ? user
                : user + " (" + change.manager() + ")";
    }

    private static String shortened(String summary) {
        return summary.length() <= MAX_SUMMARY ? summary : summary.substring(0, MAX_SUMMARY) + "…";
    }

    /** Whether it only counts or reports, as most changes do: nothing was decided, started, stopped or lost. */
    static boolean isBookkeeping(Change change) {
        String summary = change.summary();
        return change.event().equals("updated")
                && summary.contains("status.")
                && !summary.contains("spec.")
                && !summary.contains("status.phase")
                && !summary.contains("restartCount");
    }

    private static void append(StringBuilder line, String before, String text) {
        if (!text.isEmpty()) {
            line.append(before).append(text);
        }
    }

    private static String time(Change change) {
        try {
            return LocalTime.ofInstant(Instant.parse(change.time()), ZoneId.systemDefault())
                    .format(TIME);
        } catch (DateTimeParseException e) {
            return change.time();
        }
    }
}
