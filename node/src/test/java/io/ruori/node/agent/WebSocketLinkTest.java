package io.ruori.node.agent;

import static io.ruori.node.agent.ScriptedMaster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Revision;
import io.ruori.node.core.Pods;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The link over real TLS with client certificates, to a master that a test plays. */
class WebSocketLinkTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String PASSWORD = "changeit";

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final List<BoundedSourceQueue<Message>> clients = new CopyOnWriteArrayList<>();
    private final List<ToMaster> heard = new CopyOnWriteArrayList<>();
    private final AgentFrames frames = AgentFrames.withoutKinds();

    @Test
    void messagesGoBothWaysAndTheEndOfTheSocketIsTheEndOfTheSession(@TempDir Path directory) throws Exception {
        SSLContext tls = selfSigned(directory);
        ServerBinding binding = serve(tls);
        WebSocketLink link =
                new WebSocketLink(List.of("127.0.0.1:" + binding.localAddress().getPort()), tls);
        TestProbe<ToAgent> agent = KIT.createTestProbe();
        ActorRef<ToMaster> session = link.connect(KIT.system(), "node-1", agent.ref())
                .toCompletableFuture()
                .join();

        session.tell(new ToMaster.Hello("node-1", Pods.web("x"), Revision.ZERO));
        await().until(() -> heard.contains(new ToMaster.Hello("node-1", Pods.web("x"), Revision.ZERO)));

        ToAgent.Assignment big = new ToAgent.Assignment(
                new Revision(7),
                java.util.stream.IntStream.range(0, 500)
                        .mapToObj(i -> Pods.stored(Pods.web("p" + i), 7))
                        .toList(),
                List.of());
        clients.get(0).offer(BinaryMessage.create(ByteString.fromArray(frames.encode(big))));
        assertThat(agent.receiveMessage()).isEqualTo(big);

        clients.get(0).complete();
        KIT.createTestProbe().expectTerminated(session, java.time.Duration.ofSeconds(5));
        binding.unbind();
    }

    @Test
    void aMasterThatIsNotThereIsAFailedTry(@TempDir Path directory) throws Exception {
        WebSocketLink link = new WebSocketLink(List.of("127.0.0.1:1"), selfSigned(directory));
        CompletionStage<ActorRef<ToMaster>> tried = link.connect(
                KIT.system(), "node-1", KIT.<ToAgent>createTestProbe().ref());
        assertThat(tried.toCompletableFuture()).failsWithin(java.time.Duration.ofSeconds(6));
    }

    /** As one that was stopped: the machine takes the connection, and nobody answers. */
    @Test
    void aMasterThatStandsStillIsLeftForAnother(@TempDir Path directory) throws Exception {
        SSLContext tls = selfSigned(directory);
        ServerBinding binding = serve(tls);
        try (ServerSocket stopped = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            WebSocketLink link = new WebSocketLink(
                    List.of(
                            "127.0.0.1:" + stopped.getLocalPort(),
                            "127.0.0.1:" + binding.localAddress().getPort()),
                    tls);
            ActorRef<ToAgent> agent = KIT.<ToAgent>createTestProbe().ref();
            ActorRef<ToMaster> session = link.connect(KIT.system(), "node-1", agent)
                    .exceptionallyCompose(silent -> link.connect(KIT.system(), "node-1", agent))
                    .toCompletableFuture()
                    .get(4, TimeUnit.SECONDS);
            session.tell(new ToMaster.Hello("node-1", Pods.web("x"), Revision.ZERO));
            await().until(() -> heard.size() == 1);
        }
        binding.unbind();
    }

    private ServerBinding serve(SSLContext tls) {
        Materializer materializer = SystemMaterializer.get(KIT.system()).materializer();
        return Http.get(Adapter.toClassic(KIT.system()))
                .newServerAt("127.0.0.1", 0)
                .enableHttps(ConnectionContext.httpsServer(() -> {
                    SSLEngine engine = tls.createSSLEngine();
                    engine.setUseClientMode(false);
                    engine.setNeedClientAuth(true);
                    return engine;
                }))
                .bindSync(request -> {
                    var upgrade =
                            request.getAttribute(AttributeKeys.webSocketUpgrade).orElseThrow();
                    assertThat(request.getUri().path()).isEqualTo(AgentFrames.PATH);
                    var out = Source.<Message>queue(100).preMaterialize(materializer);
                    clients.add(out.first());
                    Sink<Message, ?> in = Flow.<Message>create()
                            .mapAsync(1, m -> m.asBinaryMessage().toStrict(5000, materializer))
                            .to(Sink.foreach(m ->
                                    heard.add(frames.toMaster(m.getStrictData().toArray()))));
                    return upgrade.handleMessagesWith(
                            Flow.fromSinkAndSourceCoupled(in, out.second()), AgentFrames.PROTOCOL);
                })
                .toCompletableFuture()
                .join();
    }

    /** One certificate plays the authority, the master and the node. */
    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "node",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", keys.getCertificate("node"));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
