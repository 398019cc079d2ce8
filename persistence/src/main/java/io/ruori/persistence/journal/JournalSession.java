package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.ShardEpochs;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * One member's right to append, shard by shard. It starts with none. A stale epoch loses the shard for this session until it is
 * claimed again, since whoever was refused once has missed something.
 */
public final class JournalSession implements ShardEpochs {
    private final String member;
    private final Committer committer;
    private final AtomicLongArray held;

    JournalSession(String member, Committer committer, int shards) {
        this.member = member;
        this.committer = committer;
        this.held = new AtomicLongArray(shards);
    }

    @Override
    public CompletionStage<Long> acquire(int shard) {
        return committer.claim(this, List.of(shard)).thenApply(epochs -> epochs.get(0));
    }

    /** Claims every shard, in one write: for the only member there is. */
    public CompletableFuture<List<Long>> acquireAll() {
        return committer.claim(this, IntStream.range(0, held.length()).boxed().toList());
    }

    /**
     * Appends the next events of one object, all or none. Completes when they are durable and the listener has heard of
     * them; fails with a {@link JournalFault}, of which only {@link JournalFault.Stopped} leaves the outcome open.
     *
     * @param sequenceNumber of the first event; must be the object's last plus one
     */
    public CompletableFuture<Void> append(ObjectKey key, long sequenceNumber, List<ObjectEvent> events) {
        return committer.append(this, key, sequenceNumber, events);
    }

    String member() {
        return member;
    }

    long held(int shard) {
        return held.get(shard);
    }

    void hold(int shard, long epoch) {
        held.set(shard, epoch);
    }

    /** Unless it was claimed again in the meantime. */
    void lose(int shard, long epoch) {
        held.compareAndSet(shard, epoch, 0);
    }
}
