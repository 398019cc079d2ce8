package io.ruori.members;

import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.view.CommitFeed;
import io.ruori.view.Horizon;
import io.ruori.view.Revisions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** One member's side of the conversation with the others: what its journal, its view and its start have to do with it. */
public final class MemberLink implements Horizon {
    private static final int BYTES_AT_ONCE = 1 << 20;

    private final Session self;
    private final Post post;
    private final SharedJournal journal;
    private final Revisions revisions;
    private final Incoming incoming;
    private final Outgoing outgoing;
    private final Listener listener;
    private final CompletableFuture<Done> counts = new CompletableFuture<>();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private volatile @Nullable ActorRef<Members.Command> members;

    private record Waiting(Revision revision, CompletableFuture<Done> done) {}

    /** What follows for this member from what it hears. */
    public interface Listener {
        /** The {@linkplain Horizon#closed closed revision} may have moved. */
        void closedAdvanced();

        /**
         * Another session ended; nobody must wait for it.
         *
         * @param isFollowed whether another session counts already where it was
         */
        void ended(Session session, boolean isFollowed);

        /** This session must end. */
        void over(String what, Throwable why);
    }

    /**
     * @param shards how many shards there are
     * @param view hears of every event of every member once
     */
    public MemberLink(
            Session self,
            Post post,
            SharedJournal journal,
            Revisions revisions,
            int shards,
            CommitFeed view,
            Listener listener) {
        this.self = self;
        this.post = post;
        this.journal = journal;
        this.revisions = revisions;
        this.incoming = new Incoming(shards, view);
        this.outgoing = new Outgoing(self, revisions, BYTES_AT_ONCE);
        this.listener = listener;
    }

    /**
     * Begins to talk. The stage completes when all active members count this one: only then may it issue revisions.
     *
     * @param silent how long another may not be heard before it is ended
     */
    public CompletionStage<Done> start(Duration silent) {
        members = post.open(Members.create(this, silent));
        return counts;
    }

    /** A commit of this member, before its revisions are settled. */
    public void written(int shard, long first, List<ObjectEvent> events) {
        ShardLog piece = new ShardLog(shard, first, events);
        incoming.known(piece);
        outgoing.written(piece);
        revisions.settleWritten(events);
    }

    /** This member's session has ended in order: nobody needs to wait for the next reading of the roster. */
    public void left() {
        ActorRef<Members.Command> actor = members;
        if (actor != null) {
            actor.tell(new Members.Left());
        }
    }

    /** This member cannot go on. The others are told, so that they need not find out by its silence, and it ends. */
    public void giveUp(String what, Throwable why) {
        ActorRef<Members.Command> actor = members;
        if (actor != null) {
            actor.tell(new Members.GiveUp(what, why));
        } else {
            listener.over(what, why);
        }
    }

    /** This member's clock goes on from what the journal has. */
    public void heard(Revision journaled) {
        revisions.heard(journaled);
    }

    /** Something of this member's own was settled. */
    public void settled() {
        ActorRef<Members.Command> actor = members;
        if (actor != null && announcing.compareAndSet(false, true)) {
            actor.tell(new Members.Announce());
        }
    }

    @Override
    public Revision closed() {
        Revision others = incoming.closed();
        Revision own = revisions.closed();
        return own.isAfter(others) ? others : own;
    }

    @Override
    public CompletionStage<Revision> lastWritten() {
        return sample().thenApply(Sampled::lastWritten);
    }

    /** Not below any revision that is in flight anywhere. */
    public CompletionStage<Revision> clocks() {
        return sample().thenApply(Sampled::clock);
    }

    private CompletionStage<Sampled> sample() {
        CompletableFuture<Sampled> asker = new CompletableFuture<>();
        ActorRef<Members.Command> actor = members;
        if (actor == null) {
            asker.completeExceptionally(new IllegalStateException("the members do not talk yet"));
        } else {
            actor.tell(new Members.Read(asker));
        }
        return asker;
    }

    /** Completes once everything up to a revision is closed everywhere and known here. */
    public CompletionStage<Done> closedPast(Revision revision) {
        Waiting waiter = new Waiting(revision, new CompletableFuture<>());
        waiting.add(waiter);
        serveWaiting();
        return waiter.done();
    }

    /** The closed revision may have moved. */
    void closedAdvanced() {
        serveWaiting();
        listener.closedAdvanced();
    }

    private void serveWaiting() {
        if (waiting.isEmpty()) {
            return;
        }
        Revision now = closed();
        waiting.removeIf(waiter -> {
            boolean served = !waiter.revision().isAfter(now);
            if (served) {
                waiter.done().complete(Done.getInstance());
            }
            return served;
        });
    }

    public Session self() {
        return self;
    }

    public Incoming incoming() {
        return incoming;
    }

    Post post() {
        return post;
    }

    SharedJournal journal() {
        return journal;
    }

    Revisions revisions() {
        return revisions;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    Listener listener() {
        return listener;
    }

    CompletableFuture<Done> counts() {
        return counts;
    }

    /** From here on, what is settled has to be announced again. */
    void announces() {
        announcing.set(false);
    }
}
