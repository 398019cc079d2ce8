package io.ruori.nodes;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.node.NodeLifecycle;
import io.ruori.core.node.NodeSigns;
import io.ruori.core.reconcile.Action;
import io.ruori.entity.EndsSubscription;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import io.ruori.entity.PlanRunner;
import io.ruori.view.Change;
import io.ruori.view.Subscription;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Knows when each node was last heard, by this master or another, in memory and by a clock that nobody sets. What was heard
 * before this master started, stood still, took shards or lost another master counts as heard then, so that agents have a
 * moment to come back.
 */
public final class NodeMonitor extends AbstractBehavior<NodeMonitor.Command> {
    private static final KindName NODES = KindName.core("nodes");
    private static final KindName LEASES = new KindName("coordination.k8s.io", "leases");
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final Duration FORGET = Duration.ofMinutes(1);

    /** Where kubelets keep their Leases. */
    static final String LEASE_NAMESPACE = "kube-node-lease";

    /** What the monitor is told. */
    public sealed interface Command {}

    /** The node's agent gave a sign of life just now. */
    public record Heard(String nodeName) implements Command {}

    /** Agents that gave signs of life to another master within the last second or so. */
    public record HeardElsewhere(List<String> nodeNames) implements Command {}

    private record Tell() implements Command {}

    private record Taken() implements Command {}

    private record Changed(List<Change> changes) implements Command {}

    private record Look() implements Command {}

    private record Done() implements Command {}

    private final Member member;
    private final PlanRunner runner;
    private final NodeSigns signs;
    private final Set<String> heardHere = new HashSet<>();
    private Set<String> known = Set.of();
    private long lookedAt;
    private boolean busy;

    private NodeMonitor(ActorContext<Command> context, Member member, PlanRunner runner, Duration grace) {
        super(context);
        this.member = member;
        this.runner = runner;
        this.lookedAt = member.host().nanos();
        this.signs = new NodeSigns(grace, lookedAt);
    }

    /**
     * @param grace silence after which an agent that held a session is lost
     */
    public static Behavior<Command> create(Member member, ObjectDoor door, EventRecorder events, Duration grace) {
        PlanRunner runner = new PlanRunner(door, events, User.component("node-controller"), "node-controller");
        return Behaviors.setup(context -> Behaviors.withTimers((TimerScheduler<Command> timers) -> {
            timers.startTimerWithFixedDelay(new Look(), LOOK_EVERY);
            ActorRef<Command> self = context.getSelf();
            Subscription changes =
                    member.index().subscribe(Set.of(NODES, LEASES), (view, all) -> self.tell(new Changed(all)));
            Subscription taken = member.takenShards().subscribe(() -> self.tell(new Taken()));
            if (!member.isOnly()) {
                timers.startTimerWithFixedDelay(new Tell(), TELL_EVERY);
            }
            return EndsSubscription.with(changes.and(taken), new NodeMonitor(context, member, runner, grace));
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Heard sign -> {
                signs.session(sign.nodeName(), member.host().nanos());
                if (!member.isOnly()) {
                    heardHere.add(sign.nodeName());
                }
            }
            case HeardElsewhere heard -> {
                long nanos = member.host().nanos();
                heard.nodeNames().forEach(node -> signs.session(node, nanos));
            }
            case Tell tell -> tellOthers();
            case Taken taken -> signs.deafUntil(member.host().nanos());
            case Changed changed -> changed.changes().forEach(this::onChange);
            case Look look -> look();
            case Done done -> busy = false;
        }
        return this;
    }

    private void tellOthers() {
        Set<String> now = member.host().others();
        if (!now.containsAll(known)) {
            // Whoever talked to the one that is gone has to find another first.
            signs.deafUntil(member.host().nanos());
        }
        known = now;
        if (!heardHere.isEmpty()) {
            member.host().tellOthers(getContext().getSelf(), new HeardElsewhere(List.copyOf(heardHere)));
            heardHere.clear();
        }
    }

    private void onChange(Change change) {
        StoredObject after = change.after();
        if (after == null) {
            return;
        }
        if (after.key().kind().equals(NODES)) {
            signs.node(after, change.before(), member.host().nanos());
        } else if (after.key().namespace().equals(LEASE_NAMESPACE)) {
            signs.lease(after, member.host().nanos());
        }
    }

    /** One look at a time, and the next only from a view that has seen the writes of the one before. */
    private void look() {
        long nanos = member.host().nanos();
        if (nanos - lookedAt > LATE.toNanos()) {
            // This process stood still, so it could not hear either: everybody has the whole grace again.
            signs.deafUntil(nanos);
        }
        lookedAt = nanos;
        if (busy) {
            return;
        }
        Instant now = member.time().instant();
        View view = member.index().view();
        List<Action> actions = new ArrayList<>();
        for (StoredObject node : view.list(NODES)) {
            if (!member.share().isMine(node.key())) {
                continue;
            }
            String name = node.key().name();
            StoredObject lease = view.get(new ObjectKey(LEASES, LEASE_NAMESPACE, name));
            actions.addAll(NodeLifecycle.reconcile(node, signs.isLost(name, lease, nanos), now));
            actions.addAll(NodeLifecycle.evict(node, view, now).actions());
        }
        signs.forget(name -> view.get(new ObjectKey(NODES, "", name)) != null, FORGET, nanos);
        if (!actions.isEmpty()) {
            busy = true;
            getContext()
                    .pipeToSelf(
                            runner.carryOut(actions)
                                    .thenCompose(carried ->
                                            member.index().atLeast(carried.newest(), Duration.ofSeconds(10))),
                            (view2, error) -> new Done());
        }
    }
}
