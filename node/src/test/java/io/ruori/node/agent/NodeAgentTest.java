package io.ruori.node.agent;

import static io.ruori.node.agent.ScriptedMaster.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.node.core.Pods;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.SandboxState;
import io.ruori.node.simulated.SimulatedRuntime;
import io.ruori.node.simulated.SimulatedSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeAgentTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final SimulatedRuntime runtime = new SimulatedRuntime(SimulatedSettings.instant());
    private ScriptedMaster master = new ScriptedMaster(KIT.system(), "gate-" + System.nanoTime());
    private ActorRef<NodeAgent.Command> agent = KIT.system().ignoreRef();

    @BeforeEach
    void start() {
        agent = begin();
        master.awaitSession(1);
    }

    private ActorRef<NodeAgent.Command> begin() {
        NodeSettings settings = NodeSettings.of("node-1", directory, "192.0.2.1");
        return KIT.spawn(NodeAgent.create(settings, runtime, new InProcessLink(master.gate)));
    }

    @AfterEach
    void stop() {
        KIT.stop(agent, Duration.ofSeconds(5));
        runtime.close();
    }

    private List<SandboxState> sandboxes() {
        return runtime.list().toCompletableFuture().join();
    }

    private ContainerState only() {
        return sandboxes().get(0).containers().get(0);
    }

    @Test
    void aPodRunsIsReadyAndGoesWhenDeleted() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        assertThat(master.phase("a")).isEqualTo("Running");
        assertThat(Json.text(master.status("a"), "podIP")).startsWith("10.244.0.");
        assertThat(Json.text(master.container("a"), "containerID")).startsWith("simulated://");
        assertThat(master.reasons()).containsExactly("Pulled", "Created", "Started");

        master.change(11, Pods.deleted(Pods.web("a"), 30));
        await().until(() -> master.isGone("a"));
        assertThat(sandboxes()).isEmpty();
        assertThat(master.messages()).contains("Stopping container web");
        assertThat(Json.number(master.container("a"), -1, "state", "terminated", "exitCode"))
                .isEqualTo(143);
    }

    @Test
    void aKilledContainerIsStartedAgain() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        runtime.crash("a", "web", 1);
        await().atMost(Duration.ofSeconds(1))
                .until(() -> master.container("a").path("restartCount").asInt() == 1 && master.isReady("a"));
        assertThat(Json.number(master.container("a"), -1, "lastState", "terminated", "exitCode"))
                .isEqualTo(1);
    }

    @Test
    void aKilledSandboxIsReplacedWithItsContainers() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        String before = sandboxes().get(0).id();
        runtime.killSandbox("a");
        await().atMost(Duration.ofSeconds(1))
                .until(() -> master.container("a").path("restartCount").asInt() == 1 && master.isReady("a"));
        assertThat(sandboxes()).hasSize(1);
        assertThat(sandboxes().get(0).id()).isNotEqualTo(before);
    }

    @Test
    void whatHappensWhileTheEventStreamIsDownIsSeenByTheRelist() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        runtime.cutEvents();
        runtime.crash("a", "web", 3);
        await().atMost(Duration.ofSeconds(2))
                .until(() -> master.container("a").path("restartCount").asInt() == 1);
    }

    @Test
    void aRestartedAgentAdoptsWhatRuns() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        String id = only().id();
        KIT.stop(agent, Duration.ofSeconds(5));
        master.statuses.clear();
        agent = begin();
        master.awaitSession(2);
        assertThat(only().id()).isEqualTo(id);
        master.assign(12, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        assertThat(only().id()).isEqualTo(id);
        assertThat(master.container("a").path("restartCount").asInt()).isZero();
    }

    @Test
    void aPodThatWasDeletedWhileTheAgentWasAwayIsStoppedOnlyByANewerAssignment() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        KIT.stop(agent, Duration.ofSeconds(5));
        agent = begin();
        master.awaitSession(2);
        master.assign(9); // empty, but from the past
        master.assign(9);
        await().until(() -> master.heard.stream()
                        .filter(ToMaster.Heartbeat.class::isInstance)
                        .count()
                >= 2);
        assertThat(only().phase()).isEqualTo(ContainerState.Phase.RUNNING);
        master.assign(11);
        await().until(() -> sandboxes().isEmpty());
    }

    @Test
    void losingTheMasterStopsNothingAndTheNextOneIsToldEverything() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        String id = only().id();
        master.statuses.clear();
        master.hangUp();
        master.awaitSession(2);
        assertThat(only().id()).isEqualTo(id);
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        assertThat(only().id()).isEqualTo(id);
    }

    /** One master after the other. */
    private record Masters(List<ScriptedMaster> all, AtomicInteger tries) implements MasterLink {
        @Override
        public CompletionStage<ActorRef<ToMaster>> connect(
                ActorSystem<?> system, String nodeName, ActorRef<ToAgent> ears) {
            ScriptedMaster next = all.get(tries.getAndIncrement() % all.size());
            return new InProcessLink(next.gate).connect(system, nodeName, ears);
        }

        @Override
        public boolean hasOthers() {
            return all.size() > 1;
        }
    }

    private void beginWith(Duration heartbeat, ScriptedMaster... masters) {
        KIT.stop(agent, Duration.ofSeconds(5));
        NodeSettings usual = NodeSettings.of("node-1", directory, "192.0.2.1");
        agent = KIT.spawn(NodeAgent.create(
                new NodeSettings(
                        usual.name(),
                        usual.directory(),
                        usual.address(),
                        usual.labels(),
                        usual.maxPods(),
                        heartbeat,
                        usual.relist(),
                        usual.batching(),
                        Duration.ofMillis(40),
                        usual.maxStreams()),
                runtime,
                new Masters(List.of(masters), new AtomicInteger())));
    }

    @Test
    void aMasterThatFallsSilentIsLeft() {
        beginWith(Duration.ofMillis(20), master);
        master.awaitSession(2);
        master.agent().tell(ToAgent.StreamCredit.ECHO);
        master.awaitSession(3);
    }

    @Test
    void whereThereAreOthersASilentMasterIsLeftAfterTwoHeartbeatsAndNothingStops() {
        ScriptedMaster silent = new ScriptedMaster(KIT.system(), "silent-" + System.nanoTime());
        ScriptedMaster second = new ScriptedMaster(KIT.system(), "second-" + System.nanoTime());
        Duration heartbeat = Duration.ofMillis(500);
        beginWith(heartbeat, silent, second);
        silent.awaitSession(1);
        silent.agent().tell(new ToAgent.Welcome(1, ""));
        silent.assign(10, Pods.web("a"));
        await().until(() -> silent.isReady("a"));
        String id = only().id();
        silent.agent().tell(ToAgent.StreamCredit.ECHO);
        long fellSilent = System.nanoTime();

        second.awaitSession(1);
        // Ten heartbeats are five seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - fellSilent)).isLessThan(Duration.ofSeconds(4));
        assertThat(only().id()).isEqualTo(id);
        second.agent().tell(new ToAgent.Welcome(2, ""));
        second.assign(11, Pods.web("a"));
        await().until(() -> second.isReady("a"));
        assertThat(only().id()).isEqualTo(id);
    }

    @Test
    void anAgentThatLosesItsMasterGoesToTheNext() {
        ScriptedMaster second = new ScriptedMaster(KIT.system(), "next-" + System.nanoTime());
        ScriptedMaster first = new ScriptedMaster(KIT.system(), "first-" + System.nanoTime());
        beginWith(Duration.ofSeconds(1), first, second);
        first.awaitSession(1);
        first.hangUp();
        second.awaitSession(1);
    }

    @Test
    void aForceDeletedPodIsStopped() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        master.remove(11, "a");
        await().until(() -> sandboxes().isEmpty());
        assertThat(master.isGone("a")).isFalse();
    }

    @Test
    void aMissingImageHealsWhenItAppears() {
        runtime.forgetImage("web:1");
        master.assign(10, Pods.web("a"));
        await().until(() ->
                Json.text(master.container("a"), "state", "waiting", "reason").equals("ImagePullBackOff"));
        assertThat(master.phase("a")).isEqualTo("Pending");
        assertThat(master.reasons()).contains("Pulling", "Failed", "BackOff");
        runtime.addImage("web:1");
        await().atMost(Duration.ofSeconds(2)).until(() -> master.isReady("a"));
    }

    @Test
    void logsAndCommandsTravelAsStreams() {
        master.assign(10, Pods.web("a"));
        await().until(() -> master.isReady("a"));
        runtime.print("a", "web", "hello");
        runtime.print("a", "web", "world");
        master.agent()
                .tell(new ToAgent.OpenStream(
                        1,
                        new ToAgent.Stream.Logs(
                                new Uid("a"),
                                "web",
                                false,
                                false,
                                false,
                                OptionalLong.of(1),
                                OptionalLong.empty(),
                                null)));
        await().until(() -> ended(1));
        assertThat(text(1)).isEqualTo("world\n");

        master.agent()
                .tell(new ToAgent.OpenStream(
                        2, new ToAgent.Stream.Exec(new Uid("a"), "web", List.of("cat"), true, true, true, false)));
        master.agent().tell(new ToAgent.StreamData(2, 0, "typed".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        await().until(() -> text(2).equals("typed"));
        master.agent().tell(new ToAgent.StreamHalfClosed(2, 0));
        await().until(() -> ended(2));
        assertThat(master.heard).contains(new ToMaster.StreamEnded(2, 0, ""), new ToMaster.StreamCredit(2, 5));
    }

    @Test
    void theNodeSaysWhatItIs() {
        await().until(() -> !master.heard.isEmpty());
        ToMaster.Hello hello = (ToMaster.Hello) master.heard.get(0);
        assertThat(hello.seen()).isEqualTo(Revision.ZERO);
        assertThat(Json.text(hello.node(), "metadata", "labels", "kubernetes.io/hostname"))
                .isEqualTo("node-1");
        assertThat(Json.text(hello.node(), "status", "nodeInfo", "kubeletVersion"))
                .startsWith("v1.36.0-ruori");
    }

    private boolean ended(long id) {
        return master.heard.stream().anyMatch(m -> m instanceof ToMaster.StreamEnded end && end.streamId() == id);
    }

    private String text(long id) {
        StringBuilder text = new StringBuilder();
        master.heard.forEach(m -> {
            if (m instanceof ToMaster.StreamData data && data.streamId() == id) {
                text.append(new String(data.bytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        });
        return text.toString();
    }
}
