package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.ProtobufCodec;
import io.ruori.http.codec.YamlCodec;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/** A bare client: every header as the test says, and whatever comes back. */
final class Api {
    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    static final String APPLY = "application/apply-patch+yaml";
    static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    static final String PARTIAL = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    static final String PARTIAL_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI server;
    private final HttpClient http;

    Api(URI server, SSLContext tls) {
        this.server = server;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** What came back, with what was asked, for messages. */
    record Answer(String request, int code, String type, List<String> warnings, byte[] body) {
        Answer is(int expected) {
            assertThat(code).as("%s answered %s", request, text()).isEqualTo(expected);
            return this;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        ObjectNode json() {
            return Json.read(body);
        }

        ObjectNode yaml() {
            return YamlCodec.read(body).tree();
        }

        ObjectNode protobuf() {
            return ProtobufCodec.kubernetes().read(body);
        }

        /** A failure as upstream tells it: a Status that repeats the code and has a reason and a message. */
        ObjectNode failed(int expected, String reason) {
            is(expected);
            ObjectNode status = json();
            assertThat(type).as(request).isEqualTo(JSON);
            assertThat(Json.text(status, "kind")).as(request).isEqualTo("Status");
            assertThat(Json.text(status, "apiVersion")).as(request).isEqualTo("v1");
            assertThat(Json.text(status, "status")).as(request).isEqualTo("Failure");
            assertThat(Json.text(status, "reason")).as(request).isEqualTo(reason);
            assertThat(status.path("code").asInt()).as(request).isEqualTo(expected);
            assertThat(Json.text(status, "message")).as(request).isNotEmpty();
            return status;
        }
    }

    Answer get(String path) {
        return get(path, JSON);
    }

    Answer get(String path, String accept) {
        return send("GET", path, "", accept, new byte[0]);
    }

    Answer post(String path, JsonNode body) {
        return send("POST", path, JSON, JSON, Json.write(body));
    }

    Answer put(String path, JsonNode body) {
        return send("PUT", path, JSON, JSON, Json.write(body));
    }

    Answer patch(String path, String type, JsonNode body) {
        return send("PATCH", path, type, JSON, Json.write(body));
    }

    Answer delete(String path) {
        return send("DELETE", path, "", JSON, new byte[0]);
    }

    Answer send(String method, String path, String type, String accept, byte[] body) {
        try {
            return answer(http.send(request(method, path, type, accept, body), BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The whole of an answer that takes its time. */
    CompletableFuture<Answer> later(String path) {
        return http.sendAsync(request("GET", path, "", JSON, new byte[0]), BodyHandlers.ofByteArray())
                .thenApply(Api::answer);
    }

    /** An open watch; the server has begun to answer. */
    Watch watch(String path, String accept) {
        try {
            HttpResponse<InputStream> response =
                    http.send(request("GET", path, "", accept, new byte[0]), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            return new Watch(path, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isReady() {
        try {
            return get("/readyz").code() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private HttpRequest request(String method, String path, String type, String accept, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(PATIENCE)
                .header("User-Agent", "contract/1")
                .header("Accept", accept)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        return (type.isEmpty() ? request : request.header("Content-Type", type)).build();
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return new Answer(
                response.request().method() + " " + response.uri(),
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.headers().allValues("Warning"),
                response.body());
    }
}
