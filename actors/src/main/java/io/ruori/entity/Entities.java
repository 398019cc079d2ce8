package io.ruori.entity;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** The entities of the cluster, wherever each of them lives. */
public interface Entities {
    /** From now on this member can be home to entities. */
    void start(Function<String, Behavior<ResourceEntity.Command>> behaviors);

    /** At most once, and in order for one sender and one entity that stays where it is. */
    void tell(String entityId, ResourceEntity.Command command);

    /** Fails with a {@link java.util.concurrent.TimeoutException} when no answer came in time: what was asked for may have happened. */
    <T> CompletionStage<T> ask(
            String entityId, Function<ActorRef<T>, ResourceEntity.Command> question, Duration timeout);
}
