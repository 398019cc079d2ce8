package io.ruori.persistence.pekko;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.journal.JournalFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * Pekko's door to the journal. A write of one entity becomes one append; all that is done here is to make its bytes, on this
 * actor's thread. Every refusal fails the write, so the entity stops and starts again from what the journal has; none is
 * answered as a "rejection", after which an entity would carry on.
 */
public final class RuoriJournal extends AsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(RuoriJournal.class);

    private final RocksJournal journal = RocksJournal.get(context().system());

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<PersistentRepr> writes = new ArrayList<>();
        int atomicWrites = 0;
        for (AtomicWrite message : messages) {
            writes.addAll(CollectionConverters.asJava(message.payload()));
            atomicWrites++;
        }
        Iterable<Optional<Exception>> accepted = Collections.nCopies(atomicWrites, Optional.empty());
        return FutureConverters.asScala(append(writes).thenApply(done -> accepted));
    }

    private CompletableFuture<Void> append(List<PersistentRepr> writes) {
        List<ObjectEvent> events = new ArrayList<>(writes.size());
        String problem = "";
        for (PersistentRepr write : writes) {
            if (write.payload() instanceof ObjectEvent event) {
                events.add(event);
            } else {
                problem = "not an object's event: " + write.payload().getClass().getName();
            }
        }
        PersistentRepr first = writes.getFirst();
        try {
            if (problem.isEmpty()) {
                ObjectKey key = RocksJournal.key(first.persistenceId());
                return journal.session().append(key, first.sequenceNr(), events);
            }
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        List<Revision> revisions = events.stream().map(ObjectEvent::revision).toList();
        return journal.store().refuse(revisions, problem);
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return Futures.failed(
                new UnsupportedOperationException("what the journal forgets is for its retention to say"));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long fromSequenceNr, long toSequenceNr, long max, Consumer<PersistentRepr> replay) {
        if (fromSequenceNr > toSequenceNr) {
            return Futures.successful(null);
        }
        return FutureConverters.asScala(CompletableFuture.runAsync(
                () -> report(
                        persistenceId, key -> replay(persistenceId, key, fromSequenceNr, toSequenceNr, max, replay)),
                journal.readers()));
    }

    private long replay(
            String persistenceId, ObjectKey key, long from, long to, long max, Consumer<PersistentRepr> replay) {
        long sequenceNr = from;
        try (Stream<ObjectEvent> events = journal.store().events(key, from)) {
            Iterator<ObjectEvent> iterator = events.iterator();
            while (sequenceNr <= to && sequenceNr - from < max && iterator.hasNext()) {
                replay.accept(represent(persistenceId, sequenceNr++, iterator.next()));
            }
        }
        return sequenceNr;
    }

    private PersistentRepr represent(String persistenceId, long sequenceNr, ObjectEvent event) {
        return PersistentRepr.apply(event, sequenceNr, persistenceId, "", false, null, "");
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return read(persistenceId, key -> journal.store().lastSequenceNumber(key));
    }

    private <T> Future<T> read(String persistenceId, Reading<T> reading) {
        return Futures.future(() -> report(persistenceId, reading), journal.readers());
    }

    static <T> T report(String persistenceId, Reading<T> reading) {
        try {
            return reading.of(RocksJournal.key(persistenceId));
        } catch (JournalFault fault) {
            LOG.error("{} cannot be recovered", persistenceId, fault);
            throw fault;
        }
    }

    interface Reading<T> {
        T of(ObjectKey key);
    }
}
