package io.ruori.node.agent;

import io.ruori.agent.AgentFrames;
import io.ruori.agent.ToAgent;
import io.ruori.agent.ToMaster;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.util.ByteString;

/** The agent's end of one WebSocket, as a reference: what it is told goes out as a frame, and it ends with the socket. */
final class SocketSession {
    private SocketSession() {}

    /** Not for the wire: the socket or the agent is gone. */
    private static final ToMaster CLOSED = new ToMaster.StreamEnded(-1, -1, "the connection is closed");

    static Behavior<ToMaster> create(
            AgentFrames frames,
            BoundedSourceQueue<Message> out,
            CompletionStage<Done> closed,
            ActorRef<ToAgent> agent) {
        return Behaviors.setup(context -> {
            context.watchWith(agent, CLOSED);
            context.pipeToSelf(closed, (done, failure) -> CLOSED);
            return Behaviors.receive(ToMaster.class)
                    .onMessage(ToMaster.class, message -> {
                        if (message.equals(CLOSED)) {
                            return Behaviors.stopped();
                        }
                        QueueOfferResult taken =
                                out.offer(BinaryMessage.create(ByteString.fromArrayUnsafe(frames.encode(message))));
                        if (taken.isEnqueued()) {
                            return Behaviors.same();
                        }
                        context.getLog()
                                .warn("the session with the master ends: what is said is not taken ({})", taken);
                        return Behaviors.stopped();
                    })
                    .onSignal(PostStop.class, stop -> {
                        close(out);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    /** Completing twice is an error of the queue's. */
    static void close(BoundedSourceQueue<?> out) {
        if (!out.isCompleted()) {
            out.complete();
        }
    }
}
