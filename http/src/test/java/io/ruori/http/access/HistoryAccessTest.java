package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may get an object may read its past, and nobody else; causes in other objects are withheld like those. */
final class HistoryAccessTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/shop";
    private static final String HISTORIES = "/apis/history.ruori.io/v1/namespaces/shop/histories/";

    @SuppressWarnings("NullAway.Init")
    private static GuardedMaster master;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        master = GuardedMaster.start(data);
        master.namespace("shop");
        allow("reader", "", List.of("configmaps", "pods"), List.of());
        allow("one-secret", "", List.of("secrets"), List.of("open"));
        allow("histories", "history.ruori.io", List.of("*"), List.of());
        for (String name : List.of("open", "closed")) {
            ObjectNode secret = object("Secret", name);
            secret.putObject("stringData").put("word", "hidden");
            master.admin().post("/api/v1/namespaces/shop/secrets", secret).is(201);
        }
        master.admin()
                .post("/api/v1/namespaces/shop/configmaps", object("ConfigMap", "plain"))
                .is(201);
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    /** A role for jane. */
    private static void allow(String name, String group, List<String> resources, List<String> names)
            throws IOException {
        ObjectNode role = object("Role", name).put("apiVersion", "rbac.authorization.k8s.io/v1");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("verbs").add("get");
        rule.putArray("apiGroups").add(group);
        resources.forEach(rule.putArray("resources")::add);
        if (!names.isEmpty()) {
            names.forEach(rule.putArray("resourceNames")::add);
        }
        master.admin().post(RBAC + "/roles", role).is(201);
        ObjectNode binding = object("RoleBinding", name).put("apiVersion", "rbac.authorization.k8s.io/v1");
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", name);
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "User")
                .put("name", "jane");
        master.admin().post(RBAC + "/rolebindings", binding).is(201);
    }

    @Test
    void readingThePastIsReading() throws IOException {
        Client jane = master.bearing("jane-token");
        Client bob = master.bearing("bob-token");
        await().until(() -> jane.get(HISTORIES + "configmaps:plain").code() == 200);
        await().until(() -> jane.get(HISTORIES + "secrets:open").code() == 200);
        for (String part : List.of("", "/diff", "/blame", "/why", "/effects")) {
            jane.get(HISTORIES + "configmaps:plain" + part).is(200);
            jane.get(HISTORIES + "cm:plain" + part).is(200);
            jane.get(HISTORIES + "secrets:open" + part).is(200);
            jane.get(HISTORIES + "secrets:closed" + part)
                    .forbidden("secrets \"closed\" is forbidden: User \"jane\" cannot get resource \"secrets\" in API"
                            + " group \"\" in the namespace \"shop\"");
            jane.get(HISTORIES + "Secret:closed" + part).is(403);
            jane.get("/asof/0s" + HISTORIES + "secrets:closed" + part).is(403);
            bob.get(HISTORIES + "configmaps:plain" + part).is(403);
            master.anonymous().get(HISTORIES + "configmaps:plain" + part).is(403);
            master.admin().get(HISTORIES + "secrets:closed" + part).is(200);
        }
        // Refused before it is known whether there ever was one.
        jane.get(HISTORIES + "secrets:never").is(403);
        jane.get("/apis/history.ruori.io/v1/namespaces/default/histories/configmaps:plain")
                .is(403);
        jane.get("/apis/history.ruori.io/v1/clusterhistories/namespaces:shop").is(403);
        // Also when it is gone.
        master.admin().delete("/api/v1/namespaces/shop/secrets/closed").is(200);
        jane.get(HISTORIES + "secrets:closed").is(403);
        master.admin().get(HISTORIES + "secrets:closed").is(200);
    }

    @Test
    void causesInOtherObjectsAreWithheld() throws IOException {
        ObjectNode deployment = object("Deployment", "web").put("apiVersion", "apps/v1");
        ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
        spec.putObject("selector").putObject("matchLabels").put("app", "web");
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", "web");
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "ruori/web:1");
        master.admin()
                .post("/apis/apps/v1/namespaces/shop/deployments", deployment)
                .is(201);
        Client admin = master.admin();
        await().until(() ->
                !admin.get("/api/v1/namespaces/shop/pods").json().path("items").isEmpty());
        String pod = Json.text(
                admin.get("/api/v1/namespaces/shop/pods").json().path("items").path(0), "metadata", "name");
        Client jane = master.bearing("jane-token");
        await().until(() -> jane.get(HISTORIES + "pods:" + pod + "/why").code() == 200);
        JsonNode hers = jane.get(HISTORIES + "pods:" + pod + "/why").json().path("chain");
        JsonNode all =
                admin.get(HISTORIES + "pods:" + pod + "/why").is(200).json().path("chain");
        assertThat(hers.size()).isEqualTo(all.size());
        assertThat(hers.path(0).path("withheld").asBoolean()).isTrue();
        assertThat(hers.path(0).has("object")).isFalse();
        assertThat(hers.toString()).doesNotContain("Deployment").doesNotContain("kubernetes-admin");
        assertThat(Json.text(hers.path(hers.size() - 1), "object", "name")).isEqualTo(pod);
        assertThat(Json.text(all.path(0), "object", "kind")).isEqualTo("Deployment");
    }
}
