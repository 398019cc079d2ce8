package io.ruori.nodes;

import io.ruori.entity.Member;
import io.ruori.entity.Share;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * The actors that do on other masters what one does here. They have the same path, so where the masters are is all that must
 * be known; what is said may be lost. Of the only master there is nobody is ever looked for.
 */
final class Others<M> {
    private final ActorContext<M> context;
    private final @Nullable Cluster cluster;

    Others(ActorContext<M> context, Member member) {
        this.context = context;
        this.cluster = member.share().equals(Share.ALL) ? null : Cluster.get(context.getSystem());
    }

    /** Whether there may be others at all. */
    boolean possible() {
        return cluster != null;
    }

    /** Where they are now. */
    Set<Address> addresses() {
        Set<Address> found = new HashSet<>();
        if (cluster != null) {
            for (org.apache.pekko.cluster.Member member : cluster.state().getMembers()) {
                if (talks(member.status())) {
                    found.add(member.address());
                }
            }
            found.remove(cluster.selfMember().address());
        }
        return found;
    }

    private static boolean talks(MemberStatus status) {
        return status.equals(MemberStatus.up())
                || status.equals(MemberStatus.weaklyUp())
                || status.equals(MemberStatus.leaving());
    }

    void tell(M message) {
        String path = context.getSelf().path().toStringWithoutAddress();
        for (Address address : addresses()) {
            Adapter.toClassic(context).actorSelection(address + path).tell(message, ActorRef.noSender());
        }
    }
}
