package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls to the Engine, blocking and therefore meant for virtual threads. An error answer is thrown as
 * {@link EngineRefusal}, a lost or silent Engine as {@link IOException}.
 */
final class EngineClient {
    /** What Debian 12's docker.io speaks; newer Engines still accept it. */
    private static final String API = "/v1.41";

    private static final byte[] NOTHING = {};
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Path socket;
    private final Duration patience;

    EngineClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    JsonNode get(String path) throws IOException {
        return call("GET", path, Map.of(), NOTHING, patience);
    }

    JsonNode post(String path) throws IOException {
        return call("POST", path, Map.of(), NOTHING, patience);
    }

    JsonNode post(String path, JsonNode body) throws IOException {
        return call("POST", path, JSON, Json.write(body), patience);
    }

    /** For calls that the Engine answers late on purpose. */
    JsonNode post(String path, Duration longer) throws IOException {
        return call("POST", path, Map.of(), NOTHING, patience.plus(longer));
    }

    JsonNode delete(String path) throws IOException {
        return call("DELETE", path, Map.of(), NOTHING, patience);
    }

    /** The newline-separated JSON that pulls and image loads report with; an error element is thrown. */
    void progress(String path, Map<String, String> headers, byte[] body) throws IOException {
        try (EngineConnection connection = EngineConnection.open(socket);
                InputStream answer = accepted(connection, "POST", path, headers, body);
                MappingIterator<JsonNode> steps =
                        Json.mapper().readerFor(JsonNode.class).readValues(answer)) {
            while (steps.hasNextValue()) {
                JsonNode step = steps.nextValue();
                if (step.hasNonNull("error")) {
                    throw new EngineRefusal(0, Json.text(step, "error"));
                }
            }
        }
    }

    /** An answer that goes on. The caller closes it, from any thread. */
    Streaming stream(String path) throws IOException {
        EngineConnection connection = EngineConnection.open(socket);
        try {
            return new Streaming(connection, accepted(connection, "GET", path, Map.of(), NOTHING));
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Makes the connection itself the standard streams of a process. The caller closes it. */
    EngineConnection hijack(String path, byte[] jsonBody) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>(JSON);
        headers.put("Connection", "Upgrade");
        headers.put("Upgrade", "tcp");
        EngineConnection connection = EngineConnection.open(socket);
        try {
            accepted(connection, "POST", path, headers, jsonBody);
            return connection;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** {@code filters=…}: each key with the values it must have. */
    static String filters(Map<String, java.util.List<String>> wanted) {
        return "filters=" + encode(Json.mapper().valueToTree(wanted).toString());
    }

    private JsonNode call(String method, String path, Map<String, String> headers, byte[] body, Duration limit)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Connection", "close");
        AtomicBoolean late = new AtomicBoolean();
        try (EngineConnection connection = EngineConnection.open(socket)) {
            CompletableFuture<Boolean> deadline =
                    new CompletableFuture<Boolean>().completeOnTimeout(true, limit.toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<Void> watch = deadline.thenAccept(expired -> {
                if (expired) {
                    late.set(true);
                    connection.abandon();
                }
            });
            try (InputStream answer = accepted(connection, method, path, all, body)) {
                byte[] bytes = answer.readAllBytes();
                return bytes.length == 0
                        ? MissingNode.getInstance()
                        : Json.mapper().readTree(bytes);
            } finally {
                deadline.complete(false);
                watch.join();
            }
        } catch (IOException e) {
            if (late.get()) {
                throw new SocketTimeoutException(method + " " + path + " took longer than " + limit.toSeconds() + " s");
            }
            throw e;
        }
    }

    private static InputStream accepted(
            EngineConnection connection, String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        HttpHead head = connection.exchange(method, API + path, headers, body);
        InputStream answer = head.status() == 101 ? connection.in() : head.body(connection.in());
        if (head.status() >= 400) {
            throw new EngineRefusal(head.status(), message(answer.readAllBytes(), head.status()));
        }
        return answer;
    }

    private static String message(byte[] body, int status) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            text = Json.mapper().readTree(body).path("message").asText(text);
        } catch (IOException e) {
            // Then the text as it is has to do.
        }
        return text.isEmpty() ? "the Docker Engine answered " + status : text.strip();
    }

    /** An answer with no end in sight. */
    record Streaming(EngineConnection connection, InputStream body) implements AutoCloseable {
        @Override
        public void close() {
            connection.close();
        }
    }
}
