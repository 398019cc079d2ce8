package io.ruori.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Delivers in the order of sending, whatever the delays. */
final class Pipe {
    private final SimThread thread;
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private long last;

    Pipe(SimThread thread) {
        this.thread = thread;
    }

    void send(@Nullable Life to, Duration delay, Runnable received) {
        last = Math.max(thread.nanos() + delay.toNanos(), last);
        underWay.add(received);
        // Of tasks that are ready together any may come first: each takes what was sent first.
        thread.later(
                null,
                Duration.ofNanos(last - thread.nanos()),
                () -> thread.execute(to, () -> underWay.remove().run()));
    }
}
