package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a cluster was started as, kept so that a second {@code up} without options resumes the same.
 *
 * @param runtime of its nodes; never {@code AUTO}, which was decided when the cluster was first started
 * @param nodes agents; one lives in the master's process, more are processes of their own
 * @param masters one keeps its journal itself; several share a Cassandra, which is started with them
 * @param tokenFile fixed bearer tokens, an absolute path; empty for none
 */
record ClusterShape(int port, RuntimeName runtime, int nodes, int masters, String tokenFile) {
    static final int DEFAULT_PORT = 6443;
    private static final int PEERS = 100;
    private static final int DATABASE = 200;

    static Optional<ClusterShape> read(ClusterDirectory directory) throws IOException {
        Path file = file(directory);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ObjectNode tree = Json.read(Files.readAllBytes(file));
        return Optional.of(new ClusterShape(
                tree.path("port").asInt(DEFAULT_PORT),
                RuntimeName.of(tree.path("runtime").asText()),
                tree.path("nodes").asInt(1),
                tree.path("masters").asInt(1),
                Json.text(tree, "tokenAuthFile")));
    }

    void write(ClusterDirectory directory) throws IOException {
        ObjectNode tree = Json.object()
                .put("port", port)
                .put("runtime", runtime.word())
                .put("nodes", nodes)
                .put("masters", masters)
                .put("tokenAuthFile", tokenFile);
        Pem.writePrivate(file(directory), tree.toPrettyString() + "\n");
    }

    /** One node lives in the master's own process. */
    boolean inOneProcess() {
        return nodes == 1 && masters == 1;
    }

    /** The name of its process. */
    String masterName(int number) {
        return inOneProcess() ? "all" : masters == 1 ? "master" : "master-" + number;
    }

    /** Where a master's API is. */
    int apiPort(int master) {
        return port + master - 1;
    }

    /** Where the other masters reach one. */
    int peerPort(int master) {
        return port + PEERS + master - 1;
    }

    int cassandraPort() {
        return port + DATABASE;
    }

    /** Every port that the cluster listens on, from {@link #port} on. */
    int lastPort() {
        return masters == 1 ? port : cassandraPort() + 1;
    }

    /** Where agents find masters. */
    String joinAddresses() {
        return IntStream.rangeClosed(1, masters)
                .mapToObj(master -> "127.0.0.1:" + apiPort(master))
                .collect(Collectors.joining(","));
    }

    String nodeName(int number) {
        return "node-" + number;
    }

    private static Path file(ClusterDirectory directory) {
        return directory.run().resolve("cluster.shape");
    }
}
