package io.ruori.node.agent;

import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** To a master of the same process, by direct references. */
public record InProcessLink(ActorRef<AgentGate.Connect> gate) implements MasterLink {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public CompletionStage<ActorRef<ToMaster>> connect(
            ActorSystem<?> system, String nodeName, ActorRef<ToAgent> agent) {
        return AskPattern.<AgentGate.Connect, AgentGate.Connected>ask(
                        gate, replyTo -> new AgentGate.Connect(nodeName, agent, replyTo), PATIENCE, system.scheduler())
                .thenApply(AgentGate.Connected::master);
    }

    @Override
    public boolean hasOthers() {
        return false;
    }
}
