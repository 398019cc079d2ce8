package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.StoredObject;
import java.util.List;

/** What became of a write. */
public sealed interface Outcome {
    /**
     * Durable, or (for a write that changed nothing) as it was.
     *
     * @param created the write made the object
     * @param warnings for {@code Warning} headers
     */
    record Stored(StoredObject object, boolean created, List<String> warnings) implements Outcome {}

    /** Durable: the object is gone; {@code last} is its last state. */
    record Gone(StoredObject last) implements Outcome {}

    record Refused(ApiStatus status) implements Outcome {}
}
