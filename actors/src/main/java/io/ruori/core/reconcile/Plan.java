package io.ruori.core.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do now, and when to look again even if nothing changes. The actions of one plan do not depend on each other and
 * may be carried out at the same time; whatever must come later belongs into the next plan.
 */
public record Plan(List<Action> actions, Optional<Duration> lookAgain) {
    public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

    public static Plan of(List<Action> actions) {
        return new Plan(List.copyOf(actions), Optional.empty());
    }

    public static Plan lookAgainIn(Duration delay) {
        return new Plan(List.of(), Optional.of(delay));
    }

    /** The same plan, looking again after {@code delay} at the latest. */
    public Plan againIn(Duration delay) {
        Duration sooner = lookAgain.filter(d -> d.compareTo(delay) <= 0).orElse(delay);
        return new Plan(actions, Optional.of(sooner));
    }
}
