package io.ruori.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** A write is asked for until somebody answers, and whoever asked is never told of a refusal that may yet be none. */
class DeliveryTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Clock clock = new Clock();
    private final List<CompletableFuture<Outcome>> copies = new ArrayList<>();
    private final CompletableFuture<Outcome> told =
            Delivery.of(this::copy, clock, SECOND.multipliedBy(10)).toCompletableFuture();

    /** A host whose time the test lets pass. */
    private static final class Clock implements Host {
        private final TreeMap<Long, Runnable> timers = new TreeMap<>();
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public Cancellable after(Duration pause, Runnable task) {
            long at = now + pause.toNanos();
            timers.put(at, task);
            return () -> timers.remove(at);
        }

        void pass(Duration time) {
            long until = now + time.toNanos();
            while (!timers.isEmpty() && timers.firstKey() <= until) {
                now = timers.firstKey();
                timers.pollFirstEntry().getValue().run();
            }
            now = until;
        }

        @Override
        public Set<String> others() {
            return Set.of();
        }

        @Override
        public <M> void tellOthers(ActorRef<M> self, M message) {}
    }

    private static final Outcome WRITTEN = new Outcome.Gone(new StoredObject(
            ObjectKey.of(KindName.core("configmaps"), "default", "c"),
            new Uid("u"),
            Revision.ZERO,
            Map.of(),
            List.of(),
            null,
            Map.of(),
            new byte[0],
            null));
    private static final Outcome NOT_WRITTEN = new Outcome.Refused(ApiStatus.noSuchPath());

    private CompletionStage<Outcome> copy(Duration patience) {
        CompletableFuture<Outcome> copy = new CompletableFuture<>();
        copies.add(copy);
        return copy;
    }

    @Test
    void oneCopyIsEnoughWhereSomebodyAnswers() {
        copies.getFirst().complete(NOT_WRITTEN);
        assertThat(told).isCompletedWithValue(NOT_WRITTEN);
        clock.pass(SECOND.multipliedBy(20));
        assertThat(copies).hasSize(1);
    }

    @Test
    void copiesFollowAtGrowingPauses() {
        clock.pass(SECOND);
        assertThat(copies).hasSize(2);
        clock.pass(SECOND);
        assertThat(copies).hasSize(2);
        clock.pass(SECOND);
        assertThat(copies).hasSize(3);
        clock.pass(SECOND.multipliedBy(2));
        assertThat(copies).hasSize(4);
        copies.get(3).complete(WRITTEN);
        assertThat(told).isCompletedWithValue(WRITTEN);
    }

    @Test
    void writtenIsBelievedWhicheverCopyItAnswers() {
        clock.pass(SECOND);
        copies.getLast().complete(NOT_WRITTEN);
        assertThat(told).isNotDone();
        copies.getFirst().complete(WRITTEN);
        assertThat(told).isCompletedWithValue(WRITTEN);
    }

    @Test
    void aRefusalIsToldWhenNoCopyIsOnItsWayAnyMore() {
        clock.pass(SECOND);
        copies.getLast().complete(NOT_WRITTEN);
        clock.pass(SECOND.multipliedBy(3));
        assertThat(copies).hasSize(2);
        assertThat(told).isNotDone();
        copies.getFirst().complete(NOT_WRITTEN);
        assertThat(told).isCompletedWithValue(NOT_WRITTEN);
    }

    /** Lost or slow: nobody can say. */
    @Test
    void whatNobodyAnswersIsUnknown() {
        clock.pass(SECOND);
        copies.getFirst().completeExceptionally(new TimeoutException());
        copies.getLast().complete(NOT_WRITTEN);
        assertThat(told).isNotDone();
        clock.pass(SECOND.multipliedBy(9));
        assertThatThrownBy(told::get).hasCauseInstanceOf(TimeoutException.class);
    }
}
