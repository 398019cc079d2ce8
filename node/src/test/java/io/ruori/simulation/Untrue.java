package io.ruori.simulation;

/** Something that was promised did not hold. */
final class Untrue extends AssertionError {
    private static final long serialVersionUID = 1;

    Untrue(String what) {
        super(what);
    }
}
