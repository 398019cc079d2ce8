package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.entity.EndsSubscription;
import io.ruori.entity.Member;
import io.ruori.entity.ShardedDoor;
import io.ruori.kind.KindRegistry;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Wakes the entities whose reconcilers a change concerns; all of them at start and now and then, for certainty. */
final class Waker extends AbstractBehavior<Waker.Command> {
    private static final Duration RESYNC = Duration.ofMinutes(10);

    /** Shards come many at a time. */
    private static final Duration TAKEN_TOGETHER = Duration.ofMillis(50);

    sealed interface Command {}

    private record Changed(View view, List<Change> changes) implements Command {}

    private record Resync() implements Command {}

    private record Taken() implements Command {}

    private final Member member;
    private final ShardedDoor door;
    private final TimerScheduler<Command> timers;
    private KindRegistry kinds;
    private Wakeups wakeups;

    private Waker(ActorContext<Command> context, TimerScheduler<Command> timers, Member member, ShardedDoor door) {
        super(context);
        this.member = member;
        this.door = door;
        this.timers = timers;
        this.kinds = member.kinds();
        this.wakeups = new Wakeups(kinds);
    }

    static Behavior<Command> create(Member member, ShardedDoor door) {
        return Behaviors.setup(context -> Behaviors.withTimers((TimerScheduler<Command> timers) -> {
            ActorRef<Command> self = context.getSelf();
            Subscription changes = member.index().subscribe((view, all) -> self.tell(new Changed(view, all)));
            timers.startTimerWithFixedDelay(new Resync(), Duration.ZERO, RESYNC);
            Subscription taken = member.takenShards().subscribe(() -> self.tell(new Taken()));
            return EndsSubscription.with(changes.and(taken), new Waker(context, timers, member, door));
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        if (!member.kinds().equals(kinds)) {
            kinds = member.kinds();
            wakeups = new Wakeups(kinds);
        }
        Iterable<ObjectKey> woken = switch (command) {
            case Changed changed -> wakeups.concerned(changed.view(), changed.changes());
            case Resync resync -> wakeups.all(member.index().view());
            case Taken taken -> {
                timers.startSingleTimer("taken", new Resync(), TAKEN_TOGETHER);
                yield List.of();
            }
        };
        for (ObjectKey key : woken) {
            if (member.share().isMine(key)) {
                door.wake(key);
            }
        }
        return this;
    }
}
