package io.ruori.entity;

import io.ruori.api.Note;
import io.ruori.api.ObjectKey;
import io.ruori.api.Origin;
import io.ruori.core.Write;
import java.util.List;

/**
 * A write on its way to its object.
 *
 * @param notes to be recorded as Events with it
 * @param dryRun only what would come of it is asked for
 */
record Submission(ObjectKey key, Write write, Origin origin, List<Note> notes, boolean dryRun) {

    /** Asks what would come of it, with a body of its own. */
    Submission asQuestion() {
        return new Submission(key, write.copy(), origin, List.of(), true);
    }

    /** Another write in its place. */
    Submission with(Write other) {
        return new Submission(key, other, origin, notes, dryRun);
    }
}
