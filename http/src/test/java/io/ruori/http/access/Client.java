package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** A bare client with one identity: a certificate or none, and headers. */
final class Client {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String server;
    private final HttpClient http;
    private final List<Map.Entry<String, String>> headers;

    Client(String server, SSLContext tls, Map<String, String> headers) {
        this(
                server,
                HttpClient.newBuilder()
                        .sslContext(tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                List.copyOf(headers.entrySet()));
    }

    private Client(String server, HttpClient http, List<Map.Entry<String, String>> headers) {
        this.server = server;
        this.http = http;
        this.headers = headers;
    }

    /** The same with one more header. */
    Client with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Client(server, http, more);
    }

    record Answer(String request, int code, String text, HttpResponse<byte[]> response) {
        Answer is(int expected) {
            assertThat(code).as("%s answered %s", request, text).isEqualTo(expected);
            return this;
        }

        JsonNode json() {
            return Json.read(text);
        }

        /** Refused by an authorizer, in these words. */
        void forbidden(String message) {
            is(403);
            assertThat(Json.text(json(), "reason")).isEqualTo("Forbidden");
            assertThat(Json.text(json(), "message")).isEqualTo(message);
        }

        void unauthorized() {
            is(401);
            assertThat(Json.text(json(), "reason")).isEqualTo("Unauthorized");
            assertThat(Json.text(json(), "message")).isEqualTo("Unauthorized");
        }
    }

    Answer get(String path) {
        return send("GET", path, null, "");
    }

    Answer post(String path, JsonNode body) {
        return send("POST", path, body, "application/json");
    }

    Answer put(String path, JsonNode body) {
        return send("PUT", path, body, "application/json");
    }

    Answer merge(String path, JsonNode body) {
        return send("PATCH", path, body, "application/merge-patch+json");
    }

    /** Server-side apply. */
    Answer apply(String path, JsonNode body) {
        return send("PATCH", path + "?fieldManager=test&force=true", body, "application/apply-patch+yaml");
    }

    Answer delete(String path) {
        return send("DELETE", path, null, "");
    }

    /** A review's status. */
    JsonNode review(String group, String resource, String kind, ObjectNode spec) {
        ObjectNode body = Json.object().put("apiVersion", group + "/v1").put("kind", kind);
        body.set("spec", spec);
        return post("/apis/" + group + "/v1/" + resource, body).is(201).json().path("status");
    }

    private Answer send(String method, String path, @org.jspecify.annotations.Nullable JsonNode body, String type) {
        try {
            return answer(http.send(request(method, path, body, type), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** An open watch: the server has begun to answer. */
    InputStream watch(String path) {
        try {
            HttpResponse<InputStream> response =
                    http.send(request("GET", path, null, ""), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest request(
            String method, String path, @org.jspecify.annotations.Nullable JsonNode body, String type) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(PATIENCE)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.write(body)));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        return request.build();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(
                response.request().method() + " " + response.uri(),
                response.statusCode(),
                new String(response.body(), StandardCharsets.UTF_8),
                response);
    }
}
