package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import java.util.List;

/** What became of a write. */
public sealed interface Outcome {
    /**
     * Durable, or (for a write that changed nothing) as it was.
     *
     * @param created the write made the object
     * @param written the write changed something
     * @param warnings for {@code Warning} headers
     */
    record Stored(StoredObject object, boolean created, boolean written, List<String> warnings) implements Outcome {}

    /** Durable: the object is gone; {@code last} is its last state. */
    record Gone(StoredObject last) implements Outcome {}

    record Refused(ApiStatus status) implements Outcome {}

    /** Whether the journal has an event of the write. */
    default boolean hasEffect() {
        return switch (this) {
            case Stored stored -> stored.written();
            case Gone gone -> true;
            case Refused refused -> false;
        };
    }

    /** What the write was answered that an event came of; without its warnings. */
    static Outcome of(ObjectEvent event) {
        return switch (event) {
            case ObjectEvent.Created created -> new Stored(created.object(), true, true, List.of());
            case ObjectEvent.Updated updated -> new Stored(updated.object(), false, true, List.of());
            case ObjectEvent.Deleted deleted -> new Gone(deleted.object());
        };
    }
}
