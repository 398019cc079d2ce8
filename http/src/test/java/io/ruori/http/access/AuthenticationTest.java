package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to say who one is, and every way to lie about it. */
final class AuthenticationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static GuardedMaster master;

    @BeforeAll
    static void start() throws IOException {
        master = GuardedMaster.start(directory.resolve("here"));
        master.namespace("team");
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static JsonNode whoAmI(Client client) {
        return client.review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", Json.object())
                .path("userInfo");
    }

    // ---- honest people

    @Test
    void aCertificateNamesItsUserAndGroups() throws IOException {
        JsonNode info = whoAmI(master.certified("ann", "developers"));
        assertThat(Json.text(info, "username")).isEqualTo("ann");
        assertThat(info.path("groups").toString()).isEqualTo("[\"developers\",\"system:authenticated\"]");
    }

    @Test
    void aTokenOfTheFileNamesItsUserUidAndGroups() throws IOException {
        JsonNode info = whoAmI(master.bearing("jane-token"));
        assertThat(Json.text(info, "username")).isEqualTo("jane");
        assertThat(Json.text(info, "uid")).isEqualTo("42");
        assertThat(info.path("groups").toString()).isEqualTo("[\"developers\",\"testers\",\"system:authenticated\"]");
    }

    @Test
    void aTokenOnRequestIsItsServiceAccount() throws IOException {
        JsonNode info = whoAmI(master.bearing(token("default", Json.object())));
        assertThat(Json.text(info, "username")).isEqualTo("system:serviceaccount:team:default");
        assertThat(info.path("groups").toString())
                .isEqualTo("[\"system:serviceaccounts\",\"system:serviceaccounts:team\",\"system:authenticated\"]");
        assertThat(Json.text(info, "extra", "authentication.kubernetes.io/credential-id"))
                .isEmpty();
        assertThat(info.path("extra")
                        .path("authentication.kubernetes.io/credential-id")
                        .path(0)
                        .asText())
                .startsWith("JTI=");
    }

    @Test
    void nobodyInParticularSeesHealthVersionAndWhereTheClusterIs() throws IOException {
        Client anonymous = master.anonymous();
        for (String open : new String[] {"/healthz", "/livez", "/readyz", "/version"}) {
            anonymous.get(open).is(200);
        }
        assertThat(Json.text(
                        anonymous
                                .get("/api/v1/namespaces/kube-public/configmaps/cluster-info")
                                .is(200)
                                .json(),
                        "data",
                        "kubeconfig"))
                .contains("server: " + master.address());
        anonymous.get("/api").forbidden("forbidden: User \"system:anonymous\" cannot get path \"/api\"");
        anonymous
                .get("/api/v1/pods")
                .forbidden(
                        "pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\""
                                + " at the cluster scope");
    }

    // ---- liars

    @Test
    void aCertificateOfAnotherAuthorityEndsTheHandshake() throws IOException {
        Client impostor = master.impostor(directory.resolve("elsewhere"));
        assertThatThrownBy(() -> impostor.get("/api/v1/namespaces")).hasRootCauseInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Remote-User",
                "X-Remote-Group",
                "X-Remote-Extra-scopes",
                "X-Forwarded-User",
                "X-Forwarded-Client-Cert",
                "Remote-User",
                "Authenticated-User"
            })
    void headersThatNameSomebodyNameNobody(String header) throws IOException {
        Client liar = master.anonymous().with(header, "system:masters");
        liar.get("/api/v1/secrets")
                .forbidden("secrets is forbidden: User \"system:anonymous\" cannot list resource \"secrets\" in API"
                        + " group \"\" at the cluster scope");
    }

    @Test
    void unknownTokensAreRefusedEvenWhereNobodyNeedsOne() throws IOException {
        master.bearing("jane-tokem").get("/version").unauthorized();
        master.bearing("a.b.c").get("/version").unauthorized();
        master.bearing("..").get("/version").unauthorized();
        master.bearing("a".repeat(20_000)).get("/version").unauthorized();
    }

    @Test
    void aTokenWithoutSignatureIsRefused() throws IOException {
        String good = token("default", Json.object());
        String[] parts = good.split("\\.");
        String none = encode("{\"alg\":\"none\"}");
        master.bearing(none + "." + parts[1] + ".").get("/version").unauthorized();
        master.bearing(parts[0] + "." + parts[1] + ".").get("/version").unauthorized();
        master.bearing(parts[0] + "." + parts[1]).get("/version").unauthorized();
    }

    @Test
    void aTokenThatNamesAnotherAlgorithmIsRefused() throws IOException {
        String[] parts = token("default", Json.object()).split("\\.");
        for (String algorithm : new String[] {"HS256", "RS256", "ES384", "es256", ""}) {
            String header = decode(parts[0]).replace("ES256", algorithm);
            master.bearing(encode(header) + "." + parts[1] + "." + parts[2])
                    .get("/version")
                    .unauthorized();
        }
    }

    @Test
    void aTokenWhoseClaimsWereChangedIsRefused() throws IOException {
        String[] parts = token("default", Json.object()).split("\\.");
        String claims = decode(parts[1]).replace(":team:default", ":kube-system:default");
        master.bearing(parts[0] + "." + encode(claims) + "." + parts[2])
                .get("/version")
                .unauthorized();
    }

    @Test
    void aTokenOfAnotherClusterIsRefused() throws IOException {
        try (GuardedMaster other = GuardedMaster.start(directory.resolve("other"))) {
            other.namespace("team");
            String foreign = token(other, "default", Json.object());
            other.bearing(foreign).get("/version").is(200);
            master.bearing(foreign).get("/version").unauthorized();
        }
    }

    @Test
    void aTokenForAnotherAudienceIsRefused() throws IOException {
        ObjectNode spec = Json.object();
        spec.putArray("audiences").add("vault");
        String token = token("default", spec);
        master.bearing(token).get("/version").unauthorized();
        ObjectNode review = Json.object().put("token", token);
        review.putArray("audiences").add("vault");
        JsonNode status = master.admin().review("authentication.k8s.io", "tokenreviews", "TokenReview", review);
        assertThat(status.path("authenticated").asBoolean()).isTrue();
        assertThat(status.path("audiences").toString()).isEqualTo("[\"vault\"]");
        review.putArray("audiences").add("a").add("b");
        JsonNode refused = master.admin().review("authentication.k8s.io", "tokenreviews", "TokenReview", review);
        assertThat(refused.path("authenticated").asBoolean()).isFalse();
        assertThat(Json.text(refused, "error"))
                .isEqualTo("[invalid bearer token, token audiences [\"vault\"] is invalid for the target audiences"
                        + " [\"a\" \"b\"]]");
    }

    @Test
    void aTokenEndsWithItsAccountAndWithWhatItIsBoundTo() throws IOException {
        Client admin = master.admin();
        String accounts = "/api/v1/namespaces/team/serviceaccounts";
        admin.post(accounts, named("ServiceAccount", "shortlived")).is(201);
        ObjectNode secret = named("Secret", "holder");
        admin.post("/api/v1/namespaces/team/secrets", secret).is(201);
        ObjectNode spec = Json.object();
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("name", "holder");
        String bound = token("shortlived", spec);
        String free = token("shortlived", Json.object());
        master.bearing(bound).get("/version").is(200);
        master.bearing(free).get("/version").is(200);
        admin.delete("/api/v1/namespaces/team/secrets/holder").is(200);
        refusedSoon(bound);
        master.bearing(free).get("/version").is(200);
        admin.delete(accounts + "/shortlived").is(200);
        // Another of the same name is not the same.
        admin.post(accounts, named("ServiceAccount", "shortlived")).is(201);
        refusedSoon(free);
    }

    /** Tokens are held against the view, which follows a write by a moment; upstream's follows by its caches. */
    private static void refusedSoon(String token) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> master.bearing(token).get("/version").unauthorized());
    }

    // ---- requests for tokens

    @Test
    void aTokenIsRequestedWithinLimits() throws IOException {
        Client admin = master.admin();
        String path = "/api/v1/namespaces/team/serviceaccounts/default/token";
        ObjectNode request = tokenRequest(Json.object().put("expirationSeconds", 10));
        assertThat(Json.text(admin.post(path, request).is(422).json(), "message"))
                .contains("spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes");
        JsonNode answer = admin.post(path, tokenRequest(Json.object().put("expirationSeconds", 700)))
                .is(201)
                .json();
        assertThat(Json.text(answer, "kind")).isEqualTo("TokenRequest");
        assertThat(Json.text(answer, "status", "expirationTimestamp")).isNotEmpty();
        admin.post("/api/v1/namespaces/team/serviceaccounts/nobody/token", tokenRequest(Json.object()))
                .is(404);
        admin.get(path).is(405);
        master.bearing("bob-token")
                .post(path, tokenRequest(Json.object()))
                .forbidden("serviceaccounts \"default\" is forbidden: User \"bob\" cannot create resource"
                        + " \"serviceaccounts/token\" in API group \"\" in the namespace \"team\"");
    }

    @Test
    void whoeverVerifiesTokensFindsTheKey() throws IOException {
        Client account = master.bearing(token("default", Json.object()));
        JsonNode configuration =
                account.get("/.well-known/openid-configuration").is(200).json();
        assertThat(Json.text(configuration, "issuer")).isEqualTo("https://kubernetes.default.svc.cluster.local");
        assertThat(Json.text(configuration, "jwks_uri")).isEqualTo(master.address() + "/openid/v1/jwks");
        JsonNode key =
                account.get("/openid/v1/jwks").is(200).json().path("keys").path(0);
        String header = decode(token("default", Json.object()).split("\\.")[0]);
        assertThat(header).contains(Json.text(key, "kid"));
        master.bearing("bob-token")
                .get("/openid/v1/jwks")
                .forbidden("forbidden: User \"bob\" cannot get path \"/openid/v1/jwks\"");
    }

    @Test
    void aReviewSaysWhoseATokenIs() throws IOException {
        Client admin = master.admin();
        JsonNode good = admin.review(
                "authentication.k8s.io",
                "tokenreviews",
                "TokenReview",
                Json.object().put("token", token("default", Json.object())));
        assertThat(Json.text(good, "user", "username")).isEqualTo("system:serviceaccount:team:default");
        JsonNode bad = admin.review(
                "authentication.k8s.io",
                "tokenreviews",
                "TokenReview",
                Json.object().put("token", "nonsense"));
        assertThat(bad.path("authenticated").asBoolean()).isFalse();
        assertThat(Json.text(bad, "error")).isEqualTo("invalid bearer token");
    }

    @Test
    void aTokenRequestSaysWhomItsTokenIsFor() throws IOException {
        Client admin = master.admin();
        token("default", Json.object());
        JsonNode answer = admin.post(
                        "/api/v1/namespaces/team/serviceaccounts/default/token", tokenRequest(Json.object()))
                .is(201)
                .json();
        assertThat(answer.path("spec").path("audiences")).hasSize(1);
        assertThat(answer.path("spec").path("audiences").path(0).asText()).startsWith("https://");
    }

    // ----

    private static String token(String account, ObjectNode spec) throws IOException {
        return token(master, account, spec);
    }

    private static String token(GuardedMaster of, String account, ObjectNode spec) throws IOException {
        Client admin = of.admin();
        String path = "/api/v1/namespaces/team/serviceaccounts/" + account;
        org.awaitility.Awaitility.await("account " + account)
                .until(() -> admin.get(path).code() == 200);
        return Json.text(admin.post(path + "/token", tokenRequest(spec)).is(201).json(), "status", "token");
    }

    private static ObjectNode tokenRequest(ObjectNode spec) {
        ObjectNode body =
                Json.object().put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        body.set("spec", spec);
        return body;
    }

    private static ObjectNode named(String kind, String name) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", kind);
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
