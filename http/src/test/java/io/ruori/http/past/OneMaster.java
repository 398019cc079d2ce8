package io.ruori.http.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.fixture.InProcessMaster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A master without nodes in this process, and its administrator. */
final class OneMaster implements AutoCloseable {
    static final String JSON = "application/json";
    static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    static final String PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    private final InProcessMaster master;
    private final HttpClient http;

    private OneMaster(InProcessMaster master, HttpClient http) {
        this.master = master;
        this.http = http;
    }

    static OneMaster start(Path data) throws IOException {
        InProcessMaster running = InProcessMaster.start(data);
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(running.administrator())
                .build();
        OneMaster master = new OneMaster(running, http);
        await("the master is ready")
                .atMost(InProcessMaster.PATIENCE)
                .ignoreExceptions()
                .until(() -> master.get("/readyz").code == 200);
        return master;
    }

    @Override
    public void close() {
        master.close();
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
                            .timeout(InProcessMaster.PATIENCE)
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
        return HttpRequest.newBuilder(master.address().resolve(path)).header("Accept", accept);
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
