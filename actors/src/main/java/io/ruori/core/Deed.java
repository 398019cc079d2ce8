package io.ruori.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.kind.Subresource.Folded;
import java.time.Instant;

/**
 * A change that no client can ask for, decided against the object as it is by its one writer: a part of a quota promised, a
 * disruption of a budget spent. A value: what it needs of other objects it carries with it. The receiver may live in another
 * process, so every deed has its form in {@code io.ruori.persistence.wire}.
 */
public interface Deed {
    /**
     * Decides it.
     *
     * @param live the receiver's own
     */
    Folded on(ObjectNode live, Instant now);
}
