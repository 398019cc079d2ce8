package io.ruori.core.history;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What led to a change, by the cause that every event carries. */
public final class Causes {
    private Causes() {}

    /**
     * The first cause that is known, then each step, the change itself last.
     *
     * @param find the event of a revision
     * @param most so many steps at most, counted from the change itself
     */
    public static List<ObjectEvent> of(ObjectEvent last, Function<Revision, Optional<ObjectEvent>> find, int most) {
        Deque<ObjectEvent> chain = new ArrayDeque<>();
        Optional<ObjectEvent> step = Optional.of(last);
        while (step.isPresent() && chain.size() < most) {
            ObjectEvent event = step.get();
            chain.addFirst(event);
            Revision cause = event.origin().cause();
            // A cause lies before its effect; a record that says otherwise would lead round in circles.
            step = cause.equals(Revision.ZERO) || !event.revision().isAfter(cause)
                    ? Optional.empty()
                    : find.apply(cause);
        }
        return List.copyOf(chain);
    }
}
