package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.Revision;
import org.jspecify.annotations.Nullable;

/**
 * How a plan went.
 *
 * @param newest of the plan's writes; the next plan must come from a view that has seen it
 * @param clean all were accepted, or had been done before
 * @param refusal of a creation, other than that the name is taken; of several, any
 */
public record Carried(
        Revision newest, boolean clean, @Nullable ApiStatus refusal) {
    static final Carried NOTHING = new Carried(Revision.ZERO, true, null);

    Carried and(Carried other) {
        return new Carried(
                newest.isAfter(other.newest) ? newest : other.newest,
                clean && other.clean,
                refusal == null ? other.refusal : refusal);
    }
}
