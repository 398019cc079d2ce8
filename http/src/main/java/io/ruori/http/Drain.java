package io.ruori.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * A quiet end, of which no client that talks to other masters too sees anything:
 *
 * <pre>
 *   not ready, no new connections; watches end as if their time were up
 *   what comes in on the connections there are is answered, and the answer closes them   for a notice of a second
 *   what is under way is answered, what still comes in is, too                           until nothing is, or the drain time
 *   GOAWAY (HTTP/2: what came later may be asked for elsewhere), and connections close
 *   then the shards are handed over, and the member leaves the roster
 * </pre>
 *
 * New connections end first: whoever is refused one goes elsewhere, while one whose TLS handshake is under way when everything closes sees
 * a failure that it cannot tell from a broken server. The server's own termination answers what still comes in with 503, so it comes last.
 */
final class Drain {
    /** Connections that are in use close in it, by their answers, and whoever looks at readiness sees it. */
    private static final Duration NOTICE = Duration.ofSeconds(1);

    /** For the ends of watches alone, where nobody has another master to turn to. */
    private static final Duration SHORT_NOTICE = Duration.ofMillis(200);

    /** The server cuts what it still sends when it ends; the last answers get so long to leave. */
    private static final Duration LAST_BYTES = Duration.ofMillis(200);

    /** For requests that cross a GOAWAY; it is over when the last connection closes. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(20);

    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicInteger underWay = new AtomicInteger();
    private final SharedKillSwitch watches = KillSwitches.shared("drain");

    private final Duration notice;

    /**
     * @param isOnly there are no other masters
     */
    Drain(boolean isOnly) {
        this.notice = isOnly ? SHORT_NOTICE : NOTICE;
    }

    boolean hasBegun() {
        return begun.get();
    }

    /** Ends a watch when the drain begins. */
    Flow<ByteString, ByteString, NotUsed> ending() {
        return Flow.<ByteString>create().viaMat(watches.flow(), (left, right) -> left);
    }

    /** Counts a request for as long as it is not answered; an answer in the drain says that the connection ends. */
    CompletionStage<HttpResponse> within(
            HttpRequest request, Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        underWay.incrementAndGet();
        CompletionStage<HttpResponse> answer;
        try {
            answer = handler.apply(request);
        } catch (RuntimeException fault) {
            underWay.decrementAndGet();
            throw fault;
        }
        return answer.whenComplete((done, error) -> underWay.decrementAndGet())
                .thenApply(response -> hasBegun() ? response.addHeader(Connection.create("close")) : response);
    }

    /**
     * @param time for what is under way
     */
    void onShutdown(ActorSystem<?> system, ServerBinding binding, Duration time) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "unbind", () -> {
            begun.set(true);
            watches.shutdown();
            return binding.unbind().handle((done, error) -> done).thenCompose(done -> after(system, notice));
        });
        shutdown.addTask(
                CoordinatedShutdown.PhaseServiceRequestsDone(),
                "drain",
                () -> answered(system, System.nanoTime() + time.toNanos())
                        .thenCompose(done -> after(system, LAST_BYTES))
                        .thenCompose(done -> binding.terminate(GOODBYE))
                        .thenApply(done -> Done.getInstance()));
    }

    private CompletionStage<Done> answered(ActorSystem<?> system, long deadline) {
        return underWay.get() == 0 || System.nanoTime() > deadline
                ? CompletableFuture.completedFuture(Done.getInstance())
                : after(system, LOOK).thenCompose(done -> answered(system, deadline));
    }

    private static CompletionStage<Done> after(ActorSystem<?> system, Duration pause) {
        return Patterns.after(
                pause, system.classicSystem(), () -> CompletableFuture.completedFuture(Done.getInstance()));
    }
}
