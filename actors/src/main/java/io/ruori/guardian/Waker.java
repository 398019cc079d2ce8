package io.ruori.guardian;

import io.ruori.api.ObjectKey;
import io.ruori.entity.Member;
import io.ruori.entity.ShardedDoor;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Wakes the entities whose reconcilers a change concerns; all of them at start and now and then, for certainty. */
final class Waker extends AbstractBehavior<Waker.Command> {
    private static final Duration RESYNC = Duration.ofMinutes(10);

    sealed interface Command {}

    private record Changed(View view, List<Change> changes) implements Command {}

    private record Resync() implements Command {}

    private final Member member;
    private final ShardedDoor door;
    private final Wakeups wakeups;
    private final Subscription subscription;

    private Waker(ActorContext<Command> context, Member member, ShardedDoor door) {
        super(context);
        this.member = member;
        this.door = door;
        this.wakeups = new Wakeups(member.kinds());
        ActorRef<Command> self = context.getSelf();
        this.subscription = member.index().subscribe((view, changes) -> self.tell(new Changed(view, changes)));
        self.tell(new Resync());
    }

    static Behavior<Command> create(Member member, ShardedDoor door) {
        return Behaviors.setup(context -> Behaviors.withTimers((TimerScheduler<Command> timers) -> {
            timers.startTimerWithFixedDelay(new Resync(), RESYNC);
            return new Waker(context, member, door);
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stop -> ended())
                .onSignal(PreRestart.class, restart -> ended())
                .build();
    }

    private Behavior<Command> ended() {
        subscription.cancel();
        return this;
    }

    private Behavior<Command> on(Command command) {
        Iterable<ObjectKey> woken = switch (command) {
            case Changed changed -> wakeups.concerned(changed.view(), changed.changes());
            case Resync resync -> wakeups.all(member.index().view());
        };
        woken.forEach(door::wake);
        return this;
    }
}
