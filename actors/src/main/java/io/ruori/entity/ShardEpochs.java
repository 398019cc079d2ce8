package io.ruori.entity;

import java.util.concurrent.CompletionStage;

/**
 * Who may append for a shard. Every claim raises the shard's epoch durably, and the journal refuses appends made under an older
 * one; so a member that was replaced while it was silent can do no harm when it wakes.
 */
public interface ShardEpochs {
    /**
     * Claims a shard for this member. When the stage completes, nothing more can be appended under an earlier epoch, so what is
     * read from then on is all there is. Fails when the journal has stopped.
     *
     * @return the new epoch, greater than every earlier one of the shard
     */
    CompletionStage<Long> acquire(int shard);
}
