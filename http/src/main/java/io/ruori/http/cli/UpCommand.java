package io.ruori.http.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts or resumes a cluster on this machine. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster on this machine, or what is missing of one that runs.",
            "Without options a cluster is resumed as it was last started. With one node, master and node share a"
                    + " process;",
            "with more, there is one master process and one agent process per node."
        },
        footer = {"", "Exit codes: 0 ready, 1 failed, 2 wrong usage, 5 not ready in time."})
final class UpCommand implements Callable<Integer> {
    private static final int MAX_NODES = 100;
    private static final int MAX_MASTERS = 9;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--detach", description = "Return when the cluster is ready, and leave it running.")
    private boolean detach;

    @Option(names = "--port", paramLabel = "N", description = "Port of the API on 127.0.0.1. Default: 6443")
    private @Nullable Integer port;

    @Option(
            names = "--runtime",
            paramLabel = "NAME",
            description =
                    "${COMPLETION-CANDIDATES}. auto is docker where an Engine answers or can be got, else simulated."
                            + " Default: auto")
    private @Nullable RuntimeName runtime;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes. Default: 1")
    private @Nullable Integer nodes;

    @Option(
            names = "--masters",
            paramLabel = "N",
            description = "How many masters; several share a Cassandra, which is started, too (needs a Java 17)."
                    + " Default: 1")
    private @Nullable Integer masters;

    @Option(
            names = "--token-auth-file",
            paramLabel = "FILE",
            description = "Fixed bearer tokens, a line each: token,user,uid,\"group1,group2\".")
    private @Nullable Path tokenFile;

    @Override
    public Integer call() throws Exception {
        ClusterDirectory directory = data.directory().make();
        ClusterShape shape = shape(directory);
        Console console = new Console(System.out);
        console.step("cluster of " + size(shape), progress -> {
            int started = new ClusterStart(directory, shape).run(progress);
            return started == 0 ? "was running and is ready" : "ready";
        });
        console.plain("export KUBECONFIG=" + directory.kubeconfigFile());
        if (!detach) {
            stayInFront(directory, console);
        }
        return ExitCode.OK;
    }

    private static String size(ClusterShape shape) {
        String nodes = shape.nodes() + (shape.nodes() == 1 ? " node" : " nodes");
        return shape.masters() == 1 ? nodes : nodes + " and " + shape.masters() + " masters";
    }

    private ClusterShape shape(ClusterDirectory directory) throws IOException, InterruptedException {
        if (nodes != null && (nodes < 1 || nodes > MAX_NODES)) {
            throw new Problem(ExitCode.USAGE, "--nodes must be 1 to " + MAX_NODES);
        }
        if (masters != null && (masters < 1 || masters > MAX_MASTERS)) {
            throw new Problem(ExitCode.USAGE, "--masters must be 1 to " + MAX_MASTERS);
        }
        if (port != null && (port < 1 || port > 65535)) {
            throw new Problem(ExitCode.USAGE, "--port must be 1 to 65535");
        }
        if (tokenFile != null && !Files.isReadable(tokenFile)) {
            throw new Problem(ExitCode.USAGE, "--token-auth-file: cannot read " + tokenFile);
        }
        Optional<ClusterShape> before = ClusterShape.read(directory);
        ClusterShape wanted = new ClusterShape(
                port != null ? port : before.map(ClusterShape::port).orElse(ClusterShape.DEFAULT_PORT),
                runtime != null && runtime != RuntimeName.AUTO
                        ? runtime
                        : before.map(ClusterShape::runtime).orElse(RuntimeName.AUTO),
                nodes != null ? nodes : before.map(ClusterShape::nodes).orElse(1),
                masters != null ? masters : before.map(ClusterShape::masters).orElse(1),
                tokenFile != null
                        ? tokenFile.toAbsolutePath().toString()
                        : before.map(ClusterShape::tokenFile).orElse(""));
        if (wanted.lastPort() > 65535) {
            throw new Problem(ExitCode.USAGE, "--port must leave room for the ports up to " + wanted.lastPort());
        }
        if (before.isPresent() && (before.get().masters() == 1) != (wanted.masters() == 1)) {
            throw Problem.failed("the cluster of " + directory.root() + " keeps its journal "
                    + (wanted.masters() == 1 ? "in Cassandra" : "by itself")
                    + " and cannot change that; choose another directory with --data");
        }
        if (before.isPresent() && !before.get().equals(wanted) && new ClusterProcesses(directory).anyLiving()) {
            throw Problem.failed("the cluster runs with other settings (port "
                    + before.get().port() + ", runtime " + before.get().runtime() + ", nodes "
                    + before.get().nodes() + ", masters " + before.get().masters() + "); ./ruori down"
                    + directory.option() + " first");
        }
        return wanted.runtime() == RuntimeName.SIMULATED ? wanted : decideRuntime(wanted);
    }

    private static ClusterShape decideRuntime(ClusterShape wanted) throws IOException, InterruptedException {
        RuntimeChoice choice = RuntimeChoice.of(wanted.runtime());
        System.out.println("runtime: " + choice.because());
        return new ClusterShape(wanted.port(), choice.runtime(), wanted.nodes(), wanted.masters(), wanted.tokenFile());
    }

    /** Until somebody presses Ctrl-C, or a process ends. */
    private static void stayInFront(ClusterDirectory directory, Console console) throws Exception {
        ClusterProcesses processes = new ClusterProcesses(directory);
        List<ProcessRecord> started = processes.all();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAll(processes, started)));
        console.plain("Ctrl-C stops it; logs are in " + directory.logs());
        for (; ; Thread.sleep(500)) {
            for (ProcessRecord each : started) {
                if (each.process().isEmpty()) {
                    throw Problem.failed("the process " + each.name() + " ended:\n  " + processes.lastWords(each));
                }
            }
        }
    }

    private static void stopAll(ClusterProcesses processes, List<ProcessRecord> started) {
        for (ProcessRecord each : started.reversed()) {
            try {
                processes.stop(each, ClusterProcesses.GRACE);
            } catch (IOException e) {
                System.err.println("ruori: cannot stop " + each.name() + ": " + Problem.line(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
