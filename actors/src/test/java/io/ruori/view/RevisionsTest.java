package io.ruori.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Revision;
import io.ruori.core.clock.Ceiling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is in flight holds the closed revision back, and nothing else does. */
class RevisionsTest {
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

    private final AtomicLong millis = new AtomicLong(NOW);
    private final AtomicLong nanos = new AtomicLong();
    private final Ceiling ceiling = Ceiling.NONE.raised(Instant.ofEpochMilli(NOW), Revision.ZERO);
    private final Revisions revisions = new Revisions(1, Revision.ZERO, ceiling, millis::get, nanos::get);

    @Test
    void closedIsBelowTheOldestInFlightAndNowOtherwise() {
        Revision idle = revisions.closed();
        assertThat(idle.instant()).isEqualTo(Instant.ofEpochMilli(NOW));
        Revision first = revisions.issue(Revision.ZERO);
        Revision second = revisions.issue(Revision.ZERO);
        assertThat(first).isGreaterThan(idle);
        assertThat(revisions.closed()).isEqualTo(new Revision(first.value() - 1));
        assertThat(revisions.settleWritten(second)).isTrue();
        assertThat(revisions.closed()).isEqualTo(new Revision(first.value() - 1));
        assertThat(revisions.settleNotWritten(first)).isTrue();
        assertThat(revisions.closed()).isGreaterThanOrEqualTo(second);
        assertThat(revisions.lastWritten()).isEqualTo(second);
        assertThat(revisions.settleWritten(first)).isFalse();
        assertThat(revisions.inFlight()).isZero();
    }

    @Test
    void whatIsIssuedAfterClosedWasReadIsAboveIt() {
        for (int i = 0; i < 10_000; i++) {
            Revision closed = revisions.closed();
            Revision issued = revisions.issue(Revision.ZERO);
            assertThat(issued).isGreaterThan(closed);
            revisions.settleWritten(issued);
        }
    }

    @Test
    void listenersHearWhenTheOldestSettles() {
        List<Revision> heard = new ArrayList<>();
        revisions.onClosed(heard::add);
        Revision first = revisions.issue(Revision.ZERO);
        Revision second = revisions.issue(Revision.ZERO);
        revisions.settleWritten(second);
        assertThat(heard).isEmpty();
        revisions.settleWritten(first);
        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst()).isGreaterThanOrEqualTo(second);
    }

    @Test
    void theAgeOfTheOldestInFlightIsTold() {
        assertThat(revisions.oldestInFlight()).isZero();
        Revision first = revisions.issue(Revision.ZERO);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        revisions.issue(Revision.ZERO);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(revisions.oldestInFlight()).isEqualTo(Duration.ofSeconds(3));
        revisions.settleNotWritten(first);
        assertThat(revisions.oldestInFlight()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void nothingIsIssuedOrClosedAboveTheCeilingUntilItIsRaised() {
        millis.addAndGet(3_600_000);
        assertThat(revisions.closed()).isLessThanOrEqualTo(ceiling.value());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5000; i++) {
                        revisions.issue(Revision.ZERO);
                    }
                })
                .isInstanceOf(Revisions.CeilingReached.class);
        Ceiling wanted = revisions.wantedCeiling();
        assertThat(wanted.value()).isGreaterThan(ceiling.value());
        revisions.raise(wanted);
        assertThat(revisions.issue(Revision.ZERO).instant()).isEqualTo(Instant.ofEpochMilli(millis.get()));
        assertThat(revisions.wantedCeiling()).isEqualTo(wanted);
    }

    @Property(tries = 200)
    void closedIsTheModelsInWhateverOrderRevisionsSettle(@ForAll long seed) {
        Random random = new Random(seed);
        Revisions tested = new Revisions(1, Revision.ZERO, ceiling, millis::get, nanos::get);
        List<Revision> open = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            if (open.isEmpty() || random.nextInt(100) < 55) {
                open.add(tested.issue(Revision.ZERO));
            } else {
                assertThat(tested.settleWritten(open.remove(random.nextInt(open.size()))))
                        .isTrue();
            }
            if (!open.isEmpty()) {
                assertThat(tested.closed().value()).isEqualTo(open.getFirst().value() - 1);
            }
        }
    }

    @Test
    void manyThreadsGetUniqueRevisionsAndClosedNeverPassesOneInFlight() throws Exception {
        Ceiling far = new Ceiling(Revision.upTo(Instant.parse("2040-01-01T00:00:00Z")));
        Revisions shared = Revisions.onSystemClock(5, Revision.ZERO, far);
        ConcurrentSkipListSet<Revision> all = new ConcurrentSkipListSet<>();
        int threads = 8;
        int each = 20_000;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    List<Revision> mine = new ArrayList<>();
                    Revision last = Revision.ZERO;
                    for (int i = 0; i < each; i++) {
                        Revision before = shared.closed();
                        Revision revision = shared.issue(last);
                        check(revision.isAfter(last) && revision.isAfter(before), "grows");
                        last = revision;
                        mine.add(revision);
                        check(shared.closed().compareTo(mine.getFirst()) < 0, "closed is below what is in flight");
                        if (mine.size() > i % 7) {
                            Revision done = mine.removeFirst();
                            check(all.add(done), "unique");
                            check(shared.settleWritten(done), "was in flight");
                            check(shared.lastWritten().compareTo(done) >= 0, "last written follows");
                        }
                    }
                    mine.forEach(revision -> {
                        check(all.add(revision), "unique");
                        shared.settleNotWritten(revision);
                    });
                }));
            }
            for (Future<?> future : running) {
                await(future);
            }
        }
        assertThat(all).hasSize(threads * each);
        assertThat(shared.inFlight()).isZero();
        assertThat(shared.closed()).isGreaterThanOrEqualTo(all.last());
    }

    private static void await(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalStateException(rule);
        }
    }
}
