package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.kind.Kind;
import java.util.Optional;

/** Every Pod runs as a service account of its namespace: {@code default} unless it says otherwise. */
final class ServiceAccountAdmission implements Admitter {
    private static final KindName PODS = KindName.core("pods");
    private static final String DEFAULT = "default";

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (kind.name().equals(PODS)) {
            ObjectNode spec = Json.child(object, "spec");
            if (Json.text(spec, "serviceAccountName").isEmpty()) {
                spec.put("serviceAccountName", DEFAULT);
            }
            spec.put("serviceAccount", Json.text(spec, "serviceAccountName"));
        }
    }

    /** The default account is certain to appear, since the namespace's reconciler makes it; no one need wait for it. */
    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        if (!kind.name().equals(PODS)) {
            return Optional.empty();
        }
        String account = Json.text(object, "spec", "serviceAccountName");
        return account.equals(DEFAULT) || facts.serviceAccounts().contains(account)
                ? Optional.empty()
                : Optional.of(ApiStatus.forbidden(
                        key,
                        "error looking up service account " + key.namespace() + "/" + account + ": serviceaccount \""
                                + account + "\" not found"));
    }
}
