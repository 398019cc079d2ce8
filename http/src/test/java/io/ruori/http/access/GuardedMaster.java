package io.ruori.http.access;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.fixture.InProcessMaster;
import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;

/** A master in this process, with fixed tokens for two people, and clients of every sort. */
final class GuardedMaster implements AutoCloseable {
    private final InProcessMaster master;

    private GuardedMaster(InProcessMaster master) {
        this.master = master;
    }

    static GuardedMaster start(Path data) throws IOException {
        return start(data, Map.of());
    }

    static GuardedMaster start(Path data, Map<String, Object> settings) throws IOException {
        Path tokens = data.resolve("tokens.csv");
        Files.createDirectories(data);
        Files.writeString(tokens, "jane-token,jane,42,\"developers,testers\"\nbob-token,bob,43\n");
        Map<String, Object> all = new HashMap<>(settings);
        all.put("ruori.master.token-auth-file", tokens.toString());
        GuardedMaster master = new GuardedMaster(InProcessMaster.start(data.resolve("cluster"), all));
        Client anonymous = master.anonymous();
        await("the master is ready")
                .atMost(InProcessMaster.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> anonymous.get("/readyz").code() == 200);
        // The roles made of others come a moment later.
        await("the role edit has its rules")
                .atMost(InProcessMaster.PATIENCE)
                .until(() -> master.admin()
                        .get("/apis/rbac.authorization.k8s.io/v1/clusterroles/admin")
                        .text()
                        .contains("localsubjectaccessreviews"));
        return master;
    }

    String address() {
        return master.address().toString();
    }

    Path kubeconfig() {
        return master.kubeconfig();
    }

    Client admin() throws IOException {
        return certified("kubernetes-admin", "system:masters");
    }

    /** Somebody with a certificate of this cluster. */
    Client certified(String user, String... groups) throws IOException {
        return client(
                master.authority().client("test-" + user.replace(':', '-'), user, List.of(groups), Instant.now()));
    }

    /** Somebody whose certificate another authority signed, with the same name on it. */
    Client impostor(Path elsewhere) throws IOException {
        Instant now = Instant.now();
        return client(ClusterAuthority.open(elsewhere, now).administrator(now));
    }

    private Client client(Identity identity) throws IOException {
        return new Client(address(), master.trusting(Optional.of(identity)), Map.of());
    }

    Client anonymous() throws IOException {
        return new Client(address(), master.trusting(Optional.empty()), Map.of());
    }

    Client bearing(String token) throws IOException {
        return anonymous().with("Authorization", "Bearer " + token);
    }

    void namespace(String name) throws IOException {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        body.putObject("metadata").put("name", name);
        admin().post("/api/v1/namespaces", body).is(201);
    }

    @Override
    public void close() {
        master.close();
    }

    ActorSystem<Void> system() {
        return master.system();
    }
}
