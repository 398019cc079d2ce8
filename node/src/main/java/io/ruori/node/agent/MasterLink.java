package io.ruori.node.agent;

import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** A way to a master. */
public interface MasterLink {

    /**
     * Opens one session. The end of the returned reference is the end of the session; the caller watches it and connects
     * again.
     *
     * @return fails when no master could be reached
     */
    CompletionStage<ActorRef<ToMaster>> connect(ActorSystem<?> system, String nodeName, ActorRef<ToAgent> agent);

    /** Whether the next try may find another master, so that one that falls silent is not waited for long. */
    boolean hasOthers();
}
