package io.ruori.entity;

import io.ruori.api.Revision;

/**
 * How a plan went.
 *
 * @param newest of the plan's writes; the next plan must come from a view that has seen it
 * @param clean all were accepted, or had been done before
 */
public record Carried(Revision newest, boolean clean) {
    static final Carried NOTHING = new Carried(Revision.ZERO, true);

    Carried and(Carried other) {
        return new Carried(newest.isAfter(other.newest) ? newest : other.newest, clean && other.clean);
    }
}
