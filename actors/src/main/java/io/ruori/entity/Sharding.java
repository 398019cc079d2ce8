package io.ruori.entity;

/**
 * Which shard an entity belongs to: one function for cluster sharding, for the journal's epochs and for partitions. Its result
 * is stored, so it must never change for a given number of shards.
 */
public final class Sharding {
    /** How many shards there are unless a test says otherwise. */
    public static final int SHARDS = 128;

    private Sharding() {}

    /** The shard of an entity, from 0 up to {@code shards}, exclusive. */
    public static int shardOf(String entityId, int shards) {
        return Math.floorMod(mix(entityId.hashCode()), shards);
    }

    /** Spreads every bit over all others, since the low bits of a string's hash follow its last characters. */
    private static int mix(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
