package io.ruori.http;

import io.ruori.api.Revision;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.ObjectIndex;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** The kinds that a request is about: those of the present, or of the moment that it looks at. */
final class RequestKinds {
    private final Supplier<KindRegistry> present;
    private final ObjectIndex index;
    private final PastReads past;

    RequestKinds(Supplier<KindRegistry> present, ObjectIndex index, PastReads past) {
        this.present = present;
        this.index = index;
        this.past = past;
    }

    /** Fails with {@link Refusal}. */
    CompletionStage<KindRegistry> of(HttpRequest request, ApiPath path) {
        return Moment.of(request)
                .map(moment -> ofThen(moment, path))
                .orElseGet(() -> path instanceof ApiPath.Resource resource && isWatchOfCustomKind(request, resource)
                        ? afterAcknowledged()
                        : CompletableFuture.completedFuture(present.get()));
    }

    /**
     * Where there is nothing to look at, discovery is that of the present: clients hide why it fails, and the request that they
     * make of it is told.
     */
    private CompletionStage<KindRegistry> ofThen(Revision moment, ApiPath path) {
        return switch (path) {
            case ApiPath.Other other
            when OtherRoutes.isOfKinds(other.path()) -> past.kinds(moment).exceptionally(this::presentIfUnknown);
            case ApiPath.Other other -> CompletableFuture.completedFuture(present.get());
            case ApiPath.Resource resource -> past.kinds(moment);
        };
    }

    private KindRegistry presentIfUnknown(Throwable error) {
        int code = ApiRoutes.statusOf(error).code();
        if (code != 410 && code != 504) {
            throw error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
        }
        return present.get();
    }

    private boolean isWatchOfCustomKind(HttpRequest request, ApiPath.Resource path) {
        Kind kind = present.get().served(path.group(), path.version(), path.resource());
        return kind != null && kind.custom() != null && Access.watches(path, ApiRoutes.query(request));
    }

    /** A change of the definition that was acknowledged before would else end the watch as soon as it has begun. */
    private CompletionStage<KindRegistry> afterAcknowledged() {
        return index.consistent(ReadRoutes.CONSISTENT_WAIT).thenApply(view -> present.get());
    }
}
