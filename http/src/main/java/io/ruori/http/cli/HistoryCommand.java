package io.ruori.http.cli;

import io.ruori.http.cli.HistoryClient.Change;
import java.io.IOException;
import java.util.HashSet;
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
    private DataOption data = new DataOption();

    @Mixin
    private ObjectArgument object = new ObjectArgument();

    @Option(names = "--all", description = "Also show changes that only count or report status, and all that changed.")
    private boolean all;

    @Override
    public Integer call() throws IOException {
        ObjectArgument.Past past = object.read(data.directory().client());
        CausalChains chains = new CausalChains(past.all());
        System.out.println(past.title());
        Set<Change> shown = new HashSet<>();
        for (Change change : past.own()) {
            if (shown.contains(change)) {
                continue;
            }
            for (CausalChains.Placed placed : chains.effectsOf(change)) {
                if (shown.add(placed.change()) && (all || !ChangeLine.isBookkeeping(placed.change()))) {
                    System.out.println(ChangeLine.of(placed.change(), placed.depth(), false, all));
                }
            }
        }
        return ExitCode.OK;
    }
}
