package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles are enforced: for people, for whom they act as, for nodes, and for those who write roles. */
final class AuthorizationTest {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final String SHOP = RBAC + "/namespaces/shop";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static GuardedMaster master;

    @BeforeAll
    static void start() throws IOException {
        master = GuardedMaster.start(directory.resolve("here"));
        for (String name : new String[] {"shop", "other"}) {
            master.namespace(name);
        }
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static Client jane() throws IOException {
        return master.bearing("jane-token");
    }

    // ---- roles

    @Test
    void aRoleIsGivenAndTaken() throws IOException {
        Client ann = master.certified("ann");
        String pods = "/api/v1/namespaces/shop/pods";
        ann.get(pods)
                .forbidden("pods is forbidden: User \"ann\" cannot list resource \"pods\" in API group \"\" in the"
                        + " namespace \"shop\"");
        master.admin()
                .post(SHOP + "/roles", role("reader", "", "pods", "get", "list"))
                .is(201);
        master.admin()
                .post(SHOP + "/rolebindings", binding("ann-reads", "Role", "reader", "ann"))
                .is(201);
        await("ann may list").until(() -> ann.get(pods).code() == 200);
        ann.get("/api/v1/namespaces/other/pods").is(403);
        ann.get(pods + "/nosuch").is(404);
        ann.delete(pods + "/nosuch")
                .forbidden(
                        "pods \"nosuch\" is forbidden: User \"ann\" cannot delete resource \"pods\" in API group \"\""
                                + " in the namespace \"shop\"");
        master.admin().delete(SHOP + "/rolebindings/ann-reads").is(200);
        await("ann may no more").until(() -> ann.get(pods).code() == 403);
    }

    @Test
    void aBindingToARoleThatIsNotThereSaysSoWhenItIsMissed() throws IOException {
        master.admin()
                .post(SHOP + "/rolebindings", binding("dangling", "Role", "nosuch", "dan"))
                .is(201);
        Client dan = master.certified("dan");
        await("the binding is seen")
                .until(() -> dan.get("/api/v1/namespaces/shop/secrets").text().contains("RBAC"));
        dan.get("/api/v1/namespaces/shop/secrets")
                .forbidden(
                        "secrets is forbidden: User \"dan\" cannot list resource \"secrets\" in API group \"\" in the"
                                + " namespace \"shop\": RBAC: role.rbac.authorization.k8s.io \"nosuch\" not found");
    }

    @Test
    void refusalsNameGroupSubresourceAndPath() throws IOException {
        jane().get("/apis/apps/v1/deployments")
                .forbidden("deployments.apps is forbidden: User \"jane\" cannot list resource \"deployments\" in API"
                        + " group \"apps\" at the cluster scope");
        jane().get("/apis/apps/v1/namespaces/shop/deployments/web/scale")
                .forbidden("deployments.apps \"web\" is forbidden: User \"jane\" cannot get resource"
                        + " \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"");
        jane().get("/metrics").forbidden("forbidden: User \"jane\" cannot get path \"/metrics\"");
        jane().get("/apis/nosuch.example.com/v1/things")
                .forbidden(
                        "things.nosuch.example.com is forbidden: User \"jane\" cannot list resource \"things\" in API"
                                + " group \"nosuch.example.com\" at the cluster scope");
        jane().get("/api/v1/namespaces/shop")
                .forbidden("namespaces \"shop\" is forbidden: User \"jane\" cannot get resource \"namespaces\" in API"
                        + " group \"\" in the namespace \"shop\"");
        jane().get("/api/v1/pods?watch=true")
                .forbidden("pods is forbidden: User \"jane\" cannot watch resource \"pods\" in API group \"\" at the"
                        + " cluster scope");
        jane().get("/apis").is(200);
        jane().get("/openapi/v3").is(200);
    }

    @Test
    void entersNoContainerWithTheRightToReadAlone() throws IOException {
        master.admin()
                .post(SHOP + "/roles", role("peeper", "", "pods/exec", "get"))
                .is(201);
        master.admin()
                .post(SHOP + "/rolebindings", binding("peeper", "Role", "peeper", "pat"))
                .is(201);
        Client pat = master.certified("pat");
        String exec = "/api/v1/namespaces/shop/pods/web/exec?command=sh";
        await("the binding is seen").until(() -> pat.get(exec).text().contains("create"));
        pat.get(exec)
                .forbidden("pods \"web\" is forbidden: User \"pat\" cannot create resource \"pods/exec\" in API group"
                        + " \"\" in the namespace \"shop\"");
    }

    @Test
    void aRoleMadeOfOthersFollowsThem() throws IOException {
        Client admin = master.admin();
        ObjectNode part = role("widgets-for-editors", "example.com", "widgets", "list");
        part.put("kind", "ClusterRole");
        Json.child(Json.child(part, "metadata"), "labels").put("rbac.authorization.k8s.io/aggregate-to-edit", "true");
        admin.post(RBAC + "/clusterroles", part).is(201);
        for (String role : new String[] {"edit", "admin"}) {
            await(role + " has it")
                    .until(() ->
                            admin.get(RBAC + "/clusterroles/" + role).text().contains("widgets"));
        }
        admin.delete(RBAC + "/clusterroles/widgets-for-editors").is(200);
        await("admin has it no more")
                .until(() -> !admin.get(RBAC + "/clusterroles/admin").text().contains("widgets"));
    }

    // ---- escalation

    @Test
    void nobodyWritesARoleThatHoldsMoreThanTheyDo() throws IOException {
        master.admin()
                .post(SHOP + "/rolebindings", binding("eva-administers", "ClusterRole", "admin", "eva"))
                .is(201);
        Client eva = master.certified("eva");
        await("eva administers").until(() -> eva.get(SHOP + "/roles").code() == 200);
        eva.post(SHOP + "/roles", role("good", "", "pods", "get", "list")).is(201);
        eva.post(SHOP + "/roles", role("bad", "", "nodes", "get"))
                .forbidden("roles.rbac.authorization.k8s.io \"bad\" is forbidden: user \"eva\""
                        + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not currently"
                        + " held:\n{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}");
        eva.merge(SHOP + "/roles/good", role("good", "", "nodes", "get")).is(403);
        ObjectNode label = Json.object();
        label.putObject("metadata").putObject("labels").put("a", "b");
        eva.merge(SHOP + "/roles/good", label).is(200);
        eva.post(SHOP + "/rolebindings", binding("up", "ClusterRole", "cluster-admin", "eva"))
                .is(403);
        eva.post(SHOP + "/rolebindings", binding("down", "ClusterRole", "view", "ben"))
                .is(201);
        eva.post(SHOP + "/rolebindings", binding("nowhere", "Role", "nosuch", "ben"))
                .is(404);
    }

    @Test
    void whoMayBindNeedNotHold() throws IOException {
        ObjectNode binder = role("binder", "rbac.authorization.k8s.io", "rolebindings", "create");
        ((com.fasterxml.jackson.databind.node.ArrayNode) binder.path("rules"))
                .add(rule("rbac.authorization.k8s.io", "clusterroles", "bind"));
        master.admin().post(SHOP + "/roles", binder).is(201);
        master.admin()
                .post(SHOP + "/rolebindings", binding("bea-binds", "Role", "binder", "bea"))
                .is(201);
        Client bea = master.certified("bea");
        await("bea may bind")
                .until(() -> bea.post(SHOP + "/rolebindings?dryRun=All", binding("given", "ClusterRole", "view", "kim"))
                                .code()
                        == 201);
        bea.post(SHOP + "/rolebindings", binding("given", "ClusterRole", "cluster-admin", "kim"))
                .is(201);
    }

    // ---- acting as others

    @Test
    void actingAsAnotherNeedsTheRight() throws IOException {
        Client admin = master.admin();
        JsonNode info = whoAmI(admin.with("Impersonate-User", "sam")
                .with("Impersonate-Group", "crew")
                .with("Impersonate-Uid", "7")
                .with("Impersonate-Extra-Scopes", "a")
                .with("Impersonate-Extra-example.com%2Fdeep", "b"));
        assertThat(info)
                .isEqualTo(Json.read("{\"username\":\"sam\",\"uid\":\"7\",\"groups\":[\"crew\","
                        + "\"system:authenticated\"],\"extra\":{\"scopes\":[\"a\"],\"example.com/deep\":[\"b\"]}}"));
        admin.with("Impersonate-User", "sam").get("/api/v1/nodes").is(403);
        jane().with("Impersonate-User", "kubernetes-admin")
                .get("/version")
                .forbidden(
                        "users \"kubernetes-admin\" is forbidden: User \"jane\" cannot impersonate resource \"users\""
                                + " in API group \"\" at the cluster scope");
        jane().with("Impersonate-Group", "system:masters").get("/version").is(400);
        master.anonymous()
                .with("Impersonate-User", "kubernetes-admin")
                .get("/version")
                .is(403);
        assertThat(whoAmI(admin.with("Impersonate-User", "system:serviceaccount:shop:default"))
                        .path("groups")
                        .toString())
                .isEqualTo("[\"system:serviceaccounts\",\"system:serviceaccounts:shop\",\"system:authenticated\"]");
        admin.with("Impersonate-User", "system:anonymous").get("/livez").is(200);
        admin.with("Impersonate-User", "system:anonymous").get("/api").is(403);
    }

    @Test
    void theRightToActAsOneDoesNotReachTheirGroups() throws IOException {
        ObjectNode role = role("actor", "", "users", "impersonate").put("kind", "ClusterRole");
        master.admin().post(RBAC + "/clusterroles", role).is(201);
        master.admin()
                .post(
                        RBAC + "/clusterrolebindings",
                        binding("actor", "ClusterRole", "actor", "kay").put("kind", "ClusterRoleBinding"))
                .is(201);
        Client kay = master.certified("kay").with("Impersonate-User", "sam");
        await("kay may").until(() -> kay.get("/version").code() == 200);
        kay.with("Impersonate-Group", "system:masters")
                .get("/version")
                .forbidden("groups \"system:masters\" is forbidden: User \"kay\" cannot impersonate resource \"groups\""
                        + " in API group \"\" at the cluster scope");
    }

    private static JsonNode whoAmI(Client client) {
        return client.review("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview", Json.object())
                .path("userInfo");
    }

    // ---- nodes

    @Test
    void aNodeMakesOnlyItself() throws IOException {
        Client node = master.certified("system:node:n1", "system:nodes");
        node.post("/api/v1/nodes", named("v1", "Node", "n2"))
                .forbidden("nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
        node.post("/api/v1/nodes", named("v1", "Node", "n1")).is(201);
        node.get("/api/v1/nodes/n1").is(200);
        node.get("/api/v1/nodes/n2")
                .forbidden(
                        "nodes \"n2\" is forbidden: User \"system:node:n1\" cannot get resource \"nodes\" in API group"
                                + " \"\" at the cluster scope: node 'n1' cannot read 'n2', only its own Node object");
        node.get("/api/v1/namespaces/kube-system/secrets/any")
                .forbidden(
                        "secrets \"any\" is forbidden: User \"system:node:n1\" cannot get resource \"secrets\" in API"
                            + " group \"\" in the namespace \"kube-system\": no relationship found between node 'n1'"
                            + " and this object");
        ObjectNode pod = named("v1", "Pod", "made-up");
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        node.post("/api/v1/namespaces/shop/pods", pod)
                .forbidden(
                        "pods \"made-up\" is forbidden: pod does not have \"kubernetes.io/config.mirror\" annotation,"
                                + " node \"n1\" can only create mirror pods");
    }

    // ---- reviews

    @Test
    void reviewsSayWhatWouldBeAllowed() throws IOException {
        Client admin = master.admin();
        ObjectNode ask = Json.object().put("user", "zoe");
        ask.putArray("groups").add("system:masters");
        ask.putObject("resourceAttributes").put("verb", "delete").put("resource", "nodes");
        assertThat(admin.review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", ask)
                        .path("allowed")
                        .asBoolean())
                .isTrue();
        ask.remove("groups");
        assertThat(admin.review("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview", ask)
                        .toString())
                .isEqualTo("{\"allowed\":false}");
        ObjectNode path = Json.object();
        path.putObject("nonResourceAttributes").put("verb", "get").put("path", "/version");
        assertThat(jane().review("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview", path)
                        .path("reason")
                        .asText())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"system:discovery\" of ClusterRole"
                        + " \"system:discovery\" to Group \"system:authenticated\"");
        admin.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", review("SubjectAccessReview", Json.object()))
                .is(422);
        String local = "/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews";
        admin.post(local, review("LocalSubjectAccessReview", ask)).is(400);
        ((ObjectNode) ask.path("resourceAttributes")).put("namespace", "shop");
        admin.post(local, review("LocalSubjectAccessReview", ask)).is(201);
        jane().post("/apis/authorization.k8s.io/v1/subjectaccessreviews", review("SubjectAccessReview", ask))
                .is(403);
        JsonNode rules = jane().review(
                        "authorization.k8s.io",
                        "selfsubjectrulesreviews",
                        "SelfSubjectRulesReview",
                        Json.object().put("namespace", "shop"));
        assertThat(rules.path("incomplete").asBoolean()).isFalse();
        assertThat(rules.path("resourceRules").toString()).contains("selfsubjectaccessreviews");
        assertThat(rules.path("nonResourceRules").toString()).contains("/openapi/*");
    }

    // ----

    private static ObjectNode review(String kind, ObjectNode spec) {
        ObjectNode body =
                Json.object().put("apiVersion", "authorization.k8s.io/v1").put("kind", kind);
        body.set("spec", spec);
        return body;
    }

    private static ObjectNode named(String apiVersion, String kind, String name) {
        ObjectNode body = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static ObjectNode role(String name, String group, String resource, String... verbs) {
        ObjectNode role = named("rbac.authorization.k8s.io/v1", "Role", name);
        role.putArray("rules").add(rule(group, resource, verbs));
        return role;
    }

    private static ObjectNode rule(String group, String resource, String... verbs) {
        ObjectNode rule = Json.object();
        rule.putArray("apiGroups").add(group);
        rule.putArray("resources").add(resource);
        var list = rule.putArray("verbs");
        for (String verb : verbs) {
            list.add(verb);
        }
        return rule;
    }

    private static ObjectNode binding(String name, String roleKind, String role, String user) {
        ObjectNode binding = named("rbac.authorization.k8s.io/v1", "RoleBinding", name);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", roleKind)
                .put("name", role);
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "User")
                .put("name", user);
        return binding;
    }
}
