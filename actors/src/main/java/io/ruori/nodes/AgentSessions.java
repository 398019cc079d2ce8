package io.ruori.nodes;

import io.ruori.agent.AgentGate;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import io.ruori.api.User;
import io.ruori.entity.EventRecorder;
import io.ruori.entity.Member;
import io.ruori.entity.ObjectDoor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** The sessions of this master, at most one a node: a newer one replaces the older, which is told to stop talking. */
public final class AgentSessions extends AbstractBehavior<AgentSessions.Command> {

    /** What can be asked of the sessions. */
    public sealed interface Command {}

    /** An agent knocks; see {@link AgentGate.Connect}. */
    public record Connect(AgentGate.Connect request) implements Command {}

    /**
     * Opens a byte stream to a Pod of a node.
     *
     * @param client gets the stream's frames, and {@link ToMaster.StreamEnded} at its end or when the node is not connected
     * @param replyTo gets the way back
     */
    public record Open(String nodeName, ToAgent.Stream stream, ActorRef<ToMaster> client, ActorRef<Opened> replyTo)
            implements Command {}

    private record Ended(String nodeName, ActorRef<?> session) implements Command {}

    /** A byte stream towards an agent. */
    public sealed interface Opened {
        /**
         * @param agent takes {@link ToAgent.StreamData}, {@link ToAgent.StreamHalfClosed}, {@link ToAgent.StreamClosed} and
         *     {@link ToAgent.StreamCredit} with this id
         */
        record To(long streamId, ActorRef<ToAgent> agent) implements Opened {}

        /** The node's agent is not connected to this master. */
        record NoSession(String nodeName) implements Opened {}
    }

    private final Member member;
    private final ObjectDoor door;
    private final EventRecorder events;
    private final ActorRef<NodeMonitor.Command> monitor;
    private final Map<String, ActorRef<AgentSession.Command>> sessions = new HashMap<>();
    private long streams;

    private AgentSessions(
            ActorContext<Command> context,
            Member member,
            ObjectDoor door,
            EventRecorder events,
            ActorRef<NodeMonitor.Command> monitor) {
        super(context);
        this.member = member;
        this.door = door;
        this.events = events;
        this.monitor = monitor;
    }

    public static Behavior<Command> create(
            Member member, ObjectDoor door, EventRecorder events, ActorRef<NodeMonitor.Command> monitor) {
        return Behaviors.setup(context -> new AgentSessions(context, member, door, events, monitor));
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
            case Ended ended -> sessions.remove(ended.nodeName(), ended.session());
        }
        return this;
    }

    private void onConnect(AgentGate.Connect request) {
        String node = request.nodeName();
        ActorRef<AgentSession.Command> older = sessions.get(node);
        if (older != null) {
            older.tell(new AgentSession.Replaced());
        }
        ActorRef<AgentSession.Command> session =
                getContext().spawnAnonymous(AgentSession.create(node, request.agent(), member, door, events, monitor));
        sessions.put(node, session);
        getContext().watchWith(session, new Ended(node, session));
        session.tell(new AgentSession.Start(request.replyTo()));
    }

    private void onOpen(Open open) {
        @Nullable ActorRef<AgentSession.Command> session = sessions.get(open.nodeName());
        if (session == null) {
            open.replyTo().tell(new Opened.NoSession(open.nodeName()));
        } else {
            session.tell(new AgentSession.Open(++streams, open.stream(), open.client(), open.replyTo()));
        }
    }
}
