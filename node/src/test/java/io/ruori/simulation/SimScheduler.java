package io.ruori.simulation;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's scheduler on the simulation's clock. Named in its configuration. */
public final class SimScheduler extends AbstractScheduler {
    private final SimSystem system;

    public SimScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        this.system = SimSystem.starting();
    }

    @Override
    public Cancellable schedule(
            FiniteDuration first, FiniteDuration interval, Runnable task, ExecutionContext executor) {
        Repeated repeated = new Repeated(Duration.ofNanos(interval.toNanos()), task, executor);
        repeated.in(Duration.ofNanos(first.toNanos()));
        return repeated;
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
        Once once = new Once();
        once.cancels = system.thread().later(Duration.ofNanos(delay.toNanos()), () -> {
            once.isOver = true;
            executor.execute(task);
        });
        return once;
    }

    @Override
    public double maxFrequency() {
        return 1_000;
    }

    private static class Once implements Cancellable {
        Runnable cancels = () -> {};
        boolean isOver;
        boolean isCancelled;

        @Override
        public boolean cancel() {
            if (isOver || isCancelled) {
                return false;
            }
            isCancelled = true;
            cancels.run();
            return true;
        }

        @Override
        public boolean isCancelled() {
            return isCancelled;
        }
    }

    private final class Repeated extends Once {
        private final Duration interval;
        private final Runnable task;
        private final ExecutionContext executor;

        Repeated(Duration interval, Runnable task, ExecutionContext executor) {
            this.interval = interval;
            this.task = task;
            this.executor = executor;
        }

        void in(Duration delay) {
            cancels = system.thread().later(delay, () -> {
                in(interval);
                executor.execute(task);
            });
        }
    }
}
