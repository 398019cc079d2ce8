package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.api.User;
import io.ruori.core.reconcile.Action;
import io.ruori.entity.Carried;
import io.ruori.entity.EndsSubscription;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.PlanRunner;
import io.ruori.kind.OwnerReconciliation;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Garbage collection: dependents follow their owners. What an owner's end asks for is decided by {@link OwnerReconciliation};
 * this actor only notices ends and owners that are not there, keeps the owners that wait for their dependents, and looks at
 * everything now and then.
 */
final class Collector extends AbstractBehavior<Collector.Command> {
    private static final Duration SWEEP = Duration.ofMinutes(2);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Shards come many at a time. */
    private static final Duration TAKEN_TOGETHER = Duration.ofMillis(50);

    sealed interface Command {}

    private record Changed(View view, List<Change> changes) implements Command {}

    private record Sweep() implements Command {}

    private record Retry() implements Command {}

    private record Taken() implements Command {}

    private record Finished(Carried carried) implements Command {}

    private record Caught(boolean clean) implements Command {}

    private record Failed(Throwable error) implements Command {}

    private final Member member;
    private final PlanRunner runner;
    private final TimerScheduler<Command> timers;
    private final Map<Uid, Revision> gone = new LinkedHashMap<>();
    private final Set<ObjectKey> held = new LinkedHashSet<>();

    /** Objects that came with owners, or got others, of which some are not there. */
    private final Set<ObjectKey> suspects = new LinkedHashSet<>();

    private boolean sweepDue = true;
    private boolean busy;

    private Collector(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Member member,
            ObjectDoor door,
            EventRecorder events) {
        super(context);
        this.timers = timers;
        this.member = member;
        String component = OwnerReconciliation.COMPONENT;
        this.runner = new PlanRunner(door, events, User.component(component), component);
        timers.startTimerWithFixedDelay(new Sweep(), Duration.ZERO, SWEEP);
    }

    static Behavior<Command> create(Member member, ObjectDoor door, EventRecorder events) {
        return Behaviors.setup(context -> Behaviors.withTimers((TimerScheduler<Command> timers) -> {
            ActorRef<Command> self = context.getSelf();
            Subscription changes = member.index().subscribe((view, all) -> self.tell(new Changed(view, all)));
            Subscription taken = member.takenShards().subscribe(() -> self.tell(new Taken()));
            return EndsSubscription.with(changes.and(taken), new Collector(context, timers, member, door, events));
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Changed changed -> onChanged(changed);
            case Sweep sweep -> {
                sweepDue = true;
                findHeld(member.index().view());
                collect(member.index().view());
            }
            case Taken taken -> timers.startSingleTimer("taken", new Sweep(), TAKEN_TOGETHER);
            case Retry retry -> {
                sweepDue = true;
                collect(member.index().view());
            }
            case Finished finished -> onFinished(finished.carried());
            case Caught caught -> {
                busy = false;
                if (caught.clean()) {
                    // Not one from before: what was told of meanwhile would not be there yet, and be forgotten.
                    collect(member.index().view());
                } else {
                    sweepLater();
                }
            }
            case Failed failed -> {
                getContext().getLog().warn("garbage collection did not finish; it is tried again", failed.error());
                busy = false;
                sweepLater();
            }
        }
        return this;
    }

    private void onChanged(Changed changed) {
        OwnerReconciliation rules = new OwnerReconciliation(member.kinds());
        boolean relevant = false;
        for (Change change : changed.changes()) {
            StoredObject before = change.before();
            StoredObject after = change.after();
            if (after == null && before != null && change.event() != null) {
                gone.put(before.uid(), change.revision());
                relevant = true;
            } else if (after != null && OwnerReconciliation.concerns(after)) {
                held.add(after.key());
                relevant = true;
            } else if (after != null && hasNewOwners(before, after) && !rules.isKept(changed.view(), after)) {
                suspects.add(after.key());
                relevant = true;
            }
        }
        if (relevant || !held.isEmpty()) {
            collect(changed.view());
        }
    }

    private static boolean hasNewOwners(@Nullable StoredObject before, StoredObject after) {
        return !after.owners().isEmpty() && (before == null || !before.owners().equals(after.owners()));
    }

    /** Owners that were already waiting when this actor started. */
    private void findHeld(View view) {
        member.kinds().all().forEach(kind -> {
            for (StoredObject object : view.list(kind.name())) {
                if (OwnerReconciliation.concerns(object)) {
                    held.add(object.key());
                }
            }
        });
    }

    private void collect(View view) {
        if (busy) {
            return;
        }
        List<Action> actions = new ArrayList<>();
        OwnerReconciliation rules = new OwnerReconciliation(member.kinds());
        gone.forEach((uid, revision) -> actions.addAll(rules.onOwnerGone(view, uid, revision)));
        gone.clear();
        lookAtSuspects(rules, view, actions);
        if (sweepDue) {
            sweepDue = false;
            actions.addAll(rules.sweep(view));
        }
        held.removeIf(key -> !isHeld(view.get(key)));
        for (ObjectKey key : held) {
            actions.addAll(rules.onTerminating(Objects.requireNonNull(view.get(key)), view)
                    .actions());
        }
        // A full batch may have left some behind: look again when it is done, not at the next sweep.
        sweepDue = actions.size() >= OwnerReconciliation.BATCH;
        // Every master comes to the same conclusions; each carries out its share.
        actions.removeIf(action -> !member.share().isMine(action.key()));
        if (!actions.isEmpty()) {
            busy = true;
            getContext()
                    .pipeToSelf(
                            runner.carryOut(actions),
                            (carried, error) -> error == null ? new Finished(carried) : new Failed(error));
        }
    }

    /** What does not fit into this batch is looked at after it. */
    private void lookAtSuspects(OwnerReconciliation rules, View view, List<Action> actions) {
        Iterator<ObjectKey> each = suspects.iterator();
        while (each.hasNext() && actions.size() < OwnerReconciliation.BATCH) {
            StoredObject suspect = view.get(each.next());
            each.remove();
            if (suspect != null) {
                actions.addAll(rules.onNewOwners(view, suspect));
            }
        }
    }

    private static boolean isHeld(@Nullable StoredObject object) {
        return object != null && OwnerReconciliation.concerns(object);
    }

    private void onFinished(Carried carried) {
        getContext()
                .pipeToSelf(
                        member.showing(carried.newest()),
                        (view, error) -> error == null ? new Caught(carried.clean()) : new Failed(error));
    }

    /** What was refused is looked for again after a pause, never at once. */
    private void sweepLater() {
        timers.startSingleTimer(new Retry(), RETRY);
    }
}
