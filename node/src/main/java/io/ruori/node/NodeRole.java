package io.ruori.node;

import com.typesafe.config.Config;
import io.ruori.agent.AgentGate;
import io.ruori.agent.AgentLauncher;
import io.ruori.node.agent.InProcessLink;
import io.ruori.node.agent.MasterLink;
import io.ruori.node.agent.NodeAgent;
import io.ruori.node.agent.NodeSettings;
import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.simulated.SimulatedFleet;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Makes this process a node, or many pretended ones. */
public final class NodeRole implements AgentLauncher {
    private static final Duration BACKOFF = Duration.ofMillis(200);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(10);

    @Override
    public void startInProcess(
            ActorSystem<?> system, Config config, ActorRef<AgentGate.Connect> gate, String nodeName) {
        start(system, config, new InProcessLink(gate), nodeName);
    }

    @Override
    public void startFleet(
            ActorSystem<?> system, Config config, ActorRef<AgentGate.Connect> gate, String prefix, int nodes) {
        startFleet(system, config, new InProcessLink(gate), prefix, nodes);
    }

    /** One agent over any link. The runtime is closed with the actor system; its containers go on. */
    static void start(ActorSystem<?> system, Config config, MasterLink link, String nodeName) {
        NodeConfig node = new NodeConfig(config, nodeName);
        NodeSettings settings = node.settings(nodeName);
        ContainerRuntime runtime = node.runtime(nodeName);
        system.systemActorOf(supervised(settings, runtime, link), "node-" + nodeName, Props.empty());
        system.getWhenTerminated().thenRun(runtime::close);
    }

    static void startFleet(ActorSystem<?> system, Config config, MasterLink link, String prefix, int nodes) {
        SimulatedFleet.Settings settings = new NodeConfig(config, prefix).fleet(prefix, nodes);
        system.systemActorOf(SimulatedFleet.create(settings, link), "fleet-" + prefix, Props.empty());
    }

    /** An agent that fails begins anew and adopts what it finds, so a restart harms no container. */
    private static Behavior<NodeAgent.Command> supervised(
            NodeSettings settings, ContainerRuntime runtime, MasterLink link) {
        return Behaviors.supervise(NodeAgent.create(settings, runtime, link))
                .onFailure(SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF_MAX, 0.2));
    }
}
