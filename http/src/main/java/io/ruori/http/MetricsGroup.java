package io.ruori.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.User;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * The API group {@code metrics.k8s.io}: how much Pods and Nodes use now. Nothing measures yet, so its lists are empty, as they
 * are upstream before the first measurement; clients find the place and say so.
 */
final class MetricsGroup {
    private static final String GROUP = "metrics.k8s.io";
    private static final String VERSION = "v1beta1";

    static final List<Kind> KINDS = List.of(
            kind("NodeMetrics", "nodes").clusterScoped().build(),
            kind("PodMetrics", "pods").build());

    private final InstantSource time;

    MetricsGroup(InstantSource time) {
        this.time = time;
    }

    private static KindBuilder kind(String kind, String plural) {
        return Kind.of(GROUP, VERSION, kind, plural, "io.k8s.metrics.pkg.apis.metrics.v1beta1." + kind)
                .singular("")
                .verbs(Set.of("get", "list"));
    }

    boolean serves(ApiPath.Resource path) {
        return ServedKinds.find(KINDS, path) != null;
    }

    CompletionStage<HttpResponse> handle(HttpRequest request, ApiPath.Resource path, User user) {
        Kind kind = ServedKinds.find(KINDS, path);
        boolean reads =
                request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
        if (kind == null || !reads || path.legacyWatch()) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        if (!path.subresource().isEmpty()
                || (!kind.isNamespaced() && !path.namespace().isEmpty())) {
            throw new Refusal(ApiStatus.noSuchPath());
        }
        if (!path.name().isEmpty()) {
            throw new Refusal(ApiStatus.notFound(
                    new ObjectKey(new KindName(GROUP, kind.plural()), path.namespace(), path.name())));
        }
        Call call = new Call(request, user, path, kind, ApiRoutes.query(request));
        if (Access.watches(path, call.query())) {
            throw new Refusal(ApiStatus.methodNotAllowed());
        }
        Accepted accepted = Accepted.withoutProtobuf(call);
        ObjectNode list = Json.object().put("kind", kind.listKind()).put("apiVersion", GROUP + "/" + VERSION);
        list.putObject("metadata");
        list.putArray("items");
        ObjectNode shown = switch (accepted.form()) {
            case WHOLE -> list;
            case TABLE -> Tables.table(kind, List.of(), Json.object(), Replies.include(call), true, call.now(time));
            case PARTIAL_METADATA, PARTIAL_METADATA_LIST ->
                list.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
        };
        return CompletableFuture.completedFuture(Replies.encoded(accepted, 200, shown, List.of()));
    }
}
