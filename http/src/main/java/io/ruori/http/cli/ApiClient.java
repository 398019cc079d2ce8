package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A small client of the Kubernetes API, blocking, for the commands here: kubectl may be missing on a user's machine. */
final class ApiClient {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final String APPLY = "application/apply-patch+yaml";

    private final URI server;
    private final HttpClient http;

    private ApiClient(Kubeconfigs.Access access) {
        server = access.server();
        http = HttpClient.newBuilder()
                .sslContext(access.tls())
                .connectTimeout(Duration.ofSeconds(5))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    static ApiClient of(Path kubeconfig) throws IOException {
        return new ApiClient(Kubeconfigs.read(kubeconfig));
    }

    URI server() {
        return server;
    }

    ObjectNode get(String path) throws IOException {
        return json(send(request(path).GET()));
    }

    String text(String path) throws IOException {
        return send(request(path).GET());
    }

    List<JsonNode> list(String path) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        get(path).path("items").forEach(items::add);
        return items;
    }

    ObjectNode create(String path, ObjectNode body) throws IOException {
        return json(send(request(path).POST(BodyPublishers.ofByteArray(Json.write(body)))));
    }

    /** Server-side apply as the field manager {@code ruori-demo}, taking fields over from others. */
    ObjectNode apply(String path, ObjectNode body) throws IOException {
        return patch(path + "?fieldManager=ruori-demo&force=true", APPLY, body);
    }

    /** As {@code kubectl set image} does. */
    ObjectNode strategic(String path, ObjectNode body) throws IOException {
        return patch(path + "?fieldManager=ruori-demo", STRATEGIC_PATCH, body);
    }

    void delete(String path) throws IOException {
        send(request(path).DELETE());
    }

    /** Whether the server says that it is ready; false where none answers, too. */
    boolean isReady() {
        try {
            HttpRequest request =
                    request("/readyz").timeout(Duration.ofSeconds(2)).GET().build();
            return http.send(request, BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Follows a watch until {@code done} says so of an event, or the time is over.
     *
     * @return whether it said so
     */
    boolean watch(String path, Duration patience, Predicate<JsonNode> done) throws IOException {
        HttpResponse<InputStream> response = open(path);
        Thread limit = Thread.ofVirtual().start(() -> closeAfter(response.body(), patience));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8), 1 << 16)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (done.test(Json.mapper().readTree(line))) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            if (limit.isAlive()) {
                throw e;
            }
            return false;
        } finally {
            limit.interrupt();
        }
    }

    private HttpResponse<InputStream> open(String path) throws IOException {
        try {
            HttpResponse<InputStream> response = http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
            if (response.statusCode() >= 300) {
                throw failure(
                        response.statusCode(), new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void closeAfter(InputStream stream, Duration patience) {
        try {
            Thread.sleep(patience);
            stream.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ObjectNode patch(String path, String type, ObjectNode body) throws IOException {
        return json(send(request(path)
                .setHeader("Content-Type", type)
                .method("PATCH", BodyPublishers.ofByteArray(Json.write(body)))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("User-Agent", "ruori");
    }

    private String send(HttpRequest.Builder builder) throws IOException {
        try {
            HttpResponse<String> response = http.send(builder.timeout(PATIENCE).build(), BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw failure(response.statusCode(), response.body());
            }
            return response.body();
        } catch (java.net.ConnectException e) {
            throw new Problem(ExitCode.NOT_RUNNING, "nothing answers at " + server + "; start the cluster: ./ruori up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static ObjectNode json(String body) throws IOException {
        return Json.mapper().readTree(body) instanceof ObjectNode tree ? tree : Json.object();
    }

    private static ApiFailure failure(int status, String body) {
        try {
            String message = Json.text(Json.read(body), "message");
            return new ApiFailure(status, message.isEmpty() ? "the server answered " + status : message);
        } catch (RuntimeException notJson) {
            return new ApiFailure(status, "the server answered " + status + ": " + body.strip());
        }
    }
}
