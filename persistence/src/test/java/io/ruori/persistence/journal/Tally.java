package io.ruori.persistence.journal;

import io.ruori.persistence.journal.JournalFault.CannotOpen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What became of many damaged journals. */
final class Tally {
    private static final @Nullable String REPORT = System.getProperty("powercut.report");

    private final String name;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    final List<String> amiss = new ArrayList<>();
    final List<String> refused = new ArrayList<>();

    /** Opened, and a record that cannot be read said so. */
    final List<String> loud = new ArrayList<>();

    int held;

    Tally(String name) {
        this.name = name;
    }

    interface Check {
        void run() throws IOException;
    }

    /**
     * @param kind of damage
     * @param what the damage was
     */
    void count(Object kind, String what, Check check) throws IOException {
        String outcome;
        String why = "";
        try {
            check.run();
            outcome = "held";
            held++;
        } catch (CannotOpen e) {
            Path file = e.file();
            boolean named = file != null && !Files.isDirectory(file);
            outcome = named ? "refused" : "refused, naming the directory";
            why = String.valueOf(e.getMessage());
            refused.add(kind + " " + what + ": " + why);
        } catch (JournalFault e) {
            outcome = "faulty when read";
            why = String.valueOf(e.getMessage());
            loud.add(kind + " " + what + ": " + why);
        } catch (AssertionError | RuntimeException e) {
            outcome = "AMISS";
            why = String.valueOf(e);
            amiss.add(kind + " " + what + ": " + e);
        }
        outcomes.merge(kind + " " + outcome, 1, Integer::sum);
        write("{\"story\":%s,\"kind\":%s,\"what\":%s,\"outcome\":%s,\"why\":%s}"
                .formatted(quote(name), quote(kind), quote(what), quote(outcome), quote(why)));
    }

    void report(String of) throws IOException {
        System.out.println(name + ": " + of + ": " + outcomes);
        write("{\"story\":%s,\"of\":%s,\"outcomes\":%s}".formatted(quote(name), quote(of), quote(outcomes)));
    }

    void add(Tally other) {
        held += other.held;
        amiss.addAll(other.amiss);
        refused.addAll(other.refused);
        loud.addAll(other.loud);
    }

    private static String quote(Object text) {
        return '"'
                + text.toString()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replaceAll("/[^ \"]*/(powercut|junit-?)[0-9]+/", "")
                        .replaceAll("\\p{Cntrl}", " ")
                + '"';
    }

    private static void write(String line) throws IOException {
        if (REPORT != null) {
            Files.write(
                    Path.of(REPORT),
                    (line + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }
}
