package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What led to the state of an object. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Shows what led to the latest change of an object, or of a field of it, from its first cause.",
        footer = {"", "Exit codes: 0 shown, 1 failed or nothing known, 2 wrong usage, 3 nothing runs."})
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private HistoryOptions of = new HistoryOptions();

    @Option(names = "--at", paramLabel = "WHEN", description = "As of a revision, time or age (10m). Default: now.")
    private String at = "";

    @Option(
            names = "--field",
            paramLabel = "PATH",
            description = "Of one field: spec.replicas. Paths are as blame shows them.")
    private String field = "";

    @Override
    public Integer call() throws IOException {
        ObjectNode answer = of.read("why", Map.of("at", at, "field", field));
        if (of.isJson()) {
            System.out.println(answer.toPrettyString());
            return ExitCode.OK;
        }
        List<Change> chain = Change.listOf(answer.path("chain"));
        System.out.println(HistoryOptions.title(answer) + ", because:");
        for (Change change : chain) {
            if (change.equals(chain.getLast()) || !change.isReport()) {
                System.out.println("  " + ChangeLine.of(change, 0, true, false));
            }
        }
        return ExitCode.OK;
    }
}
