package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Binding;
import io.ruori.core.access.Escalation;
import io.ruori.core.access.Rights;
import io.ruori.core.access.Role;
import io.ruori.core.access.Rule;
import io.ruori.kind.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Nobody writes into a role what they may not do themselves, unless they may {@code escalate}; nor gives away such a role, unless
 * they may {@code bind} it. A change that leaves what is granted as it was is anybody's who may write at all.
 */
final class RoleEscalation implements Admitter {
    @Override
    public Optional<ApiStatus> validateCreate(Kind kind, ObjectKey key, JsonNode object, Facts facts) {
        return facts.rights().flatMap(rights -> check(kind.name(), key, object, rights));
    }

    @Override
    public Optional<ApiStatus> validateUpdate(Kind kind, ObjectKey key, JsonNode updated, JsonNode old, Facts facts) {
        return facts.rights()
                .filter(rights -> !isSame(kind.name(), updated, old))
                .flatMap(rights -> check(kind.name(), key, updated, rights));
    }

    private static boolean isRole(KindName kind) {
        return kind.equals(AccessIndex.ROLES) || kind.equals(AccessIndex.CLUSTER_ROLES);
    }

    private static boolean isSame(KindName kind, JsonNode updated, JsonNode old) {
        return isRole(kind)
                ? Role.of(updated).equals(Role.of(old))
                : Binding.of(updated).equals(Binding.of(old));
    }

    private static Optional<ApiStatus> check(KindName kind, ObjectKey key, JsonNode object, Rights rights) {
        return isRole(kind) ? role(key, Role.of(object), rights) : binding(key, Binding.of(object), rights);
    }

    private static Optional<ApiStatus> role(ObjectKey key, Role role, Rights rights) {
        Optional<String> refusal = rights.refusalToWrite(key, role.rules());
        if (refusal.isEmpty() && !role.aggregates().isEmpty()) {
            // Whatever others come to hold, it would come to hold too.
            refusal = rights.refusalToWrite(key, Escalation.EVERYTHING);
        }
        return refusal.map(why -> ApiStatus.forbidden(key, why));
    }

    private static Optional<ApiStatus> binding(ObjectKey key, Binding binding, Rights rights) {
        ObjectKey role = AccessIndex.roleKey(binding, key.namespace());
        if (rights.mayBind(role, key.namespace())) {
            return Optional.empty();
        }
        List<Rule> rules = rights.bound();
        return rules == null
                ? Optional.of(ApiStatus.notFound(role))
                : rights.refusalToGive(rules).map(why -> ApiStatus.forbidden(key, why));
    }
}
