package io.ruori.http.access;

import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may make masters' tokens, and what a master that is alone answers. What tokens open is shown with a database, in e2e. */
final class JoinAccessTest {
    private static final String TOKENS = "/ruori/join/v1/tokens";
    private static final String MASTERS = "/ruori/join/v1/masters";

    @SuppressWarnings("NullAway.Init")
    private static GuardedMaster master;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        master = GuardedMaster.start(directory);
    }

    @AfterAll
    static void stop() {
        master.close();
    }

    @Test
    void nobodyMakesTokensButAdministrators() throws IOException {
        master.anonymous().post(TOKENS, Json.object()).is(403);
        master.bearing("jane-token").post(TOKENS, Json.object()).is(403);
        master.certified("system:node:node-1", "system:nodes")
                .post(TOKENS, Json.object())
                .is(403);
    }

    @Test
    void norDoesARoleOfEverything() throws IOException {
        var role = Json.read("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"all-paths"},
             "rules":[{"nonResourceURLs":["*"],"verbs":["*"]}]}
            """);
        var binding = Json.read("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"bob-all-paths"},
             "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"all-paths"},
             "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"bob"}]}
            """);
        String roles = "/apis/rbac.authorization.k8s.io/v1/";
        master.admin().post(roles + "clusterroles", role).is(201);
        master.admin().post(roles + "clusterrolebindings", binding).is(201);
        master.bearing("bob-token")
                .post(TOKENS, Json.object())
                .forbidden("forbidden: only the group system:masters may make masters' tokens, since they open the"
                        + " cluster's authority");
    }

    @Test
    void aMasterThatIsAloneHasNothingToShare() throws IOException {
        master.admin().post(TOKENS, Json.object()).is(409);
        master.anonymous()
                .post(MASTERS, Json.object().put("token", "abcdef.0123456789abcdef"))
                .is(409);
    }

    @Test
    void neitherCanBeRead() throws IOException {
        master.admin().get(TOKENS).is(405);
        master.admin().get(MASTERS).is(405);
    }
}
