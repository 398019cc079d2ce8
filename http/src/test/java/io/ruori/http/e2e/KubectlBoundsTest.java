package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds kubectl back: quotas, and budgets of Pods while a node is emptied. On simulated containers. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
final class KubectlBoundsTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    /** What the cluster of an invocation is driven with. */
    @Parameter
    @SuppressWarnings("NullAway.Init")
    String kubectl;

    @BeforeParameterizedClassInvocation
    static void start(String kubectl) {
        cluster = TestCluster.start("simulated", 2, kubectl);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aDeploymentGetsNoMorePodsThanItsQuota() {
        Kubectl kubectl = cluster.kubectl("bounded").inNewNamespace();
        kubectl.ok("create quota q --hard=pods=2,count/deployments.apps=1").says("resourcequota/q created");
        kubectl.eventually("quota q", "{.status.used.pods}", "0");
        kubectl.ok("create deployment web --image=ruori/web:1 --replicas=3");
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "2");
        kubectl.eventually(
                "deployment web", "{.status.conditions[?(@.type==\"ReplicaFailure\")].reason}", "FailedCreate");
        kubectl.ok("describe rs").says("exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2");
        kubectl.ok("describe quota q").says("count/deployments.apps", "pods", "2     2");
        kubectl.ok("get quota q").says("pods: 2/2");
        kubectl.run("create deployment other --image=ruori/web:1")
                .failed()
                .says("deployments.apps \"other\" is forbidden: exceeded quota: q");
        kubectl.ok("patch quota q -p '{\"spec\":{\"hard\":{\"pods\":\"3\"}}}'");
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "3");
        kubectl.ok("delete deployment web --timeout=60s");
        kubectl.eventually("quota q", "{.status.used.pods}", "0");
    }

    @Test
    void aNodeIsEmptiedAsFastAsABudgetLets() {
        Kubectl kubectl = cluster.kubectl("budget").inNewNamespace();
        kubectl.ok("cordon node-2");
        kubectl.ok("create deployment web --image=ruori/web:1 --replicas=2");
        kubectl.rolledOut("web");
        kubectl.ok("create poddisruptionbudget web --selector=app=web --min-available=2")
                .says("created");
        kubectl.eventually("pdb web", "{.status.currentHealthy}/{.status.disruptionsAllowed}", "2/0");
        kubectl.ok("uncordon node-2");
        kubectl.run("drain node-1 --ignore-daemonsets --delete-emptydir-data --pod-selector=app=web --timeout=4s")
                .failed()
                .says("Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(kubectl.json("deployment web", "{.status.readyReplicas}")).isEqualTo("2");
        kubectl.ok("patch pdb web --type=merge -p '{\"spec\":{\"minAvailable\":1}}'");
        kubectl.ok("drain node-1 --ignore-daemonsets --delete-emptydir-data --pod-selector=app=web --timeout=60s")
                .says("evicted", "drained");
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "2");
        kubectl.eventually("pods", "{.items[*].spec.nodeName}", "node-2 node-2");
        kubectl.ok("get pdb").says("ALLOWED DISRUPTIONS", "web");
        kubectl.ok("uncordon node-1");
    }
}
