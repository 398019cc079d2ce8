package io.ruori.core.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Revision;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Readings grow whatever the wall clock does. */
class RevisionClockTest {
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

    @Property
    void readingsGrowWhateverTheWallClockAndOtherMembersSay(
            @ForAll @Size(max = 200) List<@LongRange(min = -5000, max = 5000) Long> walls,
            @ForAll @LongRange(min = -100, max = 100) long elsewhere) {
        RevisionClock clock = RevisionClock.above(Revision.ZERO, 7);
        Revision last = Revision.ZERO;
        Revision after = Revision.of(NOW + elsewhere, 17, 9);
        for (long wall : walls) {
            clock = clock.next(NOW + wall, after);
            assertThat(clock.reading()).isGreaterThan(last).isGreaterThan(after);
            assertThat(clock.reading().value() & 1023).isEqualTo(7);
            last = clock.reading();
            after = Revision.ZERO.isAfter(after) ? after : last;
        }
    }

    @Test
    void aFullCounterBorrowsTheNextMillisecond() {
        RevisionClock clock = RevisionClock.above(Revision.ZERO, 0);
        for (int i = 0; i <= 4096; i++) {
            clock = clock.next(NOW, Revision.ZERO);
        }
        assertThat(clock.reading()).isEqualTo(Revision.of(NOW + 1, 0, 0));
    }

    @Test
    void whatIsPassedIsNeverIssued() {
        RevisionClock clock = RevisionClock.above(Revision.ZERO, 3).advanced(NOW);
        Revision passed = clock.passed();
        assertThat(clock.next(NOW, Revision.ZERO).reading()).isGreaterThan(passed);
        assertThat(clock.advanced(NOW - 1)).isEqualTo(clock);
        assertThat(clock.heard(Revision.of(NOW + 9, 0, 1))
                        .next(NOW, Revision.ZERO)
                        .reading())
                .isGreaterThan(Revision.of(NOW + 9, 0, 1));
    }

    @Test
    void slotsHaveTenBits() {
        assertThatThrownBy(() -> new RevisionClock(1024, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCeilingIsRaisedBeforeItIsReachedAndNeverLowered() {
        Instant now = Instant.ofEpochMilli(NOW);
        long reach = Ceiling.REACH.toMillis();
        Instant left = now.plus(Ceiling.REACH).minus(Ceiling.MARGIN);
        Ceiling first = Ceiling.NONE.raised(now, Revision.ZERO);
        assertThat(Ceiling.NONE.mustRise(now, Revision.ZERO)).isTrue();
        assertThat(first.covers(Revision.of(NOW + reach, 4095, 1023))).isTrue();
        assertThat(first.covers(Revision.of(NOW + reach + 1, 0, 0))).isFalse();
        assertThat(first.mustRise(left.minusMillis(1), Revision.ZERO)).isFalse();
        assertThat(first.mustRise(left, Revision.ZERO)).isTrue();
        assertThat(first.raised(now.minusSeconds(60), Revision.ZERO)).isEqualTo(first);
        assertThat(first.raised(now, first.value()).covers(Revision.of(NOW + 2 * reach, 0, 0)))
                .isTrue();
    }
}
