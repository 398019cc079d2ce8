package io.ruori.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Revision;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A member ends where it alone cannot get to the journal, and not where nobody can. */
class CutOffTest {
    private final CutOff cutOff = new CutOff(Duration.ofSeconds(4));

    private boolean look(long unanswered, long others) {
        return cutOff.look(Duration.ofSeconds(unanswered), Revision.of(1_780_000_000_000L + 1000 * others, 0, 0));
    }

    @Test
    void whoIsAnsweredGoesOnHoweverFarTheOthersAre() {
        assertThat(look(0, 10)).isFalse();
        assertThat(look(1, 100)).isFalse();
        assertThat(look(4, 1_000)).isFalse();
    }

    @Test
    void theOthersCeilingsStillRise() {
        assertThat(look(5, 10)).isFalse();
        assertThat(look(6, 10)).isFalse();
        assertThat(look(7, 12)).isTrue();
    }

    @Test
    void whereNobodysRiseNobodyEnds() {
        assertThat(look(2, 8)).isFalse();
        for (int second = 5; second < 600; second++) {
            assertThat(look(second, 10)).isFalse();
        }
    }

    @Test
    void anAnswerBeginsItAnew() {
        assertThat(look(5, 10)).isFalse();
        assertThat(look(1, 12)).isFalse();
        assertThat(look(5, 14)).isFalse();
        assertThat(look(6, 14)).isFalse();
        assertThat(look(7, 16)).isTrue();
    }
}
