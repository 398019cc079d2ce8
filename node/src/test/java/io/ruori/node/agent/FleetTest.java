package io.ruori.node.agent;

import static io.ruori.node.agent.ScriptedMaster.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.ruori.agent.AgentLauncher;
import io.ruori.agent.ToAgent;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.node.core.Pods;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes started as a master's process starts them. */
class FleetTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static com.typesafe.config.Config config(Path directory) {
        return ConfigFactory.parseString("ruori.node { runtime = simulated, directory = \"" + directory + "\" }")
                .withFallback(ConfigFactory.load());
    }

    @Test
    void anAgentFoundOnTheClassPathRunsPods(@TempDir Path directory) {
        ScriptedMaster master = new ScriptedMaster(KIT.system(), "gate-launcher");
        AgentLauncher.find().orElseThrow().startInProcess(KIT.system(), config(directory), master.gate, "one");
        master.awaitSession(1);
        master.assign(1, Pods.web("a"));
        await().until(() -> master.isReady("a"));
    }

    @Test
    void aFleetCallsEveryPodReadyAndLetsItGo(@TempDir Path directory) {
        ScriptedMaster master = new ScriptedMaster(KIT.system(), "gate-fleet");
        AgentLauncher.find().orElseThrow().startFleet(KIT.system(), config(directory), master.gate, "sim", 3);
        master.awaitSession(3);
        master.assign(1, Pods.web("a"), Pods.web("b"));
        await().until(() -> master.isReady("a") && master.isReady("b"));
        master.change(2, Pods.deleted(Pods.web("a"), 30));
        await().until(() -> master.isGone("a"));
    }

    /** A printed figure, not a limit: machines differ. The aim is 50 µs a Pod. */
    @Test
    void aFleetCostsLittle(@TempDir Path directory) {
        ScriptedMaster master = new ScriptedMaster(KIT.system(), "gate-cost");
        AgentLauncher.find().orElseThrow().startFleet(KIT.system(), config(directory), master.gate, "cost", 1);
        master.awaitSession(1);
        List<StoredObject> pods = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            ObjectNode pod = Pods.web("p" + i);
            pods.add(Pods.stored(pod, i + 1));
        }
        long before = processTime();
        for (int i = 0; i < pods.size(); i += 10) {
            master.agent()
                    .tell(new ToAgent.AssignmentChange(
                            new Revision(i + 10), pods.subList(i, i + 10), List.of(), List.of()));
        }
        await().until(() -> master.statuses.size() == 5000);
        long micros = (processTime() - before) / 1000 / 5000;
        System.out.println("fleet: " + micros + " µs of processor time a Pod, warm-up included");
        assertThat(master.isReady("p4999")).isTrue();
    }

    private static long processTime() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
