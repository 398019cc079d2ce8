package io.ruori.nodes;

import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.User;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The sessions of this master, at most one a node: a newer one replaces the older, which is told to stop talking, and which
 * may be another master's. So masters tell each other which they hold, at once when one begins and all every second, and know
 * to whom to turn for a node's byte streams.
 */
public final class AgentSessions extends AbstractBehavior<AgentSessions.Command> {
    private static final Duration TELL_EVERY = Duration.ofSeconds(1);

    /** A session that its master did not tell of for so long is not there any longer. */
    private static final Duration FORGET = Duration.ofSeconds(5);

    /** What can be asked of the sessions. */
    public sealed interface Command {}

    /** An agent knocks; see {@link AgentGate.Connect}. */
    public record Connect(AgentGate.Connect request) implements Command {}

    /**
     * Opens a byte stream to a Pod of a node, whichever master the node's session is with.
     *
     * @param client gets the stream's frames, and {@link ToMaster.StreamEnded} at its end; its own end closes the stream
     * @param replyTo gets the way back
     */
    public record Open(String nodeName, ToAgent.Stream stream, ActorRef<ToMaster> client, ActorRef<Opened> replyTo)
            implements Command {}

    /** What the sessions of different masters say to each other. */
    public sealed interface BetweenMasters extends Command {}

    /** These are here. */
    public record Here(ActorRef<Command> sessions, List<Session> held) implements BetweenMasters {}

    /**
     * @param epoch of two sessions of one node, the one with the larger is the newer
     */
    public record Session(String nodeName, long epoch) {}

    /** Opens a byte stream for a client of another master. */
    public record OpenFor(String nodeName, ToAgent.Stream stream, ActorRef<RelayedStream.Message> near)
            implements BetweenMasters {}

    /**
     * There is a master.
     *
     * @param address where it serves the API, {@code host:port}
     */
    public record Serving(String address) implements BetweenMasters {}

    /** A session welcomed its agent. */
    record Began(String nodeName, ActorRef<AgentSession.Command> session, long epoch) implements Command {}

    private record Ended(String nodeName, ActorRef<AgentSession.Command> session) implements Command {}

    private record Tell() implements Command {}

    /** A byte stream towards an agent. */
    public sealed interface Opened {
        /**
         * @param agent takes {@link ToAgent.StreamData}, {@link ToAgent.StreamHalfClosed}, {@link ToAgent.StreamClosed} and
         *     {@link ToAgent.StreamCredit} with this id
         */
        record To(long streamId, ActorRef<ToAgent> agent) implements Opened {}

        /** The node's agent is not connected to any master. */
        record NoSession(String nodeName) implements Opened {}
    }

    /**
     * @param epoch 0 while the Node is being registered
     */
    private record Held(ActorRef<AgentSession.Command> session, long epoch) {}

    private record Elsewhere(ActorRef<Command> sessions, long epoch, long toldAt) {}

    private final Member member;
    private final ObjectDoor door;
    private final EventRecorder events;
    private final ActorRef<NodeMonitor.Command> monitor;
    private final MasterAddresses masters;
    private final Map<String, Held> sessions = new HashMap<>();
    private final Map<String, Elsewhere> elsewhere = new HashMap<>();
    private long streams;

    private AgentSessions(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Member member,
            ObjectDoor door,
            EventRecorder events,
            ActorRef<NodeMonitor.Command> monitor,
            MasterAddresses masters) {
        super(context);
        this.member = member;
        this.door = door;
        this.events = events;
        this.monitor = monitor;
        this.masters = masters;
        if (!member.isOnly()) {
            timers.startTimerWithFixedDelay(new Tell(), TELL_EVERY);
        }
    }

    /** @param masters kept up to date with what the others say */
    public static Behavior<Command> create(
            Member member,
            ObjectDoor door,
            EventRecorder events,
            ActorRef<NodeMonitor.Command> monitor,
            MasterAddresses masters) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new AgentSessions(context, timers, member, door, events, monitor, masters)));
    }

    /** The user a node's agent writes as. */
    static User user(String nodeName) {
        return new User("system:node:" + nodeName, "", List.of("system:nodes", "system:authenticated"));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Connect connect -> onConnect(connect.request());
            case Open open -> onOpen(open);
            case OpenFor open -> onOpenFor(open);
            case Began began -> onBegan(began);
            case Here here -> here.held().forEach(session -> onElsewhere(here.sessions(), session));
            case Serving serving -> {
                if (masters.heard(serving.address(), member.host().nanos())) {
                    tellAgents();
                }
            }
            case Ended ended -> onEnded(ended);
            case Tell tell -> tellOthers();
        }
        return this;
    }

    private void onConnect(AgentGate.Connect request) {
        String node = request.nodeName();
        Held older = sessions.get(node);
        if (older != null) {
            older.session().tell(new AgentSession.Replaced());
        }
        ActorRef<AgentSession.Command> session = getContext()
                .spawnAnonymous(AgentSession.create(
                        node,
                        request.agent(),
                        member,
                        door,
                        events,
                        monitor,
                        getContext().getSelf()));
        sessions.put(node, new Held(session, 0));
        getContext().watchWith(session, new Ended(node, session));
        session.tell(new AgentSession.Start(request.replyTo()));
    }

    private void onEnded(Ended ended) {
        Held held = sessions.get(ended.nodeName());
        if (held != null && held.session().equals(ended.session())) {
            sessions.remove(ended.nodeName());
        }
    }

    // ---- one session a node, whichever master it is with

    private void onBegan(Began began) {
        String node = began.nodeName();
        Held held = sessions.get(node);
        if (held == null || !held.session().equals(began.session())) {
            return;
        }
        Held now = new Held(began.session(), began.epoch());
        sessions.put(node, now);
        if (!member.isOnly()) {
            began.session().tell(new AgentSession.Masters(masters.all()));
        }
        Elsewhere known = elsewhere.get(node);
        if (known != null && known.epoch() > began.epoch()) {
            replace(node, now);
        } else {
            tellOthers(new Here(getContext().getSelf(), List.of(new Session(node, began.epoch()))));
        }
    }

    private void onElsewhere(ActorRef<Command> theirs, Session session) {
        Elsewhere known = elsewhere.get(session.nodeName());
        if (known == null || known.epoch() <= session.epoch()) {
            elsewhere.put(
                    session.nodeName(),
                    new Elsewhere(theirs, session.epoch(), member.host().nanos()));
        }
        Held own = sessions.get(session.nodeName());
        if (own != null && own.epoch() != 0 && own.epoch() < session.epoch()) {
            replace(session.nodeName(), own);
        }
    }

    private void tellOthers(BetweenMasters message) {
        if (!member.isOnly()) {
            member.host().tellOthers(getContext().getSelf(), message);
        }
    }

    private void replace(String node, Held older) {
        sessions.remove(node);
        older.session().tell(new AgentSession.Replaced());
    }

    private void tellAgents() {
        AgentSession.Masters now = new AgentSession.Masters(masters.all());
        sessions.values().stream()
                .filter(held -> held.epoch() != 0)
                .forEach(held -> held.session().tell(now));
    }

    /** Again and again, since what is said may be lost, and masters come. */
    private void tellOthers() {
        long now = member.host().nanos();
        if (masters.forget(now)) {
            tellAgents();
        }
        tellOthers(new Serving(masters.own()));
        elsewhere.values().removeIf(session -> now - session.toldAt() > FORGET.toNanos());
        List<Session> held = new ArrayList<>();
        sessions.forEach((node, session) -> {
            if (session.epoch() != 0) {
                held.add(new Session(node, session.epoch()));
            }
        });
        if (!held.isEmpty()) {
            tellOthers(new Here(getContext().getSelf(), held));
        }
    }

    // ---- byte streams

    private void onOpen(Open open) {
        Held here = sessions.get(open.nodeName());
        Elsewhere there = elsewhere.get(open.nodeName());
        if (here != null) {
            here.session().tell(new AgentSession.Open(++streams, open.stream(), open.client(), open.replyTo()));
        } else if (there != null) {
            getContext().spawnAnonymous(RelayedStream.near(open, there.sessions()));
        } else {
            open.replyTo().tell(new Opened.NoSession(open.nodeName()));
        }
    }

    private void onOpenFor(OpenFor open) {
        Held here = sessions.get(open.nodeName());
        if (here == null) {
            open.near().tell(new RelayedStream.NoSession(open.nodeName()));
        } else {
            getContext().spawnAnonymous(RelayedStream.far(open, ++streams, here.session()));
        }
    }
}
