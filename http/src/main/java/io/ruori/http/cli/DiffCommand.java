package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What differs between two moments of an object. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Shows which fields of an object differ between two moments; without --from, since before the last change",
            "that did more than report."
        },
        footer = {"", "Exit codes: 0 shown, 1 failed or nothing known, 2 wrong usage, 3 nothing runs."})
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private HistoryOptions of = new HistoryOptions();

    @Option(names = "--from", paramLabel = "WHEN", description = "The earlier moment: a revision, time or age (10m).")
    private String from = "";

    @Option(names = "--to", paramLabel = "WHEN", description = "The later moment. Default: now.")
    private String to = "";

    @Override
    public Integer call() throws IOException {
        ObjectNode answer = of.read("diff", Map.of("from", from, "to", to));
        if (of.isJson()) {
            System.out.println(answer.toPrettyString());
            return ExitCode.OK;
        }
        System.out.println(HistoryOptions.title(answer) + ", " + state(answer.path("from")) + " → "
                + state(answer.path("to")) + (answer.path("fields").isEmpty() ? ": no difference" : ""));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode each : answer.path("fields")) {
            Change.Field field = Change.Field.of(each);
            boolean isAdded = !each.has("before");
            boolean isRemoved = !each.has("after");
            rows.add(List.of(
                    isAdded ? "+" : isRemoved ? "-" : "~",
                    field.path(),
                    isAdded ? field.after() : isRemoved ? field.before() : field.before() + " → " + field.after()));
        }
        Aligned.print(System.out, rows);
        return ExitCode.OK;
    }

    private static String state(JsonNode state) {
        return ChangeLine.time(Json.text(state, "time")) + (state.path("exists").asBoolean() ? "" : " (not there)");
    }
}
