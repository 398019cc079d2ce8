package io.ruori.node.agent;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketRequest;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgradeResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * To masters on other machines: one WebSocket over mutual TLS, tried at one master after the other ({@link MasterRounds}).
 * What the agent says waits in a bounded queue; when the master does not take it, the session ends rather than memory.
 */
public final class WebSocketLink implements MasterLink {
    private static final int QUEUED_FRAMES = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<String> masters;
    private final SSLContext tls;
    private final Map<String, MasterRounds> rounds = new ConcurrentHashMap<>();
    private final AtomicLong sessions = new AtomicLong();
    private final AgentFrames frames = AgentFrames.withoutKinds();

    /**
     * @param masters as {@code host:port}
     * @param tls holds the node's certificate and the cluster's authority
     */
    public WebSocketLink(List<String> masters, SSLContext tls) {
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("ruori.node.masters: at least one master is needed");
        }
        this.masters = List.copyOf(masters);
        this.tls = tls;
    }

    @Override
    public CompletionStage<ActorRef<ToMaster>> connect(
            ActorSystem<?> system, String nodeName, ActorRef<ToAgent> agent) {
        MasterRounds tries = rounds.computeIfAbsent(nodeName, node -> new MasterRounds(masters, new Random()));
        String master;
        Duration patience;
        synchronized (tries) {
            master = tries.next();
            patience = tries.patience();
        }
        String url =
                "wss://" + master + AgentFrames.PATH + "?node=" + URLEncoder.encode(nodeName, StandardCharsets.UTF_8);
        Materializer materializer = SystemMaterializer.get(system).materializer();
        Pair<CompletionStage<WebSocketUpgradeResponse>, Ends> opened = Http.get(Adapter.toClassic(system))
                .singleWebSocketRequest(
                        WebSocketRequest.create(url).requestSubprotocol(AgentFrames.PROTOCOL),
                        flow(agent, materializer),
                        ConnectionContext.httpsClient(tls),
                        Optional.empty(),
                        ClientConnectionSettings.create(Adapter.toClassic(system)),
                        Adapter.toClassic(system).log(),
                        materializer);
        Ends ends = opened.second();
        return opened.first()
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        SocketSession.close(ends.out());
                    }
                })
                .thenApply(response -> {
                    if (!response.isValid()) {
                        SocketSession.close(ends.out());
                        throw new IllegalStateException("master " + master + " answered "
                                + response.response().status());
                    }
                    synchronized (tries) {
                        tries.reached();
                    }
                    return session(system, nodeName, agent, ends);
                });
    }

    @Override
    public boolean hasOthers() {
        return masters.size() > 1;
    }

    /** The way out, and when the way in ended. */
    private record Ends(BoundedSourceQueue<Message> out, CompletionStage<Done> closed) {}

    private Flow<Message, Message, Ends> flow(ActorRef<ToAgent> agent, Materializer materializer) {
        Sink<Message, CompletionStage<Done>> in = Flow.<Message>create()
                .mapAsync(1, message -> bytes(message, materializer))
                .toMat(Sink.foreach(frame -> agent.tell(frames.toAgent(frame.toArrayUnsafe()))), Keep.right());
        return Flow.fromSinkAndSourceCoupledMat(
                in, Source.<Message>queue(QUEUED_FRAMES), (closed, out) -> new Ends(out, closed));
    }

    private static CompletionStage<ByteString> bytes(Message message, Materializer materializer) {
        BinaryMessage binary = message.asBinaryMessage();
        return binary.toStrict(PATIENCE.toMillis(), materializer).thenApply(BinaryMessage::getStrictData);
    }

    private ActorRef<ToMaster> session(ActorSystem<?> system, String nodeName, ActorRef<ToAgent> agent, Ends ends) {
        String name = "session-" + nodeName + "-" + sessions.incrementAndGet();
        return system.systemActorOf(
                SocketSession.create(frames, ends.out(), ends.closed(), agent), name, Props.empty());
    }
}
