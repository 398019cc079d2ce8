package io.ruori.agent;

import org.apache.pekko.actor.typed.ActorRef;

/** The door of a master that agents of the same process knock at. Agents of other machines come by a WebSocket instead. */
public interface AgentGate {
    /** How many bytes of a stream may be under way in one direction before the receiver has granted more. */
    int STREAM_WINDOW = 256 * 1024;

    /**
     * Opens a session. A refusal is a {@link ToAgent.Refused} to the agent and no reply.
     *
     * @param agent what the master's side of the session talks to; one such reference is one session
     */
    record Connect(String nodeName, ActorRef<ToAgent> agent, ActorRef<Connected> replyTo) {}

    /**
     * @param master the session; its end is the end of this reference (the agent watches it and connects again)
     */
    record Connected(ActorRef<ToMaster> master) {}
}
