package io.ruori.members;

import io.ruori.api.Revision;
import io.ruori.entity.Journal;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A journal that several members write to, and the register of who they are. Besides what a {@link Journal} promises:
 *
 * <ul>
 *   <li>Every shard has a log. An append takes the next places of it, and only under the shard's present epoch.
 *   <li>An append is told ({@link io.ruori.entity.CommitListener}) and answered when it is in the log <em>and</em> in
 *       everything that is derived from it, so whoever has heard of an event finds it in the past.
 *   <li>Changes of the roster and claims are compare-and-set; what is read of them is what was last written anywhere.
 * </ul>
 *
 * <p>All stages fail with the cause where the store does not answer in time. What was asked for may have happened then, and
 * may be asked for again: every operation here leads to the same end when it is repeated.
 */
public interface SharedJournal extends Journal {

    /**
     * Takes a free slot for a new session; the first step of a member's life. The {@linkplain #clockCeiling
     * ceiling} is that of the slot from then on.
     *
     * @param address where the member's actor system is reached
     */
    CompletionStage<Session> join(String address);

    CompletionStage<Roster> roster();

    /** Ends somebody else's session. Completes when it is fenced or has left, by whomever. */
    CompletionStage<Void> fence(Session session);

    /** Ends this member's own session in order; its shards must have been handed over. */
    CompletionStage<Void> leave();

    /** Every shard there is, as it is now. */
    CompletionStage<List<ShardHead>> shards();

    /**
     * Claims a shard for this member's session. Nothing more is appended under an earlier epoch from then on, and what is
     * derived from the log is complete.
     */
    CompletionStage<ShardHead> claim(int shard);

    /** Forgets a claim of this session: appends are refused at once, without asking the store. */
    void release(int shard);

    /** How many appends of this member were refused since it started because a shard is another's. */
    long fencedAppends();

    /** Whether this session holds a shard's epoch, as far as it knows. */
    boolean holds(int shard);

    /**
     * Takes a shard from a session that is fenced, if it still holds it. When the stage completes that session appends nothing
     * more there, and everything before the end is in the log and in the past.
     */
    CompletionStage<ShardHead> seal(int shard, Session fenced);

    /**
     * Reads on in a shard's log.
     *
     * @param from the place of the first event
     * @param limit the most events to read; fewer are read where the log ends
     */
    CompletionStage<ShardLog> log(int shard, long from, int limit);

    /** Fails with {@link SessionEnded} when this session was fenced: a member that hears so must end. */
    @Override
    CompletionStage<Revision> raiseClockCeiling(Revision ceiling);
}
