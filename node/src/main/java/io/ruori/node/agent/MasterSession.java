package io.ruori.node.agent;

import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One session with one master: connects, passes on what the master says with the session's number, and stops when the
 * session ends. A late message of an old session can so never be taken for one of the new.
 */
final class MasterSession extends AbstractBehavior<MasterSession.Command> {

    sealed interface Command {}

    private record Said(ToAgent message) implements Command {}

    private record Open(ActorRef<ToMaster> master) implements Command {}

    private record Unreachable(String why) implements Command {}

    private record MasterGone() implements Command {}

    private final long number;
    private final ActorRef<NodeAgent.Command> agent;

    private MasterSession(ActorContext<Command> context, long number, ActorRef<NodeAgent.Command> agent) {
        super(context);
        this.number = number;
        this.agent = agent;
    }

    static Behavior<Command> create(long number, String nodeName, MasterLink link, ActorRef<NodeAgent.Command> agent) {
        return Behaviors.setup(context -> {
            ActorRef<ToAgent> ears = context.messageAdapter(ToAgent.class, Said::new);
            context.pipeToSelf(
                    link.connect(context.getSystem(), nodeName, ears),
                    (master, failure) ->
                            failure == null ? new Open(master) : new Unreachable(String.valueOf(failure.getMessage())));
            return new MasterSession(context, number, agent);
        });
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Said said -> agent.tell(new NodeAgent.MasterSaid(number, said.message()));
            case Open open -> {
                getContext().watchWith(open.master(), new MasterGone());
                agent.tell(new NodeAgent.SessionOpened(number, open.master()));
            }
            case Unreachable unreachable -> {
                agent.tell(new NodeAgent.SessionLost(number, unreachable.why()));
                return Behaviors.stopped();
            }
            case MasterGone gone -> {
                agent.tell(new NodeAgent.SessionLost(number, "the master ended the session"));
                return Behaviors.stopped();
            }
        }
        return this;
    }
}
