package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.http.pki.ClusterAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
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
        int started = 0;
        String name = shape.inOneProcess() ? "all" : "master";
        Optional<ProcessRecord> living = processes.living(name);
        if (living.isEmpty()) {
            started++;
        }
        progress.set("starting the " + (shape.inOneProcess() ? "master and its node" : "master"));
        ProcessRecord master = living.isPresent() ? living.get() : startMaster(name);
        awaitReady(master);
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
            agents.add(master);
        }
        awaitNodes(client, agents, progress);
        return started;
    }

    private ProcessRecord startMaster(String name) throws IOException {
        if (!isFree(shape.port())) {
            throw Problem.failed("port " + shape.port() + " of " + LOOPBACK + " is in use; choose another with --port");
        }
        List<String> arguments = new ArrayList<>(
                List.of("master", "--data", directory.root().toString(), "--port", Integer.toString(shape.port())));
        if (!shape.tokenFile().isEmpty()) {
            arguments.addAll(List.of("--token-auth-file", shape.tokenFile()));
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
                name,
                "https://" + LOOPBACK + ":" + shape.port(),
                shape.inOneProcess() ? shape.runtime().word() : "",
                arguments);
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
                        LOOPBACK + ":" + shape.port()));
    }

    private void awaitReady(ProcessRecord master) throws IOException, InterruptedException {
        Optional<ApiClient> client = Optional.empty();
        for (Instant deadline = Instant.now().plus(PATIENCE); Instant.now().isBefore(deadline); Thread.sleep(50)) {
            if (client.isEmpty() && directory.hasKubeconfig()) {
                client = Optional.of(directory.client());
            }
            // A kubeconfig of an earlier start may name another port until the master has written its own.
            if (client.isPresent() && client.get().server().getPort() != shape.port()) {
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

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
