package io.ruori.http.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.api.Json;
import io.ruori.http.RuoriServer;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;

/** A master without nodes in this process, and its administrator. */
final class OneMaster implements AutoCloseable {
    static final String JSON = "application/json";
    static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    static final String PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorSystem<Void> system;
    private final URI server;
    private final HttpClient http;

    private OneMaster(ActorSystem<Void> system, URI server, HttpClient http) {
        this.system = system;
        this.server = server;
        this.http = http;
    }

    static OneMaster start(Path data) throws IOException {
        int port = freePort();
        ActorSystem<Void> system = RuoriServer.start(config(data, port));
        Instant now = Instant.now();
        ClusterAuthority authority = ClusterAuthority.open(data, now);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Tls.context(Optional.of(authority.administrator(now)), authority.certificate()))
                .build();
        OneMaster master = new OneMaster(system, URI.create("https://127.0.0.1:" + port), http);
        await("the master is ready").atMost(PATIENCE).ignoreExceptions().until(() -> master.get("/readyz").code == 200);
        return master;
    }

    private static Config config(Path data, int port) {
        return ConfigFactory.load(ConfigFactory.parseMap(Map.of(
                        "ruori.data-directory",
                        data.toString(),
                        "ruori.master.port",
                        port,
                        "pekko.coordinated-shutdown.exit-jvm",
                        "off"))
                .withFallback(ConfigFactory.parseResources("application.conf")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        ActorTestKit.shutdown(system, PATIENCE);
    }

    /** What came back. */
    record Answer(String request, int code, String body) {
        Answer is(int expected) {
            assertThat(code).as("%s answered %s", request, body).isEqualTo(expected);
            return this;
        }

        ObjectNode json() {
            return Json.read(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        String text(String... path) {
            return Json.text(json(), path);
        }

        long revision() {
            return Long.parseLong(text("metadata", "resourceVersion"));
        }

        List<String> names() {
            List<String> names = new ArrayList<>();
            for (JsonNode item : json().path("items")) {
                names.add(Json.text(item, "metadata", "name"));
            }
            return names;
        }
    }

    Answer get(String path) {
        return get(path, JSON);
    }

    Answer get(String path, String accept) {
        return send("GET", path, accept, JSON, "");
    }

    Answer post(String path, String body) {
        return send("POST", path, JSON, JSON, body);
    }

    Answer put(String path, String body) {
        return send("PUT", path, JSON, JSON, body);
    }

    Answer merge(String path, String body) {
        return send("PATCH", path, JSON, "application/merge-patch+json", body);
    }

    Answer delete(String path) {
        return send("DELETE", path, JSON, JSON, "");
    }

    private Answer send(String method, String path, String accept, String type, String body) {
        try {
            HttpResponse<String> response = http.send(
                    request(path, accept)
                            .header("Content-Type", type)
                            .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                            .timeout(PATIENCE)
                            .build(),
                    BodyHandlers.ofString());
            return new Answer(method + " " + path, response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(server.resolve(path)).header("Accept", accept);
    }

    Watching watch(String path) {
        return watch(path, JSON);
    }

    Watching watch(String path, String accept) {
        try {
            HttpResponse<InputStream> response =
                    http.send(request(path, accept).GET().build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return new Watching(path, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // ---- what the stories write

    String namespace(String name) {
        post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}").is(201);
        return "/api/v1/namespaces/" + name;
    }

    /** Makes a Secret (a new namespace has none) with a label and a value; its revision. */
    long create(String namespace, String name, String label, String value) {
        return post(namespace + "/secrets", secret(name, label, value)).is(201).revision();
    }

    /** Changes both; its revision. */
    long change(String namespace, String name, String label, String value) {
        return merge(namespace + "/secrets/" + name, secret(name, label, value))
                .is(200)
                .revision();
    }

    static String secret(String name, String label, String value) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"tier\":\"" + label
                + "\"}},\"stringData\":{\"v\":\"" + value + "\"}}";
    }
}
