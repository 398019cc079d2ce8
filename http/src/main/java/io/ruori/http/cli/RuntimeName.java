package io.ruori.http.cli;

import java.util.Locale;

/** What runs the containers of a node. */
enum RuntimeName {
    /** Docker where it is or can be had, else simulated. */
    AUTO,
    DOCKER,
    SIMULATED;

    static RuntimeName of(String word) {
        try {
            return valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return AUTO;
        }
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return word();
    }
}
