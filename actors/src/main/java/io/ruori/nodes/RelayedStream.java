package io.ruori.nodes;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One end of a byte stream between two masters.
 *
 * <pre>
 *   client ◀──▶ near ◀── numbered frames ──▶ far ◀──▶ session ◀──▶ agent
 *        one master                                another
 * </pre>
 *
 * Credit travels as any other frame, so client and agent pace each other as if they were at one master. Messages between
 * masters may be lost: a gap in the numbers is the end of the stream, with an error, and so is the end of the other end.
 */
public final class RelayedStream extends AbstractBehavior<RelayedStream.Message> {
    private static final Duration OPENS = Duration.ofSeconds(8);

    /** How long the far end waits for the near one to hear the last frame and to end. */
    private static final Duration ENDS = Duration.ofSeconds(5);

    private static final AgentFrames FRAMES = AgentFrames.withoutKinds();

    /** What the ends hear. */
    public sealed interface Message {}

    /** What they say to each other. */
    public sealed interface BetweenMasters extends Message {}

    /** The far end is there, and the agent was told. */
    public record Ready(long streamId, ActorRef<Message> far) implements BetweenMasters {}

    /** The node has no session there. */
    public record NoSession(String nodeName) implements BetweenMasters {}

    /**
     * @param number from 0 in each direction
     * @param frame as {@link AgentFrames} has it: to the far end a {@link ToAgent}, to the near one a {@link ToMaster}
     */
    public record Frame(long number, byte[] frame) implements BetweenMasters {}

    private record FromClient(ToAgent frame) implements Message {}

    private record FromSession(ToMaster frame) implements Message {}

    private record Opened(AgentSessions.Opened answer) implements Message {}

    private enum End implements Message {
        /** Nobody listens any longer. */
        CLIENT_GONE,
        OTHER_END_GONE,
        SESSION_GONE,
        TIMEOUT
    }

    private final String nodeName;
    private final TimerScheduler<Message> timers;
    private final Side side;
    private @Nullable ActorRef<Message> other;
    private long streamId = -1;
    private long sent;
    private long received;

    /** What is on this end's own master. */
    private sealed interface Side {
        record Near(ActorRef<ToMaster> client, ActorRef<AgentSessions.Opened> asker) implements Side {}

        final class Far implements Side {
            private @Nullable ActorRef<ToAgent> agent;
        }
    }

    private RelayedStream(ActorContext<Message> context, TimerScheduler<Message> timers, String nodeName, Side side) {
        super(context);
        this.timers = timers;
        this.nodeName = nodeName;
        this.side = side;
    }

    /**
     * @param sessions of the master that has the node's session
     */
    static Behavior<Message> near(AgentSessions.Open open, ActorRef<AgentSessions.Command> sessions) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(End.TIMEOUT, OPENS);
            context.watchWith(open.client(), End.CLIENT_GONE);
            sessions.tell(new AgentSessions.OpenFor(open.nodeName(), open.stream(), context.getSelf()));
            return new RelayedStream(context, timers, open.nodeName(), new Side.Near(open.client(), open.replyTo()));
        }));
    }

    static Behavior<Message> far(AgentSessions.OpenFor open, long streamId, ActorRef<AgentSession.Command> session) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            RelayedStream far = new RelayedStream(context, timers, open.nodeName(), new Side.Far());
            far.other = open.near();
            context.watchWith(open.near(), End.OTHER_END_GONE);
            context.watchWith(session, End.SESSION_GONE);
            session.tell(new AgentSession.Open(
                    streamId,
                    open.stream(),
                    context.messageAdapter(ToMaster.class, FromSession::new),
                    context.messageAdapter(AgentSessions.Opened.class, Opened::new)));
            return far;
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Message> on(Message message) {
        return switch (side) {
            case Side.Near near -> onNear(near, message);
            case Side.Far far -> onFar(far, message);
        };
    }

    // ---- near

    private Behavior<Message> onNear(Side.Near near, Message message) {
        return switch (message) {
            case Ready ready -> {
                timers.cancel(End.TIMEOUT);
                other = ready.far();
                streamId = ready.streamId();
                getContext().watchWith(ready.far(), End.OTHER_END_GONE);
                ActorRef<ToAgent> way = getContext().messageAdapter(ToAgent.class, FromClient::new);
                near.asker().tell(new AgentSessions.Opened.To(streamId, way));
                yield this;
            }
            case NoSession none -> notOpened(near);
            case Frame frame -> fromFar(near, frame);
            case FromClient from -> {
                pass(FRAMES.encode(from.frame()));
                yield this;
            }
            case End end -> ended(near, end);
            case Opened far -> this;
            case FromSession far -> this;
        };
    }

    private Behavior<Message> notOpened(Side.Near near) {
        near.asker().tell(new AgentSessions.Opened.NoSession(nodeName));
        return Behaviors.stopped();
    }

    private Behavior<Message> fromFar(Side.Near near, Frame frame) {
        if (frame.number() != received++) {
            return fail(near, "a part of the stream was lost between masters");
        }
        ToMaster said = FRAMES.toMaster(frame.frame());
        near.client().tell(said);
        return said instanceof ToMaster.StreamEnded ? Behaviors.stopped() : this;
    }

    private Behavior<Message> ended(Side.Near near, End end) {
        return switch (end) {
            case CLIENT_GONE -> Behaviors.stopped();
            case OTHER_END_GONE, SESSION_GONE ->
                fail(near, "the master that node " + nodeName + " was connected to is gone");
            case TIMEOUT -> notOpened(near);
        };
    }

    private Behavior<Message> fail(Side.Near near, String why) {
        near.client().tell(new ToMaster.StreamEnded(streamId, -1, why));
        return Behaviors.stopped();
    }

    // ---- far: its session learns by its end that nobody listens, and tells the agent

    private Behavior<Message> onFar(Side.Far far, Message message) {
        return switch (message) {
            case Opened opened -> opened(far, opened.answer());
            case FromSession from -> {
                pass(FRAMES.encode(from.frame()));
                if (from.frame() instanceof ToMaster.StreamEnded) {
                    // The end of an actor may be heard before what it said last, so the near one ends first.
                    timers.startSingleTimer(End.TIMEOUT, ENDS);
                }
                yield this;
            }
            case Frame frame -> fromNear(far, frame);
            case End end -> ended(far, end);
            case Ready near -> this;
            case NoSession near -> this;
            case FromClient near -> this;
        };
    }

    private Behavior<Message> opened(Side.Far far, AgentSessions.Opened answer) {
        switch (answer) {
            case AgentSessions.Opened.To to -> {
                far.agent = to.agent();
                streamId = to.streamId();
                tellOther(new Ready(streamId, getContext().getSelf()));
            }
            case AgentSessions.Opened.NoSession none -> tellOther(new NoSession(nodeName));
        }
        return this;
    }

    private Behavior<Message> fromNear(Side.Far far, Frame frame) {
        if (frame.number() != received++) {
            pass(FRAMES.encode(
                    new ToMaster.StreamEnded(streamId, -1, "a part of the stream was lost between masters")));
            return Behaviors.stopped();
        }
        if (far.agent != null) {
            far.agent.tell(FRAMES.toAgent(frame.frame()));
        }
        return this;
    }

    private Behavior<Message> ended(Side.Far far, End end) {
        if (end != End.SESSION_GONE) {
            return Behaviors.stopped();
        }
        if (far.agent == null) {
            tellOther(new NoSession(nodeName));
            return Behaviors.stopped();
        }
        return this; // its last word was, or will be, that the stream has ended
    }

    // ---- both

    private void pass(byte[] frame) {
        tellOther(new Frame(sent++, frame));
    }

    private void tellOther(Message message) {
        if (other != null) {
            other.tell(message);
        }
    }
}
