package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happened to an object, and what that led to. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            "Shows every change of an object: when, by whom and why; below each, what it led to,",
            "from your command down to the containers."
        },
        footer = {"", "Exit codes: 0 shown, 1 failed or nothing known, 2 wrong usage, 3 nothing runs."})
final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private HistoryOptions of = new HistoryOptions();

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description = "Only what happened after a revision, time or age (10m).")
    private String from = "";

    @Option(names = "--to", paramLabel = "WHEN", description = "Only what happened until then.")
    private String to = "";

    @Option(names = "--all", description = "Also show changes that only count or report status, and all that changed.")
    private boolean all;

    @Option(names = "--own", description = "Only the object itself, not what its changes led to.")
    private boolean own;

    @Override
    public Integer call() throws IOException {
        ObjectNode answer = of.read(own ? "" : "effects", Map.of("from", from, "to", to));
        if (of.isJson()) {
            System.out.println(answer.toPrettyString());
            return ExitCode.OK;
        }
        System.out.println(HistoryOptions.title(answer));
        if (answer.has("olderUntil")) {
            System.out.println("(older changes are left out; go on with --to " + Json.text(answer, "olderUntil") + ")");
        }
        print(Change.listOf(answer.path("changes")), objectOf(answer));
        if (answer.path("cutOff").asBoolean()) {
            System.out.println("(there is more; ask for less with --from, --to or --own)");
        }
        return ExitCode.OK;
    }

    private static String objectOf(ObjectNode answer) {
        return Json.text(answer, "object", "kind") + "/" + Json.text(answer, "object", "name");
    }

    private void print(List<Change> changes, String object) {
        CausalChains chains = new CausalChains(changes);
        Set<Change> shown = new HashSet<>();
        for (Change change : changes) {
            if (shown.contains(change) || !(own || change.object().equals(object))) {
                continue;
            }
            for (CausalChains.Placed placed : chains.effectsOf(change)) {
                if (shown.add(placed.change()) && (all || !placed.change().isReport())) {
                    System.out.println(ChangeLine.of(placed.change(), placed.depth(), false, all));
                }
            }
        }
    }
}
