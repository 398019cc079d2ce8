package io.ruori.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The one thread on which everything happens, and its clock. What is ready runs in an order that the seed chooses; where nothing
 * is, the clock goes on to the next timer. A task belongs to the life that asked for it: while that one stands still its tasks
 * wait, and when it is dead its timers are forgotten.
 */
final class SimThread implements Executor {
    /** What a task takes, so that time goes on while there is always something to do. */
    private static final long TASK_NANOS = 4_000;

    private final List<Task> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private Random random = new Random(0);
    private long nanos;
    private long numbers;
    private long trace;
    private @Nullable Life current;
    private Thread mine = Thread.currentThread();
    private volatile @Nullable ExecutorService starting = Executors.newSingleThreadExecutor();

    private record Task(Runnable run, @Nullable Life owner) {}

    private static final class Timer {
        final long at;
        final long number;
        final Runnable run;
        final @Nullable Life owner;
        boolean isCancelled;

        Timer(long at, long number, Runnable run, @Nullable Life owner) {
            this.at = at;
            this.number = number;
            this.run = run;
            this.owner = owner;
        }

        long at() {
            return at;
        }

        long number() {
            return number;
        }
    }

    /** An actor system that starts waits for some of its actors; from here on there is only the one thread. */
    void started() {
        try (ExecutorService last = starting) {
            last.submit(() -> {}).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        starting = null;
    }

    /** Begins anew, with nothing to do. */
    void reset(long seed) {
        ready.clear();
        timers.clear();
        random = new Random(seed);
        nanos = 0;
        numbers = 0;
        trace = seed;
        current = null;
    }

    Random random() {
        return random;
    }

    long nanos() {
        return nanos;
    }

    /** The same for two runs that did the same. */
    long trace() {
        return trace;
    }

    /** Whose task runs now; null for the world's. */
    @Nullable
    Life current() {
        return current;
    }

    /** For the one whose task runs now. */
    @Override
    public void execute(Runnable task) {
        execute(current, task);
    }

    void execute(@Nullable Life owner, Runnable task) {
        ExecutorService outside = starting;
        if (outside != null) {
            outside.execute(task);
            return;
        }
        if (Thread.currentThread() != mine) {
            throw new IllegalStateException(
                    "a simulation has one thread, and this is another: " + Thread.currentThread());
        }
        if (owner != null && owner.isPaused()) {
            owner.held().add(task);
        } else {
            ready.add(new Task(task, owner));
        }
    }

    /** A life goes on. */
    void resume(Life life) {
        List<Runnable> held = List.copyOf(life.held());
        life.held().clear();
        held.forEach(task -> ready.add(new Task(task, life)));
    }

    /** Runs a task later, for the one whose task runs now. Returns what cancels it. */
    Runnable later(Duration delay, Runnable task) {
        return later(current, delay, task);
    }

    Runnable later(@Nullable Life owner, Duration delay, Runnable task) {
        if (starting != null) {
            return () -> {};
        }
        Timer timer = new Timer(nanos + Math.max(0, delay.toNanos()), numbers++, task, owner);
        timers.add(timer);
        return () -> timer.isCancelled = true;
    }

    /** Runs everything that there is to do within a time. */
    void run(Duration time) {
        long end = nanos + time.toNanos();
        while (nanos < end) {
            if (!ready.isEmpty()) {
                runOne();
            } else if (!timers.isEmpty() && timers.peek().at < end) {
                nanos = Math.max(nanos, timers.peek().at);
            } else {
                nanos = end;
            }
            fire();
        }
    }

    /** Runs what is ready, and lets no time pass. */
    void drain() {
        while (!ready.isEmpty()) {
            runOne();
        }
    }

    private void fire() {
        while (!timers.isEmpty() && timers.peek().at <= nanos) {
            Timer timer = timers.remove();
            if (!timer.isCancelled && (timer.owner == null || !timer.owner.isDead())) {
                execute(timer.owner, timer.run);
            }
        }
    }

    private void runOne() {
        int chosen = random.nextInt(ready.size());
        int last = ready.size() - 1;
        Task task = ready.set(chosen, ready.get(last));
        ready.remove(last);
        if (task.owner != null && task.owner.isPaused()) {
            task.owner.held().add(task.run);
            return;
        }
        nanos += TASK_NANOS;
        trace = trace * 31 + chosen + 31L * last;
        current = task.owner;
        Chance.follow(trace);
        try {
            task.run.run();
        } finally {
            current = null;
        }
    }
}
