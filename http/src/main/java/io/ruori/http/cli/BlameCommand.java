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

/** Who last set each field of an object. */
@Command(
        name = "blame",
        mixinStandardHelpOptions = true,
        description = "Shows who last set each field of an object, when and why. Of one that is gone, as it was last.",
        footer = {"", "Exit codes: 0 shown, 1 failed or nothing known, 2 wrong usage, 3 nothing runs."})
final class BlameCommand implements Callable<Integer> {
    private static final int LONGEST_VALUE = 50;

    @Mixin
    private HistoryOptions of = new HistoryOptions();

    @Option(names = "--at", paramLabel = "WHEN", description = "As of a revision, time or age (10m). Default: now.")
    private String at = "";

    @Override
    public Integer call() throws IOException {
        ObjectNode answer = of.read("blame", Map.of("at", at));
        if (of.isJson()) {
            System.out.println(answer.toPrettyString());
            return ExitCode.OK;
        }
        System.out.println(HistoryOptions.title(answer));
        if (answer.has("deleted")) {
            Change deleted = Change.of(answer.path("deleted"));
            System.out.println("(deleted " + ChangeLine.time(deleted.time()) + " by " + deleted.who() + ")");
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FIELD", "VALUE", "WHO", "WHEN", "WHY"));
        answer.path("fields").forEach(field -> rows.add(row(field)));
        Aligned.print(System.out, rows);
        return ExitCode.OK;
    }

    private static List<String> row(JsonNode field) {
        String value = ChangeLine.shortened(Change.Field.value(field.path("value")), LONGEST_VALUE);
        if (!field.has("revision")) {
            return List.of(Json.text(field, "path"), value, "(too long ago)", "", "");
        }
        Change since = Change.of(field);
        return List.of(Json.text(field, "path"), value, since.who(), ChangeLine.time(since.time()), since.reason());
    }
}
