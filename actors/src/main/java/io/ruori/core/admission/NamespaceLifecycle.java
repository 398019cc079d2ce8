package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nothing is made in a namespace that does not exist or is going away, and three namespaces never go. */
final class NamespaceLifecycle implements Admitter {
    private static final KindName NAMESPACES = KindName.core("namespaces");
    private static final Set<String> UNDELETABLE = Set.of("default", "kube-system", "kube-public");

    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        return switch (facts.namespace()) {
            case NONE, ACTIVE -> Optional.empty();
            case ABSENT -> Optional.of(ApiStatus.notFound(new ObjectKey(NAMESPACES, "", key.namespace())));
            case TERMINATING -> Optional.of(terminating(key));
        };
    }

    @Override
    public Optional<ApiStatus> validateDelete(Kind kind, ObjectKey key) {
        return kind.name().equals(NAMESPACES) && UNDELETABLE.contains(key.name())
                ? Optional.of(ApiStatus.forbidden(key, "this namespace may not be deleted"))
                : Optional.empty();
    }

    private static ApiStatus terminating(ObjectKey key) {
        String text = "namespace " + key.namespace() + " is being terminated";
        return ApiStatus.forbidden(
                        key,
                        "unable to create new content in namespace " + key.namespace()
                                + " because it is being terminated")
                .withCauses(List.of(new ApiStatus.Cause("NamespaceTerminating", text, "metadata.namespace")));
    }
}
