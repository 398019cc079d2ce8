package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.http.pki.ClusterAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings a cluster to its shape: starts what does not run, leaves alone what does, and waits until all of it is ready. So
 * the same command starts a cluster, resumes it after a reboot, and replaces an agent that was killed.
 */
final class ClusterStart {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String LOOPBACK = "127.0.0.1";
    /** The role of a database that several masters share. */
    static final String DATABASE = "cassandra";

    private final ClusterDirectory directory;
    private final ClusterProcesses processes;
    private final ClusterShape shape;

    ClusterStart(ClusterDirectory directory, ClusterShape shape) {
        this.directory = directory;
        this.processes = new ClusterProcesses(directory);
        this.shape = shape;
    }

    /** @return how many processes had to be started */
    int run(Progress progress) throws IOException, InterruptedException {
        directory.make();
        try (FileChannel file = FileChannel.open(
                        directory.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                throw Problem.failed("another ./ruori up works on " + directory.root());
            }
            shape.write(directory);
            return startMissing(progress);
        }
    }

    private int startMissing(Progress progress) throws IOException, InterruptedException {
        int started = startDatabase(progress) + startMasters(progress);
        ApiClient client = directory.client();
        List<ProcessRecord> agents = new ArrayList<>();
        for (int number = 1; !shape.inOneProcess() && number <= shape.nodes(); number++) {
            Optional<ProcessRecord> agent = processes.living(shape.nodeName(number));
            if (agent.isEmpty()) {
                progress.set("starting agent " + number + " of " + shape.nodes());
                agent = Optional.of(startAgent(shape.nodeName(number)));
                started++;
            }
            agents.add(agent.get());
        }
        if (shape.inOneProcess()) {
            agents.add(processes.living(shape.masterName(1)).orElseThrow());
        }
        awaitNodes(client, agents, progress);
        return started;
    }

    /** What several masters keep their journal in. */
    private int startDatabase(Progress progress) throws IOException, InterruptedException {
        if (shape.masters() == 1 || processes.living(DATABASE).isPresent()) {
            return 0;
        }
        progress.set("starting the database");
        mustBeFree(shape.cassandraPort());
        mustBeFree(shape.cassandraPort() + 1);
        ProcessRecord database = processes.start(
                DATABASE,
                DATABASE,
                LOOPBACK + ":" + shape.cassandraPort(),
                "",
                List.of("cassandra", directory.cassandra().toString(), Integer.toString(shape.cassandraPort())));
        for (Instant deadline = Instant.now().plus(PATIENCE); isFree(shape.cassandraPort()); Thread.sleep(50)) {
            mustLive(database);
            if (Instant.now().isAfter(deadline)) {
                throw new Problem(
                        ExitCode.NOT_READY,
                        "the database did not start in " + PATIENCE.toSeconds() + " s; see " + directory.log(DATABASE));
            }
        }
        return 1;
    }

    /** The first one makes what all share; the others join it together. */
    private int startMasters(Progress progress) throws IOException, InterruptedException {
        List<Integer> missing = new ArrayList<>();
        for (int number = 1; number <= shape.masters(); number++) {
            if (processes.living(shape.masterName(number)).isEmpty()) {
                missing.add(number);
            }
        }
        boolean first = missing.size() == shape.masters();
        for (int number : missing) {
            progress.set(
                    shape.inOneProcess()
                            ? "starting the master and its node"
                            : shape.masters() == 1
                                    ? "starting the master"
                                    : "starting master " + number + " of " + shape.masters());
            ProcessRecord master = startMaster(number);
            if (first) {
                awaitReady(number, master);
                first = false;
            }
        }
        for (int number = 1; number <= shape.masters(); number++) {
            awaitReady(number, processes.living(shape.masterName(number)).orElseThrow(() -> ended(directory)));
        }
        return missing.size();
    }

    private static Problem ended(ClusterDirectory directory) {
        return Problem.failed("a master ended while the others started; see " + directory.logs());
    }

    private ProcessRecord startMaster(int number) throws IOException {
        String name = shape.masterName(number);
        int port = shape.apiPort(number);
        mustBeFree(port);
        List<String> arguments = new ArrayList<>(
                List.of("master", "--data", directory.root().toString(), "--port", Integer.toString(port)));
        if (!shape.tokenFile().isEmpty()) {
            arguments.addAll(List.of("--token-auth-file", shape.tokenFile()));
        }
        if (shape.masters() > 1) {
            mustBeFree(shape.peerPort(number));
            arguments.addAll(List.of(
                    "--cassandra",
                    LOOPBACK + ":" + shape.cassandraPort(),
                    "--peer-port",
                    Integer.toString(shape.peerPort(number)),
                    "--kubeconfig",
                    directory.kubeconfigFile(number).toString()));
        }
        if (shape.inOneProcess()) {
            arguments.addAll(List.of(
                    "--with-node",
                    shape.nodeName(1),
                    "--runtime",
                    shape.runtime().word()));
        }
        return processes.start(
                name,
                shape.inOneProcess() ? "all" : "master",
                "https://" + LOOPBACK + ":" + port,
                shape.inOneProcess() ? shape.runtime().word() : "",
                arguments);
    }

    private static void mustBeFree(int port) {
        if (!isFree(port)) {
            throw Problem.failed("port " + port + " of " + LOOPBACK + " is in use; choose another with --port");
        }
    }

    private ProcessRecord startAgent(String name) throws IOException {
        ClusterAuthority.open(directory.root(), Instant.now())
                .client(name, "system:node:" + name, List.of("system:nodes"), Instant.now());
        return processes.start(
                name,
                "agent",
                "",
                shape.runtime().word(),
                List.of(
                        "agent",
                        "--data",
                        directory.root().toString(),
                        "--name",
                        name,
                        "--runtime",
                        shape.runtime().word(),
                        "--join",
                        shape.joinAddresses()));
    }

    private void awaitReady(int number, ProcessRecord master) throws IOException, InterruptedException {
        Path kubeconfig = directory.kubeconfigFile(number);
        Optional<ApiClient> client = Optional.empty();
        for (Instant deadline = Instant.now().plus(PATIENCE); Instant.now().isBefore(deadline); Thread.sleep(50)) {
            if (client.isEmpty() && Files.isReadable(kubeconfig)) {
                client = Optional.of(ApiClient.of(kubeconfig));
            }
            // A kubeconfig of an earlier start may name another port until the master has written its own.
            if (client.isPresent() && client.get().server().getPort() != shape.apiPort(number)) {
                client = Optional.empty();
                continue;
            }
            if (client.isPresent() && client.get().isReady()) {
                return;
            }
            mustLive(master);
        }
        throw new Problem(
                ExitCode.NOT_READY,
                "the master did not get ready in " + PATIENCE.toSeconds() + " s; see " + directory.log(master.name()));
    }

    private void awaitNodes(ApiClient client, List<ProcessRecord> agents, Progress progress)
            throws IOException, InterruptedException {
        int ready = 0;
        for (Instant deadline = Instant.now().plus(PATIENCE); Instant.now().isBefore(deadline); Thread.sleep(50)) {
            ready = readyNodes(client);
            progress.set(ready + " of " + shape.nodes() + " nodes ready");
            if (ready == shape.nodes()) {
                return;
            }
            for (ProcessRecord agent : agents) {
                mustLive(agent);
            }
        }
        throw new Problem(
                ExitCode.NOT_READY,
                ready + " of " + shape.nodes() + " nodes were ready after " + PATIENCE.toSeconds() + " s; see "
                        + directory.logs());
    }

    private int readyNodes(ApiClient client) throws IOException {
        int ready = 0;
        for (JsonNode node : client.list("/api/v1/nodes")) {
            if (isOneOfOurs(Json.text(node, "metadata", "name")) && isReady(node)) {
                ready++;
            }
        }
        return ready;
    }

    private boolean isOneOfOurs(String name) {
        for (int number = 1; number <= shape.nodes(); number++) {
            if (shape.nodeName(number).equals(name)) {
                return true;
            }
        }
        return false;
    }

    static boolean isReady(JsonNode object) {
        for (JsonNode condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private void mustLive(ProcessRecord record) throws IOException {
        if (record.process().isEmpty()) {
            record.forget(directory);
            throw Problem.failed("the process " + record.name() + " ended; the end of " + directory.log(record.name())
                    + ":\n  " + processes.lastWords(record));
        }
    }

    /** Whether somebody listens at {@code HOST:PORT}. */
    static boolean answers(String address) {
        int colon = address.lastIndexOf(':');
        try (Socket socket = new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
