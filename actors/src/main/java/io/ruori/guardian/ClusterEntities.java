package io.ruori.guardian;

import io.ruori.entity.Entities;
import io.ruori.entity.ResourceEntity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/** Entities by Pekko's cluster sharding. */
final class ClusterEntities implements Entities {
    private final ClusterSharding sharding;
    private final int shards;

    ClusterEntities(ActorSystem<?> system, int shards) {
        this.sharding = ClusterSharding.get(system);
        this.shards = shards;
    }

    @Override
    public void start(Function<String, Behavior<ResourceEntity.Command>> behaviors) {
        sharding.init(Entity.of(ResourceEntity.TYPE, entity -> behaviors.apply(entity.getEntityId()))
                .withMessageExtractor(new ShardExtractor(shards)));
    }

    @Override
    public void tell(String entityId, ResourceEntity.Command command) {
        sharding.entityRefFor(ResourceEntity.TYPE, entityId).tell(command);
    }

    @Override
    public <T> CompletionStage<T> ask(
            String entityId, Function<ActorRef<T>, ResourceEntity.Command> question, Duration timeout) {
        return sharding.entityRefFor(ResourceEntity.TYPE, entityId).ask(question::apply, timeout);
    }
}
