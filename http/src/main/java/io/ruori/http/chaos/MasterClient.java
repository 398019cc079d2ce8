package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;

/** A client of one master, which asks nobody else. */
final class MasterClient {
    /** Longer than a master waits for the outcome of a write. */
    static final Duration PATIENCE = Duration.ofSeconds(13);

    private final int number;
    private final URI server;
    private final HttpClient http;

    /**
     * An answer, or why there was none.
     *
     * @param code of the answer; 0 where there was none, and {@code word} says why
     * @param sent whether the request may have got there
     */
    record Answer(int code, String body, String word, boolean sent) {
        /** Empty where the answer was not an object. */
        ObjectNode json() {
            try {
                return body.startsWith("{") ? Json.read(body) : Json.object();
            } catch (RuntimeException broken) {
                return Json.object();
            }
        }

        String reason() {
            return code >= 300 ? Json.text(json(), "reason") : "";
        }
    }

    MasterClient(int number, URI server, SSLContext tls) {
        this.number = number;
        this.server = server;
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(Duration.ofSeconds(3))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    int number() {
        return number;
    }

    String name() {
        return "master-" + number;
    }

    CompletableFuture<Answer> send(String method, String path, String type, String body, Duration patience) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(patience)
                .header("Content-Type", type)
                .header("Accept", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).handle((response, error) -> {
            if (response != null) {
                return new Answer(response.statusCode(), response.body(), "" + response.statusCode(), true);
            }
            return none(error);
        });
    }

    private static Answer none(Throwable thrown) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof ConnectException || error instanceof HttpConnectTimeoutException) {
            return new Answer(0, "", "not connected", false);
        }
        return new Answer(0, "", error instanceof HttpTimeoutException ? "no answer in time" : "connection lost", true);
    }

    Answer get(String path, Duration patience) {
        return send("GET", path, "application/json", "", patience).join();
    }

    /** A stream of lines; the caller closes it. */
    HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new RefusedException(
                        response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return response;
    }

    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        RefusedException(int code, String body) {
            super(body);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    boolean isReady() {
        return get("/readyz", Duration.ofSeconds(2)).code() == 200;
    }

    /**
     * How it stands among the masters; nothing held where it does not say.
     *
     * @param members how many it counts, itself included
     */
    record Standing(int members, Set<Integer> held) {}

    Standing standing() {
        Answer answer = get("/metrics", Duration.ofSeconds(3));
        Set<Integer> held = new TreeSet<>();
        int members = 0;
        for (String line : new LinkedHashSet<>(answer.body().lines().toList())) {
            if (line.startsWith("ruori_shard_held{shard=\"")) {
                held.add(Integer.parseInt(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))));
            } else if (line.startsWith("ruori_members_active")) {
                members = (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return new Standing(members, held);
    }
}
