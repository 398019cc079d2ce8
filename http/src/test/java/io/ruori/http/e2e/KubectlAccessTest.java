package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Roles given, asked about and taken with kubectl; acting as others; tokens. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
final class KubectlAccessTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    /** What the cluster of an invocation is driven with. */
    @Parameter
    @SuppressWarnings("NullAway.Init")
    String program;

    @BeforeParameterizedClassInvocation
    static void start(String kubectl) {
        cluster = TestCluster.start("simulated", 1, kubectl);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aRoleIsGivenAskedAboutAndTaken() {
        Kubectl kubectl = cluster.kubectl("giving").inNewNamespace();
        kubectl.ok("create role reader --verb=get,list,watch --resource=pods").says("reader created");
        kubectl.run("--as jane get pods")
                .failed()
                .says("Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\""
                        + " in API group \"\" in the namespace \"giving\"");
        kubectl.ok("create rolebinding jane-reads --role=reader --user=jane").says("jane-reads created");
        await("jane may list").untilAsserted(() -> kubectl.ok("--as jane get pods"));
        kubectl.ok("--as jane auth can-i list pods").says("yes");
        kubectl.run("--as jane auth can-i delete pods").failed().says("no");
        kubectl.ok("--as jane auth can-i --list").says("pods", "[get list watch]", "selfsubjectaccessreviews");
        kubectl.ok("--as jane --as-group crew auth whoami").says("jane", "crew", "system:authenticated");
        kubectl.ok("delete rolebinding jane-reads");
        await("jane may no more")
                .untilAsserted(() -> kubectl.run("--as jane get pods").failed());
    }

    @Test
    void reconcileAddsWhatARoleLacks() {
        Kubectl kubectl = cluster.kubectl("mending").inNewNamespace();
        kubectl.ok("create role reader --verb=get --resource=pods");
        String wanted = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader, namespace: mending}
            rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
            """;
        kubectl.ok("auth reconcile -f -", wanted).says("reconciled", "missing rules added");
        assertThat(kubectl.json("role reader", "{.rules[*].resources[*]}")).isEqualTo("pods secrets");
    }

    @Test
    void aTokenIsItsServiceAccount() {
        Kubectl kubectl = cluster.kubectl("tokens").inNewNamespace();
        kubectl.ok("create serviceaccount robot");
        String token = kubectl.ok("create token robot --duration=1h").text();
        bearing(token, "auth whoami").succeeded().says("system:serviceaccount:tokens:robot", "JTI=");
        bearing(token, "get pods -n tokens").failed().says("(Forbidden)");
        kubectl.ok("create rolebinding robot-views --clusterrole=view --serviceaccount=tokens:robot");
        await("the robot may look")
                .untilAsserted(() -> bearing(token, "get pods -n tokens").succeeded());
        bearing(token, "get secrets -n tokens").failed().says("(Forbidden)");
        bearing("nonsense", "get pods").failed().says("Unauthorized");
        kubectl.ok("delete serviceaccount robot");
        await("the token is worth nothing")
                .untilAsserted(() -> bearing(token, "auth whoami").failed());
    }

    private Outcome bearing(String token, String words) {
        List<String> line = new java.util.ArrayList<>(List.of(
                program,
                "--kubeconfig",
                "/dev/null",
                "--server",
                "https://127.0.0.1:" + cluster.port(),
                "--insecure-skip-tls-verify",
                "--token",
                token));
        line.addAll(Kubectl.split(words));
        return TestCluster.run(line, "");
    }
}
