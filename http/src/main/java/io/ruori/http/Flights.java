package io.ruori.http;

import io.ruori.api.ApiStatus;
import io.ruori.core.access.Ask;
import io.ruori.core.access.Authorizer;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * How many requests may be under way at once: so many that read, so many that write. Watches and byte streams do not count, as
 * they last; probes of its health neither. What is too much is told to come back, but never the privileged, who may be there to help.
 */
final class Flights {
    private static final Set<String> READING = Set.of("get", "list", "head");
    private static final Set<String> STREAMS = Set.of("attach", "exec", "log", "portforward", "proxy");

    private final Semaphore reads;
    private final Semaphore writes;

    Flights(int mostReads, int mostWrites) {
        this.reads = new Semaphore(mostReads);
        this.writes = new Semaphore(mostWrites);
    }

    CompletionStage<HttpResponse> within(Ask ask, Supplier<CompletionStage<HttpResponse>> request) {
        if (isLong(ask) || isProbe(ask)) {
            return request.get();
        }
        Semaphore seats = READING.contains(ask.verb()) ? reads : writes;
        if (!seats.tryAcquire()) {
            if (ask.user().groups().contains(Authorizer.PRIVILEGED)) {
                return request.get();
            }
            throw new Refusal(ApiStatus.tooManyRequests());
        }
        try {
            return request.get().whenComplete((done, failed) -> seats.release());
        } catch (RuntimeException refused) {
            seats.release();
            throw refused;
        }
    }

    /** Whoever watches over a master must be able to tell one that is busy from one that is dead. */
    private static boolean isProbe(Ask ask) {
        return Health.serves(ask.path()) || ask.path().equals("/version");
    }

    private static boolean isLong(Ask ask) {
        return ask.verb().equals("watch") || (ask.isResource() && STREAMS.contains(ask.subresource()));
    }
}
