package io.ruori.http.access;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.ruori.api.Json;
import io.ruori.http.RuoriServer;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Identity;
import io.ruori.http.pki.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;

/** A master in this process, with fixed tokens for two people, and clients of every sort. */
final class GuardedMaster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path data;
    private final int port;
    private final ActorSystem<Void> system;

    private GuardedMaster(Path data, int port, ActorSystem<Void> system) {
        this.data = data;
        this.port = port;
        this.system = system;
    }

    static GuardedMaster start(Path data) throws IOException {
        return start(data, Map.of());
    }

    static GuardedMaster start(Path data, Map<String, Object> settings) throws IOException {
        int port = freePort();
        Path tokens = data.resolve("tokens.csv");
        Files.createDirectories(data);
        Files.writeString(tokens, "jane-token,jane,42,\"developers,testers\"\nbob-token,bob,43\n");
        Map<String, Object> all = new HashMap<>(settings);
        all.put("ruori.data-directory", data.resolve("cluster").toString());
        all.put("ruori.master.port", port);
        all.put("ruori.master.token-auth-file", tokens.toString());
        // The virtual machine belongs to the tests.
        all.put("pekko.coordinated-shutdown.exit-jvm", "off");
        ActorSystem<Void> system = RuoriServer.start(ConfigFactory.load(
                ConfigFactory.parseMap(all).withFallback(ConfigFactory.parseResources("application.conf"))));
        GuardedMaster master = new GuardedMaster(data.resolve("cluster"), port, system);
        Client anonymous = master.anonymous();
        await("the master is ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> anonymous.get("/readyz").code() == 200);
        // The roles made of others come a moment later.
        await("the role edit has its rules")
                .atMost(PATIENCE)
                .until(() -> master.admin()
                        .get("/apis/rbac.authorization.k8s.io/v1/clusterroles/admin")
                        .text()
                        .contains("localsubjectaccessreviews"));
        return master;
    }

    Path data() {
        return data;
    }

    String address() {
        return "https://127.0.0.1:" + port;
    }

    Path kubeconfig() {
        return data.resolve("admin.kubeconfig");
    }

    Client admin() throws IOException {
        return certified("kubernetes-admin", "system:masters");
    }

    /** Somebody with a certificate of this cluster. */
    Client certified(String user, String... groups) throws IOException {
        Instant now = Instant.now();
        ClusterAuthority authority = ClusterAuthority.open(data, now);
        Identity identity = authority.client("test-" + user.replace(':', '-'), user, List.of(groups), now);
        return new Client(address(), Tls.context(Optional.of(identity), authority.certificate()), Map.of());
    }

    /** Somebody whose certificate another authority signed, with the same name on it. */
    Client impostor(Path elsewhere) throws IOException {
        Instant now = Instant.now();
        Identity identity = ClusterAuthority.open(elsewhere, now).administrator(now);
        return new Client(
                address(),
                Tls.context(
                        Optional.of(identity), ClusterAuthority.open(data, now).certificate()),
                Map.of());
    }

    Client anonymous() throws IOException {
        return new Client(
                address(),
                Tls.context(
                        Optional.empty(),
                        ClusterAuthority.open(data, Instant.now()).certificate()),
                Map.of());
    }

    Client bearing(String token) throws IOException {
        return anonymous().with("Authorization", "Bearer " + token);
    }

    void namespace(String name) throws IOException {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        body.putObject("metadata").put("name", name);
        admin().post("/api/v1/namespaces", body).is(201);
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

    ActorSystem<Void> system() {
        return system;
    }
}
