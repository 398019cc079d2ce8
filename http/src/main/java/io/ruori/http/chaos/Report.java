package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.chaos.Recording.Begun;
import io.ruori.http.chaos.core.Operation;
import io.ruori.http.chaos.core.Violation;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** What people read of a run, and the lines behind it. */
final class Report {
    private static final int VIOLATIONS_SHOWN = 200;

    private final RunSettings settings;
    private final Recording recording;
    private final Watchers watchers;
    private final List<Impact> impacts;
    private final List<Violation> violations;
    private final Duration lasted;
    private final int endings;
    private final Lists lists;

    Report(
            RunSettings settings,
            Recording recording,
            Watchers watchers,
            List<Impact> impacts,
            List<Violation> violations,
            Duration lasted,
            int endings,
            Lists lists) {
        this.settings = settings;
        this.recording = recording;
        this.watchers = watchers;
        this.impacts = impacts;
        this.violations = violations;
        this.lasted = lasted;
        this.endings = endings;
        this.lists = lists;
    }

    /** @return whether nothing was found */
    boolean write(PrintStream out) throws IOException {
        Files.createDirectories(settings.report());
        String text = text();
        Files.writeString(settings.report().resolve("summary.md"), text);
        try (Writer raw = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(settings.report().resolve("raw.jsonl.gz"))),
                StandardCharsets.UTF_8)) {
            for (Impact impact : impacts) {
                raw.write(impact.json() + "\n");
            }
            for (ObjectNode second : seconds()) {
                raw.write(second + "\n");
            }
        }
        out.println();
        out.print(text);
        out.println("\nwritten to " + settings.report());
        return violations.isEmpty();
    }

    private String text() {
        StringBuilder text =
                new StringBuilder("# Chaos: " + impacts.size() + " faults, seed " + settings.seed() + "\n\n");
        text.append(
                violations.isEmpty()
                        ? "**No violation.**\n\n"
                        : "**" + violations.size() + " violations**, below.\n\n");
        line(text, "when, commit", Instant.now() + ", " + commit());
        line(
                text,
                "machine",
                Runtime.getRuntime().availableProcessors() + " cores, Java " + Runtime.version() + ", load at the end "
                        + loads());
        line(
                text,
                "settings",
                settings.masters() + " masters, " + settings.keys() + " objects and " + RunCluster.SHARDS + " probes, "
                        + settings.rate() + " writes/s asked for"
                        + (settings.masterSettings().isEmpty() ? "" : "; masters with " + settings.masterSettings()));
        line(text, "lasted", lasted.toSeconds() + " s");
        line(
                text,
                "writes",
                String.format(
                        Locale.ROOT,
                        "%d acknowledged (%.0f/s), %d of unknown outcome, %d refused",
                        recording.acknowledged(),
                        recording.acknowledged() / (double) Math.max(1, lasted.toSeconds()),
                        recording.unknown(),
                        recording.refused()));
        line(
                text,
                "history",
                recording.histories().size() + " changes of "
                        + recording.histories().keys().size() + " objects");
        line(
                text,
                "seen",
                recording.listings().size() + " consistent lists (" + lists.failed() + " not answered), "
                        + watchers.told() + " events of watches, "
                        + recording.pods().seen() + " Pods bound");
        line(text, "masters that ended by themselves", "" + endings);
        line(text, "watches ended", new TreeMap<>(watchers.ends()).toString());
        text.append("\n| | n | p50 | p99 | max | goal |\n|---|---|---|---|---|---|\n");
        row(
                text,
                "a lost shard takes writes again, s",
                impacts.stream().flatMap(i -> i.writable().values().stream()),
                "10");
        row(
                text,
                "all shards of a fault do, s",
                impacts.stream().filter(i -> i.lost() > 0).map(Impact::slowest),
                "10");
        row(
                text,
                "others' longest write meanwhile, s",
                impacts.stream().filter(i -> i.othersWrites() > 0).map(Impact::othersStall),
                "1");
        row(text, "all masters whole after the fault's end, s", impacts.stream().map(Impact::whole), "");
        text.append("\nShards that took no write while it was waited for: ")
                .append(impacts.stream().mapToInt(Impact::neverWritable).sum())
                .append(". Others' writes that failed meanwhile: ")
                .append(impacts.stream().mapToInt(Impact::othersFailed).sum())
                .append(" of ")
                .append(impacts.stream().mapToInt(Impact::othersWrites).sum())
                .append(".\n\n"
                        + "## By kind of fault\n\n"
                        + "| kind | n | shards writable again, p50 / max s | others' longest write, p50 / max s"
                        + " |\n"
                        + "|---|---|---|---|\n");
        for (Fault.Kind kind : Fault.Kind.values()) {
            List<Impact> of =
                    impacts.stream().filter(i -> i.fault().kind() == kind).toList();
            if (!of.isEmpty()) {
                text.append("| ")
                        .append(kind.words())
                        .append(" | ")
                        .append(of.size())
                        .append(" | ")
                        .append(middleAndMost(
                                of.stream().filter(i -> i.lost() > 0).map(Impact::slowest)))
                        .append(" | ")
                        .append(middleAndMost(of.stream().map(Impact::othersStall)))
                        .append(" |\n");
            }
        }
        text.append("\n## Answers\n\n");
        recording
                .answers()
                .forEach((word, count) -> text.append("- ")
                        .append(word)
                        .append(": ")
                        .append(count)
                        .append('\n'));
        if (!violations.isEmpty()) {
            text.append("\n## Violations\n\n");
            violations.stream()
                    .limit(VIOLATIONS_SHOWN)
                    .forEach(v -> text.append("- ").append(v).append('\n'));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("- ").append(name).append(": ").append(value).append('\n');
    }

    private static void row(StringBuilder text, String name, Stream<Duration> durations, String goal) {
        double[] all = sorted(durations);
        text.append("| ").append(name).append(" | ").append(all.length);
        for (double part : new double[] {0.5, 0.99, 1}) {
            text.append(" | ").append(all.length == 0 ? "" : "" + at(all, part));
        }
        text.append(" | ").append(goal).append(" |\n");
    }

    private static String middleAndMost(Stream<Duration> durations) {
        double[] all = sorted(durations);
        return all.length == 0 ? "" : at(all, 0.5) + " / " + at(all, 1);
    }

    private static double[] sorted(Stream<Duration> durations) {
        double[] all = durations.mapToDouble(Impact::seconds).toArray();
        Arrays.sort(all);
        return all;
    }

    private static double at(double[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }

    /** Answers to writes, second by second. */
    private List<ObjectNode> seconds() {
        List<Begun> operations = recording.operations(0);
        if (operations.isEmpty()) {
            return List.of();
        }
        long start = operations.get(0).operation().began();
        Map<Long, int[]> seconds = new TreeMap<>();
        for (Begun begun : operations) {
            Operation operation = begun.operation();
            if (operation.kind() != Operation.Kind.READ && operation.ended() != Long.MAX_VALUE) {
                int which = switch (operation.outcome()) {
                    case DONE -> 0;
                    case UNKNOWN -> 1;
                    case CONFLICT, ABSENT, EXISTS, REFUSED -> 2;
                };
                seconds.computeIfAbsent((operation.ended() - start) / 1_000_000_000, any -> new int[3])[which]++;
            }
        }
        List<ObjectNode> lines = new ArrayList<>();
        seconds.forEach((second, counts) -> lines.add(Json.object()
                .put("second", second)
                .put("acknowledged", counts[0])
                .put("unknown", counts[1])
                .put("refused", counts[2])));
        return lines;
    }

    private String commit() {
        try {
            String home =
                    settings.launcher().toAbsolutePath().resolveSibling("").toString();
            return Commands.run("git", "-C", home, "describe", "--always", "--dirty")
                    .strip();
        } catch (IOException e) {
            return "unknown commit";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown commit";
        }
    }

    private static String loads() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
