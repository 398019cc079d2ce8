package io.ruori.http.cli;

import io.ruori.http.chaos.Run;
import io.ruori.http.chaos.RunNetwork;
import io.ruori.http.chaos.RunSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench chaos}. The command makes the network and starts itself again within it; so whatever happens to the run, somebody
 * outside is left to remove it.
 */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a database and several masters, each in a network namespace of its own (needs root, ip and nft),"
                    + " lets",
            "clients write, read, list and watch through all of them while masters are killed, stopped and cut off,",
            "and checks that nothing acknowledged is lost and all that was seen fits together."
        },
        footer = {"", "Exit codes: 0 nothing was found, 1 something was, or the run failed."})
final class ChaosCommand implements Callable<Integer> {
    @Option(names = "--faults", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "100")
    private int faults;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats the faults of a run. Default: from the clock")
    private @Nullable Long seed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Writes a second that clients ask for. Default: ${DEFAULT-VALUE}",
            defaultValue = "300")
    private int rate;

    @Option(
            names = "--masters",
            paramLabel = "N",
            description = "3 to 9. Default: ${DEFAULT-VALUE}",
            defaultValue = "3")
    private int masters;

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "Objects that are written to. Default: ${DEFAULT-VALUE}",
            defaultValue = "300")
    private int keys;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting of the masters; may be repeated.")
    private List<String> masterSettings = List.of();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where the report goes. Default: bench/results/DATE-chaos")
    private @Nullable Path report;

    @Option(names = "--keep", description = "Keep data and logs; they are kept when something was found, too.")
    private boolean keep;

    /** The process that made the network that this one runs in. */
    @Option(names = "--within", hidden = true)
    private long within;

    @Option(names = "--data", hidden = true)
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        if (faults < 0 || rate < 1 || keys < 1 || masters < 3 || masters > 9) {
            throw new Problem(
                    ExitCode.USAGE, "--faults must be at least 0, --rate and --keys at least 1, --masters 3 to 9");
        }
        return data == null ? outside() : inside(data);
    }

    private int inside(Path directory) throws Exception {
        RunNetwork network = RunNetwork.of(within, masters);
        RunSettings settings = new RunSettings(
                masters,
                faults,
                seed == null ? 0 : seed,
                rate,
                keys,
                masterSettings,
                Path.of(ClusterProcesses.launcher()),
                directory,
                report == null ? directory.resolve("report") : report);
        return new Run(settings, network, System.out).run() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int outside() throws Exception {
        RunNetwork.removeLeftovers();
        long mine = ProcessHandle.current().pid();
        RunNetwork network = RunNetwork.of(mine, masters);
        Path directory = Files.createTempDirectory("ruori-chaos");
        Thread cleaner = new Thread(() -> remove(network));
        Runtime.getRuntime().addShutdownHook(cleaner);
        int code = ExitCode.FAILED;
        try {
            network.make();
            code = new ProcessBuilder(again(network, mine, directory))
                    .inheritIO()
                    .start()
                    .waitFor();
        } finally {
            network.remove();
            Runtime.getRuntime().removeShutdownHook(cleaner);
            if (code == ExitCode.OK && !keep) {
                BenchMaster.delete(directory);
            } else {
                System.out.println("data and logs are in " + directory);
            }
        }
        return code;
    }

    private List<String> again(RunNetwork network, long mine, Path directory) {
        long chosen = seed == null ? System.currentTimeMillis() % 1_000_000 : seed;
        Path results = Path.of("bench/results", LocalDate.now(ZoneOffset.UTC) + "-chaos");
        List<String> line = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                network.hub(),
                "env",
                "RUORI_NO_BUILD=1",
                "RUORI_JAVA_FLAGS=-Xmx3g -XX:TieredStopAtLevel=4",
                ClusterProcesses.launcher(),
                "bench",
                "chaos",
                "--within",
                "" + mine,
                "--data",
                directory.toString(),
                "--report",
                (report == null ? results : report).toAbsolutePath().toString()));
        line.addAll(List.of("--faults", "" + faults, "--seed", "" + chosen, "--rate", "" + rate));
        line.addAll(List.of("--masters", "" + masters, "--keys", "" + keys));
        masterSettings.forEach(setting -> line.addAll(List.of("--set", setting)));
        return line;
    }

    private static void remove(RunNetwork network) {
        try {
            network.remove();
        } catch (IOException e) {
            System.err.println("ruori: the run's network could not be removed: " + Problem.line(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
