package io.ruori.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.User;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Questions that are posted and answered but never stored: who am I, and what may I do. */
final class ReviewRoutes {
    private static final Set<String> CREATE = Set.of("create");

    static final List<Kind> KINDS = List.of(
            Kind.of(
                            "authentication.k8s.io",
                            "v1",
                            "SelfSubjectReview",
                            "selfsubjectreviews",
                            "io.k8s.api.authentication.v1.SelfSubjectReview")
                    .clusterScoped()
                    .verbs(CREATE)
                    .build(),
            Kind.of(
                            "authorization.k8s.io",
                            "v1",
                            "SelfSubjectAccessReview",
                            "selfsubjectaccessreviews",
                            "io.k8s.api.authorization.v1.SelfSubjectAccessReview")
                    .clusterScoped()
                    .verbs(CREATE)
                    .build());

    private final Bodies bodies;

    ReviewRoutes(Bodies bodies) {
        this.bodies = bodies;
    }

    boolean serves(ApiPath.Resource path) {
        return find(path) != null;
    }

    private static @org.jspecify.annotations.Nullable Kind find(ApiPath.Resource path) {
        for (Kind kind : KINDS) {
            if (kind.group().equals(path.group())
                    && kind.version().equals(path.version())
                    && kind.plural().equals(path.resource())) {
                return kind;
            }
        }
        return null;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, ApiPath.Resource path, User user) {
        Kind kind = find(path);
        if (kind == null || !request.method().equals(HttpMethods.POST)) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        Call call = new Call(request, user, path, kind, Map.copyOf(ApiRoutes.query(request)));
        return bodies.object(call).thenApply(decoded -> {
            ObjectNode answer = decoded.tree();
            answer.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
            Json.child(answer, "metadata").putNull("creationTimestamp");
            answer.set("status", kind.kind().equals("SelfSubjectReview") ? whoAmI(user) : mayI(user));
            return Replies.tree(call, 201, answer, List.of());
        });
    }

    private static ObjectNode whoAmI(User user) {
        ObjectNode status = Json.object();
        ObjectNode info = status.putObject("userInfo").put("username", user.name());
        if (!user.uid().isEmpty()) {
            info.put("uid", user.uid());
        }
        ArrayNode groups = info.putArray("groups");
        user.groups().forEach(groups::add);
        return status;
    }

    /** Until roles are enforced, whoever holds a certificate of the cluster may do everything but pose as a node. */
    private static ObjectNode mayI(User user) {
        return Json.object().put("allowed", user.groups().contains("system:masters"));
    }
}
