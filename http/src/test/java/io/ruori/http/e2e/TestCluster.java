package io.ruori.http.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** A cluster of its own data directory and port, started through the launcher. */
final class TestCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Path REPOSITORY = repository();

    /** How far above its first port a cluster of several masters also listens. */
    private static final int PEERS = 100;

    private static final int DATABASE = 200;

    /** How many ports a cluster has for itself. */
    private static final int BLOCK = 300;

    private static final int LOWEST = 10_000;
    private static final int BLOCKS = 33;

    private final Path data;
    private final ServerSocket claim;
    private final int port;
    private final int nodes;
    private final int masters;
    private final String runtime;
    private final String kubectl;

    private TestCluster(Path data, ServerSocket claim, int nodes, int masters, String runtime, String kubectl) {
        this.data = data;
        this.claim = claim;
        this.port = claim.getLocalPort() + 1 - BLOCK;
        this.nodes = nodes;
        this.masters = masters;
        this.runtime = runtime;
        this.kubectl = kubectl;
    }

    /** The kubectl of this machine, and the newest where one was fetched. Every story is told with each. */
    static List<Arguments> kubectls() {
        List<Arguments> all = new ArrayList<>();
        all.add(Arguments.of(Named.of("the installed kubectl", installedKubectl())));
        String newest = System.getenv("RUORI_KUBECTL_NEWEST");
        if (newest != null && !newest.isEmpty() && !newest.equals(installedKubectl())) {
            all.add(Arguments.of(Named.of("the newest kubectl", newest)));
        }
        return all;
    }

    static TestCluster start(String runtime, int nodes, String kubectl) {
        return start(runtime, nodes, 1, kubectl);
    }

    /** @param masters several share a database, which needs a Java 17 */
    static TestCluster start(String runtime, int nodes, int masters, String kubectl) {
        Assumptions.assumeTrue(!kubectl.isEmpty(), "no kubectl: set RUORI_KUBECTL or put it on the PATH");
        try {
            Path data = Files.createTempDirectory("ruori-e2e").resolve("data");
            TestCluster cluster = new TestCluster(data, claimedBlock(masters), nodes, masters, runtime, kubectl);
            cluster.up();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts what is missing. */
    void up() {
        launcher(
                        "up",
                        "--detach",
                        "--data",
                        data.toString(),
                        "--port",
                        Integer.toString(port),
                        "--runtime",
                        runtime,
                        "--nodes",
                        Integer.toString(nodes),
                        "--masters",
                        Integer.toString(masters))
                .succeeded();
    }

    Outcome launcher(String... arguments) {
        List<String> line = new ArrayList<>(List.of(REPOSITORY.resolve("ruori").toString()));
        line.addAll(List.of(arguments));
        return run(line, "");
    }

    /** A file of the repository. */
    static Path file(String name) {
        return REPOSITORY.resolve(name);
    }

    static void write(String file, String text) {
        try {
            Files.writeString(Path.of(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kubectl in a namespace. */
    Kubectl kubectl(String namespace) {
        return new Kubectl(kubectl, namespace, kubeconfig());
    }

    /** kubectl that talks to one of several masters. */
    Kubectl kubectl(String namespace, int master) {
        Path kubeconfig = master == 1 ? kubeconfig() : data.resolve("admin-" + master + ".kubeconfig");
        return new Kubectl(kubectl, namespace, kubeconfig);
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    Path kubeconfig() {
        return data.resolve("admin.kubeconfig");
    }

    /** The pid of a process, by its file under {@code run/}. */
    long pid(String process) {
        try {
            String record = Files.readString(data.resolve("run").resolve(process + ".json"));
            return Long.parseLong(record.replaceAll("(?s).*\"pid\"\\s*:\\s*(\\d+).*", "$1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9}. */
    void kill(String process) throws Exception {
        ProcessHandle handle = ProcessHandle.of(pid(process)).orElseThrow();
        handle.destroyForcibly();
        awaitEnd(handle, 100);
    }

    /** As {@code kill -TERM}, or systemd: it ends by itself. */
    void stop(String process) throws Exception {
        ProcessHandle handle = ProcessHandle.of(pid(process)).orElseThrow();
        handle.destroy();
        awaitEnd(handle, 1200);
    }

    private static void awaitEnd(ProcessHandle handle, int looks) throws Exception {
        for (int i = 0; i < looks && isRunning(handle.pid()); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static boolean isRunning(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }

    @Override
    public void close() {
        launcher("down", "--containers", "--data", data.toString());
        try (claim;
                Stream<Path> files = Files.walk(data.getParent())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String kubectlPath() {
        return kubectl;
    }

    static String installedKubectl() {
        String named = System.getenv("RUORI_KUBECTL");
        if (named != null && !named.isEmpty()) {
            return named;
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }

    static boolean dockerAnswers() {
        return run(List.of("docker", "version", "--format", "{{.Server.Version}}"), "")
                        .code()
                == 0;
    }

    /** Makes {@code ruori/web:1} to {@code :3}, through the demonstration's own door. */
    static void makeImages() {
        String classPath = System.getProperty("java.class.path");
        run(
                        List.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                classPath,
                                "io.ruori.runtime.docker.BusyboxImages",
                                "1",
                                "2",
                                "3"),
                        "")
                .succeeded();
    }

    /** Containers of this cluster alone: others may share the Engine. */
    List<String> containers(String... labels) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> nodes = Files.list(data.resolve("nodes"))) {
            for (Path node : nodes.toList()) {
                String mark = Files.readString(node.resolve("runtime-mark")).strip();
                List<String> line = new ArrayList<>(
                        List.of("docker", "ps", "-q", "--no-trunc", "--filter", "label=io.ruori.node=" + mark));
                for (String label : labels) {
                    line.addAll(List.of("--filter", "label=io.ruori." + label));
                }
                run(line, "").succeeded().output().lines().forEach(found::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    static Outcome docker(String... arguments) {
        List<String> line = new ArrayList<>(List.of("docker"));
        line.addAll(List.of(arguments));
        return run(line, "");
    }

    /** @param input on standard input */
    static Outcome run(List<String> line, String input) {
        return run(line, input, Map.of());
    }

    static Outcome run(List<String> line, String input, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile("ruori-e2e", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("RUORI_NO_BUILD", "1");
            Process process = builder.start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            } catch (IOException e) {
                // It did not want to read: its exit code tells.
                assert e.getMessage() != null;
            }
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String output = Files.readString(out);
            Files.delete(out);
            return new Outcome(String.join(" ", line), ended ? process.exitValue() : -1, output);
        } catch (IOException e) {
            return new Outcome(String.join(" ", line), -1, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Holds the last port of a block for as long as the cluster lives, so that no other story takes one of the block between
     * this look and the start. Below the ports that Linux gives to outgoing connections (32768 and up).
     */
    private static ServerSocket claimedBlock(int masters) throws IOException {
        int offset = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int look = 0; look < BLOCKS; look++) {
            int port = LOWEST + (offset + look) % BLOCKS * BLOCK;
            if (IntStream.range(0, masters).allMatch(i -> isFree(port + i) && isFree(port + PEERS + i))
                    && isFree(port + DATABASE)
                    && isFree(port + DATABASE + 1)) {
                try {
                    return bound(port + BLOCK - 1);
                } catch (BindException another) {
                    // The next block, then.
                }
            }
        }
        throw new IOException("no free ports between " + LOWEST + " and " + (LOWEST + BLOCKS * BLOCK));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = bound(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static ServerSocket bound(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("ruori")) ? here : here.getParent();
    }
}
