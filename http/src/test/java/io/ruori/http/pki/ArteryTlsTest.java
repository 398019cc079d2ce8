package io.ruori.http.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.ObjectEvent;
import io.ruori.members.Announcement;
import io.ruori.members.MemberMessage;
import io.ruori.members.Session;
import io.ruori.members.ShardLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters speak to masters, with the settings they are shipped with, and to nobody else. */
class ArteryTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** So long a connection that was refused may stay open. */
    private static final int REFUSED_WITHIN_MILLIS = 20_000;

    /** Whoever is let in hears nothing, for so long as this. */
    private static final int LISTENING_MILLIS = 1_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @SuppressWarnings("NullAway.Init")
    private ActorTestKit master;

    @BeforeEach
    void start() {
        master = master(data);
    }

    @AfterEach
    void stop() {
        master.shutdownTestKit();
    }

    private static ActorTestKit master(Path data) {
        // Pekko 1.7 may wait for a TLS stream without end when it terminates (apache/pekko#3247); a process ends all
        // the same.
        Config config = ConfigFactory.parseMap(Map.of(
                        "ruori.data-directory",
                        data.toString(),
                        "pekko.coordinated-shutdown.exit-jvm",
                        "off",
                        "pekko.actor.testkit.typed.throw-on-shutdown-timeout",
                        "off"))
                .withFallback(ConfigFactory.parseResources("application.conf"));
        return ActorTestKit.create("ruori", ConfigFactory.load(config));
    }

    /** Another master of the same cluster: it has the authority, and what it was issued itself. */
    private Path shared(Path other) throws IOException {
        ClusterAuthority.open(data, Instant.now());
        Path pki = ClusterAuthority.privateDirectory(other.resolve("pki"));
        for (String file : List.of("ca.crt", "ca.key")) {
            Files.copy(data.resolve("pki").resolve(file), pki.resolve(file));
        }
        return other;
    }

    private ClusterAuthority authority() throws IOException {
        return ClusterAuthority.open(data, Instant.now());
    }

    private Address address() {
        return Cluster.get(master.system()).selfMember().address();
    }

    @Test
    void whoIsAloneListensOnLoopbackAndNeedsNoCertificate() {
        assertThat(address().protocol()).isEqualTo("pekko");
        assertThat(address().host().get()).isEqualTo("127.0.0.1");
        assertThat(data.resolve("pki")).doesNotExist();
    }

    @Test
    void mastersOfOneClusterTellEachOtherEvenWhatIsLarge(@TempDir Path elsewhere) throws IOException {
        ActorTestKit other = master(shared(elsewhere));
        try {
            TestProbe<MemberMessage> heard = other.createTestProbe(MemberMessage.class);
            String name = ActorRefResolver.get(other.system()).toSerializationFormat(heard.getRef());
            ActorRef<MemberMessage> far = ActorRefResolver.get(master.system()).resolveActorRef(name);
            MemberMessage said = announcement(3, 1536 << 10);
            far.tell(said);
            assertThat(heard.receiveMessage(PATIENCE)).isEqualTo(said);
            assertThat(elsewhere.resolve("pki/master.crt")).exists();
        } finally {
            other.shutdownTestKit();
        }
    }

    private static MemberMessage announcement(int events, int bytes) {
        Session session = new Session(1, "s1", "pekko://ruori@127.0.0.1:1");
        ObjectKey key = ObjectKey.of(KindName.core("configmaps"), "default", "large");
        List<ObjectEvent> written = new ArrayList<>();
        for (int i = 1; i <= events; i++) {
            StoredObject object = new StoredObject(
                    key, new Uid("u"), new Revision(i), Map.of(), List.of(), null, Map.of(), new byte[bytes], null);
            Origin origin = new Origin(User.component("test"), "test", "test", "", Revision.ZERO);
            written.add(new ObjectEvent.Updated(object, origin, List.of()));
        }
        return new MemberMessage.Told(new Announcement(
                session,
                1,
                Revision.ZERO,
                Revision.ZERO,
                List.of(new ShardLog(0, 1, written)),
                Map.of(0, 4L),
                Revision.ZERO));
    }

    @Test
    void onlyMastersAreLetIn(@TempDir Path strange) throws IOException {
        Instant now = Instant.now();
        ClusterAuthority authority = authority();
        assertThat(isLetIn(authority.master(now))).isTrue();
        assertThat(isLetIn(authority.administrator(now))).isFalse();
        assertThat(isLetIn(authority.client("node", "system:node:a", List.of("system:nodes"), now)))
                .isFalse();
        assertThat(isLetIn(authority.client("liar", "ruori:master", List.of("ruori:masters"), now)))
                .isFalse();
        assertThat(isLetIn(authority.server(List.of("localhost"), List.of(), now)))
                .isFalse();
        assertThat(isLetIn(ClusterAuthority.open(strange, now).master(now))).isFalse();
    }

    /** A master that was let in hears nothing on a connection of its own: what it is told comes on another. */
    private boolean isLetIn(Identity shown) throws IOException {
        int port = (Integer) address().port().get();
        try (SSLSocket socket =
                (SSLSocket) Tls.context(Optional.of(shown), authority().certificate())
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(REFUSED_WITHIN_MILLIS);
            socket.startHandshake();
            socket.setSoTimeout(
                    ClusterAuthority.isMaster(shown.certificate()) ? LISTENING_MILLIS : REFUSED_WITHIN_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException open) {
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void whoShowsNoCertificateIsNotLetIn() throws IOException {
        int port = (Integer) address().port().get();
        try (SSLSocket socket =
                (SSLSocket) Tls.context(Optional.empty(), authority().certificate())
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(REFUSED_WITHIN_MILLIS);
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void onlyMastersAreToldAnything() throws IOException {
        Instant now = Instant.now();
        assertThat(isTold(authority().master(now))).isTrue();
        assertThat(isTold(authority().server(List.of("localhost"), List.of("127.0.0.1"), now)))
                .isFalse();
    }

    /** Stands where a member should be, and waits for what it is told. */
    private boolean isTold(Identity shown) throws IOException {
        try (SSLServerSocket server =
                (SSLServerSocket) Tls.context(Optional.of(shown), authority().certificate())
                        .getServerSocketFactory()
                        .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout((int) PATIENCE.toMillis());
            String name = "pekko://ruori@127.0.0.1:" + server.getLocalPort() + "/user/members";
            ActorRefResolver.get(master.system())
                    .<MemberMessage>resolveActorRef(name)
                    .tell(announcement(1, 10));
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.setSoTimeout(REFUSED_WITHIN_MILLIS);
                return socket.getInputStream().read() >= 0;
            } catch (SSLException | SocketException refused) {
                return false;
            }
        }
    }

    @Test
    void aCertificateNearItsEndIsIssuedAnew() throws IOException {
        Instant now = Instant.now();
        Identity first = authority().master(now);
        assertThat(authority().master(now).certificate()).isEqualTo(first.certificate());
        ArteryTls tls = new ArteryTls(data, () -> now.plus(Duration.ofDays(340)));
        tls.createClientSSLEngine("127.0.0.1", 1);
        Identity second = authority().master(now);
        assertThat(second.certificate()).isNotEqualTo(first.certificate());
        assertThat(ClusterAuthority.isMaster(second.certificate())).isTrue();
    }
}
