package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * The entities of a RocksDB journal, as one session writes them.
 *
 * @param readers where reads wait for the disk
 */
public record RocksEntities(RocksJournalStore store, JournalSession session, Executor readers) implements EntityStore {
    @Override
    public CompletionStage<Void> append(ObjectKey key, long sequenceNumber, List<ObjectEvent> events) {
        return session.append(key, sequenceNumber, events);
    }

    @Override
    public CompletionStage<Void> refuse(List<Revision> revisions, String why) {
        return store.refuse(revisions, why);
    }

    @Override
    public CompletionStage<Optional<Snapshot>> newestState(ObjectKey key) {
        return CompletableFuture.supplyAsync(() -> store.newestState(key), readers);
    }

    @Override
    public CompletionStage<Optional<Snapshot>> stateUpTo(ObjectKey key, long maxSequenceNumber) {
        return CompletableFuture.supplyAsync(() -> store.stateUpTo(key, maxSequenceNumber), readers);
    }

    @Override
    public CompletionStage<Long> lastSequenceNumber(ObjectKey key) {
        return CompletableFuture.supplyAsync(() -> store.lastSequenceNumber(key), readers);
    }

    @Override
    public CompletionStage<Void> replay(ObjectKey key, long from, long to, long limit, Replay replay) {
        return CompletableFuture.runAsync(() -> replayNow(key, from, to, limit, replay), readers);
    }

    private void replayNow(ObjectKey key, long from, long to, long limit, Replay replay) {
        long sequenceNumber = from;
        try (Stream<ObjectEvent> events = store.events(key, from)) {
            Iterator<ObjectEvent> iterator = events.iterator();
            while (sequenceNumber <= to && sequenceNumber - from < limit && iterator.hasNext()) {
                replay.event(sequenceNumber++, iterator.next());
            }
        }
    }
}
