package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.ObjectKey;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Optional;

/** The chain, in upstream's order (KUBERNETES admission plugins that are on by default). A new step is one line here. */
public record Admission(List<Admitter> chain) {
    public static final Admission BUILT_IN = new Admission(List.of(
            new NamespaceLifecycle(),
            new RoleEscalation(),
            new LimitRanger(),
            new ServiceAccountAdmission(),
            new NodeRestriction(),
            new PriorityAdmission(),
            new DefaultTolerations(),
            new ServiceGrants()));

    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        chain.forEach(step -> step.mutateCreate(kind, object, facts));
    }

    public void mutateUpdate(Kind kind, ObjectNode object, Facts facts) {
        chain.forEach(step -> step.mutateUpdate(kind, object, facts));
    }

    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        for (Admitter step : chain) {
            Optional<ApiStatus> refusal = step.validateCreate(kind, key, object, facts);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    public Optional<ApiStatus> validateUpdate(Kind kind, ObjectKey key, JsonNode updated, JsonNode old, Facts facts) {
        for (Admitter step : chain) {
            Optional<ApiStatus> refusal = step.validateUpdate(kind, key, updated, old, facts);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    public Optional<ApiStatus> validateDelete(Kind kind, ObjectKey key) {
        return chain.stream()
                .flatMap(step -> step.validateDelete(kind, key).stream())
                .findFirst();
    }
}
