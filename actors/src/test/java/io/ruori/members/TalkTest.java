package io.ruori.members;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.members.Talk.Flaw;
import io.ruori.members.Talk.Untrue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However messages and members fare, what members call closed is closed. */
class TalkTest {
    private static final int SEEDS = 1_000;
    private static final int STEPS = 400;

    @Test
    void whatIsClosedIsComplete() {
        for (long seed = 0; seed < SEEDS; seed++) {
            String found = untrue(seed, Flaw.NONE);
            assertThat(found).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMistakeIsFound(Flaw flaw) {
        long seed = 0;
        while (untrue(seed, flaw).isEmpty()) {
            seed++;
            assertThat(seed).as("seeds tried with %s", flaw).isLessThan(SEEDS);
        }
    }

    private static String untrue(long seed, Flaw flaw) {
        try {
            new Talk(seed, flaw).run(STEPS);
            return "";
        } catch (Untrue found) {
            return String.valueOf(found.getMessage());
        }
    }
}
