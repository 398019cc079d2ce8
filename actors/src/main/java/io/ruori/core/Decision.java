package io.ruori.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.StoredObject;
import java.util.List;

/** What a write comes to. Never a future, never an exception. */
public sealed interface Decision {

    /** The kinds of event an accepted write leads to. */
    enum Outcome {
        CREATED,
        UPDATED,
        DELETED
    }

    /**
     * To be journalled under the next revision.
     *
     * @param tree the object after the change, without its new revision; the receiver's to stamp
     */
    record Accepted(Outcome outcome, ObjectNode tree, List<String> warnings) implements Decision {}

    /** Admitted, but the object is already so: nothing is journalled and its revision stays. */
    record Unchanged(StoredObject object, List<String> warnings) implements Decision {}

    record Rejected(ApiStatus status) implements Decision {}
}
