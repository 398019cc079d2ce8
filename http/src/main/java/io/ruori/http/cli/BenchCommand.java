package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measurements that anyone can repeat. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this build on this machine.",
        footer = {"", "./ruori bench sim lives through whole masters from seeds, on one thread; see its --help."},
        subcommands = {
            BenchCommand.Density.class,
            BenchCommand.AsOf.class,
            BenchCommand.Masters.class,
            ChaosCommand.class
        })
final class BenchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.err);
        return ExitCode.USAGE;
    }

    /** {@code bench density}. */
    @Command(
            name = "density",
            mixinStandardHelpOptions = true,
            description = {
                "Starts a master of its own with simulated nodes and a real, synced journal, creates a Deployment, and",
                "measures until the last Pod is seen Running. Server CPU includes the simulated nodes."
            },
            footer = {"", "Exit codes: 0 measured, 1 failed."})
    static final class Density implements Callable<Integer> {
        @Option(
                names = "--pods",
                paramLabel = "N",
                description = "Replicas. Default: ${DEFAULT-VALUE}",
                defaultValue = "1000")
        private int pods;

        @Option(
                names = "--nodes",
                paramLabel = "N",
                description = "Simulated nodes. Default: ${DEFAULT-VALUE}",
                defaultValue = "100")
        private int nodes;

        @Option(
                names = "--warmup",
                paramLabel = "N",
                description = "Rounds before the one that counts, with as many Pods. Default: ${DEFAULT-VALUE}",
                defaultValue = "1")
        private int warmup;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            if (pods < 1 || nodes < 1 || warmup < 0) {
                throw new Problem(ExitCode.USAGE, "--pods and --nodes must be at least 1, --warmup at least 0");
            }
            DensityBench.Result result = new DensityBench(pods, nodes, warmup, json ? System.err : System.out).run();
            System.out.println(json ? result.json().toPrettyString() : result.text());
            return ExitCode.OK;
        }
    }

    /** {@code bench asof}. */
    @Command(
            name = "asof",
            mixinStandardHelpOptions = true,
            description = {
                "Starts a master of its own with simulated nodes, remembers a moment at which Pods run, lets"
                        + " generations of",
                "others come and go, and measures lists of the Pods of that moment."
            },
            footer = {"", "Exit codes: 0 measured, 1 failed."})
    static final class AsOf implements Callable<Integer> {
        @Option(
                names = "--pods",
                paramLabel = "N",
                description = "Pods in the list. Default: ${DEFAULT-VALUE}",
                defaultValue = "1000")
        private int pods;

        @Option(
                names = "--changes",
                paramLabel = "N",
                description = "Changes of Pods since then, at least. Default: ${DEFAULT-VALUE}",
                defaultValue = "100000")
        private int changes;

        @Option(
                names = "--nodes",
                paramLabel = "N",
                description = "Simulated nodes. Default: ${DEFAULT-VALUE}",
                defaultValue = "100")
        private int nodes;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            if (pods < 1 || nodes < 1 || changes < 0) {
                throw new Problem(ExitCode.USAGE, "--pods and --nodes must be at least 1, --changes at least 0");
            }
            AsOfBench.Result result = new AsOfBench(pods, changes, nodes, json ? System.err : System.out).run();
            System.out.println(json ? result.json().toPrettyString() : result.text());
            return ExitCode.OK;
        }
    }

    /** {@code bench masters}. */
    @Command(
            name = "masters",
            mixinStandardHelpOptions = true,
            description = {
                "Starts a database and two masters on this machine, measures creations of ConfigMaps by many clients"
                        + " and single",
                "changes through the master that holds the object and through the other, ends one, and measures again."
            },
            footer = {"", "Exit codes: 0 measured, 1 failed."})
    static final class Masters implements Callable<Integer> {
        @Option(names = "--clients", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "32")
        private int clients;

        @Option(
                names = "--seconds",
                paramLabel = "N",
                description = "How long each measurement lasts. Default: ${DEFAULT-VALUE}",
                defaultValue = "20")
        private int seconds;

        @Option(
                names = "--port",
                paramLabel = "N",
                description = "The first of about 200 on 127.0.0.1. Default: ${DEFAULT-VALUE}",
                defaultValue = "7640")
        private int port;

        @Option(names = "--json", description = "Print one JSON object.")
        private boolean json;

        @Override
        public Integer call() throws Exception {
            if (clients < 2 || seconds < 1) {
                throw new Problem(ExitCode.USAGE, "--clients must be at least 2, --seconds at least 1");
            }
            MastersBench bench =
                    new MastersBench(port, clients, Duration.ofSeconds(seconds), json ? System.err : System.out);
            ObjectNode result = bench.run();
            if (json) {
                System.out.println(result.toPrettyString());
            } else {
                System.out.printf(
                        Locale.ROOT,
                        "two masters against one: %.2f times as much%n",
                        result.path("two_against_one").asDouble());
            }
            return ExitCode.OK;
        }
    }
}
