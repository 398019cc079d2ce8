package io.ruori.http.chaos;

import io.ruori.http.chaos.MasterClient.Standing;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Tls;
import io.ruori.http.pki.TokenKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The database, the masters and the nodes of a run, each a process in its namespace. A master that ended is started again, as a
 * service manager would, unless a fault holds it down.
 */
final class RunCluster {
    static final int SHARDS = 128;
    static final List<String> NODES = List.of("node-1", "node-2");

    private static final int PORT = 6443;
    private static final int PEER_PORT = 7355;
    private static final int DATABASE_PORT = 9042;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TELLS_WITHIN = Duration.ofSeconds(10);
    private static final List<String> SHARED_FILES = List.of("pki/ca.crt", "pki/ca.key", "pki/sa.pub", "pki/sa.key");

    private final RunSettings settings;
    private final RunNetwork network;
    private final Consumer<String> says;
    private final List<MasterClient> clients = new ArrayList<>();
    private final Map<Integer, Process> masters = new ConcurrentHashMap<>();
    private final Set<Integer> heldDown = ConcurrentHashMap.newKeySet();
    private final AtomicInteger endings = new AtomicInteger();

    RunCluster(RunSettings settings, RunNetwork network, Consumer<String> says) {
        this.says = says;
        this.settings = settings;
        this.network = network;
    }

    List<MasterClient> clients() {
        return clients;
    }

    MasterClient client(int master) {
        return clients.get(master - 1);
    }

    /** How often a master ended that nobody killed. */
    int endings() {
        return endings.get();
    }

    void start() throws IOException, InterruptedException {
        Path shared = Files.createDirectories(settings.data().resolve("shared"));
        ClusterAuthority authority = ClusterAuthority.open(shared, Instant.now());
        TokenKey.open(shared);
        SSLContext tls =
                Tls.context(java.util.Optional.of(authority.administrator(Instant.now())), authority.certificate());
        launch(
                "cassandra",
                network.database(),
                List.of(
                        "cassandra",
                        directory("cassandra").toString(),
                        "" + DATABASE_PORT,
                        RunNetwork.DATABASE_ADDRESS));
        await("the database", () -> listens(RunNetwork.DATABASE_ADDRESS, DATABASE_PORT));
        for (int number = 1; number <= settings.masters(); number++) {
            clients.add(new MasterClient(
                    number, URI.create("https://" + RunNetwork.masterAddress(number) + ":" + PORT), tls));
            Path own = directory("master-" + number);
            ClusterAuthority.privateDirectory(own.resolve("pki"));
            for (String file : SHARED_FILES) {
                Files.copy(shared.resolve(file), own.resolve(file));
            }
            startMaster(number);
            if (number == 1) {
                // The first one makes what all share. Its first end in order leaves the cache of classes, which takes
                // seconds that
                // no fault should be charged with.
                await("master-1", client(1)::isReady);
                signal(1, "TERM");
                process(1).waitFor();
                startMaster(number);
                await("master-1", client(1)::isReady);
            }
        }
        Thread.ofPlatform().daemon().name("chaos-service-manager").start(this::keep);
        await("the masters", this::isWhole);
        for (String node : NODES) {
            authority.client(node, "system:node:" + node, List.of("system:nodes"), Instant.now());
            launch(
                    node,
                    network.hub(),
                    List.of(
                            "agent",
                            "--data",
                            shared.toString(),
                            "--name",
                            node,
                            "--runtime",
                            "simulated",
                            "--join",
                            String.join(
                                    ",",
                                    Stream.iterate(1, n -> n <= settings.masters(), n -> n + 1)
                                            .map(n -> RunNetwork.masterAddress(n) + ":" + PORT)
                                            .toList())));
        }
    }

    private Path directory(String name) throws IOException {
        return Files.createDirectories(settings.data().resolve(name));
    }

    private Process launch(String name, String namespace, List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>(RunNetwork.in(namespace));
        line.addAll(List.of("setsid", settings.launcher().toString()));
        line.addAll(arguments);
        Path log = Files.createDirectories(settings.data().resolve("log")).resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("RUORI_NO_BUILD", "1");
        builder.environment().put("RUORI_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("RUORI_JAVA_FLAGS", javaFlags());
        return builder.start();
    }

    private String javaFlags() {
        // Masters live for seconds here: more compiling than that is never paid back.
        StringBuilder flags = new StringBuilder("-Xmx1g -XX:TieredStopAtLevel=1");
        flags.append(" -Druori.persistence.cassandra.keys-directory=")
                .append(settings.data().resolve("shared"));
        settings.masterSettings().forEach(setting -> flags.append(" -D").append(setting));
        return flags.toString();
    }

    private void startMaster(int number) throws IOException {
        masters.put(
                number,
                launch(
                        "master-" + number,
                        network.master(number),
                        List.of(
                                "master",
                                "--data",
                                directory("master-" + number).toString(),
                                "--address",
                                RunNetwork.masterAddress(number),
                                "--port",
                                "" + PORT,
                                "--peer-port",
                                "" + PEER_PORT,
                                "--cassandra",
                                RunNetwork.DATABASE_ADDRESS + ":" + DATABASE_PORT)));
    }

    private void keep() {
        try {
            for (; ; Thread.sleep(500)) {
                for (int number = 1; number <= settings.masters(); number++) {
                    Process process = masters.get(number);
                    if (process != null && !process.isAlive() && !heldDown.contains(number)) {
                        endings.incrementAndGet();
                        says.accept("master-" + number + " has ended by itself and is started again");
                        startMaster(number);
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With {@code kill -9}; it stays dead until {@link #revive}. */
    void kill(int master) throws InterruptedException {
        heldDown.add(master);
        process(master).destroyForcibly().waitFor();
    }

    void revive(int master) throws IOException {
        startMaster(master);
        heldDown.remove(master);
    }

    void signal(int master, String name) throws IOException, InterruptedException {
        Commands.run("kill", "-" + name, "" + process(master).pid());
    }

    private Process process(int master) {
        Process process = masters.get(master);
        if (process == null) {
            throw new IllegalStateException("master " + master + " was never started");
        }
        return process;
    }

    /** By master, the shards it says it holds; asked again until all shards are told of, as a busy master may not answer. */
    Map<Integer, Set<Integer>> held() throws InterruptedException {
        Map<Integer, Set<Integer>> held = new TreeMap<>();
        boolean complete = reached(TELLS_WITHIN, () -> {
            clients.forEach(
                    client -> held.put(client.number(), client.standing().held()));
            return held.values().stream().mapToInt(Set::size).sum() == SHARDS;
        });
        if (!complete) {
            says.accept("not all shards are told of: " + held);
        }
        return held;
    }

    /** Every master serves, counts all others, and each shard is with one of them. */
    boolean isWhole() {
        Set<Integer> held = new TreeSet<>();
        for (MasterClient client : clients) {
            Standing standing = client.standing();
            if (standing.members() != settings.masters() || !client.isReady()) {
                return false;
            }
            held.addAll(standing.held());
        }
        return held.size() == SHARDS;
    }

    interface Condition {
        boolean holds();
    }

    static boolean reached(Duration patience, Condition condition) throws InterruptedException {
        for (Instant deadline = Instant.now().plus(patience); Instant.now().isBefore(deadline); Thread.sleep(300)) {
            if (condition.holds()) {
                return true;
            }
        }
        return false;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        if (!reached(PATIENCE, condition)) {
            throw new IOException(what + " did not get ready in " + PATIENCE.toSeconds() + " s; logs are in "
                    + settings.data().resolve("log"));
        }
    }

    private static boolean listens(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 500);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }
}
