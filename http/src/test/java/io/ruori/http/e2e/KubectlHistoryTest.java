package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ruori.api.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The past of objects, asked for with kubectl, with its plugin, and with the launcher's commands. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
final class KubectlHistoryTest {
    private static final String HISTORIES = "/apis/history.ruori.io/v1/namespaces/";

    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    @Parameter
    @SuppressWarnings("NullAway.Init")
    String kubectl;

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

    /** A Deployment whose image was changed, in a namespace of its own. */
    private static Kubectl withAPast(String namespace) {
        Kubectl kubectl = cluster.kubectl(namespace).inNewNamespace();
        kubectl.ok("create deployment web --image=ruori/web:1");
        kubectl.rolledOut("web");
        kubectl.ok("set image deployment/web web=ruori/web:2");
        kubectl.rolledOut("web");
        return kubectl;
    }

    /** {@code kubectl ruori …} as somebody who has the plugin's folder on the PATH; words as in {@link Kubectl#split}. */
    private static Outcome plugin(Kubectl kubectl, String words) {
        List<String> line = new ArrayList<>(List.of(kubectl.program(), "ruori"));
        line.addAll(Kubectl.split(words));
        return TestCluster.run(line, "", environment(kubectl));
    }

    private static Map<String, String> environment(Kubectl kubectl) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", TestCluster.file("bin") + ":" + System.getenv("PATH"));
        environment.put("KUBECONFIG", cluster.kubeconfig().toString());
        environment.put("RUORI_KUBECTL", kubectl.program());
        return environment;
    }

    private static Outcome launcher(String words) {
        List<String> arguments = Kubectl.split(words);
        arguments.addAll(List.of("--data", cluster.data().toString()));
        return cluster.launcher(arguments.toArray(String[]::new));
    }

    @Test
    void plainKubectlFindsAndPrintsHistories() {
        Kubectl kubectl = withAPast("plain");
        kubectl.ok("api-resources --api-group=history.ruori.io").says("histories", "clusterhistories", "History");
        kubectl.ok("api-versions").says("history.ruori.io/v1");
        kubectl.ok("explain history.changes.fields").says("path", "before", "after");
        kubectl.ok("get history deploy:web")
                .says("REVISION", "CHANGED", "kubernetes-admin", "ruori/web:1 → ruori/web:2");
        kubectl.ok("get history deployments.apps:web -o yaml").says("kind: History", "user: kubernetes-admin");
        kubectl.ok("get clusterhistory namespaces:plain").says("created");
        kubectl.ok("get --raw " + HISTORIES + "plain/histories/deploy:web/blame")
                .says("\"kind\":\"Blame\"");
        kubectl.run("get history deploy:none").failed().says("NotFound", "deployments.apps \"none\" not found");
        kubectl.run("get history node:node-1").failed().says("ask for clusterhistories/nodes:node-1");
        kubectl.ok("delete deployment web --timeout=60s");
        kubectl.ok("get history deploy:web").says("deleted", "created");
    }

    @Test
    void thePluginTellsAll() {
        Kubectl kubectl = withAPast("plugged");
        TestCluster.run(List.of(kubectl.program(), "plugin", "list"), "", environment(kubectl))
                .succeeded()
                .says("/bin/kubectl-ruori");
        plugin(kubectl, "history deploy/web -n plugged")
                .succeeded()
                .says("created by kubernetes-admin", "ruori/web:1 → ruori/web:2", "ReplicaSet/web-", "Pod/web-");
        plugin(kubectl, "-n plugged history deploy web --own")
                .succeeded()
                .says("ruori/web:1 → ruori/web:2")
                .saysNot("ReplicaSet/web-");
        plugin(kubectl, "blame deploy/web --namespace=plugged")
                .succeeded()
                .says("FIELD", "spec.template.spec.containers[name=web].image", "kubernetes-admin (kubectl-set)");
        plugin(kubectl, "diff deploy/web -n plugged --from 1h").failed().says("the journal begins at");
        String made = kubectl.json("deployment web", "{.metadata.creationTimestamp}");
        plugin(kubectl, "diff deploy/web -nplugged --from " + made)
                .succeeded()
                .says("Deployment/web in plugged", "spec.template.spec.containers[name=web].image");
        String pod = kubectl.names("pods").getFirst();
        plugin(kubectl, "why pod " + pod + " -n plugged")
                .succeeded()
                .says("kubernetes-admin", "Deployment/web", "ReplicaSet/web-", "Pod/" + pod);
        plugin(kubectl, "history node/node-1 --own").succeeded().says("Node/node-1", "created");
        String json =
                plugin(kubectl, "diff deploy/web --json -n plugged").succeeded().text();
        assertThat(Json.read(json).path("kind").asText()).isEqualTo("Diff");
    }

    @Test
    void thePluginLooksAtThePast() {
        Kubectl kubectl = cluster.kubectl("then").inNewNamespace();
        kubectl.ok("create configmap c --from-literal=colour=red");
        String then = kubectl.json("cm c", "{.metadata.resourceVersion}");
        kubectl.ok("create configmap c2 --from-literal='words=two words'");
        kubectl.ok("delete configmap c");
        plugin(kubectl, "at " + then + " get cm -n then -o name")
                .succeeded()
                .says("configmap/c")
                .saysNot("configmap/c2");
        plugin(kubectl, "at " + then + " -n then get cm c -o 'jsonpath={.data.colour} {.kind}'")
                .succeeded()
                .says("red ConfigMap");
        await().until(() -> plugin(kubectl, "at 1s get cm -n then -o name")
                .succeeded()
                .output()
                .contains("c2"));
        plugin(kubectl, "at " + then + " delete cm c -n then").failed().says("the past cannot be changed");
        plugin(kubectl, "at yesterday get cm").failed();
        assertThat(plugin(kubectl, "at 5m").code()).isEqualTo(2);
        assertThat(plugin(kubectl, "sideways").code()).isEqualTo(2);
        plugin(kubectl, "--help").succeeded().says("Usage: kubectl ruori");
    }

    @Test
    void thePluginHonoursContexts() {
        Kubectl kubectl = cluster.kubectl("contexts").inNewNamespace();
        kubectl.ok("create configmap here --from-literal=a=b");
        String config =
                cluster.kubeconfig().getParent().resolve("two words.kubeconfig").toString();
        Outcome flat = kubectl.ok("config view --raw");
        TestCluster.write(config, flat.output());
        List<String> change = new ArrayList<>(List.of(kubectl.program(), "config", "--kubeconfig", config));
        change.addAll(List.of("set-context", "elsewhere", "--namespace=contexts"));
        change.add("--cluster="
                + kubectl.ok("config view -o jsonpath={.contexts[0].context.cluster}")
                        .text());
        change.add("--user="
                + kubectl.ok("config view -o jsonpath={.contexts[0].context.user}")
                        .text());
        TestCluster.run(change, "", Map.of()).succeeded();
        String context = kubectl.ok("config current-context").text();
        String of = " --kubeconfig '" + config + "' --context=elsewhere";
        plugin(kubectl, "history cm/here" + of).succeeded().says("ConfigMap/here in contexts");
        plugin(kubectl, "at 0s get cm -o name" + of).succeeded().says("configmap/here");
        plugin(kubectl, "history cm/here --kubeconfig '" + config + "' --context " + context)
                .failed()
                .says("not found", "name another with -n");
        plugin(kubectl, "blame cm/here -n contexts --context nowhere").failed().says("nowhere");
        plugin(kubectl, "history cm/here -n contexts --as jane").failed().says("User \"jane\" cannot get resource");
    }

    @Test
    void theLauncherTellsTheSame() {
        Kubectl kubectl = withAPast("launched");
        launcher("blame deploy/web -n launched").succeeded().says("FIELD", "kubernetes-admin (kubectl-set)");
        launcher("diff deploy/web -n launched").succeeded().says("Deployment/web in launched");
        launcher("why deploy/web -n launched --field spec.replicas").succeeded().says("created by kubernetes-admin");
        launcher("history deploy/web -n launched --json").succeeded().says("\"Effects\"");
        launcher("blame deploy/none -n launched").failed().says("name another with -n");
        launcher("diff deploy/web -n launched --from soon").failed().says("is no moment");
        assertThat(launcher("why web").code()).isEqualTo(2);
        kubectl.ok("delete deployment web --timeout=60s");
        launcher("blame deploy/web -n launched").succeeded().says("(deleted ", "spec.replicas");
        assertThat(cluster.launcher("blame", "deploy/web", "--data", "/nonexistent/ruori")
                        .code())
                .isEqualTo(3);
    }
}
