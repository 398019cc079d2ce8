package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What the persistence plugin needs of a journal, whatever keeps it: to append an entity's next events, and to say where an
 * entity stands. Nothing blocks the caller.
 */
public interface EntityStore {
    /** An entity's state after one of its events. */
    record Snapshot(long sequenceNumber, Revision revision, ObjectState state) {
        public static Snapshot after(ObjectEvent event, long sequenceNumber) {
            return new Snapshot(sequenceNumber, event.revision(), stateAfter(event));
        }

        private static ObjectState stateAfter(ObjectEvent event) {
            return switch (event) {
                case ObjectEvent.Created created -> exists(created.object());
                case ObjectEvent.Updated updated -> exists(updated.object());
                case ObjectEvent.Deleted deleted -> new ObjectState.Absent(deleted.revision());
            };
        }

        private static ObjectState exists(StoredObject object) {
            return object.isTerminating() ? new ObjectState.Terminating(object) : new ObjectState.Live(object);
        }
    }

    /** Takes the events of one entity in order. */
    interface Replay {
        void event(long sequenceNumber, ObjectEvent event);
    }

    /**
     * Appends the next events of one object, all or none. Completes when they are durable and the listener has heard of them;
     * fails with a {@link JournalFault}, of which only {@link JournalFault.Stopped} leaves the outcome open.
     *
     * @param sequenceNumber of the first event; must be the object's last plus one
     */
    CompletionStage<Void> append(ObjectKey key, long sequenceNumber, List<ObjectEvent> events);

    /** Settles revisions of events that cannot be appended; fails with {@link JournalFault.Unwritable}. */
    CompletionStage<Void> refuse(List<Revision> revisions, String why);

    /** What an entity continues from: one record, and nothing to replay. Fails with {@link JournalFault.Corruption}. */
    CompletionStage<Optional<Snapshot>> newestState(ObjectKey key);

    /** The same after the last event up to a sequence number. */
    CompletionStage<Optional<Snapshot>> stateUpTo(ObjectKey key, long maxSequenceNumber);

    /** The last sequence number of an object's entity; zero when it never had an event. */
    CompletionStage<Long> lastSequenceNumber(ObjectKey key);

    /**
     * The events of one entity, in order.
     *
     * @param to the last sequence number, inclusive
     * @param limit the most events
     */
    CompletionStage<Void> replay(ObjectKey key, long from, long to, long limit, Replay replay);
}
