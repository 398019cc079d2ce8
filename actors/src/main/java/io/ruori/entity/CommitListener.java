package io.ruori.entity;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.util.List;

/**
 * Hears what became of every append, before the entity that asked for it does. It settles the revisions in flight and feeds
 * the view with the very events the entities made. Called by one thread at a time, in the order of the journal; it holds up
 * the next commit, so it must only hand over. One that throws stops the journal.
 */
public interface CommitListener {
    /** Durable. */
    void written(List<ObjectEvent> events);

    /**
     * Durable in a journal that members share. Shards are told of at the same time, each in the order of its log.
     *
     * @param first the place of the first event in its shard's log; the others took the next ones
     */
    default void written(int shard, long first, List<ObjectEvent> events) {
        written(events);
    }

    /** Certainly not in the journal, and never will be. */
    void notWritten(List<Revision> revisions);

    /**
     * The journal has stopped for good: it accepts nothing more, and what was in flight is unknown until it is opened again. The
     * member should leave.
     */
    default void stopped(Throwable why) {}
}
