package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.cassandra.EntityHeads.Standing;
import io.ruori.persistence.journal.JournalFault;
import io.ruori.persistence.journal.JournalFault.Fenced;
import io.ruori.persistence.journal.JournalFault.OutOfOrder;
import io.ruori.persistence.journal.JournalFault.Overloaded;
import io.ruori.persistence.journal.JournalFault.Stopped;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard's way into the journal, under one epoch. Appends queue up while a write is on its way and all go into the next, so
 * the writes grow with the load and a lone append waits for nobody. A thread of its own, which costs next to nothing, takes
 * each write through to its end before it begins another:
 *
 * <pre>
 *   check order ─▶ conditional write to the log ─▶ derived rows ─▶ listener ─▶ answers
 *                    │ no answer: unknown
 *                    ▼
 *                  read the head, serially ── next moved on ─▶ written
 *                    ├── next is where it was ─▶ ask again, under the same condition: one of both can come in, not two
 *                    └── another's epoch ─▶ whose is my place? written, or fenced
 * </pre>
 *
 * <p>While an outcome is unknown the shard waits, however long that takes; "no" is only said where it is certain.
 */
final class ShardLane {
    private static final Logger LOG = LoggerFactory.getLogger(ShardLane.class);
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final int shard;
    private final long epoch;
    private final String owner;
    private final LogTable log;
    private final DerivedRows derived;
    private final EntityHeads heads;
    private final Commits commits;
    private final CassandraSettings settings;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** Only the lane's thread changes it. */
    private volatile LogTable.Head head;

    /** The last epoch that was seen in the log. */
    private volatile long seen;

    // Guarded by this.
    private final Deque<Append> queue = new ArrayDeque<>();
    private long queuedBytes;
    private @Nullable JournalFault ended;

    /** What became of a write. */
    private enum Outcome {
        WRITTEN,
        FENCED,
        /** Written, as the last under this epoch. */
        WRITTEN_AND_FENCED,
        UNWRITABLE
    }

    /**
     * @param head as it was claimed, its derived rows complete
     */
    ShardLane(
            LogTable.Head head,
            LogTable log,
            DerivedRows derived,
            EntityHeads heads,
            Commits commits,
            CassandraSettings settings) {
        this.shard = head.shard();
        this.epoch = head.epoch();
        this.owner = head.owner();
        this.head = head;
        this.seen = head.epoch();
        this.log = log;
        this.derived = derived;
        this.heads = heads;
        this.commits = commits;
        this.settings = settings;
    }

    void start() {
        Thread.ofVirtual().name("ruori-shard-" + shard).start(this::run);
    }

    long epoch() {
        return epoch;
    }

    EntityHeads heads() {
        return heads;
    }

    /** The place after the last event that is written and told of. */
    long end() {
        return head.next();
    }

    /** Completes when the last write is through. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    synchronized boolean isLive() {
        return ended == null;
    }

    // --- what callers ask
    // -----------------------------------------------------------------------------------------------

    /** Null when it is queued, else why it is refused. */
    synchronized @Nullable JournalFault offer(Append append) {
        if (ended != null) {
            return ended;
        }
        if (queue.size() >= settings.queuedAppends() || queuedBytes + append.bytes() > settings.queuedBytes()) {
            return new Overloaded(queue.size(), queuedBytes);
        }
        queue.add(append);
        queuedBytes += append.bytes();
        notifyAll();
        return null;
    }

    /** Refuses all that is not on its way yet. What is on its way goes to its end. */
    void end(JournalFault why) {
        List<Append> refused;
        synchronized (this) {
            if (ended == null) {
                ended = why;
            }
            refused = List.copyOf(queue);
            queue.clear();
            queuedBytes = 0;
            notifyAll();
        }
        refuse(refused, why);
    }

    private void refuse(List<Append> appends, JournalFault why) {
        if (appends.isEmpty()) {
            return;
        }
        if (why instanceof Fenced) {
            commits.fenced(appends.size());
        }
        try {
            if (!(why instanceof Stopped)) {
                commits.notWritten(
                        appends.stream().flatMap(a -> a.revisions().stream()).toList());
            }
        } finally {
            appends.forEach(append -> append.done().completeExceptionally(why));
        }
    }

    // --- what its thread does
    // -------------------------------------------------------------------------------------------

    private void run() {
        List<Append> batch = List.of();
        try {
            for (batch = take(); !batch.isEmpty(); batch = take()) {
                commit(batch);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            Stopped stopped = e instanceof Stopped known ? known : commits.stop(e);
            end(stopped);
            batch.forEach(append -> append.done().completeExceptionally(stopped));
        } finally {
            finished.complete(null);
        }
    }

    /** Waits for the first append and takes all that are there, up to the limits. Empty at the end. */
    private synchronized List<Append> take() throws InterruptedException {
        while (queue.isEmpty() && ended == null) {
            wait();
        }
        List<Append> batch = new ArrayList<>();
        int events = 0;
        long bytes = 0;
        while (!queue.isEmpty() && (batch.isEmpty() || fits(events, bytes, queue.peek()))) {
            Append next = queue.remove();
            queuedBytes -= next.bytes();
            events += next.events().size();
            bytes += next.bytes();
            batch.add(next);
        }
        return batch;
    }

    private boolean fits(int events, long bytes, Append next) {
        return events + next.events().size() <= settings.batchEvents() && bytes + next.bytes() <= settings.batchBytes();
    }

    private void commit(List<Append> batch) throws InterruptedException {
        List<Append> accepted = inOrder(batch);
        if (accepted.isEmpty()) {
            return;
        }
        if (head.bytes() >= settings.bucketBytes() && !roll()) {
            fenced(accepted);
            return;
        }
        List<LogTable.Entry> entries = new ArrayList<>();
        List<DerivedRows.Item> items = new ArrayList<>();
        for (Append append : accepted) {
            for (int i = 0; i < append.events().size(); i++) {
                ObjectEvent event = append.events().get(i);
                byte[] value = append.values().get(i);
                entries.add(new LogTable.Entry(
                        head.next() + entries.size(),
                        append.object(),
                        event.revision().value(),
                        value));
                items.add(new DerivedRows.Item(event, append.object(), append.sequenceNumber() + i, value));
            }
        }
        long bytes = head.bytes() + accepted.stream().mapToLong(Append::bytes).sum();
        switch (write(entries, bytes)) {
            case WRITTEN -> written(accepted, items, bytes);
            case WRITTEN_AND_FENCED -> {
                written(accepted, items, bytes);
                fenced(List.of());
            }
            case FENCED -> fenced(accepted);
            case UNWRITABLE -> {
                accepted.forEach(append -> heads.forget(append.key()));
                refuse(accepted, new Unwritable("the database refuses it", null));
            }
        }
    }

    private void fenced(List<Append> accepted) {
        Fenced fault = new Fenced(shard, epoch, seen);
        end(fault);
        refuse(accepted, fault);
    }

    private void written(List<Append> accepted, List<DerivedRows.Item> items, long bytes) throws InterruptedException {
        derive(items);
        long first = head.next();
        long next = first + items.size();
        head = new LogTable.Head(
                shard, head.bucket(), head.epoch(), owner, head.first(), next, head.sealed(), bytes, next);
        if (isIdle()) {
            log.noteDerived(shard, head.bucket(), next);
        }
        commits.written(
                shard, first, items.stream().map(DerivedRows.Item::event).toList());
        accepted.forEach(append -> append.done().complete(null));
    }

    private synchronized boolean isIdle() {
        return queue.isEmpty();
    }

    // --- order
    // ----------------------------------------------------------------------------------------------------------

    /** Those that continue their entity's history; the others are refused. */
    private List<Append> inOrder(List<Append> batch) throws InterruptedException {
        Map<ObjectKey, Standing> standings = standings(batch);
        List<Append> accepted = new ArrayList<>();
        for (Append append : batch) {
            Standing before = standings.getOrDefault(append.key(), Standing.NEVER);
            JournalFault fault = checkOrder(append, before);
            if (fault == null) {
                accepted.add(append);
                Standing after = before.after(append);
                standings.put(append.key(), after);
                heads.moved(append.key(), after);
            } else {
                refuse(List.of(append), fault);
            }
        }
        return accepted;
    }

    private static @Nullable JournalFault checkOrder(Append append, Standing before) {
        if (append.sequenceNumber() != before.sequenceNumber() + 1) {
            return new OutOfOrder(
                    append.key(), "sequence number " + append.sequenceNumber() + " after " + before.sequenceNumber());
        }
        Revision last = before.revision();
        for (ObjectEvent event : append.events()) {
            if (!event.revision().isAfter(last)) {
                return new OutOfOrder(append.key(), "revision " + event.revision() + " after " + last);
            }
            last = event.revision();
        }
        return null;
    }

    /** Where the entities stand: known from their recovery or their last append, else read, all at once. */
    private Map<ObjectKey, Standing> standings(List<Append> batch) throws InterruptedException {
        Map<ObjectKey, Standing> standings = new HashMap<>();
        for (int attempt = 0; ; attempt++) {
            try {
                heads.find(batch.stream().map(Append::key).distinct().toList(), standings);
                return standings;
            } catch (DriverException e) {
                pause(attempt, "cannot read where its entities stand", e);
            }
        }
    }

    // --- the log
    // --------------------------------------------------------------------------------------------------------

    private Outcome write(List<LogTable.Entry> entries, long bytes) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            boolean refused = false;
            try {
                if (log.tryAppend(head, entries, bytes)) {
                    return Outcome.WRITTEN;
                }
            } catch (QueryValidationException e) {
                LOG.error("shard {}: an append is refused by the database", shard, e);
                refused = true;
            } catch (DriverException e) {
                pause(attempt, "does not know yet whether an append is written", e);
            }
            Outcome outcome = resolve(entries);
            if (outcome != null) {
                return outcome;
            }
            if (refused) {
                return Outcome.UNWRITABLE;
            }
        }
    }

    /** What became of a write that was not confirmed; null: it is not there, and may be asked for again. */
    private @Nullable Outcome resolve(List<LogTable.Entry> entries) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                LogTable.Head now = log.serially(shard, head.bucket());
                if (now == null) {
                    throw new IllegalStateException("the log of shard " + shard + " is gone");
                }
                seen = Math.max(seen, now.epoch());
                if (now.epoch() == epoch && !now.sealed()) {
                    if (now.next() == head.next()) {
                        return null;
                    }
                    if (now.next() == head.next() + entries.size()) {
                        return Outcome.WRITTEN;
                    }
                    throw new IllegalStateException("shard " + shard + " has " + now + " where " + head + " was left");
                }
                boolean mine = log.epochOf(shard, head.bucket(), head.next()) == epoch;
                return mine ? Outcome.WRITTEN_AND_FENCED : Outcome.FENCED;
            } catch (DriverException e) {
                pause(attempt, "does not know yet whether an append is written", e);
            }
        }
    }

    /** Seals the bucket and begins the next. False when the shard is another's by now. */
    private boolean roll() throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                log.trySeal(head);
                LogTable.Head old = log.serially(shard, head.bucket());
                if (old == null || old.epoch() != epoch) {
                    return false;
                }
                if (!old.sealed()) {
                    continue;
                }
                log.begin(shard, head.bucket() + 1, epoch, owner, head.next());
                LogTable.Head fresh = log.serially(shard, head.bucket() + 1);
                if (fresh != null) {
                    seen = Math.max(seen, fresh.epoch());
                    head = fresh;
                    return fresh.epoch() == epoch;
                }
            } catch (DriverException e) {
                pause(attempt, "does not know yet whether its log was rolled", e);
            }
        }
    }

    private void derive(List<DerivedRows.Item> items) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                derived.write(items).get();
                return;
            } catch (ExecutionException e) {
                pause(attempt, "cannot write what is derived from its log", e);
            }
        }
    }

    /** Between two attempts. Fails with {@link Stopped} once the journal is closed. */
    private void pause(int attempt, String what, Throwable why) throws InterruptedException {
        Stopped stopped = commits.stopped();
        if (stopped != null) {
            throw stopped;
        }
        LOG.warn("shard {} {}: {}", shard, what, String.valueOf(why.getMessage()));
        Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10)));
    }
}
