package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.access.Ask;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Subresource;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * The API group {@code history.ruori.io}: what the journal remembers of one object, as a resource that is only ever read. Its
 * name says whose: {@code deployments.apps:web}. Whoever may {@code get} the object may read its past, and nobody else
 * (docs/adr/0014-history-as-an-api.md).
 */
final class HistoryGroup {
    static final String GROUP = "history.ruori.io";

    private static final String VERSION = "v1";
    private static final String NAMESPACED = "histories";
    private static final String OF_CLUSTER = "clusterhistories";
    private static final Set<String> GET = Set.of("get");

    /** What kubectl and its like add to any read. */
    private static final Set<String> TAKEN_BY_ALL = Set.of("includeObject", "pretty", "timeout");

    private static final Map<String, Set<String>> TAKEN = Map.of(
            "", Set.of("from", "limit", "to", "uid"),
            "diff", Set.of("from", "to", "uid"),
            "blame", Set.of("at", "uid"),
            "effects", Set.of("from", "to", "uid"),
            "why", Set.of("at", "field", "uid"));

    static final List<Kind> KINDS = List.of(
            kind("History", NAMESPACED).singular("history").build(),
            kind("ClusterHistory", OF_CLUSTER)
                    .singular("clusterhistory")
                    .clusterScoped()
                    .build());

    private final Supplier<KindRegistry> kinds;
    private final ObjectIndex index;
    private final PastReads past;
    private final HistoryReader reader;
    private final InstantSource time;

    /**
     * An object that is asked about.
     *
     * @param kind null for a kind that is not served any more
     */
    record Target(@Nullable Kind kind, ObjectKey key) {}

    HistoryGroup(
            Supplier<KindRegistry> kinds, ObjectIndex index, PastReads past, HistoryReader reader, InstantSource time) {
        this.kinds = kinds;
        this.index = index;
        this.past = past;
        this.reader = reader;
        this.time = time;
    }

    private static KindBuilder kind(String kind, String plural) {
        return Kind.of(GROUP, VERSION, kind, plural, definition(kind))
                .verbs(GET)
                .subresource(part("blame", "Blame"))
                .subresource(part("diff", "Diff"))
                .subresource(part("effects", "Effects"))
                .subresource(part("why", "Why"));
    }

    private static Subresource part(String name, String kind) {
        return new Subresource(
                name,
                GROUP,
                VERSION,
                kind,
                definition(kind),
                GET,
                object -> {
                    throw new IllegalStateException("a history is read from the journal");
                },
                (live, edited, now) -> new Subresource.Folded.Refused(ApiStatus.methodNotAllowed()));
    }

    private static String definition(String kind) {
        return "io.ruori.history.v1." + kind;
    }

    // ---- what is asked, and by whom

    boolean serves(ApiPath.Resource path) {
        return ServedKinds.find(KINDS, path) != null;
    }

    /** Reading an object's past is reading the object; empty for all other paths. Fails with {@link Refusal}. */
    Optional<Ask> ask(User user, ApiPath path) {
        return path instanceof ApiPath.Resource resource
                        && serves(resource)
                        && !resource.name().isEmpty()
                ? Optional.of(HistoryReader.reading(user, target(resource).key()))
                : Optional.empty();
    }

    private Target target(ApiPath.Resource path) {
        int colon = path.name().indexOf(':');
        String name = path.name().substring(colon + 1);
        if (colon < 1 || name.isEmpty() || ApiRoutes.isUnsafe(name) || ApiRoutes.isUnsafe(path.namespace())) {
            throw bad("\"" + path.name() + "\" is not RESOURCE:NAME, as in deployments.apps:web");
        }
        boolean ofNamespace = path.resource().equals(NAMESPACED);
        if (ofNamespace == path.namespace().isEmpty()) {
            throw bad("histories of objects in a namespace are at namespaces/NAMESPACE/" + NAMESPACED
                    + ", those of others at " + OF_CLUSTER);
        }
        String word = path.name().substring(0, colon).toLowerCase(Locale.ROOT);
        Kind kind = kind(word);
        if (kind == null) {
            return new Target(null, new ObjectKey(unknown(word), path.namespace(), name));
        }
        if (kind.isNamespaced() != ofNamespace) {
            String right = ofNamespace ? OF_CLUSTER : "namespaces/NAMESPACE/" + NAMESPACED;
            throw bad(kind.plural() + " are " + (ofNamespace ? "not " : "") + "in a namespace: ask for " + right + "/"
                    + kind.name().qualified() + ":" + name);
        }
        return new Target(kind.stored(), kind.key(path.namespace(), name));
    }

    /** By any name that kubectl takes: plural, singular, short, kind, or plural.group. */
    private @Nullable Kind kind(String word) {
        for (Kind kind : kinds.get().served()) {
            if (kind.plural().equals(word)
                    || kind.singular().equals(word)
                    || kind.shortNames().contains(word)
                    || kind.kind().toLowerCase(Locale.ROOT).equals(word)
                    || new KindName(kind.group(), kind.plural()).qualified().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    /** The journal may know more kinds than are served: those whose CustomResourceDefinition is gone. */
    private static KindName unknown(String word) {
        int dot = word.indexOf('.');
        if (dot < 1) {
            throw bad("the server doesn't have a resource type \"" + word
                    + "\"; one that is gone by now is named with its group, as in widgets.example.com");
        }
        return new KindName(word.substring(dot + 1), word.substring(0, dot));
    }

    private static Refusal bad(String why) {
        return new Refusal(ApiStatus.badRequest(why));
    }

    // ---- answers

    CompletionStage<HttpResponse> handle(HttpRequest request, ApiPath.Resource path, User user) {
        Kind kind = ServedKinds.find(KINDS, path);
        if (kind == null
                || path.name().isEmpty()
                || (!request.method().equals(HttpMethods.GET)
                        && !request.method().equals(HttpMethods.HEAD))) {
            throw new Refusal(ApiStatus.methodNotAllowed("histories are only read, one by one: GET "
                    + "/apis/history.ruori.io/v1/namespaces/NAMESPACE/histories/RESOURCE:NAME"));
        }
        if (!TAKEN.containsKey(path.subresource()) || !path.rest().isEmpty()) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Call call = new Call(request, user, path, kind, ApiRoutes.query(request));
        check(call);
        Accepted accepted = Accepted.withoutProtobuf(call);
        return answer(call, target(path)).thenApply(tree -> reply(call, accepted, tree));
    }

    private static void check(Call call) {
        Set<String> taken = TAKEN.getOrDefault(call.path().subresource(), Set.of());
        for (String given : call.query().keySet()) {
            if (!taken.contains(given) && !TAKEN_BY_ALL.contains(given)) {
                throw bad("unknown parameter \"" + given + "\": known are "
                        + String.join(", ", taken.stream().sorted().toList()));
            }
        }
    }

    private CompletionStage<ObjectNode> answer(Call call, Target target) {
        String uid = call.param("uid");
        return switch (call.path().subresource()) {
            case "" ->
                from(call)
                        .thenCompose(from -> until(call, "to")
                                .thenCompose(to -> read(() -> {
                                    ordered(from, to);
                                    return reader.history(target, uid, from, to, limit(call));
                                })));
            case "diff" ->
                from(call)
                        .thenCompose(from -> until(call, "to")
                                .thenCompose(to -> read(() -> {
                                    ordered(from, to);
                                    return reader.diff(target, uid, from, to);
                                })));
            case "effects" ->
                from(call)
                        .thenCompose(from -> until(call, "to")
                                .thenCompose(to -> read(() -> {
                                    ordered(from, to);
                                    return reader.effects(call.user(), target, uid, from, to);
                                })));
            case "blame" -> until(call, "at").thenCompose(at -> read(() -> reader.blame(target, uid, at)));
            default ->
                until(call, "at")
                        .thenCompose(at -> read(() -> reader.why(call.user(), target, uid, at, call.param("field"))));
        };
    }

    private CompletionStage<ObjectNode> read(Supplier<ObjectNode> reading) {
        return CompletableFuture.supplyAsync(reading, past.executor());
    }

    private static void ordered(Optional<Revision> from, Revision to) {
        if (from.isPresent() && from.get().isAfter(to)) {
            throw bad("from (" + from.get().instant() + ") lies after to (" + to.instant() + ")");
        }
    }

    /** Known to be in the journal, or refused. */
    private CompletionStage<Optional<Revision>> from(Call call) {
        return call.param("from").isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : known(call, call.param("from")).thenApply(Optional::of);
    }

    private CompletionStage<Revision> until(Call call, String parameter) {
        String when = call.param(parameter);
        if (!when.isEmpty()) {
            return known(call, when);
        }
        return call.moment()
                .map(moment -> past.at(moment).thenApply(view -> moment))
                .orElseGet(() -> index.consistent(ReadRoutes.CONSISTENT_WAIT).thenApply(View::revision));
    }

    private CompletionStage<Revision> known(Call call, String when) {
        Revision revision = Moment.parse(when, call.now(time));
        call.moment().filter(revision::isAfter).ifPresent(moment -> {
            throw new Refusal(ApiStatus.tooNew(revision, moment));
        });
        return past.at(revision).thenApply(view -> revision);
    }

    private static int limit(Call call) {
        String given = call.param("limit");
        if (given.isEmpty()) {
            return HistoryReader.USUAL;
        }
        try {
            int limit = Integer.parseInt(given);
            if (limit > 0 && limit <= HistoryReader.MOST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw bad("limit: \"" + given + "\" is no number");
        }
        throw bad("limit: must be between 1 and " + HistoryReader.MOST);
    }

    private HttpResponse reply(Call call, Accepted accepted, ObjectNode tree) {
        ObjectNode whole = head(call);
        Json.child(whole, "metadata").setAll((ObjectNode) tree.remove("metadata"));
        whole.setAll(tree);
        Instant now = call.now(time);
        ObjectNode shown = switch (accepted.form()) {
            case WHOLE -> whole;
            case TABLE -> HistoryTables.of(call.path().subresource(), whole, Replies.include(call), now);
            case PARTIAL_METADATA, PARTIAL_METADATA_LIST -> Tables.partial(whole);
        };
        return Replies.encoded(accepted, 200, shown, List.of());
    }

    private static ObjectNode head(Call call) {
        Subresource part = call.kind().subresources().get(call.path().subresource());
        ObjectNode head = Json.object()
                .put("kind", part == null ? call.kind().kind() : part.kind())
                .put("apiVersion", GROUP + "/" + VERSION);
        ObjectNode metadata = head.putObject("metadata").put("name", call.path().name());
        if (!call.path().namespace().isEmpty()) {
            metadata.put("namespace", call.path().namespace());
        }
        return head;
    }
}
