package io.ruori.entity;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * Which objects this member acts for on its own account (reconciles, collects, schedules, watches over): those whose shards
 * it holds. Changes as shards are handed over, so ask each time; {@link TakenShards} tells when one was taken. Whatever
 * two members both do for a moment is settled by the objects' entities.
 */
public interface Share {
    /** Of the only master there is. */
    Share ALL = new Share() {
        @Override
        public boolean isMine(ObjectKey key) {
            return true;
        }

        @Override
        public CompletionStage<Done> take(int shard) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public void release(int shard) {}
    };

    boolean isMine(ObjectKey key);

    /** Whether this member holds a shard, as far as it knows. */
    default boolean holds(int shard) {
        return true;
    }

    /** Whether another member may hold a shard, at another time. */
    default boolean isShared() {
        return false;
    }

    /** How this member stands among the others; empty for the only one there is. */
    default Optional<Standing> standing() {
        return Optional.empty();
    }

    /**
     * @param members how many sessions count, this one included
     * @param held the shards this member holds
     * @param taken how many it has taken since it started
     * @param ended how many other sessions it has seen end
     * @param fenced how many of its appends were refused because another holds the shard
     * @param closed nothing at or below it is still to come from any member
     */
    record Standing(int members, Set<Integer> held, long taken, long ended, long fenced, Revision closed) {}

    /** Claims a shard; from then on nobody else writes there. */
    CompletionStage<Done> take(int shard);

    /** The shard goes to another member. */
    void release(int shard);
}
