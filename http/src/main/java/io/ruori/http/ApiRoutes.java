package io.ruori.http;

import io.ruori.agent.AgentFrames;
import io.ruori.api.ApiStatus;
import io.ruori.api.User;
import io.ruori.core.access.Ask;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRegistry;
import io.ruori.view.RevisionAhead;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first stop of every request: finds out who asks and for what, and hands it to the reader, the writer, the watch or the
 * stream. Which paths exist follows from the kinds; there is no list of routes. Errors become {@code Status} bodies here and
 * nowhere else.
 */
public final class ApiRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);

    private static final String APPLY = "application/apply-patch";
    private static final Set<String> ENTERING = Set.of("attach", "exec", "portforward");

    private final Supplier<KindRegistry> kinds;
    private final Authentication authentication;
    private final Impersonation impersonation;
    private final Access access;
    private final Flights flights;
    private final Metrics metrics;
    private final OtherRoutes others;
    private final RequestKinds asked;
    private final ReadRoutes reads;
    private final WriteRoutes writes;
    private final WatchRoute watches;
    private final StreamRoutes streams;
    private final ReviewRoutes reviews;
    private final HistoryGroup history;
    private final MetricsGroup measured;
    private final InstantSource time;
    private final TokenRoutes tokens;

    ApiRoutes(
            Supplier<KindRegistry> kinds,
            Authentication authentication,
            Access access,
            Flights flights,
            Metrics metrics,
            OtherRoutes others,
            RequestKinds asked,
            ReadRoutes reads,
            WriteRoutes writes,
            WatchRoute watches,
            StreamRoutes streams,
            ReviewRoutes reviews,
            HistoryGroup history,
            MetricsGroup measured,
            TokenRoutes tokens,
            InstantSource time) {
        this.time = time;
        this.kinds = kinds;
        this.authentication = authentication;
        this.impersonation = new Impersonation(access);
        this.access = access;
        this.flights = flights;
        this.metrics = metrics;
        this.others = others;
        this.asked = asked;
        this.reads = reads;
        this.writes = writes;
        this.watches = watches;
        this.streams = streams;
        this.reviews = reviews;
        this.history = history;
        this.measured = measured;
        this.tokens = tokens;
    }

    public CompletionStage<HttpResponse> handle(HttpRequest asked) {
        HttpHeader audit = Replies.audit(asked);
        return counted(asked)
                .thenApply(response -> Compression.of(asked, response).addHeader(audit));
    }

    private CompletionStage<HttpResponse> counted(HttpRequest asked) {
        long start = System.nanoTime();
        HttpRequest request;
        try {
            request = Moment.enter(asked, time.instant());
        } catch (Refusal refused) {
            return CompletableFuture.completedFuture(Replies.error(asked, refused.status()));
        }
        ApiPath path = ApiPath.parse(request.getUri().path());
        return answer(request, path).thenApply(response -> {
            metrics.count(request, path, response, System.nanoTime() - start);
            return response;
        });
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, ApiPath path) {
        try {
            return route(request, path).exceptionally(error -> Replies.error(request, told(path, statusOf(error))));
        } catch (RuntimeException error) {
            return CompletableFuture.completedFuture(Replies.error(request, told(path, statusOf(error))));
        }
    }

    /** Entities know the group their kind is stored in; a client is told of the one it asked for. */
    private static ApiStatus told(ApiPath path, ApiStatus status) {
        return path instanceof ApiPath.Resource asked && asked.resource().equals(status.kind())
                ? status.inGroup(asked.group())
                : status;
    }

    /** Upstream's order: who asks, as whom, whether there is room, whether it is allowed; and only then what it is about. */
    private CompletionStage<HttpResponse> route(HttpRequest request, ApiPath path) {
        User caller = authentication.of(request);
        User user = impersonation.of(request, caller);
        Ask ask = history.ask(user, path).orElseGet(() -> Access.ask(user, request, path, query(request)));
        return flights.within(ask, () -> {
            permit(ask, request);
            return asked.of(request, path).thenCompose(served -> switch (path) {
                case ApiPath.Other other -> others.handle(request, other.path(), served, user);
                case ApiPath.Resource resource -> route(request, resource, served, user);
            });
        });
    }

    private void permit(Ask ask, HttpRequest request) {
        if (ask.path().equals(AgentFrames.PATH) || ask.path().equals(JoinRoutes.MASTERS)) {
            // An agent's own certificate, or a new master's token, is looked at there, and nothing else opens that
            // door.
            return;
        }
        access.require(ask);
        boolean entersContainer = ask.isResource() && ENTERING.contains(ask.subresource());
        if (entersContainer && request.method().equals(HttpMethods.GET)) {
            // A websocket begins with a GET; what it does in a container is no reading.
            access.require(ask.withVerb("create"));
        }
        boolean applies = ask.verb().equals("patch")
                && ask.subresource().isEmpty()
                && request.entity().getContentType().toString().startsWith(APPLY);
        boolean puts = ask.verb().equals("update") && ask.subresource().isEmpty() && isCreatedByUpdate(ask);
        if ((applies || puts) && !access.exists(ask)) {
            access.require(ask.withVerb("create"));
        }
    }

    private boolean isCreatedByUpdate(Ask ask) {
        Kind kind = kinds.get().served(ask.group(), ask.version(), ask.resource());
        return kind != null && kind.isCreatedByUpdate();
    }

    private CompletionStage<HttpResponse> route(
            HttpRequest request, ApiPath.Resource path, KindRegistry served, User user) {
        if (reviews.serves(path)) {
            return reviews.handle(request, path, user);
        }
        if (history.serves(path)) {
            return history.handle(request, path, user);
        }
        if (measured.serves(path)) {
            return measured.handle(request, path, user);
        }
        Kind kind = served.served(path.group(), path.version(), path.resource());
        if (kind == null) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Call call = new Call(request, user, path, kind, query(request));
        check(call);
        return kind.warning().isEmpty()
                ? dispatch(call)
                : dispatch(call).thenApply(response -> response.addHeader(Replies.warning(kind.warning())));
    }

    /** The shape of the path must suit the kind; a name that is no path segment never reaches an entity. */
    private static void check(Call call) {
        ApiPath.Resource path = call.path();
        boolean needsNamespace = call.kind().isNamespaced() && !path.name().isEmpty();
        if ((needsNamespace && path.namespace().isEmpty())
                || (!call.kind().isNamespaced() && !path.namespace().isEmpty())) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        for (String segment : List.of(path.namespace(), path.name())) {
            if (isUnsafe(segment)) {
                throw new Refusal(ApiStatus.badRequest(
                        "invalid name \"" + segment + "\": a path segment may not be '.' or '..' or hold '/' or '%'"));
            }
        }
        call.badParameter().ifPresent(status -> {
            throw new Refusal(status);
        });
    }

    /** Upstream refuses the first four as path segments; the last separates type and id of an entity. */
    static boolean isUnsafe(String segment) {
        return segment.equals(".")
                || segment.equals("..")
                || segment.indexOf('/') >= 0
                || segment.indexOf('%') >= 0
                || segment.indexOf('\0') >= 0
                || segment.indexOf('|') >= 0;
    }

    private CompletionStage<HttpResponse> dispatch(Call call) {
        String part = call.path().subresource();
        if (tokens.serves(call)) {
            return tokens.handle(call);
        }
        if (streams.serves(call)) {
            if (call.moment().isPresent()) {
                throw new Refusal(ApiStatus.methodNotAllowed("the journal remembers objects, not what containers said: "
                        + part + " is not served for the past"));
            }
            return streams.handle(call);
        }
        if (!part.isEmpty()
                && Part.of(call.kind()).stream().noneMatch(p -> p.name().equals(part))) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        var method = call.request().method();
        boolean collection = call.path().name().isEmpty();
        if (part.isEmpty() && !call.kind().verbs().contains(verb(method, collection))) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        if (method.equals(HttpMethods.GET) || method.equals(HttpMethods.HEAD)) {
            boolean watch = Access.watches(call.path(), call.query());
            return watch && part.isEmpty() ? watches.handle(call) : collection ? reads.list(call) : reads.get(call);
        }
        if (method.equals(HttpMethods.POST) && (collection || !part.isEmpty())) {
            return writes.create(call);
        }
        if (method.equals(HttpMethods.PUT) && !collection) {
            return writes.replace(call);
        }
        if (method.equals(HttpMethods.PATCH) && !collection) {
            return writes.patch(call);
        }
        if (method.equals(HttpMethods.DELETE) && part.isEmpty()) {
            return collection ? writes.deleteCollection(call) : writes.delete(call);
        }
        throw new Refusal(ApiStatus.methodNotAllowed());
    }

    private static String verb(HttpMethod method, boolean collection) {
        return switch (method.value()) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> collection ? "list" : "get";
        };
    }

    static Map<String, List<String>> query(HttpRequest request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (Pair<String, String> parameter : request.getUri().query().toList()) {
            query.computeIfAbsent(parameter.first(), name -> new ArrayList<>(1)).add(parameter.second());
        }
        return query;
    }

    static ApiStatus statusOf(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return switch (cause) {
            case Refusal refusal -> refusal.status();
            case java.util.concurrent.TimeoutException timeout ->
                ApiStatus.timeout("the outcome of the request is unknown, it may still complete");
            case RevisionAhead late ->
                ApiStatus.unavailable(
                        "what was written last cannot be shown yet: a write before it is not settled, or a master does"
                                + " not answer; try again");
            case org.apache.pekko.http.scaladsl.model.EntityStreamSizeException large ->
                ApiStatus.tooLarge(large.limit());
            default -> {
                LOG.error("a request failed in a way nobody planned for", cause);
                yield ApiStatus.internal(String.valueOf(cause.getMessage()));
            }
        };
    }
}
