package io.ruori.simulation;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.members.Roster;
import io.ruori.members.Roster.State;
import io.ruori.members.Session;
import io.ruori.members.ShardHead;
import io.ruori.members.ShardLog;
import io.ruori.members.SharedJournal;
import io.ruori.view.History;
import io.ruori.view.View;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One life's way to the {@link Store}: every step takes a while, its answer may be lost, and the life may end between any two. */
final class SimJournal implements SharedJournal {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLAIM_PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final int BATCH = 4;

    private final World world;
    private final Life life;
    private final Store store;
    private final Map<Integer, Lane> lanes = new HashMap<>();
    private final Map<Integer, List<CompletableFuture<Lane>>> claimed = new HashMap<>();
    private @Nullable CommitListener listener;
    private @Nullable Session session;
    private long batches;

    private record Append(ObjectKey key, long number, ObjectEvent event, CompletableFuture<Void> done) {}

    /** A shard that this session holds. */
    private static final class Lane {
        final int shard;
        final long epoch;
        final Deque<Append> queue = new ArrayDeque<>();
        final Map<ObjectKey, Long> numbers = new HashMap<>();
        long next;
        boolean isBusy;
        boolean isLost;

        Lane(ShardHead head) {
            this.shard = head.shard();
            this.epoch = head.epoch();
            this.next = head.end();
        }
    }

    SimJournal(World world, Life life) {
        this.world = world;
        this.life = life;
        this.store = world.store();
    }

    // --- the way there and back

    /** One step of the store, as seen from here. It may have been taken when this fails. */
    private <T> CompletableFuture<T> ask(Supplier<T> step) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        SimThread thread = world.thread();
        Runnable tooLate = thread.later(
                life, PATIENCE, () -> answer.completeExceptionally(new TimeoutException("the store does not answer")));
        if (world.net().reachesStore(life) && !world.net().isLost()) {
            thread.later(null, world.net().storeDelay(), () -> {
                T result;
                Throwable fault;
                try {
                    result = step.get();
                    fault = null;
                } catch (RuntimeException e) {
                    result = null;
                    fault = e;
                }
                back(answer, result, fault, tooLate);
            });
        }
        return answer;
    }

    private <T> void back(
            CompletableFuture<T> answer, @Nullable T result, @Nullable Throwable fault, Runnable tooLate) {
        if (world.net().reachesStore(life) && !world.net().isLost()) {
            world.thread().later(life, world.net().storeDelay(), () -> {
                tooLate.run();
                if (fault == null) {
                    answer.complete(result);
                } else {
                    answer.completeExceptionally(fault);
                }
            });
        }
    }

    private Session session() {
        return Objects.requireNonNull(session);
    }

    private CommitListener listener() {
        return Objects.requireNonNull(listener);
    }

    @Override
    public void setListener(CommitListener told) {
        listener = told;
    }

    // --- members

    @Override
    public CompletionStage<Session> join(String address) {
        return ask(() -> store.join(address)).thenApply(joined -> {
            session = joined;
            return joined;
        });
    }

    @Override
    public CompletionStage<Roster> roster() {
        return ask(store::roster);
    }

    @Override
    public CompletionStage<Void> fence(Session silent) {
        return ask(() -> {
            store.end(silent, State.FENCED);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> leave() {
        return ask(() -> {
            store.end(session(), State.LEFT);
            return null;
        });
    }

    @Override
    public Revision clockCeiling() {
        return store.roster().rows().stream()
                .filter(row ->
                        session == null || row.session().slot() == session().slot())
                .map(Roster.Row::ceiling)
                .max(Revision::compareTo)
                .orElse(Revision.ZERO);
    }

    @Override
    public CompletionStage<Revision> raiseClockCeiling(Revision ceiling) {
        return ask(() -> store.raiseCeiling(session(), ceiling));
    }

    // --- shards

    @Override
    public CompletionStage<List<ShardHead>> shards() {
        return ask(store::heads);
    }

    @Override
    public CompletionStage<ShardHead> claim(int shard) {
        Lane held = lanes.get(shard);
        if (held != null && !held.isLost) {
            return ask(() -> store.head(shard));
        }
        return ask(() -> {
                    store.check(session());
                    return store.head(shard);
                })
                .thenCompose(head ->
                        ask(() -> store.raise(shard, head.epoch(), session().id())))
                .thenCompose(head -> ask(() -> {
                    store.check(session());
                    return head;
                }))
                .thenApply(head -> {
                    Lane lane = new Lane(head);
                    lanes.put(shard, lane);
                    List<CompletableFuture<Lane>> waiting = claimed.remove(shard);
                    if (waiting != null) {
                        waiting.forEach(one -> one.complete(lane));
                    }
                    return head;
                });
    }

    @Override
    public long fencedAppends() {
        return 0;
    }

    @Override
    public void release(int shard) {
        Lane lane = lanes.remove(shard);
        if (lane != null) {
            lose(lane);
        }
    }

    @Override
    public boolean holds(int shard) {
        return lanes.containsKey(shard);
    }

    @Override
    public CompletionStage<ShardHead> seal(int shard, Session fenced) {
        return ask(() -> {
            ShardHead head = store.head(shard);
            boolean theirs = head.owner().equals(fenced.id());
            return theirs && world.flaw() != Flaw.SEALED_BY_NAME ? store.raise(shard, head.epoch(), "") : head;
        });
    }

    @Override
    public CompletionStage<ShardLog> log(int shard, long from, int limit) {
        return ask(() -> new ShardLog(shard, from, store.log(shard, from, limit)));
    }

    // --- appends

    /** By the persistence plugin. */
    CompletionStage<Void> append(ObjectKey key, long number, ObjectEvent event) {
        Lane lane = lanes.get(shard(key));
        Append append = new Append(key, number, event, new CompletableFuture<>());
        Long before = lane == null ? null : lane.numbers.get(key);
        world.trace(key.toString(), () -> life + " appends event " + number + " after " + before);
        if (lane == null || before == null || before + 1 != number) {
            refuse(append);
        } else {
            lane.numbers.put(key, number);
            lane.queue.add(append);
            pump(lane);
        }
        return append.done;
    }

    private void refuse(Append append) {
        world.trace(append.key.toString(), () -> life + " was refused event " + append.number);
        listener().notWritten(List.of(append.event.revision()));
        append.done.completeExceptionally(new IllegalStateException("refused: " + append.event.key()));
    }

    private void pump(Lane lane) {
        if (lane.isBusy || lane.queue.isEmpty()) {
            return;
        }
        lane.isBusy = true;
        List<Append> batch = new ArrayList<>();
        while (batch.size() < BATCH && !lane.queue.isEmpty()) {
            batch.add(lane.queue.remove());
        }
        long name = life.number() * 1_000_000L + batches++;
        if (world.flaw() == Flaw.ANSWERED_EARLY) {
            tell(lane, lane.next, batch);
        }
        attempt(lane, name, batch);
    }

    /** Until it is certain what came of it, however long that takes. */
    private void attempt(Lane lane, long name, List<Append> batch) {
        List<ObjectEvent> events = batch.stream().map(Append::event).toList();
        long place = lane.next;
        ask(() -> store.append(lane.shard, lane.epoch, place, name, events)).whenComplete((appended, fault) -> {
            if (fault != null && world.flaw() == Flaw.SILENCE_IS_NO) {
                batch.forEach(this::refuse);
                lose(lane);
            } else if (fault != null) {
                world.thread().later(life, AGAIN, () -> attempt(lane, name, batch));
            } else if (appended == Store.Appended.REFUSED) {
                batch.forEach(this::refuse);
                lanes.remove(lane.shard, lane);
                lose(lane);
            } else {
                derive(lane, place, batch);
            }
        });
    }

    private void derive(Lane lane, long place, List<Append> batch) {
        int some = world.random().nextInt(8) == 0 ? 1 : Integer.MAX_VALUE;
        ask(() -> {
                    store.derive(lane.shard, some);
                    return some;
                })
                .whenComplete((done, fault) -> {
                    if (fault != null || done != Integer.MAX_VALUE) {
                        world.thread().later(life, AGAIN, () -> derive(lane, place, batch));
                    } else {
                        lane.next = place + batch.size();
                        lane.isBusy = false;
                        if (world.flaw() != Flaw.ANSWERED_EARLY) {
                            tell(lane, place, batch);
                        }
                        pump(lane);
                    }
                });
    }

    private void tell(Lane lane, long place, List<Append> batch) {
        listener().written(lane.shard, place, batch.stream().map(Append::event).toList());
        batch.forEach(append -> append.done.complete(null));
    }

    private void lose(Lane lane) {
        lane.isLost = true;
        List<Append> left = List.copyOf(lane.queue);
        lane.queue.clear();
        left.forEach(this::refuse);
    }

    // --- recoveries

    /** Events of an object, once its shard is held. */
    CompletionStage<List<ObjectEvent>> recover(ObjectKey key) {
        world.trace(key.toString(), () -> life + " reads it" + (holds(shard(key)) ? "" : " once its shard is claimed"));
        return awaitClaim(shard(key))
                .thenCompose(lane -> ask(() -> store.of(key)).thenApply(events -> {
                    lane.numbers.putIfAbsent(key, (long) events.size());
                    return events;
                }));
    }

    private CompletableFuture<Lane> awaitClaim(int shard) {
        Lane lane = lanes.get(shard);
        if (lane != null) {
            return CompletableFuture.completedFuture(lane);
        }
        CompletableFuture<Lane> waiting = new CompletableFuture<>();
        claimed.computeIfAbsent(shard, s -> new ArrayList<>()).add(waiting);
        world.thread()
                .later(
                        life,
                        CLAIM_PATIENCE,
                        () -> waiting.completeExceptionally(new TimeoutException("the shard is not claimed")));
        return waiting;
    }

    private int shard(ObjectKey key) {
        return Sharding.shardOf(key.entityId(), World.SHARDS);
    }

    // --- the past

    @Override
    public Revision newestRevision() {
        return store.newest();
    }

    @Override
    public Stream<StoredObject> currentObjects() {
        return store.current().stream();
    }

    @Override
    public Stream<ObjectEvent> recentWithNotes(Revision since) {
        return store.withNotes(since).stream();
    }

    @Override
    public void setWaypoints(View view, Collection<KindName> kinds) {}

    @Override
    public History history() {
        return (History) Proxy.newProxyInstance(
                History.class.getClassLoader(), new Class<?>[] {History.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("history")) {
                        return store.of((ObjectKey) arguments[0]).reversed().stream();
                    }
                    throw new UnsupportedOperationException("nobody asks here for " + method.getName());
                });
    }
}
