package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.core.access.Authorizer;
import io.ruori.kind.Kind;
import java.util.Optional;

/** What a node makes is its own: its Node, and Pods that only mirror what it runs anyway. The authorizer sees to the rest. */
final class NodeRestriction implements Admitter {
    private static final KindName NODES = KindName.core("nodes");
    private static final KindName PODS = KindName.core("pods");
    private static final String MIRROR = "kubernetes.io/config.mirror";

    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        if (!kind.name().equals(NODES) && !kind.name().equals(PODS)) {
            return Optional.empty();
        }
        return Authorizer.nodeOf(facts.user())
                .flatMap(node -> kind.name().equals(NODES) ? node(node, key) : pod(node, key, object));
    }

    private static Optional<ApiStatus> node(String node, ObjectKey key) {
        return key.name().equals(node)
                ? Optional.empty()
                : Optional.of(ApiStatus.forbidden(
                        key, "node \"" + node + "\" is not allowed to modify node \"" + key.name() + "\""));
    }

    private static Optional<ApiStatus> pod(String node, ObjectKey key, JsonNode pod) {
        if (Json.text(pod, "metadata", "annotations", MIRROR).isEmpty()) {
            return Optional.of(ApiStatus.forbidden(
                    key,
                    "pod does not have \"" + MIRROR + "\" annotation, node \"" + node
                            + "\" can only create mirror pods"));
        }
        return Json.text(pod, "spec", "nodeName").equals(node)
                ? Optional.empty()
                : Optional.of(ApiStatus.forbidden(
                        key, "node \"" + node + "\" can only create pods with spec.nodeName set to itself"));
    }
}
