package io.ruori.http.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A master of a measurement's own, in a process of its own, with simulated nodes and a real, synced journal. */
final class BenchMaster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path temporary;
    private final ClusterProcesses processes;
    private final ProcessRecord master;
    private final ApiClient client;

    private BenchMaster(Path temporary, ClusterProcesses processes, ProcessRecord master, ApiClient client) {
        this.temporary = temporary;
        this.processes = processes;
        this.master = master;
        this.client = client;
    }

    /** Returns when the nodes are ready. */
    static BenchMaster start(int nodes) throws Exception {
        Path temporary = Files.createTempDirectory("ruori-bench");
        ClusterDirectory directory = new ClusterDirectory(temporary.resolve("data")).make();
        ClusterProcesses processes = new ClusterProcesses(directory);
        int port = freePort();
        ProcessRecord master = processes.start(
                "master",
                "master",
                "https://127.0.0.1:" + port,
                "",
                List.of("master", "--data", directory.root().toString(), "--port", "" + port, "--fleet", "" + nodes));
        try {
            return new BenchMaster(temporary, processes, master, ready(directory, master, processes, nodes));
        } catch (Exception e) {
            processes.stop(master, ClusterProcesses.GRACE);
            delete(temporary);
            throw e;
        }
    }

    private static ApiClient ready(
            ClusterDirectory directory, ProcessRecord master, ClusterProcesses processes, int nodes) throws Exception {
        Console.await(PATIENCE, "the master did not get ready", () -> {
            if (master.process().isEmpty()) {
                throw Problem.failed("the master ended:\n  " + lastWords(processes, master));
            }
            return isReady(directory);
        });
        ApiClient client = directory.client();
        Console.await(PATIENCE, nodes + " nodes did not get ready", () -> {
            try {
                return client.list("/api/v1/nodes").stream()
                                .filter(ClusterStart::isReady)
                                .count()
                        >= nodes;
            } catch (IOException e) {
                return false;
            }
        });
        return client;
    }

    private static String lastWords(ClusterProcesses processes, ProcessRecord master) {
        try {
            return processes.lastWords(master);
        } catch (IOException e) {
            return Problem.line(e);
        }
    }

    private static boolean isReady(ClusterDirectory directory) {
        try {
            return directory.hasKubeconfig() && directory.client().isReady();
        } catch (IOException e) {
            return false;
        }
    }

    ApiClient client() {
        return client;
    }

    /** CPU time of the master's process so far, with the nodes in it. */
    Duration cpu() {
        return master.process()
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    long residentBytes() throws IOException {
        Path file = Path.of("/proc/" + master.pid() + "/status");
        if (!Files.exists(file)) {
            return 0;
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        try {
            processes.stop(master, ClusterProcesses.GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(temporary);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
