package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The machine's Docker Engine, as somebody beside Ruori would use it: the demonstration kills containers with it, and
 * {@code down --containers} removes what is left. HTTP/1.0 keeps an answer in one piece, so that this stays small.
 */
final class DockerEngine {
    /** The label on everything that an agent makes. */
    static final String NODE_LABEL = "io.ruori.node";

    private final Path socket;

    DockerEngine(Path socket) {
        this.socket = socket;
    }

    static DockerEngine ofThisMachine() {
        String host = System.getenv("DOCKER_HOST");
        return new DockerEngine(
                host != null && host.startsWith("unix://")
                        ? Path.of(host.substring("unix://".length()))
                        : Path.of("/var/run/docker.sock"));
    }

    Path socket() {
        return socket;
    }

    boolean answers() {
        try {
            return Files.exists(socket) && call("GET", "/_ping").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** @param labels each as {@code name=value}, or {@code name} alone */
    List<String> containers(List<String> labels) throws IOException {
        String filters = Json.mapper().writeValueAsString(Map.of("label", labels));
        String path = "/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
        List<String> ids = new ArrayList<>();
        for (JsonNode each : Json.mapper().readTree(succeeded(call("GET", path)).body())) {
            ids.add(each.path("Id").asText());
        }
        return ids;
    }

    void kill(String container) throws IOException {
        succeeded(call("POST", "/containers/" + container + "/kill"));
    }

    void remove(String container) throws IOException {
        succeeded(call("DELETE", "/containers/" + container + "?force=1&v=1"));
    }

    private record Answer(int status, String body) {}

    private static Answer succeeded(Answer answer) throws IOException {
        if (answer.status() >= 300) {
            throw new IOException("the Docker Engine answered " + answer.status() + ": "
                    + answer.body().strip());
        }
        return answer;
    }

    private Answer call(String method, String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            String head = method + " /v1.41" + path + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
            ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            Channels.newInputStream(channel).transferTo(all);
            return parse(all.toString(StandardCharsets.UTF_8));
        }
    }

    private static Answer parse(String all) throws IOException {
        int end = all.indexOf("\r\n\r\n");
        String[] status = all.split(" ", 3);
        if (end < 0 || status.length < 2) {
            throw new IOException("the Docker Engine did not answer");
        }
        return new Answer(Integer.parseInt(status[1]), all.substring(end + 4));
    }
}
