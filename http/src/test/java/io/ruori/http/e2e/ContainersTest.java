package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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

/** Pods as real containers: what runs in them, how they heal, and what outlives a killed master. */
@Tag("services")
@ParameterizedClass(name = "{0}")
@MethodSource("io.ruori.http.e2e.TestCluster#kubectls")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ContainersTest {
    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    /** What the cluster of an invocation is driven with. */
    @Parameter
    @SuppressWarnings("NullAway.Init")
    String kubectl;

    @BeforeParameterizedClassInvocation
    static void start(String kubectl) {
        Assumptions.assumeTrue(TestCluster.dockerAnswers(), "no Docker Engine answers");
        cluster = TestCluster.start("docker", 1, kubectl);
        TestCluster.makeImages();
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

    private static String ask(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + ":8080/cgi-bin/index.cgi"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private static String container(String pod, String role) {
        return String.join(" ", cluster.containers("pod.name=" + pod, "role=" + role));
    }

    @Test
    @Order(1)
    void everyReplicaAnswersOnItsOwnAddress() throws Exception {
        Kubectl kubectl = in("answers");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 3));
        kubectl.rolledOut("web");
        String pod = kubectl.names("pods").getFirst();
        for (String address : kubectl.json("pods", "{.items[*].status.podIP}").split(" ")) {
            assertThat(ask(address)).startsWith("web 1 on ");
            kubectl.ok("exec " + pod + " -- wget -qO- http://" + address + ":8080/cgi-bin/index.cgi")
                    .says("web 1 on ");
        }
        kubectl.ok("logs " + pod).says("web 1 on " + pod + " listens on port 8080");
        kubectl.ok("exec " + pod + " -- hostname").says(pod);
        kubectl.ok("exec " + pod + " -- wget --help");
        kubectl.ok("describe pod " + pod).says("Pulled", "Created", "Started", "Scheduled");
        // As they are listed, which is how those of one second are shown.
        String listed = "events --field-selector involvedObject.name=" + pod;
        assertThat(kubectl.json(listed, "{.items[*].reason}").split(" "))
                .containsSubsequence("Scheduled", "Pulled", "Created", "Started");
    }

    @Test
    @Order(2)
    void aKilledContainerAndAKilledSandboxAreHealedWithinTwoSeconds() {
        Kubectl kubectl = in("healing");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 1));
        kubectl.rolledOut("web");
        String pod = kubectl.names("pods").getFirst();
        TestCluster.docker("kill", container(pod, "container")).succeeded();
        kubectl.eventually(Duration.ofSeconds(4), "pod " + pod, "{.status.containerStatuses[0].restartCount}", "1");
        kubectl.ok("wait --for=condition=Ready pod/" + pod + " --timeout=4s");
        assertThat(kubectl.json("pod " + pod, "{.status.containerStatuses[0].lastState.terminated.exitCode}"))
                .isEqualTo("137");
        kubectl.ok("logs -p " + pod).says("listens");
        TestCluster.docker("kill", container(pod, "sandbox")).succeeded();
        await().atMost(Duration.ofSeconds(6)).untilAsserted(() -> {
            assertThat(container(pod, "sandbox")).isNotEmpty();
            assertThat(container(pod, "container")).isNotEmpty();
        });
        kubectl.ok("wait --for=condition=Ready pod/" + pod + " --timeout=10s");
    }

    @Test
    @Order(3)
    void aForceDeletedPodIsReplaced() {
        Kubectl kubectl = in("replacing");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 2));
        kubectl.rolledOut("web");
        String pod = kubectl.names("pods").getFirst();
        kubectl.ok("delete pod " + pod + " --force --grace-period=0");
        kubectl.eventually("deployment web", "{.status.readyReplicas}", "2");
        assertThat(kubectl.names("pods")).doesNotContain(pod).hasSize(2);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(container(pod, "container")).isEmpty());
    }

    @Test
    @Order(4)
    void aRollingUpdateNeverFallsBelowItsPromiseAndAnswersAllTheTime() throws Exception {
        Kubectl kubectl = in("rolling");
        kubectl.ok(
                "apply -f -",
                Manifests.deployment("web", "ruori/web:1", 3)
                        .replace(
                                "  replicas: 3",
                                "  replicas: 3\n  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}"));
        kubectl.rolledOut("web");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger fewest = new AtomicInteger(3);
        Thread witness = Thread.ofVirtual().start(() -> {
            while (!over.get()) {
                String available = kubectl.json("deployment web", "{.status.availableReplicas}");
                fewest.accumulateAndGet(available.isEmpty() ? 0 : Integer.parseInt(available), Math::min);
            }
        });
        kubectl.ok("set image deployment/web web=ruori/web:2");
        kubectl.rolledOut("web");
        kubectl.ok("rollout undo deployment/web");
        kubectl.rolledOut("web");
        over.set(true);
        witness.join();
        assertThat(fewest.get()).isEqualTo(3);
        // A Pod that is being stopped is Running still, and need not answer.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(kubectl.names("pods")).hasSize(3));
        for (String address : kubectl.json("pods", "{.items[*].status.podIP}").split(" ")) {
            assertThat(ask(address)).startsWith("web 1 on ");
        }
    }

    @Test
    @Order(5)
    void severalContainersShareTheirPodsNetworkAndReadTheirSettings() {
        Kubectl kubectl = in("several");
        kubectl.ok("create configmap settings --from-literal=COLOUR=red --from-literal=SIZE=big");
        kubectl.ok("create secret generic secrets --from-literal=word=geheim");
        kubectl.ok("apply -f -", """
            apiVersion: v1
            kind: Pod
            metadata:
              name: two
              labels: {app: two}
            spec:
              terminationGracePeriodSeconds: 2
              initContainers:
              - name: first
                image: ruori/web:1
                command: ["/bin/sh", "-c", "echo prepared"]
              containers:
              - name: web
                image: ruori/web:1
                resources:
                  requests: {cpu: 50m, memory: 32Mi}
                  limits: {cpu: 200m, memory: 64Mi}
              - name: side
                image: ruori/web:1
                workingDir: /tmp
                command: ["/bin/sh", "-c", "echo $COLOUR $SIZE $WORD $WHO $(PLACE) in $(pwd); sleep 1000"]
                args: []
                envFrom:
                - configMapRef: {name: settings}
                env:
                - name: WORD
                  valueFrom: {secretKeyRef: {name: secrets, key: word}}
                - name: WHO
                  valueFrom: {fieldRef: {fieldPath: metadata.name}}
                - name: PLACE
                  value: here
            """);
        kubectl.ok("wait --for=condition=Ready pod/two --timeout=60s");
        kubectl.ok("logs two -c side").says("red big geheim two here in /tmp");
        kubectl.ok("logs two -c first").says("prepared");
        kubectl.ok("logs two --all-containers").says("prepared", "listens");
        kubectl.ok("exec two -c side -- sh -c 'echo | nc -w 2 127.0.0.1 8080'");
        assertThat(kubectl.json("pod two", "{.status.qosClass}")).isEqualTo("Burstable");
        String web = cluster.containers("pod.name=two", "container.name=web").getFirst();
        assertThat(TestCluster.docker("inspect", "-f", "{{.HostConfig.Memory}}", web)
                        .text())
                .isEqualTo(String.valueOf(64 << 20));
        assertThat(kubectl.json("pod two", "{.status.initContainerStatuses[0].state.terminated.reason}"))
                .isEqualTo("Completed");
    }

    @Test
    @Order(6)
    void exitsAreToldAndCrashesAreHeldBack() {
        Kubectl kubectl = in("exits");
        kubectl.ok(
                "apply -f -",
                Manifests.pod("done", "echo result > /dev/termination-log; exit 0", "  restartPolicy: Never"));
        kubectl.ok("apply -f -", Manifests.pod("broken", "exit 3", "  restartPolicy: Never"));
        kubectl.ok("apply -f -", Manifests.pod("crashing", "exit 7", ""));
        kubectl.eventually("pod done", "{.status.phase}", "Succeeded");
        assertThat(kubectl.json("pod done", "{.status.containerStatuses[0].state.terminated.message}")
                        .strip())
                .isEqualTo("result");
        kubectl.eventually("pod broken", "{.status.phase}", "Failed");
        assertThat(kubectl.json("pod broken", "{.status.containerStatuses[0].state.terminated.exitCode}"))
                .isEqualTo("3");
        kubectl.eventually("pod crashing", "{.status.containerStatuses[0].state.waiting.reason}", "CrashLoopBackOff");
        kubectl.ok("describe pod crashing").says("BackOff", "CrashLoopBackOff");
        kubectl.ok("get pods").says("Completed", "Error", "CrashLoopBackOff");
    }

    @Test
    @Order(7)
    void aMissingImageIsToldAndHealsWhenItAppears() {
        Kubectl kubectl = in("images");
        TestCluster.docker("rmi", "-f", "ruori/late:1");
        kubectl.ok("run late --image=ruori/late:1 --image-pull-policy=IfNotPresent");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                kubectl.json("pod late", "{.status.containerStatuses[0].state.waiting.reason}"))
                        .isIn("ErrImagePull", "ImagePullBackOff"));
        TestCluster.docker("tag", "ruori/web:1", "ruori/late:1").succeeded();
        kubectl.ok("wait --for=condition=Ready pod/late --timeout=60s");
        kubectl.ok("delete pod late");
        TestCluster.docker("rmi", "ruori/late:1");
    }

    @Test
    @Order(8)
    void logsInEveryForm() {
        Kubectl kubectl = in("logs");
        kubectl.ok(
                "apply -f -",
                Manifests.pod(
                        "talk", "for i in 1 2 3 4 5; do echo line $i; done; sleep 1; echo fault >&2; sleep 1000", ""));
        kubectl.ok("wait --for=condition=Ready pod/talk --timeout=60s");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> kubectl.ok("logs talk").says("line 1", "line 5", "fault"));
        kubectl.ok("logs talk --tail=2").saysNot("line 3");
        kubectl.ok("logs talk --timestamps").says("T", "Z line 1");
        kubectl.ok("logs talk --since=1h").says("line 1");
        kubectl.ok("logs talk -c main --limit-bytes=6").says("line 1").saysNot("line 2");
        kubectl.run("logs talk -c nobody").failed().says("container nobody is not valid for pod talk");
        kubectl.run("logs -p talk").failed().says("previous terminated container");
        Outcome followed = kubectl.run("logs -f talk --tail=1 --request-timeout=3s");
        assertThat(followed.output()).contains("fault");
    }

    @Test
    @Order(9)
    void execCarriesInputOutputAndExitCodes() {
        Kubectl kubectl = in("exec");
        kubectl.ok("apply -f -", Manifests.pod("shell", "sleep 1000", ""));
        kubectl.ok("wait --for=condition=Ready pod/shell --timeout=60s");
        assertThat(kubectl.ok("exec -i shell -- cat", "two\nlines\n").output()).contains("two\nlines");
        assertThat(kubectl.run("exec shell -- sh -c 'exit 9'").code()).isEqualTo(9);
        kubectl.run("exec shell -- no-such-program").failed();
        assertThat(kubectl.onATerminal("exec -it shell -- tty", "").output()).contains("/dev/pts/");
    }

    @Test
    @Order(12)
    void attachJoinsTheInputAndOutputOfWhatRuns() {
        Kubectl kubectl = in("attach");
        kubectl.ok("apply -f -", Manifests.pod("echoing", "while read line; do echo got $line; done; echo over", """
                stdin: true
                stdinOnce: true
              restartPolicy: Never
            """));
        kubectl.ok("wait --for=condition=Ready pod/echoing --timeout=60s");
        kubectl.ok("attach -i echoing", "one\ntwo\n").says("got one", "got two");
        // The input was to be read once: at its end the container was told so.
        kubectl.eventually("pod echoing", "{.status.phase}", "Succeeded");
        kubectl.ok("logs echoing").says("got two", "over");
        kubectl.run("attach echoing").failed().says("cannot attach a container in a completed pod");
        kubectl.onATerminal("run typed --image=ruori/web:1 --restart=Never -it --rm --command -- sh", "tty; exit 4\n")
                .says("/dev/pts/", "pod attach/typed terminated (Error)");
        kubectl.run("get pod typed").failed().says("NotFound");
    }

    /** The figures of the documentation's own example: 8 and 5 of 10, which 5 more make 11 and 7. */
    @Test
    @Order(13)
    void whatIsScaledInMidRollIsSharedInProportion() {
        Kubectl kubectl = in("proportions");
        kubectl.ok(
                "apply -f -",
                Manifests.deployment("web", "ruori/web:1", 10)
                        .replace(
                                "  replicas: 10",
                                "  replicas: 10\n  strategy: {rollingUpdate: {maxUnavailable: 2, maxSurge: 3}}"));
        kubectl.rolledOut("web");
        // Only for what cannot be had at all: to start ten containers may take longer.
        kubectl.ok("patch deployment web -p {\"spec\":{\"progressDeadlineSeconds\":3}}");
        kubectl.ok("set image deployment/web web=ruori/web:161");
        String sizes = "{.items[?(@.spec.template.spec.containers[0].image==\"ruori/web:%s\")].spec.replicas}";
        kubectl.eventually("rs", sizes.formatted("1"), "8");
        kubectl.eventually("rs", sizes.formatted("161"), "5");
        kubectl.eventually(
                "deployment web",
                "{.status.conditions[?(@.type==\"Progressing\")].reason}",
                "ProgressDeadlineExceeded");
        kubectl.run("rollout status deployment/web").failed().says("exceeded its progress deadline");
        kubectl.ok("scale deployment/web --replicas=15");
        kubectl.eventually("rs", sizes.formatted("1"), "11");
        kubectl.eventually("rs", sizes.formatted("161"), "7");
        kubectl.ok("patch deployment web -p {\"spec\":{\"progressDeadlineSeconds\":600}}");
        kubectl.ok("rollout undo deployment/web");
        kubectl.rolledOut("web");
        kubectl.ok("get deployment web").says("15/15");
    }

    @Test
    @Order(10)
    void hooksRunAndStoppingIsGentleThenFirm() {
        Kubectl kubectl = in("hooks");
        String hooks = """
                lifecycle:
                  postStart: {exec: {command: ["/bin/sh", "-c", "echo started > /tmp/started"]}}
                  preStop: {exec: {command: ["/bin/sh", "-c", "echo stopping > /proc/1/fd/1"]}}
            """;
        kubectl.ok("apply -f -", Manifests.pod("hooked", "trap '' TERM; while :; do sleep 1; done", hooks));
        kubectl.ok("wait --for=condition=Ready pod/hooked --timeout=60s");
        kubectl.ok("exec hooked -- cat /tmp/started").says("started");
        long before = System.nanoTime();
        kubectl.ok("delete pod hooked --grace-period=3");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(15));
        assertThat(container("hooked", "container")).isEmpty();
    }

    /** The order of the page "Deployments" of the Kubernetes documentation, with an image made here in place of nginx. */
    @Test
    @Order(11)
    void theWalkThroughOfTheDocumentation() {
        Kubectl kubectl = in("walk");
        kubectl.ok("apply -f -", Manifests.deployment("site", "ruori/web:1", 3)).says("deployment.apps/site created");
        kubectl.rolledOut("site");
        kubectl.ok("get deployments").says("READY", "UP-TO-DATE", "AVAILABLE", "3/3");
        kubectl.ok("get rs").says("DESIRED", "CURRENT");
        kubectl.ok("get pods --show-labels").says("pod-template-hash=", "app=site");
        kubectl.ok("set image deployment/site web=ruori/web:2").says("image updated");
        kubectl.rolledOut("site");
        kubectl.ok("describe deployments").says("OldReplicaSets:", "NewReplicaSet:", "ScalingReplicaSet");
        // A mistake: the new version cannot start, and the old one stays.
        kubectl.ok("set image deployment/site web=ruori/web:161");
        kubectl.run("rollout status deployment/site --timeout=8s")
                .failed()
                .says("1 out of 3 new replicas have been updated");
        kubectl.ok("get pods").says("ImagePull");
        assertThat(kubectl.json("deployment site", "{.status.availableReplicas}"))
                .isEqualTo("3");
        kubectl.ok("rollout history deployment/site").says("REVISION", "1", "2", "3");
        kubectl.ok("rollout history deployment/site --revision=2").says("ruori/web:2");
        kubectl.ok("rollout undo deployment/site").says("rolled back");
        kubectl.rolledOut("site");
        kubectl.ok("rollout undo deployment/site --to-revision=1").says("rolled back");
        kubectl.rolledOut("site");
        kubectl.ok("scale deployment/site --replicas=5").says("scaled");
        kubectl.eventually("deployment site", "{.status.availableReplicas}", "5");
        kubectl.ok("rollout pause deployment/site").says("paused");
        String before = kubectl.ok("rollout history deployment/site").text();
        kubectl.ok("set image deployment/site web=ruori/web:3");
        kubectl.ok("set resources deployment/site -c=web --limits=cpu=200m,memory=64Mi")
                .says("resource requirements updated");
        assertThat(kubectl.ok("rollout history deployment/site").text()).isEqualTo(before);
        kubectl.ok("rollout resume deployment/site").says("resumed");
        kubectl.rolledOut("site");
        // Old Pods may still be on their way out; in the end there are only new ones.
        kubectl.eventually("pods", "{.items[0].spec.containers[0].resources.limits.memory}", "64Mi");
        kubectl.ok("delete deployment site");
    }

    @Test
    @Order(20)
    void theMasterIsKilledAndNothingIsLostOrTouched() throws Exception {
        Kubectl kubectl = in("killing");
        kubectl.ok("apply -f -", Manifests.deployment("web", "ruori/web:1", 2));
        kubectl.rolledOut("web");
        List<String> before = cluster.containers("pod.namespace=killing");
        for (int round = 0; round < 2; round++) {
            kubectl.ok("create configmap acknowledged-" + round + " --from-literal=a=b");
            cluster.kill("all");
            cluster.up();
            kubectl.ok("get configmap acknowledged-" + round).says("acknowledged");
        }
        kubectl.ok("get deployment web").says("2/2");
        assertThat(cluster.containers("pod.namespace=killing")).containsExactlyInAnyOrderElementsOf(before);
        assertThat(kubectl.json("pods", "{.items[*].status.containerStatuses[*].restartCount}"))
                .isEqualTo("0 0");
        kubectl.ok("set image deployment/web web=ruori/web:2");
        kubectl.rolledOut("web");
    }
}
