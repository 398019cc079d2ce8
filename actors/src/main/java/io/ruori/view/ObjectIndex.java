package io.ruori.view;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer of this member's view.
 *
 * <pre>
 *   journal ── committed(events) ──▶ inbox ──▶ pending, by revision ──▶ apply up to closed ──▶ view (volatile)
 *   revisions ── closedAdvanced() ─────────────▲                                          ├──▶ listeners, in order
 *                                                                                         └──▶ those who wait for a revision
 * </pre>
 *
 * <p>Events come in any order; the closed revision says up to where they are complete. Each turn reads the closed revision
 * <em>first</em> and the inbox second: whatever is at or below it was fed before, so it is there. The turns run on an executor,
 * one at a time; committers only append to a queue.
 *
 * <p>An event that cannot be applied stops the index for good and is reported: a view that skipped something would be wrong
 * without anybody noticing.
 */
public final class ObjectIndex implements CommitFeed {
    /** Of waiters who do not know yet what to wait for. */
    private static final Revision NOT_KNOWN_YET = new Revision(Long.MAX_VALUE);

    /** How soon to look again at the closed revision while somebody waits for it and nothing is being written. */
    private static final long LOOK_AGAIN_MILLIS = 10;

    private final Horizon horizon;
    private final Settings settings;
    private final Executor executor;
    private final Executor soon;
    private final LongSupplier nanos;
    private final Consumer<Throwable> onFault;

    private final Queue<List<ObjectEvent>> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger signals = new AtomicInteger();
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final List<Listening> ahead = new CopyOnWriteArrayList<>();
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparing(Waiting::revision));

    /** Guarded by {@code waiting}. */
    private boolean looksAgain;

    private volatile KindRegistry kinds;
    private volatile IndexedView view = new IndexedView(Revision.ZERO, Map.of());
    private volatile Revision told = Revision.ZERO;
    private volatile Instant trimAt = Instant.MIN;
    private volatile @Nullable Throwable fault;

    // Only the writer's turns touch these.
    private final PriorityQueue<ObjectEvent> pending = new PriorityQueue<>(Comparator.comparing(ObjectEvent::revision));
    private final ArrayDeque<Expiring> expiring = new ArrayDeque<>();
    private KindRegistry indexed;

    /**
     * @param eventAge how long Kubernetes Events stay
     * @param eventCount how many of them stay at most; the oldest leave first
     * @param batch most events that one view is made of, so that listeners get bites they can chew
     */
    public record Settings(Duration eventAge, int eventCount, int batch) {
        public static final Settings DEFAULT = new Settings(Duration.ofHours(1), 200_000, 1_000);

        public Settings withEventAge(Duration age) {
            return new Settings(age, eventCount, batch);
        }
    }

    private record Listening(@Nullable Set<KindName> kinds, ChangeListener listener) {}

    /**
     * @param deadline by the index's monotonic clock
     */
    private record Waiting(Revision revision, long deadline, CompletableFuture<View> view) {
        RevisionAhead late(Revision at) {
            return revision.equals(NOT_KNOWN_YET) ? RevisionAhead.unknown(at) : new RevisionAhead(revision, at);
        }
    }

    private record Expiring(ObjectKey key, Revision revision) {}

    /**
     * @param executor runs the writer's turns (one at a time) and, as tasks of their own, whatever readers do with the views
     *     they waited for; so it should have more than one thread. {@code Runnable::run} makes everything happen in the
     *     caller's thread, for tests
     * @param onFault hears of an event that cannot be applied, after which the index stands still, and of listeners that throw
     */
    public ObjectIndex(
            KindRegistry kinds, Horizon horizon, Settings settings, Executor executor, Consumer<Throwable> onFault) {
        this(
                kinds,
                horizon,
                settings,
                executor,
                CompletableFuture.delayedExecutor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS, executor),
                System::nanoTime,
                onFault);
    }

    /**
     * @param soon runs a task a moment (10 ms) later
     * @param nanos a monotonic clock, for how long readers wait
     */
    public ObjectIndex(
            KindRegistry kinds,
            Horizon horizon,
            Settings settings,
            Executor executor,
            Executor soon,
            LongSupplier nanos,
            Consumer<Throwable> onFault) {
        this.kinds = kinds;
        this.indexed = kinds;
        this.horizon = horizon;
        this.settings = settings;
        this.executor = executor;
        this.soon = soon;
        this.nanos = nanos;
        this.onFault = onFault;
    }

    /**
     * Fills the empty index at start, before anything is committed.
     *
     * @param objects all objects that exist, in any order
     * @param recent events young enough for their notes to be shown still, and those of Kubernetes Events, in revision order
     * @param closed the revision that these are complete up to
     */
    public void load(Iterable<StoredObject> objects, Iterable<ObjectEvent> recent, Revision closed) {
        Edit edit = new Edit();
        List<Expiring> loaded = new ArrayList<>();
        for (StoredObject object : objects) {
            edit.table(object.key().kind()).put(object);
            if (object.key().kind().equals(EventProjection.EVENTS)) {
                loaded.add(new Expiring(object.key(), object.revision()));
            }
        }
        for (ObjectEvent event : recent) {
            if (EventProjection.isProjected(event.key())) {
                written(edit.table(EventProjection.EVENTS), event);
            }
            for (StoredObject projected : EventProjection.of(event, kinds)) {
                edit.table(EventProjection.EVENTS).put(projected);
                loaded.add(new Expiring(projected.key(), projected.revision()));
            }
        }
        loaded.sort(Comparator.comparing(Expiring::revision));
        expiring.addAll(loaded);
        view = new IndexedView(closed, edit.done());
        told = closed;
    }

    /** A projected Event that somebody changed or deleted is what became of it. */
    private static void written(KindTable.Editor events, ObjectEvent event) {
        switch (event) {
            case ObjectEvent.Created created -> events.put(created.object());
            case ObjectEvent.Updated updated -> events.put(updated.object());
            case ObjectEvent.Deleted deleted -> events.remove(deleted.key());
        }
    }

    @Override
    public void committed(List<ObjectEvent> batch) {
        inbox.add(batch);
    }

    /** The horizon's closed revision may have moved. Cheap, from any thread. */
    public void closedAdvanced() {
        if (signals.getAndIncrement() == 0) {
            executor.execute(this::turns);
        }
    }

    /** Lets Kubernetes Events leave that are older than their retention; to be called about once a second. */
    public void trim(Instant now) {
        trimAt = now;
        closedAdvanced();
    }

    /** Replaces the kinds, for example when a CustomResourceDefinition comes or goes. Indexes follow with the next turn. */
    public void kinds(KindRegistry replaced) {
        kinds = replaced;
        closedAdvanced();
    }

    public View view() {
        return view;
    }

    /** All listeners have been told of every change up to this revision. Never ahead of the view, at most a moment behind. */
    public Revision told() {
        return told;
    }

    /** Why the index stands still; null while it works. */
    public @Nullable Throwable fault() {
        return fault;
    }

    /** A view at this revision or later. Fails with {@link RevisionAhead} when it takes longer than the limit. */
    public CompletionStage<View> atLeast(Revision revision, Duration limit) {
        IndexedView now = view;
        if (!revision.isAfter(now.revision())) {
            return CompletableFuture.completedFuture(now);
        }
        return waiter(revision, nanos.getAsLong() + limit.toNanos()).view;
    }

    private Waiting waiter(Revision revision, long deadline) {
        Waiting waiter = new Waiting(revision, deadline, new CompletableFuture<>());
        synchronized (waiting) {
            waiting.add(waiter);
        }
        closedAdvanced();
        Throwable broken = fault;
        if (broken != null) {
            waiter.view.completeExceptionally(broken);
        }
        return waiter;
    }

    /** A view that shows every write acknowledged before this call. Fails as {@link #atLeast} does. */
    public CompletionStage<View> consistent(Duration limit) {
        CompletionStage<Revision> asked = horizon.lastWritten();
        if (asked.toCompletableFuture().isDone()) {
            return asked.thenCompose(last -> atLeast(last, limit));
        }
        // Others have to say what they wrote, and may not.
        Waiting unanswered = waiter(NOT_KNOWN_YET, nanos.getAsLong() + limit.toNanos());
        asked.whenComplete((last, error) -> {
            synchronized (waiting) {
                waiting.remove(unanswered);
            }
            if (error != null) {
                unanswered.view.completeExceptionally(error);
            } else if (!last.isAfter(view.revision())) {
                executor.execute(() -> unanswered.view.complete(view));
            } else if (!unanswered.view.isDone()) {
                serve(unanswered, waiter(last, unanswered.deadline).view);
            }
        });
        return unanswered.view;
    }

    private static void serve(Waiting waiter, CompletionStage<View> when) {
        when.whenComplete((view, late) -> {
            if (late == null) {
                waiter.view.complete(view);
            } else {
                waiter.view.completeExceptionally(late);
            }
        });
    }

    /** Hears of the changes of some kinds from the next turn on. */
    public Subscription subscribe(Set<KindName> subscribed, ChangeListener listener) {
        return add(new Listening(Set.copyOf(subscribed), listener));
    }

    /** Hears of all changes from the next turn on. */
    public Subscription subscribe(ChangeListener listener) {
        return add(new Listening(null, listener));
    }

    /** Hears of the changes of some kinds from the next turn on, before anybody can read the view that has them. */
    public Subscription subscribeAhead(Set<KindName> subscribed, ChangeListener listener) {
        Listening listening = new Listening(Set.copyOf(subscribed), listener);
        ahead.add(listening);
        return () -> ahead.remove(listening);
    }

    private Subscription add(Listening listening) {
        listeners.add(listening);
        return () -> listeners.remove(listening);
    }

    /** Runs until no signal came during the last turn. */
    private void turns() {
        int seen = signals.get();
        do {
            boolean more = true;
            while (more && fault == null) {
                more = turn();
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Returns whether there is more to do at once. */
    private boolean turn() {
        try {
            Revision closed = horizon.closed();
            drainInbox();
            List<ObjectEvent> batch = nextBatch(closed);
            boolean more = !pending.isEmpty() && !pending.peek().revision().isAfter(closed);
            Revision reached = more ? batch.getLast().revision() : closed;
            if (!reached.isAfter(view.revision())) {
                serveWaiting();
                return false;
            }
            Edit edit = new Edit();
            batch.forEach(edit::apply);
            boolean moreToTrim = !more && trim(edit, reached);
            publish(new IndexedView(reached, edit.done()), edit.changes);
            return more || moreToTrim;
        } catch (RuntimeException e) {
            stop(e);
            return false;
        }
    }

    private void drainInbox() {
        List<ObjectEvent> batch;
        while ((batch = inbox.poll()) != null) {
            for (ObjectEvent event : batch) {
                if (!event.revision().isAfter(view.revision())) {
                    throw new IllegalStateException("closed revisions must be complete: the view is at "
                            + view.revision() + " and now comes " + event.key() + " at " + event.revision());
                }
                pending.add(event);
            }
        }
    }

    private List<ObjectEvent> nextBatch(Revision closed) {
        List<ObjectEvent> batch = new ArrayList<>(Math.min(pending.size(), settings.batch));
        while (batch.size() < settings.batch) {
            ObjectEvent next = pending.peek();
            if (next == null || next.revision().isAfter(closed)) {
                break;
            }
            batch.add(pending.remove());
        }
        return batch;
    }

    private void publish(IndexedView next, List<Change> changes) {
        if (!changes.isEmpty()) {
            ahead.forEach(listening -> tell(listening, next, changes));
        }
        view = next;
        if (!changes.isEmpty()) {
            for (Listening listening : listeners) {
                tell(listening, next, changes);
            }
        }
        told = next.revision();
        serveWaiting();
    }

    private void tell(Listening listening, View next, List<Change> changes) {
        List<Change> relevant = changes;
        if (listening.kinds != null) {
            relevant = new ArrayList<>();
            for (Change change : changes) {
                if (listening.kinds.contains(change.key().kind())) {
                    relevant.add(change);
                }
            }
        }
        if (relevant.isEmpty()) {
            return;
        }
        try {
            listening.listener.changed(next, relevant);
        } catch (RuntimeException e) {
            onFault.accept(e);
        }
    }

    private void serveWaiting() {
        IndexedView now = view;
        List<Waiting> served = new ArrayList<>();
        synchronized (waiting) {
            Waiting first;
            while ((first = waiting.peek()) != null && !first.revision.isAfter(now.revision())) {
                served.add(waiting.remove());
            }
            if (!waiting.isEmpty() && !looksAgain) {
                looksAgain = true;
                soon.execute(this::lookAgain);
            }
        }
        // What readers do next is theirs: it must hold up neither the writer nor one another.
        served.forEach(waiter -> executor.execute(() -> waiter.view.complete(now)));
    }

    /** With nothing in flight the closed revision follows the clock, and nobody tells. */
    private void lookAgain() {
        List<Waiting> late = new ArrayList<>();
        long now = nanos.getAsLong();
        synchronized (waiting) {
            looksAgain = false;
            waiting.removeIf(waiter -> waiter.deadline - now <= 0 && late.add(waiter));
        }
        closedAdvanced();
        late.forEach(waiter -> waiter.view.completeExceptionally(waiter.late(view.revision())));
    }

    private void stop(RuntimeException cause) {
        fault = cause;
        List<Waiting> left;
        synchronized (waiting) {
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(waiter -> waiter.view.completeExceptionally(cause));
        onFault.accept(cause);
    }

    /** Drops Events that are too old or too many, under the revision of the view that no longer has them. */
    private boolean trim(Edit edit, Revision at) {
        Instant oldest = trimAt.equals(Instant.MIN) ? Instant.MIN : trimAt.minus(settings.eventAge);
        int tooMany = expiring.size() - settings.eventCount;
        int old = settings.batch;
        while (!expiring.isEmpty()) {
            Expiring first = expiring.getFirst();
            boolean expired = first.revision.instant().isBefore(oldest);
            if (tooMany <= 0 && (!expired || old == 0)) {
                return expired;
            }
            expiring.removeFirst();
            edit.expire(first, at);
            tooMany--;
            old--;
        }
        return false;
    }

    /** One turn's changes. */
    private final class Edit {
        private final KindRegistry registry = kinds;
        private final Map<KindName, KindTable> before;
        private final Map<KindName, KindTable.Editor> touched = new HashMap<>();
        private final List<Change> changes = new ArrayList<>();

        Edit() {
            before = registry == indexed ? view.tables() : reindexed(view.tables());
        }

        private Map<KindName, KindTable> reindexed(Map<KindName, KindTable> tables) {
            Map<KindName, KindTable> next = HashMap.newHashMap(tables.size());
            tables.forEach((name, table) -> next.put(name, reread(name, table).indexedBy(indexedFields(name))));
            indexed = registry;
            return next;
        }

        /** Headers hold what selectors may name; where that has changed they are read again. */
        private KindTable reread(KindName name, KindTable table) {
            Kind before = indexed.find(name);
            Kind now = registry.find(name);
            if (now == null
                    || now.keptFields().isEmpty()
                    || (before != null && before.keptFields().equals(now.keptFields()))) {
                return table;
            }
            return table.map(object -> now.load(object.json()));
        }

        private Set<String> indexedFields(KindName name) {
            Kind kind = registry.find(name);
            return kind == null ? Set.of() : kind.indexedFields();
        }

        KindTable.Editor table(KindName name) {
            KindTable.Editor editor = touched.get(name);
            if (editor == null) {
                KindTable table = before.get(name);
                editor = (table == null ? KindTable.of(indexedFields(name)) : table).edit();
                touched.put(name, editor);
            }
            return editor;
        }

        void apply(ObjectEvent event) {
            KindTable.Editor table = table(event.key().kind());
            switch (event) {
                case ObjectEvent.Created created -> put(table, created.object(), event);
                case ObjectEvent.Updated updated -> put(table, updated.object(), event);
                case ObjectEvent.Deleted deleted -> remove(table, deleted);
            }
            for (StoredObject projected : EventProjection.of(event, registry)) {
                put(table(EventProjection.EVENTS), projected, null);
            }
        }

        private void put(KindTable.Editor table, StoredObject after, @Nullable ObjectEvent event) {
            StoredObject old = table.put(after);
            if (old != null && !after.revision().isAfter(old.revision())) {
                throw new IllegalStateException(
                        "revisions of one object must grow: " + old + " is followed by " + after.revision());
            }
            if (old == null && event instanceof ObjectEvent.Updated && !expires(after.key())) {
                throw new IllegalStateException("updated, but not known: " + after);
            }
            if (expires(after.key())) {
                expiring.addLast(new Expiring(after.key(), after.revision()));
            }
            changes.add(new Change(after.key(), after.revision(), old, after, event));
        }

        private void remove(KindTable.Editor table, ObjectEvent.Deleted event) {
            StoredObject old = table.remove(event.key());
            if (old != null) {
                changes.add(new Change(event.key(), event.revision(), old, null, event));
            } else if (!expires(event.key())) {
                throw new IllegalStateException("deleted, but not known: " + event.object());
            }
        }

        /** Event objects leave the view before their entities end, so these may be changed when they are gone here. */
        private boolean expires(ObjectKey key) {
            return key.kind().equals(EventProjection.EVENTS);
        }

        void expire(Expiring entry, Revision at) {
            KindTable.Editor table = table(entry.key.kind());
            StoredObject found = table.get(entry.key);
            if (found != null && found.revision().equals(entry.revision)) {
                table.remove(entry.key);
                changes.add(new Change(entry.key, at, found, null, null));
            }
        }

        Map<KindName, KindTable> done() {
            if (touched.isEmpty()) {
                return before;
            }
            Map<KindName, KindTable> next = new HashMap<>(before);
            touched.forEach((name, editor) -> next.put(name, editor.done()));
            return next;
        }
    }
}
