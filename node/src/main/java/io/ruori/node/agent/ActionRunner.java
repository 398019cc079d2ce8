package io.ruori.node.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.core.ContainerTemplate;
import io.ruori.node.core.StepResult.Probed;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Runs the actions that probes and lifecycle hooks share: exec, httpGet, tcpSocket, sleep. Never fails: it reports. */
final class ActionRunner {
    private static final int KEPT_OUTPUT = 10 * 1024;

    private final ContainerRuntime runtime;
    private final Materializer materializer;
    private final Executor blocking;
    private final boolean pretendsNetwork;
    private final HttpClient http;

    /**
     * @param blocking for what waits on sockets
     * @param pretendsNetwork Pods have no real network: what goes over it succeeds
     */
    ActionRunner(ContainerRuntime runtime, Materializer materializer, Executor blocking, boolean pretendsNetwork) {
        this.runtime = runtime;
        this.materializer = materializer;
        this.blocking = blocking;
        this.pretendsNetwork = pretendsNetwork;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(trustingAll())
                .executor(blocking)
                .build();
    }

    CompletionStage<Probed> run(
            JsonNode action, ContainerTemplate container, String containerId, String podIp, Duration timeout) {
        CompletionStage<Probed> running = started(action, container, containerId, podIp, timeout);
        return running.toCompletableFuture()
                .copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
                    boolean late = cause instanceof TimeoutException;
                    String message = late
                            ? "command timed out after " + timeout.toSeconds() + "s"
                            : String.valueOf(cause.getMessage());
                    return new Probed(false, message);
                });
    }

    private CompletionStage<Probed> started(
            JsonNode action, ContainerTemplate container, String containerId, String podIp, Duration timeout) {
        if (action.path("exec").isObject()) {
            return exec(containerId, action.path("exec").path("command"));
        }
        if (action.path("sleep").isObject()) {
            long seconds = Json.number(action, 0, "sleep", "seconds");
            return CompletableFuture.supplyAsync(
                    () -> new Probed(true, ""), CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS, blocking));
        }
        if (pretendsNetwork) {
            return CompletableFuture.completedStage(new Probed(true, ""));
        }
        if (action.path("httpGet").isObject()) {
            return httpGet(action.path("httpGet"), container, podIp, timeout);
        }
        if (action.path("tcpSocket").isObject()) {
            return tcp(action.path("tcpSocket"), container, podIp, timeout);
        }
        if (action.path("grpc").isObject()) {
            // Only that the port answers: the health protocol itself is not spoken yet.
            return tcp(action.path("grpc"), container, podIp, timeout);
        }
        return CompletableFuture.completedStage(new Probed(true, ""));
    }

    private CompletionStage<Probed> exec(String containerId, JsonNode command) {
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.asText()));
        return Source.<StreamInput>empty()
                .via(runtime.exec(containerId, new ExecSpec(words, false, true, true, false)))
                .runWith(Sink.fold(new Collected(ByteString.emptyByteString(), -1, ""), Collected::plus), materializer)
                .thenApply(Collected::result);
    }

    private record Collected(ByteString output, int code, String failure) {
        Collected plus(StreamOutput out) {
            return switch (out) {
                case StreamOutput.Stdout text -> append(text.bytes());
                case StreamOutput.Stderr text -> append(text.bytes());
                case StreamOutput.Exited exited -> new Collected(output, exited.code(), failure);
                case StreamOutput.Failed failed -> new Collected(output, -1, failed.message());
            };
        }

        private Collected append(ByteString more) {
            return output.size() >= KEPT_OUTPUT ? this : new Collected(output.concat(more), code, failure);
        }

        Probed result() {
            String text = failure.isEmpty() ? output.utf8String() : failure;
            boolean silent = text.isEmpty() && code != 0;
            return new Probed(code == 0, silent ? "command exited with " + code : text);
        }
    }

    private CompletionStage<Probed> httpGet(JsonNode get, ContainerTemplate container, String podIp, Duration timeout) {
        String scheme = Json.text(get, "scheme").toLowerCase(Locale.ROOT);
        String host = Json.text(get, "host");
        String path = Json.text(get, "path");
        String url = (scheme.isEmpty() ? "http" : scheme) + "://" + (host.isEmpty() ? podIp : host) + ":"
                + port(get, container) + (path.startsWith("/") ? path : "/" + path);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(timeout)
                    .setHeader("User-Agent", "kube-probe/1.36")
                    .setHeader("Accept", "*/*");
            for (JsonNode header : get.path("httpHeaders")) {
                if (!Json.text(header, "name").equalsIgnoreCase("host")) {
                    request.setHeader(Json.text(header, "name"), Json.text(header, "value"));
                }
            }
            return http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                    .thenApply(response -> {
                        int code = response.statusCode();
                        return new Probed(code >= 200 && code < 400, "HTTP probe failed with statuscode: " + code);
                    })
                    .exceptionally(failure -> new Probed(
                            false,
                            "Get \"" + url + "\": "
                                    + why(failure, host.isEmpty() ? podIp : host, port(get, container))));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedStage(new Probed(false, String.valueOf(e.getMessage())));
        }
    }

    private CompletionStage<Probed> tcp(JsonNode target, ContainerTemplate container, String podIp, Duration timeout) {
        String host = Json.text(target, "host");
        InetSocketAddress address = new InetSocketAddress(host.isEmpty() ? podIp : host, port(target, container));
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(address, (int) timeout.toMillis());
                        return new Probed(true, "");
                    } catch (java.io.IOException e) {
                        return new Probed(false, why(e, address.getHostString(), address.getPort()));
                    }
                },
                blocking);
    }

    /** As Go words it. */
    private static String why(Throwable failure, String host, int port) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ConnectException) {
            return "dial tcp " + host + ":" + port + ": connect: connection refused";
        }
        if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
            return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** A number, or the name of one of the container's ports. */
    private static int port(JsonNode target, ContainerTemplate container) {
        JsonNode port = target.path("port");
        if (port.isTextual()) {
            for (JsonNode candidate : container.tree().path("ports")) {
                if (Json.text(candidate, "name").equals(port.asText())) {
                    return candidate.path("containerPort").asInt();
                }
            }
        }
        return port.asInt();
    }

    /** Kubernetes does not verify the certificate of what it probes. */
    private static SSLContext trustingAll() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** An extended one, since only those are asked to leave the host name unchecked. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
