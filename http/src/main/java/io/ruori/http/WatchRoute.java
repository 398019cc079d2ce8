package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.selector.Selection;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Resume;
import io.ruori.view.View;
import io.ruori.view.WatchCursor;
import io.ruori.view.WatchEvent;
import io.ruori.view.Watches;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * WATCH: the last stop of a write's line. Errors after authentication come as ERROR events inside a 200, as upstream sends
 * them.
 */
final class WatchRoute {
    private static final Duration SHORTEST = Duration.ofMinutes(30);

    /** Most Events are projections of other objects' writes and have no records of their own to resume from. */
    private static final KindName EVENTS = KindName.core("events");

    private final ObjectIndex index;
    private final MissedChanges past;
    private final Watches watches;
    private final InstantSource time;

    WatchRoute(ObjectIndex index, Watches watches, MissedChanges past, InstantSource time) {
        this.index = index;
        this.watches = watches;
        this.past = past;
        this.time = time;
    }

    CompletionStage<HttpResponse> handle(Call call) {
        ListQuery query = ListQuery.of(call);
        Selection selection = ReadRoutes.selection(call);
        Accepted accepted = Accepted.of(call.accept());
        WatchEncoder encoder = new WatchEncoder(call, accepted, time);
        return source(call, query, selection, encoder)
                .thenApply(source ->
                        HttpResponse.create().withEntity(HttpEntities.createChunked(encoder.contentType(), source)));
    }

    private CompletionStage<Source<ByteString, ?>> source(
            Call call, ListQuery query, Selection selection, WatchEncoder encoder) {
        boolean fromNow = query.revision().isEmpty() || query.revision().get().value() == 0;
        if (fromNow) {
            CompletionStage<View> view = query.revision().isEmpty()
                    ? index.consistent(ReadRoutes.CONSISTENT_WAIT)
                    : CompletableFuture.completedFuture(index.view());
            return view.thenApply(v -> begin(call, query, selection, encoder, v));
        }
        Revision asked = query.revision().get();
        return index.atLeast(asked, ReadRoutes.TOO_NEW_WAIT).handle((view, late) -> {
            if (late != null) {
                return Source.single(
                        encoder.error(ApiStatus.tooNew(asked, index.view().revision())));
            }
            return query.sendInitialEvents()
                    ? begin(call, query, selection, encoder, view)
                    : resume(call, query, selection, encoder, asked, List.of());
        });
    }

    /** First the state at a view as ADDED events, and its end where the client asked to be told; then what comes after. */
    private Source<ByteString, ?> begin(
            Call call, ListQuery query, Selection selection, WatchEncoder encoder, View view) {
        List<ByteString> events = new ArrayList<>();
        for (StoredObject object : ReadRoutes.select(call.kind(), selection, view)) {
            events.add(encoder.event(WatchEvent.added(object)));
        }
        if (query.sendInitialEvents()) {
            events.add(encoder.bookmark(view.revision(), true));
        }
        return resume(call, query, selection, encoder, view.revision(), events);
    }

    private Source<ByteString, ?> resume(
            Call call,
            ListQuery query,
            Selection selection,
            WatchEncoder encoder,
            Revision revision,
            List<ByteString> initial) {
        return switch (watches.since(call.kind().name(), revision, selection)) {
            case Resume.From from -> stream(query, encoder, from.cursor(), initial);
            case Resume.TooOld old -> fromJournal(call, query, selection, encoder, revision, old.oldest());
        };
    }

    /** What memory no longer has is read from the journal, up to where memory begins. */
    private Source<ByteString, ?> fromJournal(
            Call call, ListQuery query, Selection selection, WatchEncoder encoder, Revision revision, Revision oldest) {
        if (call.kind().name().equals(EVENTS) || revision.isAfter(oldest)) {
            return Source.single(encoder.error(tooOld(revision, oldest)));
        }
        return switch (watches.since(call.kind().name(), oldest, selection)) {
            case Resume.TooOld older -> Source.single(encoder.error(tooOld(revision, older.oldest())));
            case Resume.From from -> {
                Optional<List<WatchEvent>> missed = past.between(call.kind().name(), selection, revision, oldest);
                if (missed.isEmpty()) {
                    from.cursor().close();
                    yield Source.single(encoder.error(tooOld(revision, oldest)));
                }
                yield stream(
                        query,
                        encoder,
                        from.cursor(),
                        missed.get().stream().map(encoder::event).toList());
            }
        };
    }

    private static Source<ByteString, ?> stream(
            ListQuery query, WatchEncoder encoder, WatchCursor cursor, List<ByteString> initial) {
        Duration end = query.timeoutSeconds().isPresent()
                ? Duration.ofSeconds(query.timeoutSeconds().getAsInt())
                : SHORTEST.plusSeconds(ThreadLocalRandom.current().nextLong(SHORTEST.toSeconds()));
        Source<ByteString, ?> live = Source.fromGraph(new WatchSource(cursor, encoder, query.bookmarks(), end));
        return initial.isEmpty() ? live : Source.from(initial).concat(live);
    }

    static ApiStatus tooOld(Revision asked, Revision oldest) {
        return ApiStatus.expired("too old resource version: " + asked + " (" + oldest + ")", "");
    }

    /** Only kind, version and revision, which is all a bookmark has. */
    static ObjectNode bookmark(Call call, Revision revision, boolean initialEventsEnd) {
        ObjectNode object = Json.object()
                .put("kind", call.kind().kind())
                .put("apiVersion", call.kind().apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", revision.toString());
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }
}
