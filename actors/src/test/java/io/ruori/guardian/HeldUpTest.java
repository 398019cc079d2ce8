package io.ruori.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Revision;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A member ends for a write that only it cannot finish, and for no other. */
class HeldUpTest {
    private static Revision at(long seconds) {
        return Revision.of(1_780_000_000_000L + 1000 * seconds, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "0,  0,  false", // nothing is in flight
        "19, 19, false", // slow
        "25, 24, true", // the others went on all the time
        "25, 14, false", // nobody's ceiling rises: the journal is gone for all
        "600, 14, false", // and stays away
        "600, 599, true",
    })
    void onlyWhereTheOthersGoOn(long inFlightFor, long othersAreAhead, boolean ends) {
        assertThat(HeldUp.isWorthAMember(Duration.ofSeconds(inFlightFor), at(0), at(othersAreAhead)))
                .isEqualTo(ends);
    }

    /** A write that was sent before the journal was gone waits for its time-out while the others' clocks still reach ahead. */
    @Test
    void anOutageOfTheJournalEndsNobody() {
        Duration ahead = io.ruori.core.clock.Ceiling.REACH.plusSeconds(4);
        assertThat(HeldUp.LIMIT).isGreaterThan(ahead.plusSeconds(2));
    }
}
