package io.ruori.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stories of single Pods on virtual time. */
class PodLifecycleTest {
    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static ObjectNode withInit(ObjectNode pod, String... names) {
        for (String name : names) {
            Json.list(Json.child(pod, "spec"), "initContainers")
                    .addObject()
                    .put("name", name)
                    .put("image", name + ":1");
        }
        return pod;
    }

    private static ObjectNode first(ObjectNode pod) {
        return (ObjectNode) Json.at(pod, "spec", "containers").get(0);
    }

    @Test
    void aPodIsPendingThenRunningAndReady() {
        PodWorld world = new PodWorld(Pods.web("u"));
        assertThat(world.phase()).isEqualTo("Pending");
        assertThat(world.state("web")).isEqualTo("waiting ContainerCreating");
        assertThat(world.condition("PodReadyToStartContainers")).isEqualTo("False");
        assertThat(world.condition("Initialized")).isEqualTo("True");
        assertThat(world.condition("Ready")).isEqualTo("False ContainersNotReady");
        assertThat(Json.text(world.status().path("conditions").get(2), "message"))
                .isEqualTo("containers with unready status: [web]");
        world.settle();
        assertThat(world.phase()).isEqualTo("Running");
        assertThat(world.state("web")).isEqualTo("running");
        assertThat(world.condition("Ready")).isEqualTo("True");
        assertThat(world.condition("ContainersReady")).isEqualTo("True");
        assertThat(world.condition("PodScheduled")).isEqualTo("True");
        assertThat(Json.text(world.container("web"), "containerID")).startsWith("docker://");
        assertThat(Json.text(world.status(), "qosClass")).isEqualTo("BestEffort");
        assertThat(Json.text(world.status(), "hostIP")).isEqualTo("192.0.2.1");
    }

    @Test
    void crashLoopsBackOffTenSecondsDoublingToFiveMinutesAndAreForgivenAfterTen() {
        PodWorld world = new PodWorld(Pods.web("u")).settle();
        world.exit("web", 1);
        world.settle();
        assertThat(world.restarts("web")).as("the first restart is immediate").isEqualTo(1);
        int[] delays = {10, 20, 40, 80, 160, 300, 300};
        for (int i = 0; i < delays.length; i++) {
            world.exit("web", 1);
            world.settle();
            assertThat(world.state("web")).isEqualTo("waiting CrashLoopBackOff");
            assertThat(Json.text(world.container("web"), "lastState", "terminated", "reason"))
                    .isEqualTo("Error");
            assertThat(world.phase()).isEqualTo("Running");
            world.pass(seconds(delays[i] - 1));
            assertThat(world.restarts("web")).isEqualTo(i + 1);
            world.pass(seconds(1));
            assertThat(world.restarts("web")).isEqualTo(i + 2);
            assertThat(world.state("web")).isEqualTo("running");
        }
        assertThat(world.messages()).contains("Back-off restarting failed container web in pod pod-u_default(u)");
        world.pass(seconds(601));
        world.exit("web", 1);
        world.settle();
        assertThat(world.state("web")).as("ten quiet minutes clear the debt").isEqualTo("running");
    }

    @Test
    void theMessageOfACrashLoopIsWordedAsUpstreamWordsIt() {
        PodWorld world = new PodWorld(Pods.web("u"));
        world.exitAtOnce.put("web", 1);
        world.settle();
        assertThat(Json.text(world.container("web"), "state", "waiting", "message"))
                .isEqualTo("back-off 10s restarting failed container=web pod=pod-u_default(u)");
        world.pass(seconds(80));
        assertThat(Json.text(world.container("web"), "state", "waiting", "message"))
                .isEqualTo("back-off 1m20s restarting failed container=web pod=pod-u_default(u)");
    }

    @Test
    void onFailureRestartsFailuresOnlyAndEndsSucceeded() {
        PodWorld world = new PodWorld(Pods.pod("u", "OnFailure", "a", "b")).settle();
        world.exit("a", 2);
        world.settle();
        assertThat(world.restarts("a")).isEqualTo(1);
        world.exit("a", 0);
        world.settle();
        assertThat(world.state("a")).isEqualTo("terminated Completed");
        assertThat(world.phase()).isEqualTo("Running");
        world.exit("b", 0);
        world.settle();
        assertThat(world.phase()).isEqualTo("Succeeded");
        assertThat(world.condition("Ready")).isEqualTo("False PodCompleted");
        assertThat(world.condition("Initialized")).isEqualTo("True PodCompleted");
    }

    @Test
    void neverMeansNever() {
        PodWorld world = new PodWorld(Pods.pod("u", "Never", "a")).settle();
        world.exit("a", 3);
        world.pass(seconds(1000));
        assertThat(world.phase()).isEqualTo("Failed");
        assertThat(world.restarts("a")).isZero();
        assertThat(world.condition("Ready")).isEqualTo("False PodFailed");
        world.killSandbox();
        world.pass(seconds(1000));
        assertThat(world.running()).isEmpty();
        assertThat(world.phase()).isEqualTo("Failed");
    }

    @Test
    void initContainersRunOneAfterTheOther() {
        PodWorld world = new PodWorld(withInit(Pods.web("u"), "i1", "i2")).settle();
        assertThat(world.state("i1")).isEqualTo("running");
        assertThat(world.state("i2")).isEqualTo("waiting PodInitializing");
        assertThat(world.state("web")).isEqualTo("waiting PodInitializing");
        assertThat(world.phase()).isEqualTo("Pending");
        assertThat(world.condition("Initialized")).isEqualTo("False ContainersNotInitialized");
        world.exit("i1", 0);
        world.settle();
        assertThat(world.state("i1")).isEqualTo("terminated Completed");
        assertThat(world.state("i2")).isEqualTo("running");
        world.exit("i2", 1);
        world.settle();
        assertThat(world.restarts("i2")).isEqualTo(1);
        world.exit("i2", 0);
        world.settle();
        assertThat(world.state("web")).isEqualTo("running");
        assertThat(world.condition("Initialized")).isEqualTo("True");
        assertThat(world.phase()).isEqualTo("Running");
    }

    @Test
    void aFailedInitContainerEndsAPodThatNeverRestarts() {
        PodWorld world = new PodWorld(withInit(Pods.pod("u", "Never", "web"), "i1")).settle();
        world.exit("i1", 1);
        world.pass(seconds(100));
        assertThat(world.phase()).isEqualTo("Failed");
        assertThat(world.running()).isEmpty();
    }

    @Test
    void aSidecarStartsInTurnAndOutlivesTheOthers() {
        ObjectNode pod = withInit(Pods.pod("u", "Never", "job"), "side", "i2");
        ((ObjectNode) Json.at(pod, "spec", "initContainers").get(0)).put("restartPolicy", "Always");
        PodWorld world = new PodWorld(pod).settle();
        assertThat(world.state("side")).isEqualTo("running");
        assertThat(world.state("i2")).isEqualTo("running");
        world.exit("i2", 0);
        world.settle();
        assertThat(world.state("job")).isEqualTo("running");
        world.exit("side", 1);
        world.settle();
        assertThat(world.restarts("side")).isEqualTo(1);
        world.exit("job", 0);
        world.pass(seconds(1));
        assertThat(world.running()).as("with the job done the sidecar goes too").isEmpty();
        assertThat(world.phase()).isEqualTo("Succeeded");
    }

    @Test
    void aMissingImageIsPulledWithBackOffAndHealsWhenItAppearsOnTheNode() {
        PodWorld world = new PodWorld(Pods.web("u"));
        world.missingImages.add("web:1");
        world.settle();
        assertThat(world.state("web")).isEqualTo("waiting ErrImagePull");
        world.pass(seconds(3));
        assertThat(world.state("web")).isEqualTo("waiting ImagePullBackOff");
        assertThat(Json.text(world.container("web"), "state", "waiting", "message"))
                .isEqualTo("Back-off pulling image \"web:1\": ErrImagePull: not found");
        assertThat(world.messages())
                .contains(
                        "Failed to pull image \"web:1\": not found",
                        "Error: ErrImagePull",
                        "Back-off pulling image \"web:1\"",
                        "Error: ImagePullBackOff");
        world.missingImages.clear();
        world.pass(seconds(2));
        assertThat(world.state("web")).isEqualTo("running");
    }

    @Test
    void aMissingReferenceIsSaidOnceAndTriedAgain() {
        PodWorld world = new PodWorld(Pods.web("u"));
        world.refusals.put("web", "configmap \"settings\" not found");
        world.settle();
        assertThat(world.state("web")).isEqualTo("waiting CreateContainerConfigError");
        world.pass(seconds(30));
        assertThat(world.messages().stream().filter(m -> m.contains("settings")))
                .hasSize(1);
        world.refusals.clear();
        world.life.referencesChanged();
        world.look();
        world.settle();
        assertThat(world.state("web")).isEqualTo("running");
        assertThat(world.restarts("web")).isZero();
    }

    @Test
    void aKilledSandboxIsMadeAnewAndCountsAsARestart() {
        PodWorld world = new PodWorld(Pods.pod("u", "Always", "a", "b")).settle();
        world.killSandbox();
        world.settle();
        assertThat(world.sandboxCount()).isEqualTo(1);
        assertThat(world.restarts("a")).isEqualTo(1);
        assertThat(world.restarts("b")).isEqualTo(1);
        assertThat(Json.number(world.container("a"), 0, "lastState", "terminated", "exitCode"))
                .isEqualTo(137);
        assertThat(world.condition("Ready")).isEqualTo("True");
        assertThat(world.messages()).contains("Pod sandbox changed, it will be killed and re-created.");
    }

    @Test
    void losingTheSandboxIsNoCrashAndWaitsForNothing() {
        PodWorld world = new PodWorld(Pods.web("u")).settle();
        world.exit("web", 1);
        world.settle();
        world.killSandbox();
        world.settle();
        assertThat(world.state("web")).isEqualTo("running");
        world.killSandbox();
        world.settle();
        assertThat(world.state("web")).isEqualTo("running");
        assertThat(world.restarts("web")).isEqualTo(3);
    }

    @Test
    void everythingVanishingIsHealedToo() {
        PodWorld world = new PodWorld(Pods.web("u")).settle();
        world.vanish();
        world.settle();
        assertThat(world.running()).hasSize(1);
        assertThat(world.restarts("web")).isEqualTo(1);
    }

    @Test
    void aDeletedPodStopsItsContainersReportsThemAndGoes() {
        ObjectNode pod = Pods.web("u");
        PodWorld world = new PodWorld(pod).settle();
        world.assign(Pods.deleted(pod, 20));
        PodStep.StopContainer stop = (PodStep.StopContainer) world.underWay.getFirst();
        assertThat(stop.grace()).isEqualTo(seconds(20));
        assertThat(world.gone).isFalse();
        world.finishOne();
        assertThat(world.state("web")).isEqualTo("terminated Error");
        assertThat(world.phase()).isEqualTo("Failed");
        world.settle();
        assertThat(world.gone).isTrue();
        assertThat(world.sandboxCount()).isZero();
    }

    @Test
    void aShorterGraceIsObeyedWhileStopping() {
        ObjectNode pod = Pods.web("u");
        PodWorld world = new PodWorld(pod).settle();
        world.assign(Pods.deleted(pod, 60));
        world.assign(Pods.deleted(pod, 5));
        assertThat(world.underWay).hasSize(2);
        assertThat(((PodStep.StopContainer) world.underWay.getLast()).grace()).isEqualTo(seconds(5));
        world.settle();
        assertThat(world.gone).isTrue();
    }

    @Test
    void aPodDeletedBeforeItStartedGoesAtOnce() {
        PodWorld world = new PodWorld(Pods.deleted(Pods.web("u"), 30));
        assertThat(world.underWay).isEmpty();
        assertThat(world.gone).isTrue();
    }

    @Test
    void aChangedImageReplacesTheContainerWithoutBackOff() {
        ObjectNode pod = Pods.web("u");
        PodWorld world = new PodWorld(pod).settle();
        for (int version = 2; version < 5; version++) {
            ObjectNode changed = pod.deepCopy();
            first(changed).put("image", "web:" + version);
            world.assign(changed);
            world.settle();
            assertThat(world.state("web")).isEqualTo("running");
            assertThat(Json.text(world.container("web"), "image")).isEqualTo("web:" + version);
            assertThat(world.restarts("web")).isEqualTo(version - 1);
        }
        assertThat(world.messages()).contains("Container web definition changed, will be restarted");
    }

    @Test
    void readinessFollowsItsProbe() {
        ObjectNode pod = Pods.web("u");
        first(pod)
                .putObject("readinessProbe")
                .put("initialDelaySeconds", 5)
                .put("periodSeconds", 2)
                .put("failureThreshold", 2)
                .putObject("exec")
                .putArray("command")
                .add("true");
        PodWorld world = new PodWorld(pod).settle();
        assertThat(world.condition("Ready")).isEqualTo("False ContainersNotReady");
        assertThat(world.phase()).isEqualTo("Running");
        world.pass(seconds(5));
        assertThat(world.condition("Ready")).isEqualTo("True");
        world.probesPass = false;
        world.pass(seconds(2));
        assertThat(world.condition("Ready")).isEqualTo("True");
        world.pass(seconds(2));
        assertThat(world.condition("Ready")).isEqualTo("False ContainersNotReady");
        assertThat(world.messages()).contains("Readiness probe failed: no answer");
        assertThat(world.restarts("web")).isZero();
    }

    @Test
    void aFailedLivenessProbeRestartsTheContainer() {
        ObjectNode pod = Pods.web("u");
        first(pod)
                .putObject("livenessProbe")
                .put("periodSeconds", 1)
                .put("failureThreshold", 3)
                .putObject("exec")
                .putArray("command")
                .add("true");
        PodWorld world = new PodWorld(pod).settle();
        world.probesPass = false;
        world.pass(seconds(3));
        assertThat(world.restarts("web")).isEqualTo(1);
        assertThat(world.messages()).contains("Container web failed liveness probe, will be restarted");
    }

    @Test
    void aStartupProbeHoldsTheOthersBack() {
        ObjectNode pod = Pods.web("u");
        first(pod)
                .putObject("startupProbe")
                .put("periodSeconds", 10)
                .put("initialDelaySeconds", 10)
                .put("failureThreshold", 30)
                .putObject("exec")
                .putArray("command")
                .add("true");
        PodWorld world = new PodWorld(pod).settle();
        assertThat(world.container("web").path("started").asBoolean()).isFalse();
        assertThat(world.condition("Ready")).isEqualTo("False ContainersNotReady");
        world.pass(seconds(10));
        assertThat(world.container("web").path("started").asBoolean()).isTrue();
        assertThat(world.condition("Ready")).isEqualTo("True");
    }

    @Test
    void aPodPastItsDeadlineFails() {
        ObjectNode pod = Pods.web("u");
        Json.child(pod, "spec").put("activeDeadlineSeconds", 60);
        PodWorld world = new PodWorld(pod).settle();
        world.pass(seconds(59));
        assertThat(world.phase()).isEqualTo("Running");
        world.pass(seconds(2));
        assertThat(world.phase()).isEqualTo("Failed");
        assertThat(Json.text(world.status(), "reason")).isEqualTo("DeadlineExceeded");
        assertThat(world.running()).isEmpty();
    }

    @Test
    void aPodThatIsOverIsNeverStartedAgain() {
        ObjectNode pod = Pods.pod("u", "Never", "a");
        pod.putObject("status")
                .put("phase", "Succeeded")
                .putArray("containerStatuses")
                .addObject()
                .put("name", "a")
                .put("restartCount", 0)
                .put("containerID", "docker://x")
                .putObject("state")
                .putObject("terminated")
                .put("exitCode", 0)
                .put("reason", "Completed");
        PodWorld world = new PodWorld(pod).settle();
        assertThat(world.sandboxCount()).isZero();
        assertThat(world.phase()).isEqualTo("Succeeded");
        assertThat(world.state("a")).isEqualTo("terminated Completed");
    }

    @Test
    void restartCountsGoOnWhereTheLastAgentLeftThem() {
        ObjectNode pod = Pods.web("u");
        pod.putObject("status")
                .put("phase", "Running")
                .putArray("containerStatuses")
                .addObject()
                .put("name", "web")
                .put("restartCount", 4)
                .put("containerID", "docker://x")
                .putObject("state")
                .putObject("running");
        PodWorld world = new PodWorld(pod).settle();
        assertThat(world.restarts("web")).isEqualTo(5);
    }

    @Test
    void conditionsKeepTheTimeOfTheirLastChange() {
        PodWorld world = new PodWorld(Pods.web("u")).settle();
        String since = Json.text(world.status().path("conditions").get(2), "lastTransitionTime");
        world.pass(seconds(100));
        assertThat(Json.text(world.status().path("conditions").get(2), "lastTransitionTime"))
                .isEqualTo(since);
    }
}
