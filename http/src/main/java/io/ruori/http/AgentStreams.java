package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.nodes.AgentSessions;
import io.ruori.nodes.AgentSessions.Opened;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Byte streams between a client's connection and a Pod, through the session of the Pod's node. Both directions are paced by
 * credit: nobody sends more than a window that the other side has not consumed.
 */
final class AgentStreams {
    private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

    /** Frames that may wait here; the window keeps their bytes bounded, this keeps tiny ones bounded too. */
    private static final int FRAMES = 65_536;

    private static final int STDIN = 0;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final ActorSystem<?> system;
    private final Materializer materializer;
    private final ActorRef<AgentSessions.Command> agents;

    AgentStreams(ActorSystem<?> system, ActorRef<AgentSessions.Command> agents) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.agents = agents;
    }

    /** An open stream: frames from the agent, and the way to it. */
    private record Open(Source<ToMaster, NotUsed> frames, Opened.To to) {
        void close() {
            to.agent().tell(new ToAgent.StreamClosed(to.streamId()));
        }

        void consumed(int bytes) {
            to.agent().tell(new ToAgent.StreamCredit(to.streamId(), bytes));
        }
    }

    private CompletionStage<Open> open(String node, ToAgent.Stream stream) {
        Pair<org.apache.pekko.actor.ActorRef, Source<ToMaster, NotUsed>> inbox = Source.<ToMaster>actorRef(
                        message -> Optional.empty(), message -> Optional.empty(), FRAMES, OverflowStrategy.fail())
                .preMaterialize(materializer);
        ActorRef<ToMaster> client = Adapter.toTyped(inbox.first());
        CompletionStage<Opened> opened = AskPattern.ask(
                agents,
                replyTo -> new AgentSessions.Open(node, stream, client, replyTo),
                OPEN_TIMEOUT,
                system.scheduler());
        return opened.thenApply(answer -> switch (answer) {
            case Opened.To to -> new Open(inbox.second(), to);
            case Opened.NoSession none ->
                throw new Refusal(ApiStatus.unavailable("the agent of node " + none.nodeName()
                        + " is not connected; try again when the node is Ready"));
        });
    }

    /** Output only. An error before the first byte becomes the last line, since the answer has begun by then. */
    CompletionStage<Source<ByteString, ?>> read(String node, ToAgent.Stream stream) {
        return open(node, stream)
                .thenApply(open -> open.frames()
                        .takeWhile(frame -> !(frame instanceof ToMaster.StreamEnded), true)
                        .mapConcat(frame -> switch (frame) {
                            case ToMaster.StreamData data -> {
                                open.consumed(data.bytes().length);
                                yield List.of(ByteString.fromArrayUnsafe(data.bytes()));
                            }
                            case ToMaster.StreamEnded ended
                            when !ended.error().isEmpty() -> List.of(ByteString.fromString(ended.error() + "\n"));
                            default -> List.<ByteString>of();
                        })
                        .watchTermination((mat, done) -> {
                            done.whenComplete((end, error) -> open.close());
                            return mat;
                        }));
    }

    /** The channel protocol of exec and attach: each message's first byte is its channel. */
    CompletionStage<Flow<Message, Message, NotUsed>> channels(String node, ToAgent.Stream stream) {
        return open(node, stream).thenApply(open -> {
            Sink<Message, ?> in =
                    Flow.<Message>create().mapAsync(1, this::whole).to(Sink.foreach(bytes -> fromClient(open, bytes)));
            Source<Message, ?> out = open.frames()
                    .takeWhile(frame -> !(frame instanceof ToMaster.StreamEnded), true)
                    .mapConcat(frame -> toClient(open, frame));
            return Flow.fromSinkAndSourceCoupled(in, out).watchTermination((mat, done) -> {
                done.whenComplete((end, error) -> open.close());
                return mat;
            });
        });
    }

    private CompletionStage<ByteString> whole(Message message) {
        if (message.isText()) {
            TextMessage text = message.asTextMessage();
            return text.getStreamedText()
                    .runWith(Sink.fold("", String::concat), materializer)
                    .thenApply(ByteString::fromString);
        }
        BinaryMessage binary = message.asBinaryMessage();
        return binary.isStrict()
                ? java.util.concurrent.CompletableFuture.completedFuture(binary.getStrictData())
                : binary.getStreamedData()
                        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), materializer);
    }

    private static void fromClient(Open open, ByteString message) {
        if (message.isEmpty()) {
            return;
        }
        int channel = message.apply(0) & 0xff;
        long id = open.to().streamId();
        byte[] bytes = message.drop(1).toArray();
        switch (channel) {
            case CLOSE -> {
                if (bytes.length > 0) {
                    open.to().agent().tell(new ToAgent.StreamHalfClosed(id, bytes[0]));
                }
            }
            case STDIN, RESIZE -> open.to().agent().tell(new ToAgent.StreamData(id, channel, bytes));
            default -> {
                // Clients have nothing to say on output channels; upstream drops such messages too.
            }
        }
    }

    private static List<Message> toClient(Open open, ToMaster frame) {
        return switch (frame) {
            case ToMaster.StreamData data -> {
                open.consumed(data.bytes().length);
                yield List.of(message(data.channel(), data.bytes()));
            }
            case ToMaster.StreamEnded ended -> List.of(message(ERROR, Json.write(result(ended))));
            default -> List.of();
        };
    }

    private static Message message(int channel, byte[] bytes) {
        byte[] framed = new byte[bytes.length + 1];
        framed[0] = (byte) channel;
        System.arraycopy(bytes, 0, framed, 1, bytes.length);
        return BinaryMessage.create(ByteString.fromArrayUnsafe(framed));
    }

    /** How it ended, as the {@code Status} that clients take their exit code from. */
    private static ObjectNode result(ToMaster.StreamEnded ended) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (!ended.error().isEmpty()) {
            return status.put("status", "Failure")
                    .put("reason", "InternalError")
                    .put("message", ended.error())
                    .put("code", 500);
        }
        if (ended.exitCode() <= 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put("reason", "NonZeroExitCode")
                .put("message", "command terminated with non-zero exit code: exit status " + ended.exitCode());
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(ended.exitCode()));
        return status;
    }
}
