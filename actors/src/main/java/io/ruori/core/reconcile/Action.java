package io.ruori.core.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.Uid;
import io.ruori.core.Deed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing a reconciler wants done, through the same door as any client, with its reason and cause. */
public sealed interface Action {
    ObjectKey key();

    Because because();

    /**
     * Why, for the journal, and what to tell people.
     *
     * @param why a short sentence, for example {@code scaled up from 2 to 3}
     * @param cause the revision of the object that led to this
     * @param notes become Kubernetes Events when (and only when) the write succeeds
     */
    record Because(String why, Revision cause, List<Note> notes) {}

    /** Creates an object. The name is deterministic, so that a repeated plan collides instead of duplicating. */
    record Create(ObjectKey key, ObjectNode body, Because because) implements Action {}

    /**
     * A JSON merge patch of an object or one of its sub-resources.
     *
     * @param subresource {@code "status"}, or empty for the object itself
     * @param revision refuses when the object has changed since; null where the patch is right on any revision
     */
    record Patch(
            ObjectKey key,
            Uid uid,
            @Nullable Revision revision,
            String subresource,
            ObjectNode mergePatch,
            Because because)
            implements Action {}

    /**
     * Deletes an object.
     *
     * @param propagation {@code Background}, {@code Foreground} or {@code Orphan}
     */
    record Delete(ObjectKey key, Uid uid, @Nullable Revision revision, String propagation, Because because)
            implements Action {}

    /** Only tells people something: an ordinary Event object, counted and limited as upstream does. */
    record Tell(ObjectKey key, Note note, Because because) implements Action {}

    /** A change of the object's own making, decided against what is live: right on any revision. */
    record Do(ObjectKey key, Uid uid, Deed deed, Because because) implements Action {}
}
