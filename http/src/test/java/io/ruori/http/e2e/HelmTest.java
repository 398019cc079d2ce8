package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do with Helm, on simulated containers: every release has a namespace and a story of its own. */
@Tag("services")
final class HelmTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        Assumptions.assumeFalse(Helm.program().isEmpty(), "no helm: RUORI_HELM is not set");
        cluster = TestCluster.start("simulated", 1, TestCluster.installedKubectl());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Helm helm(String namespace) {
        return new Helm(cluster, namespace);
    }

    private static Kubectl kubectl(String namespace) {
        return cluster.kubectl(namespace);
    }

    /** Installed as most stories begin. */
    private static Helm installed(String namespace) {
        Helm helm = helm(namespace);
        helm.ok("install shop CHART --create-namespace --wait --timeout 60s").says("STATUS: deployed", "REVISION: 1");
        return helm;
    }

    @Test
    void aReleaseIsInstalledShownAndUninstalled() {
        Helm helm = helm("life");
        Kubectl kubectl = kubectl("life");
        helm.ok("lint CHART").says("0 chart(s) failed");
        helm.ok("template shop CHART").says("kind: Deployment", "kind: Flavour");
        helm.ok("install shop CHART --create-namespace --dry-run=server").says("STATUS: pending-install", "HOOKS:");
        helm.ok("install shop CHART --create-namespace --wait --labels team=a --timeout 60s")
                .says("STATUS: deployed", "welcome to shop, revision 1");
        assertThat(kubectl.json("deployment shop", "{.status.readyReplicas}")).isEqualTo("2");
        assertThat(kubectl.json("configmap shop-settings", "{.data.flavoursAreServed} {.data.kubernetes}"))
                .startsWith("true v1.36.");
        kubectl.ok("logs shop-pre-install").says("pre-install of revision 1");
        kubectl.ok("logs shop-post-install").says("post-install of revision 1");
        helm.ok("list").says("shop-1.2.0", "deployed");
        helm.ok("list -A -l team=a -o json").says("\"name\":\"shop\"", "\"namespace\":\"life\"");
        helm.ok("status shop").says("==> v1/Deployment", "2/2", "==> v1/Flavour", "(related)", "Running");
        helm.ok("get manifest shop").says("kind: Flavour").saysNot("helm.sh/hook");
        helm.ok("get hooks shop").says("helm.sh/hook: pre-install");
        helm.ok("get all shop").says("COMPUTED VALUES", "welcome to shop");
        helm.ok("test shop --logs").says("Succeeded", "test of revision 1");
        helm.run("install shop CHART").failed().says("cannot reuse a name that is still in use");
        helm.ok("uninstall shop --wait --cascade foreground --timeout 60s").says("uninstalled");
        assertThat(kubectl.names("deployments,replicasets,services,secrets,flavours"))
                .isEmpty();
        kubectl.ok("logs shop-post-delete").says("post-delete of revision 1");
        kubectl.ok("get crd flavours.shop.example.com").says("flavours");
        helm.ok("list").saysNot("shop");
    }

    @Test
    void aReleaseIsUpgradedAndRolledBack() {
        Helm helm = installed("rolls");
        Kubectl kubectl = kubectl("rolls");
        String key = kubectl.json("secret shop-key", "{.data.key}");
        helm.ok("upgrade shop CHART --wait --set replicas=3,greeting=hello,image=ruori/web:2,withFlavour=false")
                .says("REVISION: 2", "hello to shop");
        kubectl.ok("logs shop-pre-upgrade").says("pre-upgrade of revision 2");
        assertThat(kubectl.json("deployment shop", "{.status.readyReplicas} {.spec.template.spec.containers[0].image}"))
                .isEqualTo("3 ruori/web:2");
        assertThat(kubectl.names("flavours"))
                .as("what the chart lost is deleted")
                .isEmpty();
        assertThat(kubectl.json("secret shop-key", "{.data.key}"))
                .as("what the chart looked up is kept")
                .isEqualTo(key);
        helm.ok("get values shop --revision 2").says("greeting: hello");
        helm.ok("rollback shop 1 --wait --timeout 60s").says("Rollback was a success");
        kubectl.ok("logs shop-pre-rollback").says("pre-rollback of revision");
        assertThat(kubectl.json("deployment shop", "{.status.readyReplicas} {.spec.template.spec.containers[0].image}"))
                .isEqualTo("2 ruori/web:1");
        assertThat(kubectl.names("flavours")).containsExactly("shop");
        helm.ok("history shop").says("Install complete", "Upgrade complete", "Rollback to 1", "superseded");
        helm.ok("uninstall shop --keep-history --wait").says("uninstalled");
        helm.ok("list --uninstalled").says("uninstalled");
    }

    @Test
    void anUpgradeThatFailsIsSaidAndTakenBack() {
        Helm helm = installed("fails");
        helm.run("upgrade shop CHART --wait --set preUpgradeExit=3")
                .failed()
                .says("pre-upgrade hooks failed", "status: Failed");
        helm.run("upgrade shop CHART --wait --rollback-on-failure --timeout 60s"
                        + " --set image=missing/shop:1,progressDeadline=2")
                .failed()
                .says("has been rolled back", "Progress deadline exceeded");
        helm.run("upgrade shop CHART --set taste=salty")
                .failed()
                .says("spec.taste: Unsupported value: \"salty\"", "\"sweet\", \"sour\", \"bitter\"");
        helm.ok("history shop").says("failed", "Rollback to");
        assertThat(kubectl("fails")
                        .json("deployment shop", "{.status.readyReplicas} {.spec.template.spec.containers[0].image}"))
                .isEqualTo("2 ruori/web:1");
    }

    @Test
    void fieldsOfOthersAreConflictsUntilForced() {
        Helm helm = installed("conflicts");
        Kubectl kubectl = kubectl("conflicts");
        kubectl.ok("scale deployment shop --replicas=5");
        kubectl.ok("set image deployment/shop web=ruori/web:3");
        helm.run("upgrade shop CHART --set replicas=4")
                .failed()
                .says("Apply failed with 2 conflicts", ".spec.replicas", "containers[name=\"web\"].image");
        helm.ok("upgrade shop CHART --wait --set replicas=4 --force-conflicts");
        assertThat(kubectl.json("deployment shop", "{.status.readyReplicas} {.spec.template.spec.containers[0].image}"))
                .isEqualTo("4 ruori/web:1");
    }

    @Test
    void objectsOfOthersAreTakenOnlyWhenAskedAndPatchedFromTheClient() {
        Kubectl kubectl = kubectl("takes").inNewNamespace();
        Helm helm = helm("takes");
        kubectl.ok("create configmap shop-settings");
        helm.run("install shop CHART").failed().says("cannot be imported into the current release");
        helm.ok("install shop CHART --take-ownership --server-side=false --wait --timeout 60s");
        helm.ok("upgrade shop CHART --server-side=false --wait --timeout 60s --set greeting=bye,image=ruori/web:2");
        helm.ok("get metadata shop").says("APPLY_METHOD: client-side apply");
        assertThat(kubectl.json("configmap shop-settings", "{.data.greeting}")).isEqualTo("bye");
        assertThat(kubectl.json("deployment shop", "{.spec.template.spec.containers[0].image}"))
                .isEqualTo("ruori/web:2");
    }

    @Test
    void releasesMayBeKeptInConfigMaps() {
        Map<String, String> inConfigMaps = Map.of("HELM_DRIVER", "configmap");
        Helm helm = helm("kept");
        helm.run("upgrade --install shop CHART --create-namespace --wait=legacy --timeout 60s", inConfigMaps)
                .succeeded()
                .says("Installing it now");
        helm.run("list", inConfigMaps).succeeded().says("shop-1.2.0");
        helm.ok("list").saysNot("shop-1.2.0");
        assertThat(kubectl("kept").names("configmaps -l owner=helm")).containsExactly("sh.helm.release.v1.shop.v1");
        helm.run("uninstall shop --wait", inConfigMaps).succeeded();
    }
}
