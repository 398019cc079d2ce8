package io.ruori.node.simulated;

import com.fasterxml.jackson.databind.node.NullNode;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.node.agent.MasterLink;
import io.ruori.node.core.NodeObject;
import io.ruori.node.runtime.RuntimeInfo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** One pretended node: it answers every assignment with statuses and every deletion with the Pod's end. */
final class FleetNode extends AbstractBehavior<FleetNode.Command> {

    sealed interface Command {}

    private record Said(long session, ToAgent message) implements Command {}

    private record Opened(long session, ActorRef<ToMaster> master) implements Command {}

    private record Lost(long session) implements Command {}

    private record Connect() implements Command {}

    private record Beat() implements Command {}

    private record Due(List<ToMaster.PodStatus> statuses) implements Command {}

    private final TimerScheduler<Command> timers;
    private final String name;
    private final int number;
    private final SimulatedFleet.Settings settings;
    private final MasterLink link;
    private final InstantSource time;
    private final Map<Uid, Integer> running = new HashMap<>();
    private long session;
    private @Nullable ActorRef<ToAgent> ears;
    private @Nullable ActorRef<ToMaster> master;
    private Revision seen = Revision.ZERO;
    private int addresses;

    private FleetNode(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String name,
            int number,
            SimulatedFleet.Settings settings,
            MasterLink link,
            InstantSource time) {
        super(context);
        this.timers = timers;
        this.name = name;
        this.number = number;
        this.settings = settings;
        this.link = link;
        this.time = time;
    }

    static Behavior<Command> create(
            String name, int number, SimulatedFleet.Settings settings, MasterLink link, InstantSource time) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            FleetNode node = new FleetNode(context, timers, name, number, settings, link, time);
            node.connect();
            return node;
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Connect connect -> connect();
            case Opened opened -> opened(opened);
            case Lost lost -> {
                if (lost.session() == session) {
                    lost();
                }
            }
            case Beat beat -> say(new ToMaster.Heartbeat(NullNode.instance));
            case Due due -> say(new ToMaster.PodStatuses(due.statuses()));
            case Said said -> {
                if (said.session() == session) {
                    heard(said.message());
                }
            }
        }
        return this;
    }

    private void connect() {
        long next = ++session;
        ActorRef<Command> self = getContext().getSelf();
        ActorRef<ToAgent> mine = getContext().spawnAnonymous(Behaviors.receiveMessage(said -> {
            self.tell(new Said(next, said));
            return Behaviors.same();
        }));
        ears = mine;
        getContext()
                .pipeToSelf(
                        link.connect(getContext().getSystem(), name, mine),
                        (opened, failure) -> failure == null ? new Opened(next, opened) : new Lost(next));
    }

    private void opened(Opened opened) {
        if (opened.session() != session) {
            return;
        }
        master = opened.master();
        getContext().watchWith(opened.master(), new Lost(session));
        RuntimeInfo info = new RuntimeInfo(
                "simulated",
                "1.0",
                "linux",
                "Simulated",
                "amd64",
                "",
                settings.cpus(),
                settings.memoryBytes(),
                1L << 40);
        say(new ToMaster.Hello(
                name, NodeObject.of(name, address(), info, Map.of(), settings.maxPods(), true, time.instant()), seen));
        // Spread over the period, so that thousands of nodes do not all speak at once.
        long first = ThreadLocalRandom.current().nextLong(settings.heartbeat().toMillis() + 1);
        timers.startTimerWithFixedDelay(Beat.class, new Beat(), Duration.ofMillis(first), settings.heartbeat());
    }

    private void lost() {
        session++; // whatever the old session still says is not heard
        master = null;
        if (ears != null) {
            getContext().stop(ears); // the master watches it and learns that nobody listens
            ears = null;
        }
        timers.cancel(Beat.class);
        timers.startSingleTimer(
                Connect.class,
                new Connect(),
                Duration.ofMillis(200 + ThreadLocalRandom.current().nextLong(800)));
    }

    private void say(ToMaster message) {
        if (master != null) {
            master.tell(message);
        }
    }

    private String address() {
        return "10." + (64 + number / 65_536) + "." + number / 256 % 256 + "." + number % 256;
    }

    private void heard(ToAgent message) {
        switch (message) {
            case ToAgent.Assignment assignment -> {
                if (accepts(assignment.revision())) {
                    Set<Uid> wanted = new HashSet<>();
                    assignment.pods().forEach(pod -> wanted.add(pod.uid()));
                    running.keySet().retainAll(wanted);
                    pods(assignment.pods(), true);
                }
            }
            case ToAgent.AssignmentChange change -> {
                if (accepts(change.revision())) {
                    change.removed().forEach(removed -> running.remove(removed.uid()));
                    pods(change.pods(), false);
                }
            }
            case ToAgent.OpenStream open ->
                say(new ToMaster.StreamEnded(open.streamId(), -1, "this node only pretends"));
            case ToAgent.Refused refused -> lost();
            case ToAgent.Welcome welcome -> {}
            case ToAgent.StreamData data -> {}
            case ToAgent.StreamHalfClosed half -> {}
            case ToAgent.StreamClosed closed -> {}
            case ToAgent.StreamCredit credit -> {}
            case ToAgent.Masters known -> {}
        }
    }

    private boolean accepts(Revision revision) {
        if (seen.isAfter(revision)) {
            return false;
        }
        seen = revision;
        return true;
    }

    private void pods(List<StoredObject> pods, boolean again) {
        List<ToMaster.PodStatus> statuses = new ArrayList<>();
        for (StoredObject pod : pods) {
            if (pod.isTerminating()) {
                running.remove(pod.uid());
                say(new ToMaster.PodGone(pod.key().namespace(), pod.key().name(), pod.uid()));
            } else if (again || !running.containsKey(pod.uid())) {
                int address = running.computeIfAbsent(pod.uid(), uid -> addresses++);
                statuses.add(new ToMaster.PodStatus(
                        pod.key().namespace(),
                        pod.key().name(),
                        pod.uid(),
                        ReadyStatus.of(pod, address(), podAddress(address), time.instant())));
            }
        }
        if (statuses.isEmpty()) {
            return;
        }
        if (settings.startLatency().isZero()) {
            say(new ToMaster.PodStatuses(statuses));
        } else {
            getContext().scheduleOnce(settings.startLatency(), getContext().getSelf(), new Due(statuses));
        }
    }

    private String podAddress(int address) {
        return "10." + (128 + number / 256 % 64) + "." + number % 256 + "." + (address % 250 + 2);
    }
}
