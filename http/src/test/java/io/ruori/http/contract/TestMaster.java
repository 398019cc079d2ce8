package io.ruori.http.contract;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ruori.http.RuoriServer;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;

/** A master without nodes, in this process, on a data directory and a port of its own. */
public final class TestMaster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ActorSystem<Void> system;
    private final Api api;
    private final Path data;

    private TestMaster(ActorSystem<Void> system, Api api, Path data) {
        this.system = system;
        this.api = api;
        this.data = data;
    }

    public static TestMaster start(Path data) throws IOException {
        int port = freePort();
        ActorSystem<Void> system = RuoriServer.start(config(data, port));
        Api api = new Api(URI.create("https://127.0.0.1:" + port), administrator(data));
        await("the master is ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(api::isReady);
        return new TestMaster(system, api, data);
    }

    Api api() {
        return api;
    }

    /** The administrator's, as clients read it. */
    public Path kubeconfig() {
        return data.resolve("admin.kubeconfig");
    }

    private static Config config(Path data, int port) {
        return ConfigFactory.load(ConfigFactory.parseMap(Map.of(
                        "ruori.data-directory",
                        data.toString(),
                        "ruori.master.port",
                        port,
                        // The virtual machine belongs to the tests.
                        "pekko.coordinated-shutdown.exit-jvm",
                        "off"))
                .withFallback(ConfigFactory.parseResources("application.conf")));
    }

    private static SSLContext administrator(Path data) throws IOException {
        Instant now = Instant.now();
        ClusterAuthority authority = ClusterAuthority.open(data, now);
        return Tls.context(Optional.of(authority.administrator(now)), authority.certificate());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        ActorTestKit.shutdown(system, PATIENCE);
    }
}
