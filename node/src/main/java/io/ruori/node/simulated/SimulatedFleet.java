package io.ruori.node.simulated;

import io.ruori.node.agent.MasterLink;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Many nodes in one process, for benches: each is one light actor that speaks the agent's protocol and calls every Pod
 * running and ready as soon as it hears of it. There is no lifecycle and no runtime behind it, so that a bench measures the
 * masters and not the machine that plays the nodes.
 */
public final class SimulatedFleet {
    private static final Duration BACKOFF = Duration.ofSeconds(1);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private SimulatedFleet() {}

    /**
     * How the nodes behave.
     *
     * @param prefix nodes are {@code prefix-0}, {@code prefix-1} …
     * @param cpus of each node
     * @param startLatency between hearing of a Pod and its running
     */
    public record Settings(
            String prefix,
            int nodes,
            int cpus,
            long memoryBytes,
            int maxPods,
            Duration startLatency,
            Duration heartbeat) {
        public static Settings of(String prefix, int nodes) {
            return new Settings(prefix, nodes, 32, 256L << 30, 1000, Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    /** Starts all nodes; they run until the actor is stopped. */
    public static Behavior<Void> create(Settings settings, MasterLink link) {
        return create(settings, link, InstantSource.system());
    }

    /** The same with a clock for what the nodes report. */
    public static Behavior<Void> create(Settings settings, MasterLink link, InstantSource time) {
        return Behaviors.setup(context -> {
            for (int i = 0; i < settings.nodes(); i++) {
                String name = settings.prefix() + "-" + i;
                context.spawn(
                        Behaviors.supervise(FleetNode.create(name, i, settings, link, time))
                                .onFailure(SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF_MAX, 0.5)),
                        name);
            }
            return Behaviors.empty();
        });
    }
}
