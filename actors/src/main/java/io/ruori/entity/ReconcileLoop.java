package io.ruori.entity;

import io.ruori.api.ApiStatus;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.kind.Kind;
import io.ruori.view.View;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs one object's reconciler: one plan at a time, each from a view that has seen all writes of the plan before it. Wake-ups
 * while a plan is being carried out are folded into one. A refused action (somebody else was faster) leads to a fresh look; a
 * failing one to a look after a growing pause.
 */
final class ReconcileLoop extends AbstractBehavior<ReconcileLoop.Command> {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    sealed interface Command {}

    record Wake() implements Command {
        static final Wake INSTANCE = new Wake();
    }

    private record Seen() implements Command {}

    private record Finished(Carried carried) implements Command {}

    private record Recorded(Revision newest) implements Command {}

    private record Failed(Throwable error) implements Command {}

    private final ObjectKey key;
    private final Kind kind;
    private final Member member;
    private final PlanRunner runner;
    private final TimerScheduler<Command> timers;
    private boolean busy;

    /** The newest of this loop's own writes: no plan is made from a view that has not seen it. */
    private Revision own = Revision.ZERO;

    private int failures;

    private ReconcileLoop(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ObjectKey key,
            Kind kind,
            Member member,
            ObjectDoor door,
            EventRecorder events) {
        super(context);
        this.timers = timers;
        this.key = key;
        this.kind = kind;
        this.member = member;
        this.runner = new PlanRunner(door, events, User.component(kind.component()), kind.component());
    }

    static Behavior<Command> create(ObjectKey key, Kind kind, Member member, ObjectDoor door, EventRecorder events) {
        Behavior<Command> loop = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            ReconcileLoop created = new ReconcileLoop(context, timers, key, kind, member, door, events);
            context.getSelf().tell(Wake.INSTANCE);
            return created;
        }));
        return Behaviors.supervise(loop)
                .onFailure(SupervisorStrategy.restartWithBackoff(FIRST_PAUSE, LONGEST_PAUSE, 0.2)
                        .withResetBackoffAfter(Duration.ofMinutes(1)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Wake wake -> look();
            case Seen seen -> {
                // The newest view, not the one that was waited for: a wake-up that came meanwhile was about a newer
                // one.
                busy = false;
                look();
            }
            case Finished finished -> onFinished(finished.carried());
            case Recorded recorded -> {
                own = recorded.newest().isAfter(own) ? recorded.newest() : own;
                onFailed(null);
            }
            case Failed failed -> onFailed(failed.error());
        }
        return this;
    }

    private void look() {
        // While busy there is nothing to do: the view is looked at again when the plan is through.
        if (busy) {
            return;
        }
        View view = member.index().view();
        if (own.isAfter(view.revision())) {
            busy = true;
            awaitOwnWrites();
        } else {
            reconcile(view);
        }
    }

    private void reconcile(View view) {
        StoredObject self = view.get(key);
        if (self == null) {
            return;
        }
        Plan plan = reconciler().reconcile(self, view, member.time().instant());
        plan.lookAgain().ifPresent(delay -> timers.startSingleTimer("look-again", Wake.INSTANCE, delay));
        if (!plan.actions().isEmpty()) {
            busy = true;
            getContext()
                    .pipeToSelf(
                            runner.carryOut(plan.actions()),
                            (carried, error) -> error == null ? new Finished(carried) : new Failed(error));
        }
    }

    /** Asked for each time: what a reconciler knows of other kinds changes with them. */
    private Reconciler reconciler() {
        Kind now = member.kind(key);
        return Optional.ofNullable(now).orElse(kind).reconciler().orElseThrow();
    }

    private void onFinished(Carried carried) {
        if (carried.newest().isAfter(own)) {
            own = carried.newest();
        }
        if (carried.refusal() != null) {
            record(carried.refusal());
            return;
        }
        if (!carried.clean()) {
            onFailed(null);
            return;
        }
        failures = 0;
        awaitOwnWrites();
    }

    /** Says what stood in the way, once, and tries again after a pause. */
    private void record(ApiStatus refusal) {
        StoredObject self = member.index().view().get(key);
        List<Action> record = self == null
                ? List.of()
                : reconciler().onRefused(self, refusal, member.time().instant());
        getContext()
                .pipeToSelf(
                        runner.carryOut(record),
                        (carried, error) -> error == null ? new Recorded(carried.newest()) : new Failed(error));
    }

    private void awaitOwnWrites() {
        getContext().pipeToSelf(member.showing(own), (view, error) -> error == null ? new Seen() : new Failed(error));
    }

    private void onFailed(@Nullable Throwable error) {
        if (error != null) {
            getContext().getLog().warn("{} of {}: a planned write did not finish", kind.component(), key, error);
        }
        busy = false;
        failures++;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        timers.startSingleTimer("retry", Wake.INSTANCE, pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
    }
}
