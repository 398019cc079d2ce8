package io.ruori.http.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * Steps with their times. On a terminal a running step has a spinner and colours; elsewhere each step is one plain line
 * when it is done.
 */
final class Console {
    private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final Duration FRAME = Duration.ofMillis(80);
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String FAINT = "2";
    private static final String BOLD = "1";

    private final PrintStream out;
    private final boolean terminal;

    Console(PrintStream out) {
        this.out = out;
        terminal = Boolean.getBoolean("ruori.terminal") && System.getenv("NO_COLOR") == null;
    }

    /** What a step does. It may refine its line while it runs, and returns what it found. */
    interface Action {
        String run(Progress progress) throws Exception;
    }

    /** @return what the action said, which is also printed */
    String step(String title, Action action) throws Exception {
        long started = System.nanoTime();
        Progress progress = new Progress();
        Thread spinner = terminal ? Thread.ofVirtual().start(() -> spin(title, progress, started)) : new Thread();
        try {
            String result = action.run(progress);
            stop(spinner);
            line(paint(GREEN, "✓"), title, result, started);
            return result;
        } catch (Exception e) {
            stop(spinner);
            line(paint(RED, "✗"), title, Problem.line(e), started);
            throw e;
        }
    }

    void note(String text) {
        out.println("  " + paint(FAINT, text));
    }

    void heading(String text) {
        out.println(paint(BOLD, text));
    }

    void plain(String text) {
        out.println(text);
    }

    private void line(String mark, String title, String result, long started) {
        String time = String.format(Locale.ROOT, "%6.1f s", seconds(started));
        out.println(mark + paint(FAINT, time) + "  " + title + (result.isEmpty() ? "" : ": " + result));
        out.flush();
    }

    private void spin(String title, Progress progress, long started) {
        try {
            for (int frame = 0; ; frame++) {
                String more = progress.get();
                out.print(String.format(
                        Locale.ROOT,
                        "\r\033[K%s%6.1f s  %s%s",
                        SPINNER[frame % SPINNER.length],
                        seconds(started),
                        title,
                        more.isEmpty() ? "" : " … " + more));
                out.flush();
                Thread.sleep(FRAME);
            }
        } catch (InterruptedException e) {
            out.print("\r\033[K");
            out.flush();
        }
    }

    private static void stop(Thread spinner) throws InterruptedException {
        if (spinner.isAlive()) {
            spinner.interrupt();
            spinner.join();
        }
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private String paint(String code, String text) {
        return terminal ? "\033[" + code + "m" + text + "\033[0m" : text;
    }

    /** Waits until something is so; throws a problem with {@code otherwise} when it is not so in time. */
    static void await(Duration patience, String otherwise, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw Problem.failed(otherwise);
            }
            Thread.sleep(50);
        }
    }
}
