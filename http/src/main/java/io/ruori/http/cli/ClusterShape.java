package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a cluster was started as, kept so that a second {@code up} without options resumes the same.
 *
 * @param runtime of its nodes; never {@code AUTO}, which was decided when the cluster was first started
 * @param nodes agents; one lives in the master's process, more are processes of their own
 * @param tokenFile fixed bearer tokens, an absolute path; empty for none
 */
record ClusterShape(int port, RuntimeName runtime, int nodes, String tokenFile) {
    static final int DEFAULT_PORT = 6443;

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
                Json.text(tree, "tokenAuthFile")));
    }

    void write(ClusterDirectory directory) throws IOException {
        ObjectNode tree = Json.object()
                .put("port", port)
                .put("runtime", runtime.word())
                .put("nodes", nodes)
                .put("tokenAuthFile", tokenFile);
        Pem.writePrivate(file(directory), tree.toPrettyString() + "\n");
    }

    /** One node lives in the master's own process. */
    boolean inOneProcess() {
        return nodes == 1;
    }

    String nodeName(int number) {
        return "node-" + number;
    }

    private static Path file(ClusterDirectory directory) {
        return directory.run().resolve("cluster.shape");
    }
}
