package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.selector.Selection;
import io.ruori.http.codec.MediaTypes;
import io.ruori.view.MissedChanges;
import io.ruori.view.ObjectIndex;
import io.ruori.view.Resume;
import io.ruori.view.View;
import io.ruori.view.WatchCursor;
import io.ruori.view.WatchEvent;
import io.ruori.view.Watches;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/**
 * WATCH: the last stop of a write's line. Errors after authentication come as ERROR events inside a 200, as upstream sends
 * them.
 */
final class WatchRoute {
    private static final Duration SHORTEST = Duration.ofMinutes(30);

    /** Events of JSON are lines. */
    private static final Flow<ByteString, ByteString, NotUsed> ONE_EVENT =
            Framing.delimiter(ByteString.fromString("\n"), Integer.MAX_VALUE, FramingTruncation.ALLOW);

    private final ObjectIndex index;
    private final Drain drain;
    private final Watches watches;
    private final PastReads past;
    private final MissedChanges missed;
    private final InstantSource time;

    WatchRoute(
            ObjectIndex index, Watches watches, PastReads past, MissedChanges missed, Drain drain, InstantSource time) {
        this.index = index;
        this.watches = watches;
        this.past = past;
        this.missed = missed;
        this.drain = drain;
        this.time = time;
    }

    CompletionStage<HttpResponse> handle(Call call) {
        ListQuery query = ListQuery.of(call);
        Selection selection = ReadRoutes.selection(call);
        Accepted accepted = Accepted.ofWatch(call);
        if (accepted.form() == MediaTypes.Form.TABLE) {
            // Refused here or never: the stream has no way to answer 400.
            var unused = Replies.include(call);
        }
        WatchEncoder encoder = new WatchEncoder(call, accepted, time);
        Watcher watcher = new Watcher(call, query, selection, encoder, end(query));
        return source(watcher)
                .exceptionally(error -> Source.single(encoder.error(ApiRoutes.statusOf(error))))
                .thenApply(source -> reply(call, accepted, encoder, source.via(drain.ending())));
    }

    /** A stream of events, or as upstream, to a client that asks for a WebSocket, a message an event: fabric8 watches so. */
    private static HttpResponse reply(
            Call call, Accepted accepted, WatchEncoder encoder, Source<ByteString, ?> events) {
        Optional<WebSocketUpgrade> upgrade = call.request().getAttribute(AttributeKeys.webSocketUpgrade);
        if (upgrade.isEmpty()) {
            return HttpResponse.create().withEntity(HttpEntities.createChunked(encoder.contentType(), events));
        }
        if (accepted.encoding() == MediaTypes.Encoding.PROTOBUF) {
            throw new Refusal(ApiStatus.notAcceptable("application/json"));
        }
        Source<Message, ?> messages = events.via(ONE_EVENT).map(event -> TextMessage.create(event.utf8String()));
        return upgrade.get().handleMessagesWith(Flow.fromSinkAndSourceCoupled(Sink.ignore(), messages));
    }

    private Instant end(ListQuery query) {
        return time.instant()
                .plusSeconds(
                        query.timeoutSeconds().isPresent()
                                ? query.timeoutSeconds().getAsInt()
                                : SHORTEST.toSeconds()
                                        + ThreadLocalRandom.current().nextLong(SHORTEST.toSeconds()));
    }

    /**
     * One watch as it was asked for.
     *
     * @param end when it ends by itself
     */
    private record Watcher(Call call, ListQuery query, Selection selection, WatchEncoder encoder, Instant end) {
        KindName kind() {
            return call.kind().name();
        }
    }

    private CompletionStage<Source<ByteString, ?>> source(Watcher watcher) {
        ListQuery query = watcher.query();
        Optional<Revision> asked = query.revision();
        boolean fromHere = asked.isEmpty() || query.isWhateverIsAtHand();
        boolean withState = query.sendInitialEvents().orElse(fromHere);
        return start(watcher, withState).thenCompose(view -> {
            Revision from = fromHere || withState ? view.revision() : asked.get();
            return withState
                    ? past.read(view, v -> begin(watcher, v))
                    : CompletableFuture.completedFuture(after(watcher, from));
        });
    }

    /** A view at or after which the watch begins. */
    private CompletionStage<View> start(Watcher watcher, boolean withState) {
        Optional<Revision> asked = watcher.query().revision().filter(revision -> revision.value() > 0);
        Optional<Revision> moment = watcher.call().moment();
        if (moment.isPresent() && (asked.isEmpty() || (withState && !asked.get().isAfter(moment.get())))) {
            return past.at(moment.get());
        }
        if (asked.isPresent()) {
            return index.atLeast(asked.get(), ReadRoutes.TOO_NEW_WAIT).exceptionally(late -> {
                throw new Refusal(ApiStatus.tooNew(asked.get(), index.view().revision()));
            });
        }
        return watcher.query().isWhateverIsAtHand()
                ? CompletableFuture.completedFuture(index.view())
                : index.consistent(ReadRoutes.CONSISTENT_WAIT);
    }

    /** First the state at a view as ADDED events, and its end where the client asked to be told; then what comes after. */
    private Source<ByteString, ?> begin(Watcher watcher, View view) {
        WatchEncoder encoder = watcher.encoder();
        List<ByteString> events = new ArrayList<>();
        for (StoredObject object : ReadRoutes.select(watcher.call().kind(), watcher.selection(), view)) {
            events.add(encoder.event(WatchEvent.added(object)));
        }
        ListQuery query = watcher.query();
        if (query.sendInitialEvents().orElse(false) && query.bookmarks()) {
            events.add(encoder.bookmark(view.revision(), true));
        }
        Source<ByteString, ?> rest = after(watcher, view.revision());
        return events.isEmpty() ? rest : Source.from(events).concat(rest);
    }

    /** All that comes after a revision: what memory no longer has from the journal, a piece at a time, then as it happens. */
    private Source<ByteString, ?> after(Watcher watcher, Revision revision) {
        return switch (watches.since(watcher.call().kind(), revision, watcher.selection())) {
            case Resume.From from -> live(watcher, from.cursor());
            case Resume.TooOld old
            when !missed.has(revision) -> Source.single(watcher.encoder().error(tooOld(revision, missed.oldest())));
            case Resume.TooOld old ->
                Source.unfoldAsync(Optional.of(revision), position -> step(watcher, revision, position))
                        .flatMapConcat(piece -> piece);
        };
    }

    /**
     * Reads on, or goes over to what happens now when memory has all that follows.
     *
     * @param since where the watch began
     * @param position up to where the watcher has everything; empty when it has gone over
     */
    private CompletionStage<Optional<Pair<Optional<Revision>, Source<ByteString, ?>>>> step(
            Watcher watcher, Revision since, Optional<Revision> position) {
        if (position.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Revision after = position.get();
        return switch (watches.since(watcher.call().kind(), after, watcher.selection())) {
            case Resume.From from ->
                CompletableFuture.completedFuture(
                        Optional.of(Pair.create(Optional.empty(), live(watcher, from.cursor()))));
            case Resume.TooOld old ->
                CompletableFuture.supplyAsync(
                        () -> {
                            MissedChanges.Piece piece = missed.next(
                                    watcher.kind(),
                                    watcher.selection(),
                                    since,
                                    after,
                                    index.view().revision());
                            return Optional.of(Pair.create(Optional.of(piece.upTo()), encoded(watcher, piece)));
                        },
                        past.executor());
        };
    }

    private static Source<ByteString, ?> encoded(Watcher watcher, MissedChanges.Piece piece) {
        ByteStringBuilder bytes = ByteString.createBuilder();
        piece.events().forEach(event -> bytes.append(watcher.encoder().event(event)));
        return bytes.isEmpty() ? Source.empty() : Source.single(bytes.result());
    }

    private Source<ByteString, ?> live(Watcher watcher, WatchCursor cursor) {
        Duration left = Duration.between(time.instant(), watcher.end());
        return Source.fromGraph(new WatchSource(
                cursor, watcher.encoder(), watcher.query().bookmarks(), left.isNegative() ? Duration.ZERO : left));
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
