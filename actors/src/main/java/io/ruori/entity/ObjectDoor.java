package io.ruori.entity;

import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.core.Write;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The one way to change an object, for clients, reconcilers, the scheduler and node agents alike. The stage fails only when
 * the outcome is unknown (the entity or the journal did not answer in time).
 */
public interface ObjectDoor {
    /**
     * @param notes become Kubernetes Events with the write
     */
    CompletionStage<Outcome> write(ObjectKey key, Write write, Origin origin, List<Note> notes);

    /** Decides and answers as {@link #write} would, and stores nothing. */
    CompletionStage<Outcome> dryRun(ObjectKey key, Write write, Origin origin);
}
