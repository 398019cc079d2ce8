package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several node agents, each a process of its own: what happens when one is gone for a moment, or for good. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NodesTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    /** What the cluster of an invocation is driven with. */
    @Parameter
    @SuppressWarnings("NullAway.Init")
    String kubectl;

    @BeforeParameterizedClassInvocation
    static void start(String kubectl) {
        Assumptions.assumeTrue(TestCluster.dockerAnswers(), "no Docker Engine answers");
        cluster = TestCluster.start("docker", 3, kubectl);
        TestCluster.makeImages();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void anAgentKilledAndRestartedAdoptsItsContainers() throws Exception {
        Kubectl kubectl = cluster.kubectl("adopting").inNewNamespace();
        kubectl.ok("get nodes").says("node-1", "node-2", "node-3");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 3));
        kubectl.rolledOut("web");
        List<String> before = cluster.containers("pod.namespace=adopting");
        cluster.kill("node-1");
        cluster.kill("node-2");
        cluster.up();
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "3");
        assertThat(cluster.containers("pod.namespace=adopting")).containsExactlyInAnyOrderElementsOf(before);
        assertThat(kubectl.json("pods", "{.items[*].status.containerStatuses[*].restartCount}"))
                .isEqualTo("0 0 0");
    }

    @Test
    @Order(2)
    void aNodeGoneForGoodIsNoticedAndItsPodsAreReplacedElsewhere() throws Exception {
        Kubectl kubectl = cluster.kubectl("losing").inNewNamespace();
        kubectl.ok(
                "apply -f -",
                Manifests.deployment("web", "ruori/web:1", 3)
                        .replace(
                                "      terminationGracePeriodSeconds: 2",
                                "      terminationGracePeriodSeconds: 2\n"
                                        + "      tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists,"
                                        + " effect: NoExecute, tolerationSeconds: 3}]"));
        kubectl.rolledOut("web");
        String lost = kubectl.json("pods", "{.items[0].spec.nodeName}");
        cluster.kill(lost);
        kubectl.eventually(
                Duration.ofSeconds(10), "node " + lost, "{.status.conditions[?(@.type==\"Ready\")].status}", "Unknown");
        kubectl.eventually(Duration.ofSeconds(30), "deployment web", "{.status.readyReplicas}", "3");
        List<String> places = List.of(kubectl.json("pods", "{.items[?(@.status.phase==\"Running\")].spec.nodeName}")
                .split(" "));
        assertThat(places).as("nodes of the Pods").isNotEmpty();
        cluster.up();
        kubectl.eventually("node " + lost, "{.status.conditions[?(@.type==\"Ready\")].status}", "True");
    }
}
