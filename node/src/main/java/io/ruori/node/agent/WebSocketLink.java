package io.ruori.node.agent;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To masters on other machines: one WebSocket over mutual TLS, tried at one master after the other ({@link MasterRounds}).
 * What the agent says waits in a bounded queue; when the master does not take it, the session ends rather than memory.
 */
public final class WebSocketLink implements MasterLink {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketLink.class);
    private static final int QUEUED_FRAMES = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<String> masters;
    private final @Nullable Path nodes;
    private final SSLContext tls;
    private final Map<String, MasterRounds> rounds = new ConcurrentHashMap<>();
    private final AtomicLong sessions = new AtomicLong();
    private final AgentFrames frames = AgentFrames.withoutKinds();

    /** What masters say of each other is forgotten with the process. */
    WebSocketLink(List<String> masters, SSLContext tls) {
        this(masters, tls, null);
    }

    /**
     * @param masters as {@code host:port}; more become known from those that are reached
     * @param tls holds the node's certificate and the cluster's authority
     * @param nodes where each node's directory lies, which keeps the masters that became known
     */
    public WebSocketLink(List<String> masters, SSLContext tls, @Nullable Path nodes) {
        if (masters.isEmpty()) {
            throw new IllegalArgumentException("ruori.node.masters: at least one master is needed");
        }
        this.masters = List.copyOf(masters);
        this.tls = tls;
        this.nodes = nodes;
    }

    @Override
    public CompletionStage<ActorRef<ToMaster>> connect(
            ActorSystem<?> system, String nodeName, ActorRef<ToAgent> agent) {
        MasterRounds tries = rounds.computeIfAbsent(nodeName, node -> new MasterRounds(known(node), new Random()));
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
                        flow(message -> hear(nodeName, tries, agent, message), materializer),
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
        return masters.size() > 1 || rounds.values().stream().anyMatch(WebSocketLink::hasSeveral);
    }

    private static boolean hasSeveral(MasterRounds tries) {
        synchronized (tries) {
            return tries.masters().size() > 1;
        }
    }

    private KnownMasters known(String node) {
        try {
            return nodes == null ? KnownMasters.given(masters) : KnownMasters.read(nodes.resolve(node), masters);
        } catch (IOException e) {
            LOG.warn("the masters known from before cannot be read; those given are tried: {}", masters, e);
            return KnownMasters.given(masters);
        }
    }

    private void hear(String node, MasterRounds tries, ActorRef<ToAgent> agent, ToAgent message) {
        if (message instanceof ToAgent.Masters told) {
            learn(node, tries, told.addresses());
        }
        agent.tell(message);
    }

    private void learn(String node, MasterRounds tries, List<String> told) {
        synchronized (tries) {
            KnownMasters now = tries.masters().told(told);
            if (now.equals(tries.masters())) {
                return;
            }
            tries.know(now);
            if (nodes != null) {
                try {
                    now.write(nodes.resolve(node));
                } catch (IOException e) {
                    LOG.warn("the masters {} are known until the agent ends, since they could not be kept", told, e);
                }
            }
        }
    }

    /** The way out, and when the way in ended. */
    private record Ends(BoundedSourceQueue<Message> out, CompletionStage<Done> closed) {}

    private Flow<Message, Message, Ends> flow(Consumer<ToAgent> agent, Materializer materializer) {
        Sink<Message, CompletionStage<Done>> in = Flow.<Message>create()
                .mapAsync(1, message -> bytes(message, materializer))
                .map(ByteString::toArrayUnsafe)
                .filterNot(AgentFrames::isFromLaterMaster)
                .toMat(Sink.foreach(frame -> agent.accept(frames.toAgent(frame))), Keep.right());
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
