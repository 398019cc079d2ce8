package io.ruori.persistence.cassandra;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.Sharding;
import io.ruori.members.Session;
import io.ruori.members.SessionEnded;
import io.ruori.members.ShardHead;
import io.ruori.persistence.journal.Envelope;
import io.ruori.persistence.journal.JournalFault;
import io.ruori.persistence.journal.JournalFault.Fenced;
import io.ruori.persistence.journal.JournalFault.Unreadable;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The shards this member holds, and how it comes to hold one. What blocks runs on threads of its own kind, never on a
 * dispatcher's.
 */
final class ShardLanes {
    /** How many events are derived again at once. */
    private static final int DERIVED_AT_ONCE = 500;

    private final Cql cql;
    private final LogTable log;
    private final DerivedRows derived;
    private final RosterTable roster;
    private final RecordCodec codec;
    private final Commits commits;
    private final CassandraSettings settings;
    private final List<Place> places = new ArrayList<>();

    /** One shard's lane, while there is one. */
    private static final class Place {
        /** One claim at a time. */
        final ReentrantLock claiming = new ReentrantLock();

        /** The last one, which may have ended. */
        volatile @Nullable ShardLane last;

        /** Completes with the next claim, and is replaced then. */
        volatile CompletableFuture<ShardLane> next = new CompletableFuture<>();

        @Nullable
        ShardLane held() {
            ShardLane known = last;
            return known != null && known.isLive() ? known : null;
        }

        void begin(ShardLane lane) {
            CompletableFuture<ShardLane> awaited = next;
            next = new CompletableFuture<>();
            last = lane;
            awaited.complete(lane);
        }

        /** A claim is coming: who asks from now on waits for it. */
        void expect() {
            if (next.isCompletedExceptionally()) {
                next = new CompletableFuture<>();
            }
        }

        /** No claim is coming until one is expected. */
        void leave(int shard) {
            Unreadable gone = new Unreadable("shard " + shard + " goes to another member", null);
            CompletableFuture<ShardLane> awaited = next;
            next = CompletableFuture.failedFuture(gone);
            awaited.completeExceptionally(gone);
        }

        CompletableFuture<ShardLane> heldOrNext() {
            CompletableFuture<ShardLane> awaited = next; // before the look: a claim in between completes it
            ShardLane held = held();
            return held != null ? CompletableFuture.completedFuture(held) : awaited;
        }
    }

    ShardLanes(
            Cql cql,
            LogTable log,
            DerivedRows derived,
            RosterTable roster,
            RecordCodec codec,
            Commits commits,
            CassandraSettings settings) {
        this.cql = cql;
        this.log = log;
        this.derived = derived;
        this.roster = roster;
        this.codec = codec;
        this.commits = commits;
        this.settings = settings;
        for (int shard = 0; shard < settings.shards(); shard++) {
            places.add(new Place());
        }
    }

    private int shardOf(ObjectKey key) {
        return Sharding.shardOf(key.entityId(), settings.shards());
    }

    private static ShardHead shown(LogTable.Head head) {
        return new ShardHead(head.shard(), head.epoch(), head.owner(), head.next());
    }

    // --- appends and recoveries
    // ---------------------------------------------------------------------------------------

    CompletableFuture<Void> append(ObjectKey key, long sequenceNumber, List<ObjectEvent> events) {
        List<Revision> revisions = events.stream().map(ObjectEvent::revision).toList();
        int shard = shardOf(key);
        JournalFault stopped = commits.stopped();
        if (stopped != null) {
            return CompletableFuture.failedFuture(stopped);
        }
        ShardLane lane = places.get(shard).held();
        if (lane == null) {
            commits.fenced(1);
            return refuse(revisions, new Fenced(shard, 0, 0));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        JournalFault fault;
        try {
            fault = lane.offer(Append.of(codec, lane.epoch(), key, sequenceNumber, events, done));
        } catch (RuntimeException e) {
            fault = new Unwritable(key + ": " + e.getMessage(), e);
        }
        return fault == null ? done : refuse(revisions, fault);
    }

    CompletableFuture<Void> refuse(List<Revision> revisions, JournalFault why) {
        try {
            commits.notWritten(revisions);
            return CompletableFuture.failedFuture(why);
        } catch (JournalFault.Stopped e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Waits until an entity's shard is claimed: before, what is read of it may still change. Fails with {@link Unreadable}. */
    EntityHeads awaitClaim(ObjectKey key) {
        int shard = shardOf(key);
        try {
            return places.get(shard)
                    .heldOrNext()
                    .get(settings.claimPatience().toMillis(), TimeUnit.MILLISECONDS)
                    .heads();
        } catch (TimeoutException e) {
            throw new Unreadable(
                    key + " cannot be recovered: this member did not claim shard " + shard + " within "
                            + settings.claimPatience(),
                    e);
        } catch (ExecutionException e) {
            throw new Unreadable(key + " cannot be recovered: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable(key + " cannot be recovered: interrupted", e);
        }
    }

    // --- claims
    // ---------------------------------------------------------------------------------------------------------

    boolean holds(int shard) {
        return places.get(shard).held() != null;
    }

    /**
     * Blocks until the shard is this session's. Fails with {@link SessionEnded}, or the driver's exception; may be repeated.
     */
    ShardHead claim(int shard, Session session) {
        Place place = places.get(shard);
        place.expect();
        place.claiming.lock();
        try {
            ShardLane lane = place.held();
            if (lane != null) {
                LogTable.Head now = log.head(shard);
                if (now != null && now.epoch() == lane.epoch()) {
                    return new ShardHead(shard, lane.epoch(), session.id(), lane.end());
                }
                lane.end(new Fenced(shard, lane.epoch(), now == null ? 0 : now.epoch()));
            }
            drain(place);
            roster.requireActive(session);
            LogTable.Head head = take(shard, session.id());
            // Whoever fences this session looks at the heads after marking it, so it has seen this one, or we see the
            // mark.
            roster.requireActive(session);
            derive(head);
            begin(place, head);
            return shown(head);
        } finally {
            place.claiming.unlock();
        }
    }

    private LogTable.Head take(int shard, String owner) {
        LogTable.Head head = log.head(shard);
        long wanted = head == null ? 1 : head.epoch() + 1;
        while (head == null || head.epoch() < wanted || !head.owner().equals(owner)) {
            log.tryTake(shard, head, owner);
            head = log.head(shard);
        }
        return head;
    }

    private void begin(Place place, LogTable.Head head) {
        ShardLane lane = new ShardLane(head, log, derived, new EntityHeads(cql), commits, settings);
        lane.start();
        place.begin(lane);
    }

    /** Waits until the last write of the lane before is through. */
    private static void drain(Place place) {
        ShardLane before = place.last;
        if (before != null) {
            before.finished().join();
        }
    }

    void release(int shard) {
        Place place = places.get(shard);
        ShardLane lane = place.held();
        if (lane != null) {
            lane.end(new Fenced(shard, 0, lane.epoch()));
        }
        place.leave(shard);
    }

    /** Lets what is on its way go to its end, if the database answers, and refuses the rest. */
    void close(JournalFault why) {
        for (Place place : places) {
            ShardLane lane = place.last;
            if (lane != null) {
                lane.end(why);
            }
            place.next.completeExceptionally(why);
        }
    }

    // --- heads of others
    // ------------------------------------------------------------------------------------------------

    /** A shard's head, with all before its end in the past. Blocks; fails with the driver's exception. */
    ShardHead head(int shard) {
        LogTable.Head head = log.head(shard);
        if (head == null) {
            return new ShardHead(shard, 0, "", 0);
        }
        derive(head);
        return shown(head);
    }

    /** Raises the epoch of a shard that a session still holds. */
    ShardHead seal(int shard, Session fenced) {
        LogTable.Head head = log.head(shard);
        while (head != null && head.owner().equals(fenced.id())) {
            log.tryTake(shard, head, "");
            head = log.head(shard);
        }
        return head(shard);
    }

    /** Writes again what is derived from the end of a log, as far as it may be missing. */
    private void derive(LogTable.Head head) {
        long from = head.derived();
        while (from < head.next()) {
            int limit = (int) Math.min(DERIVED_AT_ONCE, head.next() - from);
            List<LogTable.Entry> entries = log.read(head.shard(), from, limit);
            if (entries.isEmpty() || entries.getFirst().place() != from) {
                throw new Unreadable(
                        "the log of shard " + head.shard() + " has no event at " + from + ", and ends at "
                                + head.next(),
                        null);
            }
            derive(entries);
            from += entries.size();
        }
        if (head.derived() < head.next()) {
            log.noteDerived(head.shard(), head.bucket(), head.next());
        }
    }

    private void derive(List<LogTable.Entry> entries) {
        List<DerivedRows.Item> items = new ArrayList<>();
        for (LogTable.Entry entry : entries) {
            Envelope.Entry decoded = decode(entry);
            items.add(new DerivedRows.Item(decoded.event(), entry.object(), decoded.sequenceNumber(), entry.value()));
        }
        Cql.await(derived.write(items));
    }

    /** Events of a log, in order; what is derived from them is there too. */
    List<ObjectEvent> read(int shard, long from, int limit) {
        List<LogTable.Entry> entries = log.read(shard, from, limit);
        LogTable.Head head = entries.isEmpty() ? null : log.head(shard);
        if (head != null && entries.getLast().place() >= head.derived()) {
            derive(head);
        }
        return entries.stream().map(entry -> decode(entry).event()).toList();
    }

    private Envelope.Entry decode(LogTable.Entry entry) {
        return codec.decode(entry.object(), new Revision(entry.revision()), entry.value());
    }
}
