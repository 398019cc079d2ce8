package io.ruori.http.e2e;

import static org.awaitility.Awaitility.await;

import io.ruori.http.pki.ClusterAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A database, masters and agents, each started by hand as on a machine of its own: an address and a data directory each. */
final class MachineMasters implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Below those that the kernel gives to connections, of which one might hold a port of ours on another address. */
    private static final int LOWEST = 20_000;

    private static final int PORTS = 12_000;
    private static final String DATABASE = "database";

    private final Path root;
    private final int port;
    private final int databasePort;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    MachineMasters() throws IOException {
        root = Files.createTempDirectory("ruori-machines");
        port = freePorts(100);
        databasePort = freePorts(1);
    }

    /** Where machine {@code number} has its master. */
    String address(int number) {
        return ip(number) + ":" + port;
    }

    private static String ip(int number) {
        return "127.0.0." + (number + 1);
    }

    String port() {
        return Integer.toString(port);
    }

    Path data(int number) {
        return root.resolve("machine-" + number);
    }

    void startDatabase() throws IOException {
        start(DATABASE, "cassandra", root.resolve(DATABASE).toString(), Integer.toString(databasePort));
        await("the database").atMost(PATIENCE).until(() -> lives(DATABASE) && answers());
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", databasePort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The first master of the cluster, on machine 1. */
    void startFirst() throws IOException {
        startMaster(1, "--address", ip(1), "--port", port(), "--cassandra", "127.0.0.1:" + databasePort);
    }

    /** @param arguments beside the data directory */
    void startMaster(int number, String... arguments) throws IOException {
        start("master-" + number, line("master", data(number), arguments));
    }

    /** What a new master is told, beside how it gets in. */
    String[] joining(int number, String... by) {
        return concat(new String[] {"--join", address(1), "--address", ip(number), "--port", port()}, by);
    }

    /** Waits until that machine's master serves. */
    void awaitReady(int number) {
        await("master " + number)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> lives("master-" + number)
                        && Files.exists(data(number).resolve("admin.kubeconfig"))
                        && kubectl("default", number).run("get --raw /readyz").code() == 0);
    }

    /** An agent of a machine of its own, which is given its certificate and one master's address. */
    void startAgent(String node, String master) throws IOException {
        Path data = root.resolve(node);
        Path pki = ClusterAuthority.privateDirectory(
                ClusterAuthority.privateDirectory(data).resolve("pki"));
        Path given = data(1).resolve("pki");
        if (!Files.exists(pki.resolve("ca.crt"))) {
            ClusterAuthority.open(data(1), Instant.now())
                    .client(node, "system:node:" + node, List.of("system:nodes"), Instant.now());
            for (String file : List.of(node + ".crt", node + ".key", "ca.crt")) {
                Files.copy(given.resolve(file), pki.resolve(file));
            }
        }
        start(node, line("agent", data, "--name", node, "--join", master, "--runtime", "simulated"));
    }

    /** A command of the launcher for a machine's data directory, to its end. */
    Outcome launcher(int number, String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(TestCluster.file("ruori").toString()));
        line.addAll(List.of(line(command, data(number), arguments)));
        return TestCluster.run(line, "");
    }

    Kubectl kubectl(String namespace, int number) {
        return new Kubectl(
                TestCluster.installedKubectl(), namespace, data(number).resolve("admin.kubeconfig"));
    }

    /** As {@code kill -9}. */
    void kill(String name) throws InterruptedException {
        Process process = process(name);
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    /** As a service manager stops it. */
    void stop(String name) throws InterruptedException {
        Process process = process(name);
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " did not end");
        }
    }

    private Process process(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException(name + " was not started");
        }
        return process;
    }

    /** What a process printed since the first start. */
    String log(String name) {
        try {
            return Files.readString(root.resolve(name + ".log"));
        } catch (IOException e) {
            return "";
        }
    }

    private boolean lives(String name) {
        if (!process(name).isAlive()) {
            throw new AssertionError(name + " ended:\n" + log(name));
        }
        return true;
    }

    private static String[] line(String command, Path data, String... arguments) {
        return concat(new String[] {command}, concat(arguments, "--data", data.toString()));
    }

    private static String[] concat(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    private void start(String name, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(TestCluster.file("ruori").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        root.resolve(name + ".log").toFile()));
        builder.environment().put("RUORI_NO_BUILD", "1");
        processes.put(name, builder.start());
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(process -> process.onExit().join());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One that is free on every address, as is the one so far above it. */
    private static int freePorts(int above) throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = LOWEST + (int) (Math.random() * PORTS);
            if (isFree(port) && isFree(port + above)) {
                return port;
            }
        }
        throw new IOException("no free ports");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
