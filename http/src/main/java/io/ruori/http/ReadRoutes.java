package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.selector.BadSelector;
import io.ruori.core.selector.FieldSelector;
import io.ruori.core.selector.LabelSelector;
import io.ruori.core.selector.Selection;
import io.ruori.kind.Kind;
import io.ruori.kind.Subresource;
import io.ruori.view.ObjectIndex;
import io.ruori.view.PastView;
import io.ruori.view.View;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** GET of one object and LIST of many, each from one snapshot of the view. Entities are never asked. */
final class ReadRoutes {
    /** How long a reader waits for a revision that has not happened here yet, as upstream. */
    static final Duration TOO_NEW_WAIT = Duration.ofSeconds(3);

    /** Longer than any write may be in flight before its member is fenced. */
    static final Duration CONSISTENT_WAIT = Duration.ofSeconds(10);

    private final ObjectIndex index;
    private final PinnedViews pinned;
    private final PastReads past;
    private final InstantSource time;

    ReadRoutes(ObjectIndex index, PinnedViews pinned, PastReads past, InstantSource time) {
        this.index = index;
        this.pinned = pinned;
        this.past = past;
        this.time = time;
    }

    // ---- get

    CompletionStage<HttpResponse> get(Call call) {
        Optional<Revision> asked = ListQuery.revision(call);
        CompletionStage<View> view = call.moment()
                .map(moment -> asOf(moment, asked))
                .orElseGet(() -> asked.map(this::atLeast).orElseGet(() -> index.consistent(CONSISTENT_WAIT)));
        return view.thenCompose(v -> past.read(v, found -> one(call, found)));
    }

    /** At the moment that is looked at there is nothing newer, however long one waits. */
    private CompletionStage<View> asOf(Revision moment, Optional<Revision> asked) {
        if (asked.isPresent() && asked.get().isAfter(moment)) {
            throw new Refusal(ApiStatus.tooNew(asked.get(), moment));
        }
        return past.at(moment);
    }

    private CompletionStage<View> atLeast(Revision revision) {
        return revision.value() == 0 ? CompletableFuture.completedFuture(index.view()) : reach(revision);
    }

    private CompletionStage<View> reach(Revision revision) {
        return index.atLeast(revision, TOO_NEW_WAIT).exceptionally(late -> {
            throw new Refusal(ApiStatus.tooNew(revision, index.view().revision()));
        });
    }

    private HttpResponse one(Call call, View view) {
        ObjectKey key = call.kind().key(call.path().namespace(), call.path().name());
        StoredObject found = view.get(key);
        if (found == null) {
            throw new Refusal(ApiStatus.notFound(key));
        }
        Subresource part = call.kind().subresources().get(call.path().subresource());
        if (part == null) {
            return Replies.object(call, 200, found, List.of(), call.now(time));
        }
        if (!part.verbs().contains("get")) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        return Replies.part(call, part, found, List.of(), call.now(time));
    }

    // ---- list

    CompletionStage<HttpResponse> list(Call call) {
        ListQuery query = ListQuery.of(call);
        Selection selection = selection(call);
        return snapshot(call, query).thenCompose(view -> past.read(view, found -> page(call, query, selection, found)));
    }

    private CompletionStage<View> snapshot(Call call, ListQuery query) {
        ListQuery.Token token = query.token();
        if (token != null) {
            return past.at(token.revision()).exceptionally(error -> {
                if (ApiRoutes.statusOf(error).code() == 410) {
                    throw expired(token);
                }
                throw error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
            });
        }
        if (query.exact()) {
            return past.at(query.revision().orElseThrow());
        }
        return call.moment()
                .map(moment -> asOf(moment, query.revision()))
                .orElseGet(
                        () -> query.revision().map(this::atLeast).orElseGet(() -> index.consistent(CONSISTENT_WAIT)));
    }

    /** The client may go on, from the same key but in the present: upstream's inconsistent continue. */
    private Refusal expired(ListQuery.Token token) {
        View now = index.view();
        pinned.pin(now);
        return new Refusal(ApiStatus.expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new"
                        + " list without the continue parameter, or use the continue token in this response to retrieve"
                        + " the remainder of the results. Continuing with the provided token results in an inconsistent"
                        + " list - objects that were created, modified, or deleted between the time the first chunk was"
                        + " returned and now may show up in the list.",
                new ListQuery.Token(now.revision(), token.namespace(), token.name()).encode()));
    }

    /** What a request selects; a bad selector is a 400. */
    static Selection selection(Call call) {
        try {
            String fields = call.param("fieldSelector");
            if (!call.path().name().isEmpty()) {
                fields = (fields.isEmpty() ? "" : fields + ",") + "metadata.name="
                        + call.path().name();
            }
            return new Selection(
                    call.path().namespace(),
                    LabelSelector.parse(call.param("labelSelector")),
                    FieldSelector.parse(fields, call.kind().selectableFields()).renamed(call.kind()::storedField));
        } catch (BadSelector bad) {
            throw new Refusal(bad.status());
        }
    }

    /** All wanted objects of a collection at a view. */
    static List<StoredObject> select(Kind kind, Selection selection, View view) {
        List<StoredObject> found = new ArrayList<>();
        for (StoredObject candidate : candidates(kind, selection, view)) {
            StoredObject object = headed(kind, selection, view, candidate);
            if (selection.matches(object)) {
                found.add(object);
            }
        }
        return found;
    }

    /** In the journal a header holds what selectors could name when the object was written; the kind may have come to more. */
    private static StoredObject headed(Kind kind, Selection selection, View view, StoredObject object) {
        return view instanceof PastView
                        && kind.custom() != null
                        && !kind.stored().keptFields().isEmpty()
                        && !selection.fields().terms().isEmpty()
                ? kind.stored().load(object.json())
                : object;
    }

    /** Lists by an indexed field (Pods of a node) need not walk the whole kind. */
    private static Iterable<StoredObject> candidates(Kind kind, Selection selection, View view) {
        if (!selection.namespace().isEmpty()) {
            return view.list(kind.name(), selection.namespace());
        }
        for (String field : kind.stored().indexedFields()) {
            String exact = selection.fields().exact(field);
            if (exact != null) {
                return view.byField(kind.name(), field, exact);
            }
        }
        return view.list(kind.name());
    }

    private HttpResponse page(Call call, ListQuery query, Selection selection, View view) {
        Kind kind = call.kind();
        String namespace = call.path().namespace();
        // Upstream's cache answers "whatever is at hand" whole.
        boolean whole = query.limit() == 0 || query.isWhateverIsAtHand();
        if (whole && query.token() == null) {
            return Replies.list(call, select(kind, selection, view), metadata(view), call.now(time));
        }
        @Nullable ObjectKey after = query.token() == null ? null : query.token().after(kind.name());
        List<StoredObject> items = new ArrayList<>();
        ObjectNode metadata = metadata(view);
        Iterator<StoredObject> all =
                view.listAfter(kind.name(), namespace, after).iterator();
        int limit = query.limit() == 0 ? Integer.MAX_VALUE : query.limit();
        while (all.hasNext()) {
            StoredObject object = headed(kind, selection, view, all.next());
            if (!selection.matches(object)) {
                continue;
            }
            if (items.size() == limit) {
                goOn(metadata, items.getLast(), selection, view);
                break;
            }
            items.add(object);
        }
        return Replies.list(call, items, metadata, call.now(time));
    }

    private void goOn(ObjectNode metadata, StoredObject last, Selection selection, View view) {
        pinned.pin(view);
        ObjectKey key = last.key();
        metadata.put("continue", new ListQuery.Token(view.revision(), key.namespace(), key.name()).encode());
        if (!selection.isSelective()) {
            metadata.put("remainingItemCount", view.countAfter(key.kind(), selection.namespace(), key));
        }
    }

    private static ObjectNode metadata(View view) {
        return Json.object().put("resourceVersion", view.revision().toString());
    }
}
