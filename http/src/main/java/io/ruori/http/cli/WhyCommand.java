package io.ruori.http.cli;

import io.ruori.http.cli.HistoryClient.Change;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What led to the present state of an object. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Shows what led to the latest change of an object, from its first cause.",
        footer = {"", "Exit codes: 0 shown, 1 failed or nothing known, 2 wrong usage, 3 nothing runs."})
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private ObjectArgument object = new ObjectArgument();

    @Override
    public Integer call() throws IOException {
        ObjectArgument.Past past = object.read(data.directory().client());
        List<Change> chain = new CausalChains(past.all()).causesOf(past.own().getLast());
        System.out.println(past.title() + ", because:");
        for (Change change : chain) {
            if (change.equals(past.own().getLast()) || !ChangeLine.isBookkeeping(change)) {
                System.out.println("  " + ChangeLine.of(change, 0, true, false));
            }
        }
        return ExitCode.OK;
    }
}
