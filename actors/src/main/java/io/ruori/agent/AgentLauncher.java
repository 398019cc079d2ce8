package io.ruori.agent;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Starts node agents inside a master's process. Found by {@link ServiceLoader}, since a master needs agents only at run
 * time and never to compile.
 */
public interface AgentLauncher {

    /**
     * One agent that runs containers.
     *
     * @param config the whole configuration; {@code ruori.node} is read, its {@code name} is ignored
     * @throws IllegalArgumentException when the configured runtime cannot be had
     */
    void startInProcess(ActorSystem<?> system, Config config, ActorRef<AgentGate.Connect> gate, String nodeName);

    /**
     * Many nodes that only pretend: every Pod runs and is ready at once. They are named {@code prefix-0}, {@code prefix-1} …
     */
    void startFleet(ActorSystem<?> system, Config config, ActorRef<AgentGate.Connect> gate, String prefix, int nodes);

    /** The launcher on the class path, if the node module is there. */
    static Optional<AgentLauncher> find() {
        return ServiceLoader.load(AgentLauncher.class).findFirst();
    }
}
