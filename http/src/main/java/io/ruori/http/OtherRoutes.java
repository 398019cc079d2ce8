package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.agent.AgentFrames;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.User;
import io.ruori.kind.KindRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Everything that is not a resource: health, version, discovery, OpenAPI, metrics, and the way in for agents. */
final class OtherRoutes {
    private final Supplier<KindRegistry> kinds;
    private final OpenApiRoutes openApi;
    private final AgentRoute agents;
    private final TokenRoutes tokens;
    private final Health health;
    private final Supplier<String> metrics;
    private final String address;

    OtherRoutes(
            Supplier<KindRegistry> kinds,
            OpenApiRoutes openApi,
            AgentRoute agents,
            TokenRoutes tokens,
            Health health,
            Supplier<String> metrics,
            String address) {
        this.kinds = kinds;
        this.openApi = openApi;
        this.agents = agents;
        this.tokens = tokens;
        this.health = health;
        this.metrics = metrics;
        this.address = address;
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
        Discovery discovery = new Discovery(ServedKinds.with(kinds.get().served()));
        return switch (path) {
            case TokenRoutes.CONFIGURATION -> tokens.configuration();
            case TokenRoutes.KEYS -> tokens.keys();
            case "/version" -> Replies.json(200, Version.info());
            case "/metrics" -> Replies.text(200, metrics.get());
            case "/api" -> discovery(request, discovery, true, discovery.apiVersions(address));
            case "/apis" -> discovery(request, discovery, false, discovery.groupList());
            case "/" -> Replies.json(200, paths());
            default -> path.startsWith("/openapi/") ? openApi.answer(request, path) : groupOrVersion(path, discovery);
        };
    }

    private static HttpResponse discovery(HttpRequest request, Discovery discovery, boolean core, ObjectNode plain) {
        String accept = request.getHeader("Accept").map(h -> h.value()).orElse("");
        for (String part : accept.split(",")) {
            if (part.contains("as=APIGroupDiscoveryList")) {
                String version = part.contains("v=v2beta1") ? "v2beta1" : "v2";
                return Replies.bytes(
                        200,
                        ContentTypes.parse(
                                "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList"),
                        Json.write(discovery.aggregated(core, version)),
                        List.of());
            }
            if (part.contains("application/json") && !part.contains("as=")) {
                break;
            }
        }
        return Replies.bytes(200, ContentTypes.APPLICATION_JSON, Json.write(plain), List.of());
    }

    private static HttpResponse groupOrVersion(String path, Discovery discovery) {
        String[] parts = path.split("/");
        Optional<ObjectNode> found = Optional.empty();
        if (parts.length == 3 && parts[1].equals("api")) {
            found = discovery.resources(parts[2]);
        } else if (parts.length == 3 && parts[1].equals("apis")) {
            found = discovery.group(parts[2]);
        } else if (parts.length == 4 && parts[1].equals("apis")) {
            found = discovery.resources(parts[2] + "/" + parts[3]);
        }
        return Replies.json(200, found.orElseThrow(() -> new Refusal(ApiStatus.noSuchPath())));
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
        new Discovery(ServedKinds.with(kinds.get().served()))
                .groupList()
                .path("groups")
                .forEach(group -> {
                    list.add("/apis/" + Json.text(group, "name"));
                    group.path("versions").forEach(v -> list.add("/apis/" + Json.text(v, "groupVersion")));
                });
        return answer;
    }
}
