package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.AgentFrames;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.User;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Everything that is not a resource: health, version, discovery, OpenAPI, metrics, and the way in for agents. */
final class OtherRoutes {
    private final DiscoveryRoutes discovery;
    private final OpenApiRoutes openApi;
    private final AgentRoute agents;
    private final TokenRoutes tokens;
    private final Health health;
    private final Supplier<String> metrics;

    OtherRoutes(
            DiscoveryRoutes discovery,
            OpenApiRoutes openApi,
            AgentRoute agents,
            TokenRoutes tokens,
            Health health,
            Supplier<String> metrics) {
        this.discovery = discovery;
        this.openApi = openApi;
        this.agents = agents;
        this.tokens = tokens;
        this.health = health;
        this.metrics = metrics;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, String path, User user) {
        if (!request.method().equals(HttpMethods.GET) && !request.method().equals(HttpMethods.HEAD)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        return switch (path) {
            case AgentFrames.PATH -> agents.handle(request, user);
            default -> CompletableFuture.completedFuture(answer(request, path));
        };
    }

    private HttpResponse answer(HttpRequest request, String path) {
        if (Health.serves(path)) {
            return health.answer(request, path);
        }
        return switch (path) {
            case TokenRoutes.CONFIGURATION -> tokens.configuration();
            case TokenRoutes.KEYS -> tokens.keys();
            case "/version" -> Replies.json(200, Version.info());
            case "/metrics" -> Replies.text(200, metrics.get());
            case "/" -> Replies.json(200, paths());
            default -> document(request, path);
        };
    }

    private HttpResponse document(HttpRequest request, String path) {
        if (path.startsWith("/openapi/")) {
            return openApi.answer(request, path);
        }
        if (DiscoveryRoutes.serves(path)) {
            return discovery.answer(request, path);
        }
        throw new Refusal(ApiStatus.noSuchPath());
    }

    private ObjectNode paths() {
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
        discovery.discovery().groupList().path("groups").forEach(group -> {
            list.add("/apis/" + Json.text(group, "name"));
            group.path("versions").forEach(v -> list.add("/apis/" + Json.text(v, "groupVersion")));
        });
        return answer;
    }
}
