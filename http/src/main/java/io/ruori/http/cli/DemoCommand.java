package io.ruori.http.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The first thing to try. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster and shows it work: a Deployment on real containers, healed, rolled and rolled back.",
            "The cluster is left running; ./ruori down stops it. A second run starts from what is there."
        },
        footer = {"", "Exit codes: 0 everything worked, 1 a step failed, 5 the cluster was not ready in time."})
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the API, where the cluster does not run yet. Default: 6443")
    private @Nullable Integer port;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}",
            defaultValue = "auto")
    private RuntimeName runtime = RuntimeName.AUTO;

    @Override
    public Integer call() throws Exception {
        new Demo(data.directory().make(), runtime, port, new Console(System.out)).run();
        return ExitCode.OK;
    }
}
