package io.ruori.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may be ended for its silence, and by whom. */
class SilenceTest {
    private static final Session B = new Session(1, "b", "");
    private static final Session C = new Session(2, "c", "");
    private static final Session D = new Session(3, "d", "");

    private final Silence silence =
            new Silence(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(1), 0);

    /** Looks every half second up to a time, hearing some members each time. */
    private List<Session> looked(List<Session> others, int fromMillis, int toMillis, Session... talking) {
        List<Session> found = List.of();
        for (int millis = fromMillis; millis <= toMillis; millis += 500) {
            long now = Duration.ofMillis(millis).toNanos();
            for (Session each : talking) {
                silence.heard(each, now);
            }
            found = new ArrayList<>(silence.mayEnd(others, now));
        }
        return found;
    }

    @Test
    void aMajorityEndsTheSilent() {
        looked(List.of(B, C), 0, 1_000, B, C);
        assertThat(looked(List.of(B, C), 1_500, 3_000, B)).isEmpty();
        assertThat(looked(List.of(B, C), 3_500, 3_500, B)).containsExactly(C);
    }

    @Test
    void aMinorityEndsNobody() {
        looked(List.of(B, C), 0, 1_000, B, C);
        assertThat(looked(List.of(B, C), 1_500, 60_000)).isEmpty();
    }

    @Test
    void aHalfWaitsTwiceAsLong() {
        looked(List.of(B, C, D), 0, 1_000, B, C, D);
        assertThat(looked(List.of(B, C, D), 1_500, 5_000, B)).isEmpty();
        assertThat(looked(List.of(B, C, D), 5_500, 5_500, B)).containsExactlyInAnyOrder(C, D);
    }

    @Test
    void whoWasAwayItselfAccusesNobody() {
        looked(List.of(B, C), 0, 1_000, B, C);
        assertThat(looked(List.of(B, C), 61_000, 62_500)).isEmpty();
        assertThat(looked(List.of(B, C), 63_000, 63_500, B)).containsExactly(C);
    }

    @Test
    void whoNeverSpokeIsStarting() {
        assertThat(looked(List.of(B, C), 0, 15_000, B)).isEmpty();
        assertThat(looked(List.of(B, C), 15_500, 15_500, B)).containsExactly(C);
    }
}
