package io.ruori.kind.rbac;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.access.Role;
import io.ruori.core.access.Rule;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.core.reconcile.Reconciler;
import io.ruori.core.selector.LabelSelector;
import io.ruori.view.Change;
import io.ruori.view.View;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the rules of a ClusterRole that is made of others: those of all its selectors find, by name, each rule once. */
final class RoleAggregation implements Reconciler {
    static final String COMPONENT = "clusterrole-aggregation-controller";

    @Override
    public Plan reconcile(StoredObject self, View view, Instant now) {
        Role role = self.digest(Role::of);
        if (role.aggregates().isEmpty() || self.isTerminating()) {
            return Plan.NOTHING;
        }
        Set<Rule> wanted = new LinkedHashSet<>();
        for (LabelSelector selector : role.aggregates()) {
            for (StoredObject other : view.list(ClusterRoleKind.NAME)) {
                if (!other.key().equals(self.key()) && selector.matches(other.labels())) {
                    wanted.addAll(other.digest(Role::of).rules());
                }
            }
        }
        return List.copyOf(wanted).equals(role.rules()) ? Plan.NOTHING : Plan.of(List.of(write(self, wanted)));
    }

    private static Action write(StoredObject self, Set<Rule> wanted) {
        ObjectNode patch = Json.object();
        ArrayNode rules = patch.putArray("rules");
        wanted.forEach(rule -> rules.add(rule.toJson()));
        return new Action.Patch(
                self.key(),
                self.uid(),
                self.revision(),
                "",
                patch,
                new Action.Because("the roles it is made of have changed", self.revision(), List.of()));
    }

    /** A change of a role concerns those that are made of it, or were. */
    static void wake(Change change, View view, Consumer<ObjectKey> wake) {
        for (StoredObject role : view.list(ClusterRoleKind.NAME)) {
            for (LabelSelector selector : role.digest(Role::of).aggregates()) {
                if (isFound(selector, change.before()) || isFound(selector, change.after())) {
                    wake.accept(role.key());
                }
            }
        }
    }

    private static boolean isFound(LabelSelector selector, @Nullable StoredObject role) {
        return role != null && selector.matches(role.labels());
    }
}
