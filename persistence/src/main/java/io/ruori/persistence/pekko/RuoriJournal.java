package io.ruori.persistence.pekko;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.journal.EntityStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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

    private static final String ENTITY_TYPE = "object";
    private static final String SEPARATOR = "|";

    private final EntityStore entities = SystemJournal.get(context().system()).entities();

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

    private CompletionStage<Void> append(List<PersistentRepr> writes) {
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
                return entities.append(key(first.persistenceId()), first.sequenceNr(), events);
            }
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
        }
        List<Revision> revisions = events.stream().map(ObjectEvent::revision).toList();
        return entities.refuse(revisions, problem);
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
        return report(
                persistenceId,
                key -> entities.replay(
                        key,
                        fromSequenceNr,
                        toSequenceNr,
                        max,
                        (sequenceNr, event) -> replay.accept(represent(persistenceId, sequenceNr, event))));
    }

    private PersistentRepr represent(String persistenceId, long sequenceNr, ObjectEvent event) {
        return PersistentRepr.apply(event, sequenceNr, persistenceId, "", false, null, "");
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return report(persistenceId, entities::lastSequenceNumber);
    }

    /** The object whose entity has this persistence id; the journal keeps nothing else. */
    static ObjectKey key(String persistenceId) {
        if (!persistenceId.startsWith(ENTITY_TYPE + SEPARATOR)) {
            throw new IllegalArgumentException("the journal keeps objects only, not " + persistenceId);
        }
        return ObjectKey.parse(persistenceId.substring(ENTITY_TYPE.length() + SEPARATOR.length()));
    }

    /** Reads for an entity; what prevents its recovery is said in the log too. */
    static <T> Future<T> report(String persistenceId, Reading<T> reading) {
        ObjectKey key;
        try {
            key = key(persistenceId);
        } catch (IllegalArgumentException e) {
            return Futures.failed(e);
        }
        return FutureConverters.asScala(reading.of(key).whenComplete((found, fault) -> {
            if (fault != null) {
                LOG.error("{} cannot be recovered", persistenceId, fault);
            }
        }));
    }

    interface Reading<T> {
        CompletionStage<T> of(ObjectKey key);
    }
}
