package io.ruori.core.access;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.User;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who writes a role or a binding holds where it is to apply.
 *
 * @param held everything they may do there
 * @param bound rules of the role that a binding names; null when there is no such role, or nothing is bound
 */
public record Rights(
        User user, AccessIndex.Held held, @Nullable List<Rule> bound) {

    /** Why they may not write these rules into a role; empty when they may. */
    public Optional<String> refusalToWrite(ObjectKey role, List<Rule> rules) {
        Ask escalate =
                Ask.of(user, "escalate", role.kind().group(), role.kind().resource(), role.namespace(), role.name());
        return isUnlimited() || allows(escalate) ? Optional.empty() : Escalation.refusal(user, held, rules);
    }

    /** Whether they may bind this role though they may not hold all that is in it. */
    public boolean mayBind(ObjectKey role, String namespace) {
        KindName kind = role.kind();
        return isUnlimited() || allows(Ask.of(user, "bind", kind.group(), kind.resource(), namespace, role.name()));
    }

    /** Why they may not give these rules to others; empty when they may. */
    public Optional<String> refusalToGive(List<Rule> rules) {
        return Escalation.refusal(user, held, rules);
    }

    private boolean isUnlimited() {
        return user.groups().contains(Authorizer.PRIVILEGED);
    }

    private boolean allows(Ask ask) {
        return held.rules().stream().anyMatch(rule -> rule.allows(ask));
    }
}
