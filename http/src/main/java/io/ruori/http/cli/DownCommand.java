package io.ruori.http.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a cluster's processes. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = {
            "Stops the processes of a cluster. Its state stays, and so do the containers of its Pods: they go on"
                    + " running,",
            "and the next ./ruori up takes them over as they are. --containers removes them, too."
        },
        footer = {"", "Exit codes: 0 stopped, 1 failed, 3 nothing ran."})
final class DownCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--containers", description = "Also remove the containers of the cluster's Pods.")
    private boolean containers;

    @Override
    public Integer call() throws Exception {
        ClusterDirectory directory = data.directory();
        ClusterProcesses processes = new ClusterProcesses(directory);
        boolean ran = processes.anyLiving();
        List<String> nodes = nodes(directory);
        Console console = new Console(System.out);
        // Agents first: a master that goes away under them would only fill their logs.
        for (ProcessRecord each : processes.all().reversed()) {
            console.step(
                    "stopping " + each.name(),
                    progress ->
                            processes.stop(each, ClusterProcesses.GRACE) ? "" : "did not end when asked, was killed");
        }
        if (containers) {
            console.step("removing containers", progress -> remove(nodes) + " removed");
        }
        if (!ran && !containers) {
            throw Problem.notRunning(directory);
        }
        return ExitCode.OK;
    }

    /** What the containers of this cluster's nodes are marked with. */
    private static List<String> nodes(ClusterDirectory directory) throws IOException {
        List<String> marks = new ArrayList<>();
        if (Files.isDirectory(directory.nodes())) {
            try (DirectoryStream<Path> nodes = Files.newDirectoryStream(directory.nodes())) {
                for (Path node : nodes) {
                    Path mark = node.resolve("runtime-mark");
                    if (Files.exists(mark)) {
                        marks.add(Files.readString(mark).strip());
                    }
                }
            }
        }
        return marks;
    }

    private static int remove(List<String> nodes) throws IOException {
        DockerEngine engine = DockerEngine.ofThisMachine();
        int removed = 0;
        for (String node : nodes) {
            for (String id : engine.answers()
                    ? engine.containers(List.of(DockerEngine.NODE_LABEL + "=" + node))
                    : List.<String>of()) {
                engine.remove(id);
                removed++;
            }
        }
        return removed;
    }
}
