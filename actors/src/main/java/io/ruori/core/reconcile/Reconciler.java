package io.ruori.core.reconcile;

import io.ruori.api.StoredObject;
import io.ruori.view.View;
import java.time.Instant;

/**
 * Brings the world nearer to what one object asks for. Level-triggered: looks at the view, never at the event that woke it.
 * Must reach a fixed point: reconciling a view in which its plan was carried out gives an empty plan.
 */
@FunctionalInterface
public interface Reconciler {
    /**
     * @param self the object as the view has it, possibly terminating
     */
    Plan reconcile(StoredObject self, View view, Instant now);
}
