package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.access.AccountTokens;
import io.ruori.api.ApiStatus;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.view.ObjectIndex;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/** {@code serviceaccounts/token}: tokens on request; and what others need to verify them, as OpenID Connect has it. */
final class TokenRoutes {
    static final String CONFIGURATION = "/.well-known/openid-configuration";
    static final String KEYS = "/openid/v1/jwks";

    private static final String GROUP = "authentication.k8s.io";
    private static final String KIND = "TokenRequest";
    private static final long DEFAULT_SECONDS = 3600;
    private static final long LEAST_SECONDS = 600;
    private static final long MOST_SECONDS = 1L << 32;

    private final Bodies bodies;
    private final ObjectIndex index;
    private final AccountTokens tokens;
    private final InstantSource time;
    private final String address;

    TokenRoutes(Bodies bodies, ObjectIndex index, AccountTokens tokens, InstantSource time, String address) {
        this.bodies = bodies;
        this.index = index;
        this.tokens = tokens;
        this.time = time;
        this.address = address;
    }

    boolean serves(Call call) {
        return call.kind().apiVersion().equals("v1")
                && call.kind().plural().equals("serviceaccounts")
                && call.path().subresource().equals("token");
    }

    CompletionStage<HttpResponse> handle(Call call) {
        if (!call.request().method().equals(HttpMethods.POST)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        return bodies.object(call, GROUP + "/v1", KIND)
                .thenCompose(decoded -> index.consistent(ReadRoutes.CONSISTENT_WAIT)
                        .thenApply(view -> issue(call, decoded.tree(), view)));
    }

    private HttpResponse issue(Call call, ObjectNode request, View view) {
        ObjectKey key = call.kind().key(call.path().namespace(), call.path().name());
        StoredObject account = view.get(key);
        if (account == null) {
            throw new Refusal(ApiStatus.notFound(key));
        }
        JsonNode spec = request.path("spec");
        long seconds = Json.number(spec, DEFAULT_SECONDS, "expirationSeconds");
        checkLife(seconds);
        StoredObject bound = bound(call, spec.path("boundObjectRef"), view);
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        if (audiences.isEmpty()) {
            audiences.addAll(tokens.audiences());
        }
        AccountTokens.Issued issued =
                tokens.issue(account, audiences, Duration.ofSeconds(seconds), bound, node(bound, view), time.instant());
        return answer(call, request, audiences, seconds, issued);
    }

    private static void checkLife(long seconds) {
        FieldErrors errors = new FieldErrors();
        if (seconds < LEAST_SECONDS) {
            errors.invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }
        if (seconds > MOST_SECONDS) {
            errors.invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
        }
        if (!errors.isEmpty()) {
            throw new Refusal(ApiStatus.invalid(GROUP, KIND, "", errors.all()));
        }
    }

    private static @Nullable StoredObject bound(Call call, JsonNode reference, View view) {
        if (!reference.isObject()) {
            return null;
        }
        String kind = Json.text(reference, "kind");
        String name = Json.text(reference, "name");
        String resource = switch (Json.text(reference, "apiVersion") + "/" + kind) {
            case "v1/Pod" -> "pods";
            case "v1/Secret" -> "secrets";
            case "v1/Node" -> "nodes";
            default ->
                throw new Refusal(ApiStatus.badRequest("cannot bind token to object of type "
                        + Json.text(reference, "apiVersion") + ", Kind=" + kind));
        };
        String namespace = resource.equals("nodes") ? "" : call.path().namespace();
        ObjectKey key = new ObjectKey(KindName.core(resource), namespace, name);
        StoredObject found = view.get(key);
        if (found == null) {
            throw new Refusal(ApiStatus.notFound(key));
        }
        String uid = Json.text(reference, "uid");
        if (!uid.isEmpty() && !uid.equals(found.uid().value())) {
            throw new Refusal(ApiStatus.conflict(
                    key,
                    "the UID in the bound object reference (" + uid + ") does not match the UID in record. The object"
                            + " might have been deleted and then recreated"));
        }
        if (resource.equals("pods")
                && !found.field("spec.serviceAccountName").equals(call.path().name())) {
            throw new Refusal(ApiStatus.badRequest("cannot bind token for serviceaccount \""
                    + call.path().name() + "\" to pod running with different serviceaccount name."));
        }
        return found;
    }

    private static @Nullable StoredObject node(@Nullable StoredObject bound, View view) {
        return bound == null ? null : view.get(new ObjectKey(KindName.core("nodes"), "", bound.field("spec.nodeName")));
    }

    private static HttpResponse answer(
            Call call, ObjectNode request, List<String> audiences, long seconds, AccountTokens.Issued issued) {
        request.put("apiVersion", GROUP + "/v1").put("kind", KIND);
        Json.child(request, "metadata")
                .put("name", call.path().name())
                .put("namespace", call.path().namespace())
                .put("creationTimestamp", instant(issued.expires().minusSeconds(seconds)));
        ObjectNode spec = Json.child(request, "spec").put("expirationSeconds", seconds);
        ArrayNode list = spec.putArray("audiences");
        audiences.forEach(list::add);
        Json.ifAbsent(spec, "boundObjectRef", Json.mapper().nullNode());
        Json.child(request, "status")
                .put("expirationTimestamp", instant(issued.expires()))
                .put("token", issued.token());
        return Replies.tree(call, 201, request, List.of());
    }

    private static String instant(Instant at) {
        return at.toString();
    }

    // ---- for those who verify

    HttpResponse configuration() {
        ObjectNode document = Json.object().put("issuer", tokens.issuer()).put("jwks_uri", "https://" + address + KEYS);
        document.putArray("response_types_supported").add("id_token");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add("ES256");
        return cached(Replies.json(200, document));
    }

    HttpResponse keys() {
        return cached(Replies.bytes(
                200, ContentTypes.parse("application/jwk-set+json"), Json.write(tokens.keySet()), List.of()));
    }

    private static HttpResponse cached(HttpResponse response) {
        return response.removeHeader("Cache-Control")
                .addHeader(RawHeader.create("Cache-Control", "public, max-age=3600"));
    }
}
