package io.ruori.core.reconcile;

import io.ruori.api.ApiStatus;
import io.ruori.api.StoredObject;
import io.ruori.view.View;
import java.time.Instant;
import java.util.List;

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

    /**
     * What to record after a {@link Action.Create} was refused for good reason: a quota, a policy, an invalid template. Somebody
     * else's object under the same name is none; that is found by looking again.
     *
     * @param self the object as the view has it now
     */
    default List<Action> onRefused(StoredObject self, ApiStatus refusal, Instant now) {
        return List.of();
    }
}
