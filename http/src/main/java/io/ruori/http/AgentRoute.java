package io.ruori.http;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.ApiStatus;
import io.ruori.api.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Lets agents of other processes and machines in: a WebSocket, and a certificate that says {@code system:node:NAME}. */
final class AgentRoute {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final String NODE_USER = "system:node:";

    /** Messages that may wait for a slow agent before its session is ended. */
    private static final int BUFFER = 65_536;

    private final ActorSystem<?> system;
    private final Materializer materializer;
    private final ActorRef<AgentGate.Connect> gate;
    private final AgentFrames frames = AgentFrames.withoutKinds();

    AgentRoute(ActorSystem<?> system, ActorRef<AgentGate.Connect> gate) {
        this.system = system;
        this.materializer = SystemMaterializer.get(system).materializer();
        this.gate = gate;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, User user) {
        String node = ApiRoutes.query(request).getOrDefault("node", List.of("")).getFirst();
        if (node.isEmpty()
                || !user.name().equals(NODE_USER + node)
                || !user.groups().contains("system:nodes")) {
            return refuse(new ApiStatus(
                    403,
                    "Forbidden",
                    "user \"" + user.name() + "\" may not speak for node \"" + node + "\"",
                    "",
                    "nodes",
                    node,
                    "",
                    List.of(),
                    0,
                    ""));
        }
        Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
        if (upgrade.isEmpty()) {
            return refuse(ApiStatus.badRequest("Upgrade request required: agents connect over a websocket"));
        }
        Pair<org.apache.pekko.actor.ActorRef, Source<ToAgent, NotUsed>> outbox = Source.<ToAgent>actorRef(
                        message -> Optional.empty(), message -> Optional.empty(), BUFFER, OverflowStrategy.fail())
                .preMaterialize(materializer);
        ActorRef<ToAgent> agent = Adapter.toTyped(outbox.first());
        CompletionStage<AgentGate.Connected> connected = AskPattern.ask(
                gate, replyTo -> new AgentGate.Connect(node, agent, replyTo), CONNECT_TIMEOUT, system.scheduler());
        return connected.thenApply(session ->
                upgrade.get().handleMessagesWith(flow(session.master(), outbox.second()), AgentFrames.PROTOCOL));
    }

    private static CompletionStage<HttpResponse> refuse(ApiStatus status) {
        return CompletableFuture.failedFuture(new Refusal(status));
    }

    /** Either side's end is the other's: the session watches the outbox, the agent its socket. */
    private Flow<Message, Message, NotUsed> flow(ActorRef<ToMaster> master, Source<ToAgent, NotUsed> outbox) {
        Sink<Message, ?> in = Flow.<Message>create()
                .mapAsync(1, this::whole)
                .map(bytes -> frames.toMaster(bytes.toArray()))
                .to(Sink.foreach(master::tell));
        Source<Message, ?> out =
                outbox.map(message -> BinaryMessage.create(ByteString.fromArrayUnsafe(frames.encode(message))));
        return Flow.fromSinkAndSourceCoupled(in, out);
    }

    private CompletionStage<ByteString> whole(Message message) {
        if (message.isText()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("agents send binary frames"));
        }
        BinaryMessage binary = message.asBinaryMessage();
        return binary.isStrict()
                ? CompletableFuture.completedFuture(binary.getStrictData())
                : binary.getStreamedData()
                        .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), materializer);
    }
}
