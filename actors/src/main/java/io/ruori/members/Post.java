package io.ruori.members;

import java.time.InstantSource;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** Carries what members say to each other, and tells the time. What is sent may be lost, come twice, or in another order. */
public interface Post extends InstantSource {
    /** Starts the actor that speaks for this member and that hears what is sent to its address. */
    ActorRef<Members.Command> open(Behavior<Members.Command> members);

    /**
     * @param address of a {@linkplain Session#address session}
     */
    void send(String address, MemberMessage message);

    /** A clock that nobody sets. */
    long nanos();
}
