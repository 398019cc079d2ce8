package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kubectl command that does not need a real container, on simulated ones. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
final class KubectlBasicsTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    /** What the cluster of an invocation is driven with. */
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

    private static Kubectl in(String namespace) {
        return cluster.kubectl(namespace).inNewNamespace();
    }

    @Test
    void aNewClusterKnowsItsFourNamespacesAndItsNode() {
        Kubectl kubectl = cluster.kubectl("default");
        kubectl.ok("get namespaces").says("default", "kube-system", "kube-public", "kube-node-lease", "Active");
        kubectl.ok("get nodes -o wide").says("node-1", "Ready", "CONTAINER-RUNTIME");
        kubectl.ok("describe node node-1").says("Conditions:", "Capacity:", "Allocatable:");
        kubectl.ok("get leases -n kube-node-lease").says("HOLDER");
    }

    @Test
    void versionAndDiscoveryAreAnswered() {
        Kubectl kubectl = cluster.kubectl("default");
        kubectl.ok("version").says("Server Version: v1.36");
        kubectl.ok("cluster-info").says("is running at");
        kubectl.ok("cluster-info dump").says("\"kind\": \"NodeList\"", "\"kind\": \"DaemonSetList\"");
        kubectl.ok("api-versions").says("apps/v1", "v1", "coordination.k8s.io/v1");
        kubectl.ok("api-resources")
                .says(
                        "deployments",
                        "deploy",
                        "replicasets",
                        "rs",
                        "configmaps",
                        "cm",
                        "serviceaccounts",
                        "sa",
                        "ControllerRevision");
        kubectl.ok("auth whoami").says("kubernetes-admin", "system:masters");
        kubectl.ok("auth can-i create pods").says("yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain pods",
                "explain deployment.spec.strategy.rollingUpdate",
                "explain pod.spec.containers.resources",
                "explain configmap.data",
                "explain replicaset.status",
                "explain node.spec.taints",
                "explain lease.spec",
                "explain controllerrevision",
                "explain deployment --recursive",
            })
    void explainReadsTheSchemas(String command) {
        cluster.kubectl("default").ok(command).says("KIND:", "VERSION:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "configmap",
                "secret",
                "serviceaccount",
                "pod",
                "replicaset",
                "deployment",
                "lease",
                "event",
                "controllerrevision"
            })
    void everyKindLivesThroughCreateReadPatchAndDelete(String kind) {
        Kubectl kubectl = in("kind-" + kind);
        kubectl.ok("create -f -", KindSamples.yaml(kind)).says("sample created");
        kubectl.ok("get " + kind).saysNot("No resources found");
        kubectl.ok("get " + kind + " sample -o yaml").says("name: sample", "uid:", "resourceVersion:");
        kubectl.ok("get " + kind + " sample -o name").says("/sample");
        kubectl.ok("label " + kind + " sample team=a").says("labeled");
        kubectl.ok("annotate " + kind + " sample note='two words'").says("annotated");
        kubectl.ok("get " + kind + " -l team=a -o name").says("/sample");
        kubectl.ok("patch " + kind + " sample --type merge -p '{\"metadata\":{\"labels\":{\"team\":\"b\"}}}'")
                .says("patched");
        kubectl.ok("patch " + kind
                        + " sample --type json -p"
                        + " '[{\"op\":\"add\",\"path\":\"/metadata/labels/tier\",\"value\":\"x\"}]'")
                .says("patched");
        kubectl.ok("patch " + kind + " sample -p '{\"metadata\":{\"labels\":{\"more\":\"c\"}}}'")
                .says("patched");
        assertThat(kubectl.json(
                        kind + " sample", "{.metadata.labels.team}{.metadata.labels.tier}{.metadata.labels.more}"))
                .isEqualTo("bxc");
        kubectl.ok("describe " + kind + " sample").says("sample");
        kubectl.ok("delete " + kind + " sample --wait=true --timeout=60s").says("deleted");
        kubectl.run("get " + kind + " sample").failed().says("NotFound");
    }

    @Test
    void outputsOfEveryForm() {
        Kubectl kubectl = in("outputs");
        kubectl.ok("create configmap b --from-literal=colour=blue");
        kubectl.ok("create configmap a --from-literal=colour=red");
        kubectl.ok("get cm a -o json").says("\"colour\": \"red\"");
        kubectl.ok("get cm -o custom-columns=N:.metadata.name,C:.data.colour").says("N", "blue");
        assertThat(kubectl.json("cm a", "{.data.colour}")).isEqualTo("red");
        kubectl.ok("get cm --field-selector metadata.name=a -o name")
                .says("configmap/a")
                .saysNot("configmap/b");
        assertThat(kubectl.ok("get cm --sort-by=.metadata.name -o name").text()).containsSubsequence("/a", "/b");
        kubectl.ok("get cm -A").says("NAMESPACE", "outputs");
        kubectl.ok("get all").says("No resources found");
        kubectl.ok("get cm --chunk-size=1").says("a", "b");
        kubectl.run("get cm --field-selector nonsense=1").failed().says("\"nonsense\" is not a known field selector");
        kubectl.run("get pods --field-selector nonsense=1").failed().says("field label not supported");
        kubectl.run("get nonsense").failed().says("the server doesn't have a resource type");
    }

    @Test
    void applyThreeWaysAndDiff() {
        Kubectl kubectl = in("apply");
        kubectl.ok("apply -f -", Manifests.configMap("c", "red")).says("configmap/c created");
        kubectl.ok("apply -f -", Manifests.configMap("c", "red")).says("configmap/c unchanged");
        assertThat(kubectl.run("diff -f -", Manifests.configMap("c", "blue")).code())
                .isEqualTo(1);
        kubectl.run("diff -f -", Manifests.configMap("c", "blue")).says("+  colour: blue", "-  colour: red");
        kubectl.ok("apply -f -", Manifests.configMap("c", "blue")).says("configmap/c configured");
        kubectl.ok("diff -f -", Manifests.configMap("c", "blue"));
        kubectl.ok("apply --dry-run=server -f -", Manifests.configMap("c", "black"))
                .says("server dry run");
        assertThat(kubectl.json("cm c", "{.data.colour}")).isEqualTo("blue");
    }

    @Test
    void serverSideApplyKnowsItsOwnersAndConflicts() {
        Kubectl kubectl = in("ssa");
        kubectl.ok("apply --server-side --field-manager=one -f -", Manifests.configMap("c", "red"))
                .says("serverside-applied");
        kubectl.run("apply --server-side --field-manager=two -f -", Manifests.configMap("c", "blue"))
                .failed()
                .says("conflict", "one", ".data.colour");
        kubectl.ok("apply --server-side --field-manager=two --force-conflicts -f -", Manifests.configMap("c", "blue"));
        kubectl.ok("get cm c -o yaml --show-managed-fields").says("manager: two", "f:colour");
    }

    @Test
    void editAndReplace() {
        Kubectl kubectl = in("edit");
        kubectl.ok("create -f -", Manifests.configMap("c", "red"));
        kubectl.ok("edit configmap c").says("edited");
        assertThat(kubectl.json("cm c", "{.data.colour}")).isEqualTo("green");
        kubectl.ok("replace -f -", Manifests.configMap("c", "white")).says("replaced");
        assertThat(kubectl.json("cm c", "{.data.colour}")).isEqualTo("white");
        kubectl.ok("replace --force -f -", Manifests.configMap("c", "black")).says("replaced");
    }

    @Test
    void generatorsThatSendProtobuf() {
        Kubectl kubectl = in("generators");
        kubectl.ok("create deployment d --image=ruori/web:1 --replicas=2 --port=8080")
                .says("deployment.apps/d created");
        kubectl.ok("create secret generic s --from-literal=a=b").says("secret/s created");
        kubectl.ok("create serviceaccount sa").says("serviceaccount/sa created");
        kubectl.ok("create configmap c --from-literal=a=b").says("configmap/c created");
        kubectl.ok("run p --image=ruori/web:1 --labels=app=p").says("pod/p created");
        kubectl.ok("wait --for=condition=Ready pod/p --timeout=60s").says("condition met");
        kubectl.rolledOut("d");
        kubectl.run("debug p --image=ruori/web:1 -- true").failed().says("ephemeral containers are disabled");
        assertThat(kubectl.json("secret s", "{.data.a}")).isEqualTo("Yg==");
    }

    @Test
    void servicesGetAddressesAndPortsOfTheirOwn() {
        Kubectl kubectl = in("exposed");
        kubectl.ok("create deployment web --image=ruori/web:1 --port=8080");
        kubectl.ok("expose deployment web --port=80").says("service/web exposed");
        String ip = kubectl.json("svc web", "{.spec.clusterIP}");
        kubectl.ok("get svc web -o wide").says("ClusterIP", ip, "80/TCP", "app=web");
        kubectl.ok("get ipaddresses " + ip).says("PARENTREF", "services/exposed/web");
        kubectl.ok("create service nodeport outer --tcp=80:8080").says("service/outer created");
        String port = kubectl.json("svc outer", "{.spec.ports[0].nodePort}");
        kubectl.ok("get svc outer").says("NodePort", "80:" + port + "/TCP");
        kubectl.run("create service nodeport thief --tcp=80 --node-port=" + port)
                .failed()
                .says("spec.ports[0].nodePort", "provided port is already allocated");
        kubectl.ok("create service loadbalancer balanced --tcp=80:8080").says("created");
        kubectl.ok("get svc balanced").says("LoadBalancer", "<pending>");
        kubectl.ok("create service clusterip inner --tcp=5678:8080").says("created");
        kubectl.run("create service clusterip thief --tcp=80 --clusterip=" + ip)
                .failed()
                .says("failed to allocate IP " + ip + ": provided IP is already allocated");
        kubectl.ok("create service clusterip headless --clusterip=None").says("created");
        kubectl.ok("create service externalname elsewhere --external-name=example.com")
                .says("created");
        kubectl.ok("get svc").says("None", "example.com");
        kubectl.ok("describe svc outer").says("NodePort:", port + "/TCP", "IP:");
        kubectl.ok("create service clusterip dry --tcp=1 --dry-run=server").says("server dry run");
        kubectl.ok("delete svc web").says("deleted");
        kubectl.run("get ipaddress " + ip).failed().says("NotFound");
        kubectl.ok("create service clusterip heir --tcp=80 --clusterip=" + ip).says("created");
        kubectl.ok("get svc kubernetes -n default").says("10.96.0.1", "443/TCP");
    }

    @Test
    void whoScalesOwnsTheNumber() {
        Kubectl kubectl = in("owned-scale");
        String wanted = kubectl.ok("create deployment web --image=ruori/web:1 --dry-run=client -o json")
                .text();
        kubectl.ok("apply --server-side -f -", wanted).says("serverside-applied");
        kubectl.ok("scale deployment web --replicas=3").says("scaled");
        kubectl.run("apply --server-side -f -", wanted)
                .failed()
                .says("conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas");
        kubectl.ok("apply --server-side --force-conflicts -f -", wanted).says("serverside-applied");
        kubectl.ok("patch deployment web --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":2}}'")
                .says("scale.autoscaling/web patched");
        kubectl.ok("get deployment web -o yaml --show-managed-fields").says("subresource: scale");
        kubectl.ok("get deployment web --subresource=scale").says("DESIRED", "web");
    }

    @Test
    void aDeploymentIsScaledRolledAndRolledBack() {
        Kubectl kubectl = in("rollout");
        kubectl.ok("create deployment web --image=ruori/web:1 --replicas=3");
        kubectl.rolledOut("web");
        kubectl.ok("get deploy,rs,pods -o wide").says("3/3", "ruori/web:1", "pod-template-hash");
        kubectl.ok("scale deployment web --replicas=5").says("scaled");
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "5");
        kubectl.ok("scale deployment web --replicas=2 --current-replicas=5");
        kubectl.eventually("deployment web", "{.status.replicas}", "2");
        kubectl.ok("set image deployment/web web=ruori/web:2").says("image updated");
        kubectl.rolledOut("web");
        kubectl.ok("annotate deployment web kubernetes.io/change-cause='to 2'");
        kubectl.ok("set env deployment/web MODE=fast").says("env updated");
        kubectl.ok("set resources deployment web --requests=cpu=20m").says("resource requirements updated");
        kubectl.rolledOut("web");
        kubectl.ok("rollout history deployment web").says("REVISION", "1", "4");
        kubectl.ok("rollout history deployment web --revision=2").says("ruori/web:2");
        kubectl.ok("rollout undo deployment web --to-revision=1").says("rolled back");
        kubectl.rolledOut("web");
        assertThat(kubectl.json("deployment web", "{.spec.template.spec.containers[0].image}"))
                .isEqualTo("ruori/web:1");
        kubectl.ok("rollout restart deployment web").says("restarted");
        kubectl.rolledOut("web");
        kubectl.ok("rollout pause deployment web").says("paused");
        kubectl.ok("set image deployment/web web=ruori/web:3");
        kubectl.ok("rollout resume deployment web").says("resumed");
        kubectl.rolledOut("web");
        kubectl.ok("describe deployment web").says("NewReplicaSetAvailable", "ScalingReplicaSet");
        kubectl.ok("delete deployment web --timeout=60s");
        kubectl.eventually("pods,rs", "{.items}", "[]");
    }

    @Test
    void everyStrategyIsFollowed() {
        Kubectl kubectl = in("strategies");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 3));
        kubectl.rolledOut("web");
        kubectl.ok(
                "patch deployment web --type merge -p"
                    + " '{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null},\"revisionHistoryLimit\":1}}'");
        for (String version : List.of("2", "3", "4")) {
            kubectl.ok("set image deployment/web web=ruori/web:" + version);
            kubectl.rolledOut("web");
        }
        kubectl.eventually(
                "deployment web", "{.status.conditions[?(@.type==\"Progressing\")].reason}", "NewReplicaSetAvailable");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(kubectl.names("rs")).hasSize(2));
    }

    @Test
    void aReplicaSetAdoptsAndReleases() {
        Kubectl kubectl = in("adopt");
        kubectl.ok("apply -f -", Manifests.pod("lone", "sleep 1000", ""));
        kubectl.ok("wait --for=condition=Ready pod/lone --timeout=60s");
        kubectl.ok("create -f -", KindSamples.replicaSet("adopter", "lone", 2));
        kubectl.eventually("rs adopter", "{.status.readyReplicas}", "2");
        assertThat(kubectl.json("pod lone", "{.metadata.ownerReferences[0].name}"))
                .isEqualTo("adopter");
        kubectl.ok("label pod lone app=free --overwrite");
        kubectl.eventually("pod lone", "{.metadata.ownerReferences}", "");
        kubectl.eventually("rs adopter", "{.status.readyReplicas}", "2");
        assertThat(kubectl.names("pods")).hasSize(3);
    }

    @Test
    void anUnschedulablePodSaysWhyAndIsPlacedWhenItCanBe() {
        Kubectl kubectl = in("scheduling");
        kubectl.ok("apply -f -", Manifests.pod("choosy", "sleep 1000", "  nodeSelector: {disk: fast}"));
        kubectl.eventually("pod choosy", "{.status.conditions[?(@.type==\"PodScheduled\")].reason}", "Unschedulable");
        kubectl.ok("describe pod choosy").says("FailedScheduling", "0/1 nodes are available");
        kubectl.ok("label node node-1 disk=fast");
        kubectl.ok("wait --for=condition=Ready pod/choosy --timeout=30s");
        kubectl.ok("label node node-1 disk-");
        kubectl.ok("taint node node-1 only=mine:NoSchedule");
        kubectl.ok("apply -f -", Manifests.pod("tainted", "sleep 1000", ""));
        kubectl.eventually("pod tainted", "{.status.conditions[?(@.type==\"PodScheduled\")].reason}", "Unschedulable");
        kubectl.ok("taint node node-1 only-");
        kubectl.ok("wait --for=condition=Ready pod/tainted --timeout=30s");
    }

    /** Also those that are only notes of other writes. */
    @Test
    void eventsAreShownAndDeleted() {
        Kubectl kubectl = in("events");
        kubectl.ok("run p --image=ruori/web:1");
        kubectl.ok("wait --for=condition=Ready pod/p --timeout=60s");
        kubectl.ok("events --for pod/p").says("Scheduled", "Started");
        kubectl.ok("get events --sort-by=.lastTimestamp").says("pod/p", "Started");
        String name = kubectl.ok("get events --field-selector reason=Scheduled -o name")
                .text();
        kubectl.ok("annotate " + name + " seen=yes").says("annotated");
        kubectl.ok("delete " + name).says("deleted");
        kubectl.ok("delete events --all").says("deleted");
        kubectl.run("get " + name).failed().says("NotFound");
    }

    @Test
    void aWatchSeesWhatHappens() throws Exception {
        Kubectl kubectl = in("watching");
        Process watch = new ProcessBuilder(
                        cluster.kubectlPath(),
                        "--kubeconfig",
                        cluster.kubeconfig().toString(),
                        "-n",
                        "watching",
                        "get",
                        "cm",
                        "-w",
                        "-o",
                        "name",
                        "--request-timeout=10s")
                .redirectErrorStream(true)
                .start();
        try {
            kubectl.ok("create configmap one --from-literal=a=b");
            kubectl.ok("create configmap two --from-literal=a=b");
            StringBuilder seen = new StringBuilder();
            try (var reader = watch.inputReader()) {
                for (String line = reader.readLine();
                        line != null && !seen.toString().contains("configmap/two");
                        line = reader.readLine()) {
                    seen.append(line).append('\n');
                }
            }
            assertThat(seen.toString()).contains("configmap/one", "configmap/two");
        } finally {
            watch.destroy();
        }
    }

    @Test
    void eventsAreOneStoreInTwoGroups() {
        Kubectl kubectl = in("two-groups");
        kubectl.ok("create -f -", """
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: mine, namespace: two-groups}
            regarding: {kind: Pod, name: p, namespace: two-groups}
            reason: Ran
            note: all well
            type: Normal
            action: Run
            eventTime: "2026-01-02T03:04:05.000000Z"
            reportingController: me.example/x
            reportingInstance: x-1
            """);
        kubectl.ok("get events").says("Ran", "pod/p", "all well");
        kubectl.ok("get events.events.k8s.io").says("Ran", "pod/p", "all well");
        assertThat(kubectl.json("events.v1. mine", "{.message}")).isEqualTo("all well");
        assertThat(kubectl.json("events.events.k8s.io mine", "{.note}")).isEqualTo("all well");
        kubectl.ok("describe events.events.k8s.io mine").says("Reporting Controller", "me.example/x");
        kubectl.ok("patch events.events.k8s.io mine --type merge -p '{\"series\":{\"count\":2,"
                + "\"lastObservedTime\":\"2026-01-02T03:05:00.000000Z\"}}'");
        kubectl.ok("get --raw /apis/events.k8s.io/v1/namespaces/two-groups/events?fieldSelector=regarding.name=p")
                .says("\"note\":\"all well\"", "\"count\":2");
    }

    @Test
    void aNamespaceTakesEverythingWithIt() {
        Kubectl kubectl = in("going");
        kubectl.ok("create deployment web --image=ruori/web:1 --replicas=2");
        kubectl.ok("create configmap c --from-literal=a=b");
        kubectl.rolledOut("web");
        cluster.kubectl("default").ok("delete namespace going --timeout=60s").says("deleted");
        kubectl.run("get pods").says("No resources found");
        cluster.kubectl("default").run("delete namespace default").failed().says("forbidden");
    }

    @Test
    void invalidManifestsAreRefusedWithEveryPath() {
        Kubectl kubectl = in("invalid");
        String manifest = Manifests.deployment("Bad_Name", "", -1);
        kubectl.run("create --validate=false -f -", manifest)
                .failed()
                .says("is invalid", "metadata.name", "spec.replicas", "spec.template.spec.containers[0].image");
        kubectl.run("create -f -", Manifests.configMap("c", "red") + "sata: {}\n")
                .failed()
                .says("unknown field \"sata\"");
        kubectl.run(
                        "create --validate=false -f -",
                        Manifests.deployment("d", "x", 1).replace("replicas: 1", "replicas: many"))
                .failed()
                .says("cannot unmarshal string into Go struct field", "spec.replicas");
        kubectl.run(
                        "create -f -",
                        Manifests.configMap("gone", "red").replace("metadata:", "metadata:\n  namespace: nowhere"))
                .failed();
        kubectl.ok("create configmap c --from-literal=a=b");
        kubectl.run("create configmap c --from-literal=a=b").failed().says("configmaps \"c\" already exists");
    }

    @Test
    void harmfulBodiesLeaveTheServerUnharmed() {
        Kubectl kubectl = in("harm");
        Raw raw = new Raw();
        assertThat(raw.post("/api/v1/namespaces/harm/configmaps", "application/json", "x".repeat(4 << 20)))
                .contains("413");
        assertThat(raw.post("/api/v1/namespaces/harm/configmaps", "application/json", "{\"apiVersion\":"))
                .contains("\"code\":400");
        assertThat(raw.post("/api/v1/namespaces/harm/configmaps", "application/nonsense", "{}"))
                .contains("\"code\":415");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append(("*a" + (i - 1) + ",").repeat(9))
                    .append("x]\n");
        }
        assertThat(raw.post("/api/v1/namespaces/harm/configmaps", "application/yaml", bomb.toString()))
                .contains("\"code\":400");
        kubectl.ok("get --raw /readyz").says("ok");
    }

    /** Bodies that kubectl would not send. */
    private static final class Raw {
        String post(String path, String type, String body) {
            Path kubeconfig = cluster.kubeconfig();
            try {
                Path directory = cluster.data().resolve("pki");
                Path file = Files.createTempFile("ruori-e2e", ".body");
                Files.writeString(file, body);
                Outcome answer = TestCluster.run(
                        List.of(
                                "curl",
                                "-sS",
                                "-w",
                                "%{http_code}",
                                "--cacert",
                                directory.resolve("ca.crt").toString(),
                                "--cert",
                                directory.resolve("admin.crt").toString(),
                                "--key",
                                directory.resolve("admin.key").toString(),
                                "-H",
                                "Content-Type: " + type,
                                "--data-binary",
                                "@" + file,
                                "https://127.0.0.1:" + cluster.port() + path),
                        "");
                Files.delete(file);
                return answer.output().replace("\": ", "\":");
            } catch (IOException e) {
                throw new IllegalStateException(kubeconfig + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void strangersAreTurnedAwayButMayAskForHealthAndVersion() throws Exception {
        for (String open : List.of("/healthz", "/livez", "/readyz", "/version")) {
            assertThat(anonymous(open)).as(open).isEqualTo(200);
        }
        for (String closed : List.of("/api", "/api/v1/pods", "/metrics", "/apis/apps/v1/deployments", "/")) {
            assertThat(anonymous(closed)).as(closed).isEqualTo(403);
        }
    }

    private static int anonymous(String path) throws Exception {
        TrustManager[] trustAll = {new TrustAnyone()};
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trustAll, null);
        var client = java.net.http.HttpClient.newBuilder().sslContext(tls).build();
        var request = java.net.http.HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + cluster.port() + path))
                .build();
        return client.send(request, java.net.http.HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static final class TrustAnyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Test
    void whatIsPrivateStaysPrivate() throws IOException {
        try (Stream<Path> files = Files.walk(cluster.data(), 2)) {
            for (Path file : files.filter(each -> each.getParent() != null).toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                if (Files.isDirectory(file)
                        ? file.equals(cluster.data())
                        : file.startsWith(cluster.data().resolve("pki"))) {
                    assertThat(mode).as(file.toString()).endsWith("------");
                }
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cluster.kubeconfig())))
                .isEqualTo("rw-------");
    }

    @Test
    void metricsAreServedInPrometheusForm() {
        cluster.kubectl("default").ok("get --raw /metrics").says("# TYPE");
    }

    @Test
    void historyTellsWhoAndWhy() {
        Kubectl kubectl = in("past");
        kubectl.ok("create deployment web --image=ruori/web:1");
        kubectl.rolledOut("web");
        kubectl.ok("set image deployment/web web=ruori/web:2");
        kubectl.rolledOut("web");
        cluster.launcher(
                        "history",
                        "deploy/web",
                        "-n",
                        "past",
                        "--data",
                        cluster.data().toString())
                .succeeded()
                .says(
                        "created by kubernetes-admin",
                        "ruori/web:1 → ruori/web:2",
                        "ReplicaSet/web-",
                        "Pod/web-",
                        "deployment-controller");
        String pod = kubectl.names("pods").getFirst();
        cluster.launcher(
                        "why",
                        "pod/" + pod,
                        "-n",
                        "past",
                        "--data",
                        cluster.data().toString())
                .succeeded()
                .says("kubernetes-admin", "Deployment/web", "ReplicaSet/web-");
    }

    @Test
    void statusIsForScripts() {
        cluster.launcher("status", "--json", "--data", cluster.data().toString())
                .succeeded()
                .says("\"healthy\" : true", "\"role\" : \"all\"", "\"pid\" :");
        assertThat(cluster.launcher("status", "--data", "/nonexistent/ruori").code())
                .isEqualTo(3);
        assertThat(cluster.launcher("up", "--nonsense").code()).isEqualTo(2);
        cluster.launcher("kubeconfig", "--data", cluster.data().toString())
                .succeeded()
                .says("client-key-data");
        for (String command : List.of(
                "up",
                "down",
                "status",
                "kubeconfig",
                "history",
                "diff",
                "blame",
                "why",
                "bench",
                "demo",
                "master",
                "agent",
                "test")) {
            cluster.launcher(command, "--help").succeeded().says("Usage: ruori " + command);
        }
    }
}
