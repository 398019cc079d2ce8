package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Json;
import io.ruori.node.runtime.StreamInput;
import io.ruori.node.runtime.StreamOutput;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a stand-in for the Engine that answers as the test says. */
class EngineClientTest {
    private static ActorSystem system;

    @TempDir
    private Path directory;

    private ServerSocketChannel server;
    private EngineClient client;
    private VirtualThreads threads;

    @BeforeAll
    static void startSystem() {
        system = ActorSystem.create("engine-client-test");
    }

    @AfterAll
    static void stopSystem() {
        system.terminate();
    }

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("engine.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        client = new EngineClient(socket, Duration.ofMillis(500));
        threads = new VirtualThreads();
    }

    @AfterEach
    void stop() throws IOException {
        threads.close();
        server.close();
    }

    @Test
    void answersAreReadAsJson() throws IOException {
        CompletionStage<String> asked = answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\": 17}");

        assertThat(client.post("/things", Json.object().put("b", 1)).path("a").asInt())
                .isEqualTo(17);
        assertThat(done(asked))
                .startsWith("POST /v1.41/things HTTP/1.1\r\n")
                .contains("Content-Type: application/json");
    }

    @Test
    void refusalsCarryTheEnginesOwnWords() {
        answer("HTTP/1.1 409 Conflict\r\nContent-Length: 22\r\n\r\n{\"message\":\"it is so\"}");

        assertThatThrownBy(() -> client.get("/things"))
                .isInstanceOfSatisfying(
                        EngineRefusal.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(409))
                .hasMessage("it is so");
    }

    @Test
    void aSilentEngineIsGivenUp() {
        answer("");

        assertThatThrownBy(() -> client.get("/things"))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("/things");
    }

    @Test
    void anErrorInTheMiddleOfAPullIsAnError() {
        answer("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"pulling\"}\r\n{\"error\":\"no route\"}\r\n")
                .thenAccept(x -> {});

        assertThatThrownBy(() -> client.progress("/images/create", Map.of(), new byte[0]))
                .isInstanceOf(EngineRefusal.class)
                .hasMessage("no route");
    }

    @Test
    void inputAndOutputOfACommandEndSeparately() {
        CompletionStage<String> heard = threads.call(() -> {
            try (SocketChannel connection = server.accept()) {
                head(connection);
                send(connection, "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                String all = new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8);
                // Only now, after the end of the input, comes the output.
                send(
                        connection,
                        OutputFramesTest.frame(1, all.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
                send(connection, OutputFramesTest.frame(2, "done".getBytes(StandardCharsets.UTF_8)));
                return all;
            }
        });

        List<StreamOutput> output = done(Source.<StreamInput>from(List.of(
                        new StreamInput.Stdin(ByteString.fromString("one ")),
                        new StreamInput.Resize(80, 25),
                        new StreamInput.Stdin(ByteString.fromString("two"))))
                .via(Interaction.flow(threads, () -> interaction(Optional.of(3))))
                .runWith(Sink.seq(), system));

        assertThat(done(heard)).isEqualTo("one two");
        assertThat(output)
                .containsExactly(
                        new StreamOutput.Stdout(ByteString.fromString("ONE TWO")),
                        new StreamOutput.Stderr(ByteString.fromString("done")),
                        new StreamOutput.Exited(3));
    }

    @Test
    void cancellingClosesTheConnection() throws InterruptedException {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        CompletionStage<String> serving = threads.call(() -> {
            try (SocketChannel connection = server.accept()) {
                head(connection);
                send(connection, "HTTP/1.1 101 UPGRADED\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                send(connection, OutputFramesTest.frame(1, "first".getBytes(StandardCharsets.UTF_8)));
                int end = connection.read(ByteBuffer.allocate(1));
                ends.add("read " + end);
                return "served";
            }
        });

        StreamOutput first = done(Source.<StreamInput>maybe()
                .via(Interaction.flow(threads, () -> interaction(Optional.empty())))
                .runWith(Sink.head(), system));

        assertThat(first).isEqualTo(new StreamOutput.Stdout(ByteString.fromString("first")));
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("read -1");
        assertThat(done(serving)).isEqualTo("served");
    }

    @Test
    void whatCannotBeOpenedIsALastWordAndNotAFailure() {
        answer("HTTP/1.1 404 Not Found\r\nContent-Length: 32\r\n\r\n{\"message\":\"No such container: 1\"}");

        assertThat(done(Source.<StreamInput>maybe()
                        .via(Interaction.flow(threads, () -> interaction(Optional.empty())))
                        .runWith(Sink.seq(), system)))
                .hasSize(1)
                .hasOnlyElementsOfType(StreamOutput.Failed.class);
    }

    private Interaction interaction(Optional<Integer> exitCode) throws IOException {
        EngineConnection connection = client.hijack("/exec/1/start", new byte[0]);
        return new Interaction(connection, false, true, () -> exitCode, (columns, rows) -> {});
    }

    /** Answers one call; an empty answer is silence. Completes with what was asked. */
    private CompletionStage<String> answer(String bytes) {
        CompletableFuture<String> asked = new CompletableFuture<>();
        CompletionStage<String> serving = threads.call(() -> {
            try (SocketChannel connection = server.accept()) {
                asked.complete(head(connection));
                send(connection, bytes.getBytes(StandardCharsets.UTF_8));
                if (bytes.isEmpty()) {
                    connection.read(ByteBuffer.allocate(1000));
                    connection.read(ByteBuffer.allocate(1));
                }
                return "";
            }
        });
        return serving.thenCombine(asked, (none, head) -> head);
    }

    private static String head(SocketChannel connection) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0 && connection.read(one.clear()) > 0) {
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    private static void send(SocketChannel connection, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            connection.write(left);
        }
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
