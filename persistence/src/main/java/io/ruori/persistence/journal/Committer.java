package io.ruori.persistence.journal;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.persistence.format.ByteReader;
import io.ruori.persistence.format.ByteWriter;
import io.ruori.persistence.journal.Database.Family;
import io.ruori.persistence.journal.JournalFault.Fenced;
import io.ruori.persistence.journal.JournalFault.OutOfOrder;
import io.ruori.persistence.journal.JournalFault.Overloaded;
import io.ruori.persistence.journal.JournalFault.Stopped;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The one writer. Appends queue up while a batch is being synced and all go into the next, so the batches grow with the load
 * and a lone append waits for nobody; there is no timer. Being alone, it can check epochs and sequence numbers against
 * memory and the last batch, and nothing can come in between.
 *
 * <p>After a write that failed the journal stops: whether the disk has the batch is not known, and a later sync that succeeds
 * would say nothing about an earlier one.
 */
final class Committer {
    private static final byte HAS_NOTES = 1;
    private static final byte IS_DELETION = 2;

    private final Database database;
    private final SecretKeys secrets;
    private final JournalOptions options;
    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger queuedAppends = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Thread thread;
    private final long[] epochs;
    private long clockCeiling;
    private volatile @Nullable Stopped stopped;
    private volatile CommitListener listener = Silent.LISTENER;
    private volatile Consumer<KindName> counter = kind -> {};

    Committer(Database database, SecretKeys secrets, JournalOptions options) throws RocksDBException {
        this.database = database;
        this.secrets = secrets;
        this.options = options;
        this.epochs = new long[options.shards()];
        for (int shard = 0; shard < epochs.length; shard++) {
            byte[] stored = database.get(Family.META, Meta.epoch(shard));
            epochs[shard] = stored == null ? 0 : new ByteReader(stored).i64();
        }
        byte[] ceiling = database.get(Family.META, Meta.CLOCK_CEILING);
        this.clockCeiling = ceiling == null ? 0 : new ByteReader(ceiling).i64();
        this.thread = Thread.ofPlatform().name("ruori-journal").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void setListener(CommitListener newListener) {
        listener = newListener;
    }

    // --- what callers ask, on their own threads
    // -------------------------------------------------------------------------

    CompletableFuture<Void> append(
            JournalSession session, ObjectKey key, long sequenceNumber, List<ObjectEvent> events) {
        int shard = Sharding.shardOf(key.entityId(), epochs.length);
        long epoch = session.held(shard);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Append append;
        try {
            append = encode(session, shard, epoch, key, sequenceNumber, events, done);
        } catch (RuntimeException e) {
            return enqueue(new Refusal(revisions(events), done, new Unwritable(key + ": " + e.getMessage(), e)));
        }
        int appends = queuedAppends.incrementAndGet();
        long bytes = queuedBytes.addAndGet(append.bytes());
        if (appends > options.queuedAppends() || bytes > options.queuedBytes()) {
            queuedAppends.decrementAndGet();
            queuedBytes.addAndGet(-append.bytes());
            return enqueue(new Refusal(revisions(events), done, new Overloaded(appends, bytes)));
        }
        return enqueue(append);
    }

    /** Settles revisions of events that never became an append. */
    CompletableFuture<Void> refuse(List<Revision> revisions, String why) {
        return enqueue(new Refusal(revisions, new CompletableFuture<>(), new Unwritable(why, null)));
    }

    CompletableFuture<List<Long>> claim(JournalSession session, List<Integer> shards) {
        return enqueue(new Claim(session, shards, new CompletableFuture<>()));
    }

    CompletableFuture<Revision> raiseClockCeiling(Revision ceiling) {
        return enqueue(new Ceiling(ceiling, new CompletableFuture<>()));
    }

    /** Derived rows, which go with whatever else is to be synced. */
    CompletableFuture<Void> putWaypoint(List<byte[][]> rows) {
        return enqueue(new Rows(rows, new CompletableFuture<>()));
    }

    /** Hears the kind of every event that was committed. Set it before the first. */
    void setCounter(Consumer<KindName> counted) {
        counter = counted;
    }

    /** Lets everything queued so far become durable, and ends the thread. */
    void close() throws InterruptedException {
        queue.add(new Close());
        thread.join();
        for (Task task = queue.poll(); task != null; task = queue.poll()) {
            task.fail(new Stopped("the journal is closed", null));
        }
    }

    private <T> CompletableFuture<T> enqueue(Task.Answered<T> task) {
        queue.add(task);
        if (!thread.isAlive() && queue.remove(task)) {
            task.done().completeExceptionally(new Stopped("the journal is closed", null));
        }
        return task.done();
    }

    private Append encode(
            JournalSession session,
            int shard,
            long epoch,
            ObjectKey key,
            long sequenceNumber,
            List<ObjectEvent> events,
            CompletableFuture<Void> done) {
        byte[] object = Keys.object(key);
        SecretKeys seal = options.encryptedKinds().contains(key.kind()) ? secrets : null;
        List<byte[]> values = new ArrayList<>(events.size());
        long bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            ObjectEvent event = events.get(i);
            if (!event.key().equals(key)) {
                throw new IllegalArgumentException("an event of " + event.key());
            }
            byte[] record = Keys.record(object, event.revision());
            byte[] value = Envelope.write(record, sequenceNumber + i, epoch, event, seal);
            values.add(value);
            bytes += value.length;
        }
        return new Append(session, shard, epoch, key, object, sequenceNumber, events, values, bytes, done);
    }

    private static List<Revision> revisions(List<ObjectEvent> events) {
        return events.stream().map(ObjectEvent::revision).toList();
    }

    // --- what the thread does
    // -------------------------------------------------------------------------------------------

    private void run() {
        boolean open = true;
        while (open) {
            Batch batch = new Batch();
            try {
                open = batch.gather();
                batch.commit();
            } catch (InterruptedException e) {
                stop(new Stopped("interrupted", e), batch);
                return;
            } catch (RocksDBException | IOException | RuntimeException | Error e) {
                stop(new Stopped("the journal has stopped: " + e.getMessage(), e), batch);
            }
        }
    }

    private void stop(Stopped why, Batch batch) {
        if (stopped == null) {
            stopped = why;
            try {
                listener.stopped(why);
            } catch (RuntimeException e) {
                why.addSuppressed(e);
            }
        }
        batch.tasks.forEach(task -> task.fail(why));
    }

    private sealed interface Task {
        void fail(Stopped why);

        /** A task somebody waits for. */
        sealed interface Answered<T> extends Task {
            CompletableFuture<T> done();

            @Override
            default void fail(Stopped why) {
                done().completeExceptionally(why);
            }
        }
    }

    private record Append(
            JournalSession session,
            int shard,
            long epoch,
            ObjectKey key,
            byte[] object,
            long sequenceNumber,
            List<ObjectEvent> events,
            List<byte[]> values,
            long bytes,
            CompletableFuture<Void> done)
            implements Task.Answered<Void> {}

    private record Refusal(List<Revision> revisions, CompletableFuture<Void> done, JournalFault why)
            implements Task.Answered<Void> {}

    private record Claim(JournalSession session, List<Integer> shards, CompletableFuture<List<Long>> done)
            implements Task.Answered<List<Long>> {}

    private record Ceiling(Revision ceiling, CompletableFuture<Revision> done) implements Task.Answered<Revision> {}

    private record Rows(List<byte[][]> rows, CompletableFuture<Void> done) implements Task.Answered<Void> {}

    private record Close() implements Task {
        @Override
        public void fail(Stopped why) {}
    }

    /** The tasks of one synced write, and what to say to each once it is through. */
    private final class Batch {
        private final List<Task> tasks = new ArrayList<>();
        private final List<Runnable> answers = new ArrayList<>();
        private final List<ObjectEvent> written = new ArrayList<>();
        private final List<Revision> notWritten = new ArrayList<>();
        private final Map<ObjectKey, Head> heads = new HashMap<>();

        /** Waits for the first task and takes all that are there, up to the limits. False when the last was to close. */
        boolean gather() throws InterruptedException {
            int appends = 0;
            long bytes = 0;
            Task task = queue.take();
            while (task != null) {
                if (task instanceof Close) {
                    return false;
                }
                tasks.add(task);
                if (task instanceof Append append) {
                    appends++;
                    bytes += append.bytes();
                    queuedAppends.decrementAndGet();
                    queuedBytes.addAndGet(-append.bytes());
                }
                task = appends < options.batchAppends() && bytes < options.batchBytes() ? queue.poll() : null;
            }
            return true;
        }

        void commit() throws RocksDBException, IOException {
            try (WriteBatch puts = new WriteBatch()) {
                for (Task task : tasks) {
                    add(task, puts);
                }
                if (puts.count() > 0) {
                    database.write(puts);
                }
            }
            if (stopped == null && tasks.stream().anyMatch(task -> task instanceof Ceiling)) {
                database.mark();
            }
            if (!written.isEmpty()) {
                listener.written(written);
                written.forEach(event -> counter.accept(event.key().kind()));
            }
            if (!notWritten.isEmpty()) {
                listener.notWritten(notWritten);
            }
            answers.forEach(Runnable::run);
        }

        private void add(Task task, WriteBatch puts) throws RocksDBException {
            switch (task) {
                case Refusal refusal -> refuse(refusal.revisions(), refusal, refusal.why());
                case Append append -> add(append, puts);
                case Claim claim -> add(claim, puts);
                case Ceiling ceiling -> add(ceiling, puts);
                case Rows rows -> add(rows, puts);
                case Close close -> throw new IllegalStateException("nothing is gathered after the end");
            }
        }

        private void refuse(List<Revision> revisions, Task.Answered<?> task, JournalFault why) {
            notWritten.addAll(revisions);
            answers.add(() -> task.done().completeExceptionally(why));
        }

        private void add(Append append, WriteBatch puts) throws RocksDBException {
            JournalFault fault = stopped;
            Head head = Head.NEVER;
            if (fault == null) {
                fault = checkEpoch(append);
            }
            if (fault == null) {
                head = head(append);
                fault = checkOrder(append, head);
            }
            if (fault != null) {
                refuse(revisions(append.events()), append, fault);
                return;
            }
            heads.put(append.key(), put(append, head, puts));
            written.addAll(append.events());
            answers.add(() -> append.done().complete(null));
        }

        private @Nullable JournalFault checkEpoch(Append append) {
            long current = epochs[append.shard()];
            if (append.epoch() == current && append.epoch() != 0) {
                return null;
            }
            append.session().lose(append.shard(), append.epoch());
            return new Fenced(append.shard(), append.epoch(), current);
        }

        private Head head(Append append) throws RocksDBException {
            Head known = heads.get(append.key());
            return known != null ? known : readHead(database, append.object());
        }

        private @Nullable JournalFault checkOrder(Append append, Head head) {
            if (append.sequenceNumber() != head.sequenceNumber() + 1) {
                return new OutOfOrder(
                        append.key(), "sequence number " + append.sequenceNumber() + " after " + head.sequenceNumber());
            }
            Revision last = head.revision();
            for (ObjectEvent event : append.events()) {
                if (!event.revision().isAfter(last)) {
                    return new OutOfOrder(append.key(), "revision " + event.revision() + " after " + last);
                }
                last = event.revision();
            }
            return null;
        }

        private Head put(Append append, Head before, WriteBatch puts) throws RocksDBException {
            byte[] object = append.object();
            byte[] kind = Keys.kind(append.key().kind());
            Head head = before;
            for (int i = 0; i < append.events().size(); i++) {
                ObjectEvent event = append.events().get(i);
                Revision revision = event.revision();
                head = new Head(!(event instanceof ObjectEvent.Deleted), revision, append.sequenceNumber() + i);
                byte[] pointer = pointer(event, object);
                byte[] at = new ByteWriter(Long.BYTES).i64(revision.value()).toByteArray();
                puts.put(
                        handle(Family.RECORDS),
                        Keys.record(object, revision),
                        append.values().get(i));
                puts.put(handle(Family.ENTITIES), Keys.entity(object, head.sequenceNumber()), at);
                puts.put(handle(Family.KINDS), Keys.kindAt(kind, revision), pointer);
                puts.put(handle(Family.TIMES), Keys.time(revision), pointer);
            }
            puts.put(handle(Family.HEADS), Keys.head(head.exists(), object), head.toBytes());
            if (before.sequenceNumber() > 0 && before.exists() != head.exists()) {
                puts.delete(handle(Family.HEADS), Keys.head(before.exists(), object));
            }
            return head;
        }

        private void add(Claim claim, WriteBatch puts) throws RocksDBException {
            Stopped fault = stopped;
            if (fault != null) {
                answers.add(() -> claim.done().completeExceptionally(fault));
                return;
            }
            List<Long> claimed = new ArrayList<>();
            for (int shard : claim.shards()) {
                long epoch = ++epochs[shard];
                claimed.add(epoch);
                byte[] holder = claim.session().member().getBytes(StandardCharsets.UTF_8);
                puts.put(
                        handle(Family.META),
                        Meta.epoch(shard),
                        new ByteWriter(64).i64(epoch).block(holder).toByteArray());
            }
            answers.add(() -> {
                for (int i = 0; i < claimed.size(); i++) {
                    claim.session().hold(claim.shards().get(i), claimed.get(i));
                }
                claim.done().complete(claimed);
            });
        }

        private void add(Rows rows, WriteBatch puts) throws RocksDBException {
            Stopped fault = stopped;
            if (fault != null) {
                answers.add(() -> rows.done().completeExceptionally(fault));
                return;
            }
            for (byte[][] row : rows.rows()) {
                puts.put(handle(Family.WAYPOINTS), row[0], row[1]);
            }
            answers.add(() -> rows.done().complete(null));
        }

        private void add(Ceiling ceiling, WriteBatch puts) throws RocksDBException {
            Stopped fault = stopped;
            if (fault != null) {
                answers.add(() -> ceiling.done().completeExceptionally(fault));
                return;
            }
            if (ceiling.ceiling().value() > clockCeiling) {
                clockCeiling = ceiling.ceiling().value();
                puts.put(
                        handle(Family.META),
                        Meta.CLOCK_CEILING,
                        new ByteWriter(Long.BYTES).i64(clockCeiling).toByteArray());
            }
            Revision reached = new Revision(clockCeiling);
            answers.add(() -> ceiling.done().complete(reached));
        }
    }

    private ColumnFamilyHandle handle(Family family) {
        return database.handle(family);
    }

    /** What the indexes by kind and by time lead to: a flag, and the object. */
    private static byte[] pointer(ObjectEvent event, byte[] object) {
        byte[] pointer = new byte[object.length + 1];
        pointer[0] = (byte)
                ((event.notes().isEmpty() ? 0 : HAS_NOTES) | (event instanceof ObjectEvent.Deleted ? IS_DELETION : 0));
        System.arraycopy(object, 0, pointer, 1, object.length);
        return pointer;
    }

    static boolean hasNotes(byte[] pointer) {
        return (pointer[0] & HAS_NOTES) != 0;
    }

    /** Not known of what was written before there were waypoints; nobody asks for that. */
    static boolean isDeletion(byte[] pointer) {
        return (pointer[0] & IS_DELETION) != 0;
    }

    static byte[] objectOf(byte[] pointer) {
        return Arrays.copyOfRange(pointer, 1, pointer.length);
    }

    static Head readHead(Database database, byte[] object) throws RocksDBException {
        byte[] live = database.get(Family.HEADS, Keys.head(true, object));
        if (live != null) {
            return Head.read(true, live);
        }
        byte[] gone = database.get(Family.HEADS, Keys.head(false, object));
        return gone == null ? Head.NEVER : Head.read(false, gone);
    }

    /** Before anybody listens. */
    private enum Silent implements CommitListener {
        LISTENER;

        @Override
        public void written(List<ObjectEvent> events) {}

        @Override
        public void notWritten(List<Revision> revisions) {}
    }
}
