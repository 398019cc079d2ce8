package io.ruori.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A quiet end: first the member says that it is not ready, then watches end as if their time were up (clients watch again,
 * elsewhere), nobody new is let in, and what is under way may finish.
 */
final class Drain {
    /** The server cuts what it still sends when it unbinds; the ends of watches get so long to leave. */
    private static final Duration LAST_BYTES = Duration.ofMillis(200);

    private final AtomicBoolean begun = new AtomicBoolean();
    private final SharedKillSwitch watches = KillSwitches.shared("drain");

    boolean hasBegun() {
        return begun.get();
    }

    /** Ends a watch when the drain begins. */
    Flow<ByteString, ByteString, NotUsed> ending() {
        return Flow.<ByteString>create().viaMat(watches.flow(), (left, right) -> left);
    }

    void onShutdown(ActorSystem<?> system, ServerBinding binding, Duration time) {
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", () -> {
            begun.set(true);
            watches.shutdown();
            return Patterns.after(
                    LAST_BYTES, system.classicSystem(), () -> CompletableFuture.completedFuture(Done.getInstance()));
        });
        binding.addToCoordinatedShutdown(time, system);
    }
}
