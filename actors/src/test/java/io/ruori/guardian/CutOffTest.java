package io.ruori.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Revision;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A member ends where others get to the journal and it does not, and not where nobody can. */
class CutOffTest {
    private final CutOff cutOff = new CutOff();

    /** In seconds: this member's last answer, and the others' highest ceiling, at a time. */
    private boolean look(long answered, long others, long now) {
        return cutOff.look(
                Duration.ofSeconds(now - answered),
                Revision.of(1_780_000_000_000L + 1000 * others, 0, 0),
                Duration.ofSeconds(now).toNanos());
    }

    /** Looks every second, until it says so. */
    private long endsAt(long answered, long from, long until, java.util.function.LongUnaryOperator others) {
        for (long now = from; now <= until; now++) {
            if (look(answered, others.applyAsLong(now), now)) {
                return now;
            }
        }
        return -1;
    }

    @Test
    void whoIsAnsweredGoesOnHoweverTheOthersRise() {
        for (long now = 0; now < 100; now++) {
            assertThat(look(now, 8 + now * 7, now)).isFalse();
        }
    }

    @Test
    void whoIsNotAnsweredEndsWhileTheOthersGoOn() {
        assertThat(endsAt(10, 0, 30, now -> 8 + now / 2 * 2)).isBetween(14L, 17L);
    }

    @Test
    void whereNobodysRiseNobodyEnds() {
        assertThat(endsAt(10, 0, 600, now -> 8 + Math.min(now, 11) / 2 * 2)).isEqualTo(-1);
    }

    /** The journal was gone for all for a minute; the others found it again three seconds ago. */
    @Test
    void whoFindsTheJournalAgainLastGoesOn() {
        assertThat(endsAt(10, 0, 70, now -> 8 + Math.min(now, 11) / 2 * 2)).isEqualTo(-1);
        assertThat(endsAt(10, 71, 74, now -> 8 + now / 2 * 2)).isEqualTo(-1);
        assertThat(endsAt(75, 75, 75, now -> 8 + now / 2 * 2)).isEqualTo(-1);
        assertThat(endsAt(75, 76, 90, now -> 8 + now / 2 * 2)).isBetween(79L, 82L);
    }

    @Test
    void whoStoodStillItselfAccusesNobody() {
        assertThat(endsAt(10, 0, 11, now -> 8 + now / 2 * 2)).isEqualTo(-1);
        assertThat(look(10, 70, 60)).isFalse();
        assertThat(look(60, 70, 61)).isFalse();
    }

    /** One that is new is taken for a rise, and one that left for none. */
    @Test
    void whoComesAndGoesIsNoProof() {
        assertThat(endsAt(10, 0, 12, now -> 0)).isEqualTo(-1);
        assertThat(endsAt(10, 13, 40, now -> 21)).isEqualTo(-1);
        assertThat(endsAt(10, 41, 60, now -> 15)).isEqualTo(-1);
    }
}
