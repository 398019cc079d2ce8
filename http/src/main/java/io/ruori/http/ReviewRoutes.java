package io.ruori.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.access.AccountTokens.Recognized;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.User;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Ask;
import io.ruori.core.access.Authorizer;
import io.ruori.core.access.Rule;
import io.ruori.core.access.Verdict;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Questions that are posted and answered but never stored: who am I, whose token is this, and who may do what. */
final class ReviewRoutes {
    private static final Set<String> CREATE = Set.of("create");
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String AUTHORIZATION = "authorization.k8s.io";

    static final List<Kind> KINDS = List.of(
            kind(AUTHENTICATION, "SelfSubjectReview").clusterScoped().build(),
            kind(AUTHENTICATION, "TokenReview").clusterScoped().build(),
            kind(AUTHORIZATION, "LocalSubjectAccessReview").build(),
            kind(AUTHORIZATION, "SelfSubjectAccessReview").clusterScoped().build(),
            kind(AUTHORIZATION, "SelfSubjectRulesReview").clusterScoped().build(),
            kind(AUTHORIZATION, "SubjectAccessReview").clusterScoped().build());

    private final Bodies bodies;
    private final Access access;
    private final Authentication authentication;

    ReviewRoutes(Bodies bodies, Access access, Authentication authentication) {
        this.bodies = bodies;
        this.access = access;
        this.authentication = authentication;
    }

    private static KindBuilder kind(String group, String kind) {
        String schema = group.substring(0, group.indexOf('.'));
        return Kind.of(
                        group,
                        "v1",
                        kind,
                        kind.toLowerCase(java.util.Locale.ROOT) + "s",
                        "io.k8s.api." + schema + ".v1." + kind)
                .verbs(CREATE);
    }

    boolean serves(ApiPath.Resource path) {
        return ServedKinds.find(KINDS, path) != null;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, ApiPath.Resource path, User user) {
        Kind kind = ServedKinds.find(KINDS, path);
        if (kind == null
                || !request.method().equals(HttpMethods.POST)
                || !path.name().isEmpty()) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        if (kind.isNamespaced() == path.namespace().isEmpty()) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        Call call = new Call(request, user, path, kind, Map.copyOf(ApiRoutes.query(request)));
        return bodies.object(call).thenApply(decoded -> {
            ObjectNode answer = decoded.tree();
            answer.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
            Json.child(answer, "metadata").putNull("creationTimestamp");
            answer.set("status", status(call, answer.path("spec")));
            return Replies.tree(call, 201, answer, List.of());
        });
    }

    private ObjectNode status(Call call, JsonNode spec) {
        return switch (call.kind().kind()) {
            case "SelfSubjectReview" -> Json.object().set("userInfo", userInfo(call.user()));
            case "TokenReview" -> token(spec);
            case "SelfSubjectRulesReview" -> rules(call.user(), spec);
            case "SelfSubjectAccessReview" -> decide(call, spec, call.user());
            case "LocalSubjectAccessReview" -> {
                String namespace = Json.text(spec, "resourceAttributes", "namespace");
                if (!namespace.equals(call.path().namespace())) {
                    throw new Refusal(ApiStatus.badRequest("spec.resourceAttributes.namespace must match namespace: "
                            + call.path().namespace()));
                }
                yield decide(call, spec, subject(call, spec));
            }
            default -> decide(call, spec, subject(call, spec));
        };
    }

    // ---- who

    private static ObjectNode userInfo(User user) {
        ObjectNode info = Json.object().put("username", user.name());
        if (!user.uid().isEmpty()) {
            info.put("uid", user.uid());
        }
        strings(info, "groups", user.groups());
        if (!user.extra().isEmpty()) {
            ObjectNode extra = info.putObject("extra");
            user.extra().forEach((key, values) -> strings(extra, key, values));
        }
        return info;
    }

    private static void strings(ObjectNode to, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = to.putArray(field);
            values.forEach(list::add);
        }
    }

    private ObjectNode token(JsonNode spec) {
        String token = Json.text(spec, "token");
        if (token.isEmpty()) {
            throw new Refusal(ApiStatus.badRequest("token is required for TokenReview in authentication"));
        }
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        if (audiences.isEmpty()) {
            audiences.addAll(authentication.audiences());
        }
        Optional<Recognized> found = authentication.recognize(token, audiences);
        if (found.isEmpty()) {
            ObjectNode status = Json.object();
            status.putObject("user");
            return status.put("error", authentication.fault(token, audiences));
        }
        ObjectNode status = Json.object().put("authenticated", true);
        status.set("user", userInfo(found.get().user()));
        strings(status, "audiences", found.get().audiences());
        return status;
    }

    // ---- what

    private static User subject(Call call, JsonNode spec) {
        String name = Json.text(spec, "user");
        if (name.isEmpty() && spec.path("groups").isEmpty()) {
            throw Refusal.invalid(
                    call.kind(),
                    "",
                    errors -> errors.invalid("spec.user", "", "at least one of user or group must be specified"));
        }
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        Map<String, List<String>> extra = new LinkedHashMap<>();
        spec.path("extra").properties().forEach(entry -> {
            List<String> values = new ArrayList<>();
            entry.getValue().forEach(value -> values.add(value.asText()));
            extra.put(entry.getKey(), values);
        });
        return new User(name, Json.text(spec, "uid"), groups, extra);
    }

    private ObjectNode decide(Call call, JsonNode spec, User user) {
        Verdict verdict = access.decide(ask(call, spec, user));
        ObjectNode status = Json.object().put("allowed", verdict.allowed());
        return verdict.reason().isEmpty() ? status : status.put("reason", verdict.reason());
    }

    private static Ask ask(Call call, JsonNode spec, User user) {
        JsonNode resource = spec.path("resourceAttributes");
        JsonNode path = spec.path("nonResourceAttributes");
        if (resource.isObject() && path.isObject()) {
            throw Refusal.invalid(
                    call.kind(),
                    "",
                    errors -> errors.invalid(
                            "spec.nonResourceAttributes",
                            "nonResourceAttributes",
                            "cannot be specified in combination with resourceAttributes"));
        }
        if (path.isObject()) {
            return Ask.ofPath(user, Json.text(path, "verb"), Json.text(path, "path"));
        }
        if (!resource.isObject()) {
            throw Refusal.invalid(
                    call.kind(),
                    "",
                    errors -> errors.invalid(
                            "spec.resourceAttributes",
                            Json.mapper().nullNode(),
                            "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
        return new Ask(
                user,
                Json.text(resource, "verb"),
                Json.text(resource, "group"),
                Json.text(resource, "version"),
                Json.text(resource, "resource"),
                Json.text(resource, "subresource"),
                Json.text(resource, "namespace"),
                Json.text(resource, "name"),
                selector(resource.path("fieldSelector")),
                "");
    }

    private static String selector(JsonNode selector) {
        if (!selector.has("requirements")) {
            return Json.text(selector, "rawSelector");
        }
        List<String> terms = new ArrayList<>();
        for (JsonNode term : selector.path("requirements")) {
            if (Json.text(term, "operator").equals("In") && term.path("values").size() == 1) {
                terms.add(Json.text(term, "key") + "="
                        + term.path("values").path(0).asText());
            }
        }
        return String.join(",", terms);
    }

    private ObjectNode rules(User user, JsonNode spec) {
        String namespace = Json.text(spec, "namespace");
        if (namespace.isEmpty()) {
            throw new Refusal(ApiStatus.badRequest("no namespace on request"));
        }
        AccessIndex.Held held = access.held(user, namespace);
        ObjectNode status = Json.object();
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        for (Rule rule : held.rules()) {
            (rule.urls().isEmpty() ? resources : paths).add(rule.toJson());
        }
        boolean more = Authorizer.isMoreThanRules(user);
        status.put("incomplete", more || !held.missing().isEmpty());
        List<String> errors = new ArrayList<>();
        if (more) {
            errors.add("node authorizer does not support user rule resolution");
        }
        if (!held.missing().isEmpty()) {
            errors.add(AccessIndex.aggregate(held.missing()));
        }
        return errors.isEmpty() ? status : status.put("evaluationError", AccessIndex.aggregate(errors));
    }
}
