package io.ruori.node.simulated;

import io.ruori.node.runtime.ContainerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pretended container does: writes some lines, then runs for ever or ends.
 *
 * @param endsAfter empty to run until stopped
 * @param stopCode the exit code when asked to stop
 */
public record Script(List<String> lines, Optional<Duration> endsAfter, int exitCode, int stopCode) {
    private static final Pattern EXIT = Pattern.compile("\\bexit\\s+(\\d+)");
    private static final Pattern SLEEP = Pattern.compile("\\bsleep\\s+(\\d+(?:\\.\\d+)?)\\b");
    private static final Pattern ECHO = Pattern.compile("\\becho\\s+([^;&|>]+)");
    private static final int SIGTERM = 143;

    public static Script forever() {
        return new Script(List.of(), Optional.empty(), 0, SIGTERM);
    }

    public static Script ends(Duration after, int code) {
        return new Script(List.of(), Optional.of(after), code, SIGTERM);
    }

    /** Understands the few commands that examples use: {@code true}, {@code false}, {@code echo}, {@code sleep}, {@code exit}. */
    public static Script of(ContainerSpec spec) {
        List<String> words = new ArrayList<>(spec.command());
        words.addAll(spec.args());
        if (words.isEmpty()) {
            return forever();
        }
        String text = String.join(" ", words);
        List<String> lines = new ArrayList<>();
        Matcher echo = ECHO.matcher(text);
        while (echo.find()) {
            lines.add(unquoted(echo.group(1).strip()));
        }
        if (words.get(0).equals("false")) {
            return new Script(lines, Optional.of(Duration.ZERO), 1, SIGTERM);
        }
        Matcher exit = EXIT.matcher(text);
        Matcher sleep = SLEEP.matcher(text);
        boolean exits = exit.find();
        boolean sleeps = sleep.find();
        if (text.contains("while ") || text.contains("infinity")) {
            return new Script(lines, Optional.empty(), 0, SIGTERM);
        }
        Duration after = sleeps ? Duration.ofMillis((long) (Double.parseDouble(sleep.group(1)) * 1000)) : Duration.ZERO;
        boolean ends = exits || sleeps || !lines.isEmpty() || words.get(0).equals("true");
        return new Script(
                lines,
                ends ? Optional.of(after) : Optional.empty(),
                exits ? Integer.parseInt(exit.group(1)) : 0,
                SIGTERM);
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && (text.startsWith("\"") || text.startsWith("'"));
        return quoted && text.charAt(text.length() - 1) == text.charAt(0) ? text.substring(1, text.length() - 1) : text;
    }
}
