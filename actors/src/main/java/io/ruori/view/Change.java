package io.ruori.view;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import org.jspecify.annotations.Nullable;

/**
 * One step of a view.
 *
 * @param before the object before it; null when it did not exist
 * @param after the object after it; null when it was deleted
 * @param event what the journal holds; null for an Event object that is only a projection of another object's write
 */
public record Change(
        ObjectKey key,
        Revision revision,
        @Nullable StoredObject before,
        @Nullable StoredObject after,
        @Nullable ObjectEvent event) {}
