package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.AgentFrames;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.User;
import io.ruori.kind.KindRegistry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Everything that is not a resource: health, version, discovery, OpenAPI, metrics, and the ways in for agents and masters. */
final class OtherRoutes {
    private static final String OPEN_API = "/openapi/";

    private final DiscoveryRoutes discovery;
    private final OpenApiRoutes openApi;
    private final AgentRoute agents;
    private final TokenRoutes tokens;
    private final JoinRoutes joins;
    private final Health health;
    private final Supplier<String> metrics;

    OtherRoutes(
            DiscoveryRoutes discovery,
            OpenApiRoutes openApi,
            AgentRoute agents,
            TokenRoutes tokens,
            JoinRoutes joins,
            Health health,
            Supplier<String> metrics) {
        this.discovery = discovery;
        this.openApi = openApi;
        this.agents = agents;
        this.tokens = tokens;
        this.joins = joins;
        this.health = health;
        this.metrics = metrics;
    }

    /** Whether what is answered follows from the kinds. */
    static boolean isOfKinds(String path) {
        return DiscoveryRoutes.serves(path) || path.startsWith(OPEN_API);
    }

    /** @param kinds those of the moment that is looked at */
    CompletionStage<HttpResponse> handle(HttpRequest request, String path, KindRegistry kinds, User user) {
        if (JoinRoutes.serves(path)) {
            return joins.handle(request, path, user);
        }
        if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        return switch (path) {
            case AgentFrames.PATH -> agents.handle(request, user);
            default -> CompletableFuture.completedFuture(answer(request, path, kinds));
        };
    }

    private HttpResponse answer(HttpRequest request, String path, KindRegistry kinds) {
        if (Health.serves(path)) {
            return health.answer(request, path);
        }
        return switch (path) {
            case TokenRoutes.CONFIGURATION -> tokens.configuration();
            case TokenRoutes.KEYS -> tokens.keys();
            case "/version" -> Replies.readable(Version.info());
            case "/metrics" -> Replies.text(200, metrics.get());
            case "/" -> Replies.json(200, paths(kinds));
            default -> document(request, path, kinds);
        };
    }

    private HttpResponse document(HttpRequest request, String path, KindRegistry kinds) {
        if (path.startsWith(OPEN_API)) {
            return openApi.answer(request, path, kinds);
        }
        if (DiscoveryRoutes.serves(path)) {
            return discovery.answer(request, path, kinds);
        }
        throw new Refusal(ApiStatus.noSuchPath());
    }

    private ObjectNode paths(KindRegistry kinds) {
        ObjectNode answer = Json.object();
        var list = answer.putArray("paths");
        List.of(
                        TokenRoutes.CONFIGURATION,
                        "/api",
                        "/api/v1",
                        "/apis",
                        "/healthz",
                        "/livez",
                        "/metrics",
                        "/openapi/v2",
                        "/openapi/v3",
                        TokenRoutes.KEYS,
                        "/readyz",
                        "/version")
                .forEach(list::add);
        discovery.discovery(kinds).groupList().path("groups").forEach(group -> {
            list.add("/apis/" + Json.text(group, "name"));
            group.path("versions").forEach(v -> list.add("/apis/" + Json.text(v, "groupVersion")));
        });
        return answer;
    }
}
