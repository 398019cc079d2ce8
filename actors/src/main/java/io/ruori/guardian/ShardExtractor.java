package io.ruori.guardian;

import io.ruori.entity.ResourceEntity;
import io.ruori.entity.ShardKeeper;
import io.ruori.entity.Sharding;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;

/** Puts entities into the shards that the journal keeps epochs of: both use {@link Sharding#shardOf}. */
final class ShardExtractor
        extends ShardingMessageExtractor<ShardingEnvelope<ResourceEntity.Command>, ResourceEntity.Command> {
    private final int shards;

    ShardExtractor(int shards) {
        this.shards = shards;
    }

    @Override
    public String entityId(ShardingEnvelope<ResourceEntity.Command> envelope) {
        return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
        return Integer.toString(
                ShardKeeper.isKeeper(entityId) ? ShardKeeper.shard(entityId) : Sharding.shardOf(entityId, shards));
    }

    @Override
    public ResourceEntity.Command unwrapMessage(ShardingEnvelope<ResourceEntity.Command> envelope) {
        return envelope.message();
    }
}
