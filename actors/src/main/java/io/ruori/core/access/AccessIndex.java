package io.ruori.core.access;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.view.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All roles and bindings of a view, arranged by whom they concern: a question looks at the grants of one user and a few groups,
 * however many there are. Immutable; made anew when a role or a binding changes.
 */
public final class AccessIndex {
    private static final String GROUP = "rbac.authorization.k8s.io";
    public static final KindName ROLES = new KindName(GROUP, "roles");
    public static final KindName CLUSTER_ROLES = new KindName(GROUP, "clusterroles");
    public static final KindName ROLE_BINDINGS = new KindName(GROUP, "rolebindings");
    public static final KindName CLUSTER_ROLE_BINDINGS = new KindName(GROUP, "clusterrolebindings");

    /** All that it is made of. */
    public static final Set<KindName> KINDS = Set.of(ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS);

    /**
     * A role given to a subject by a binding.
     *
     * @param why of what it allows
     * @param missing what is wrong with it; empty when the role exists
     */
    private record Grant(List<Rule> rules, String why, String missing) {}

    /** What a user holds in a namespace, and the bindings that come to nothing because their roles are missing. */
    public record Held(List<Rule> rules, List<String> missing) {}

    private final Map<Binding.Subject, List<Grant>> everywhere = new HashMap<>();
    private final Map<String, Map<Binding.Subject, List<Grant>>> inNamespaces = new HashMap<>();

    private AccessIndex() {}

    public static AccessIndex of(View view) {
        AccessIndex index = new AccessIndex();
        for (StoredObject binding : view.list(CLUSTER_ROLE_BINDINGS)) {
            index.add(view, binding, index.everywhere);
        }
        for (StoredObject binding : view.list(ROLE_BINDINGS)) {
            String namespace = binding.key().namespace();
            index.add(view, binding, index.inNamespaces.computeIfAbsent(namespace, n -> new HashMap<>()));
        }
        return index;
    }

    private void add(View view, StoredObject object, Map<Binding.Subject, List<Grant>> to) {
        Binding binding = object.digest(Binding::of);
        ObjectKey role = roleKey(binding, object.key().namespace());
        @Nullable StoredObject found = view.get(role);
        List<Rule> rules = found == null ? List.of() : found.digest(Role::of).rules();
        String missing = found == null ? notFound(role) : "";
        for (Binding.Subject subject : binding.subjects()) {
            Grant grant = new Grant(rules, "RBAC: allowed by " + words(object.key(), binding, subject), missing);
            to.computeIfAbsent(account(subject), s -> new ArrayList<>()).add(grant);
        }
    }

    private static String notFound(ObjectKey role) {
        String kind = role.kind().equals(ROLES) ? "role" : "clusterrole";
        return kind + "." + GROUP + " \"" + role.name() + "\" not found";
    }

    private static String words(ObjectKey key, Binding binding, Binding.Subject subject) {
        String named = key.namespace().isEmpty()
                ? "ClusterRoleBinding " + Ask.quoted(key.name())
                : "RoleBinding " + Ask.quoted(key.name() + "/" + key.namespace());
        return named + " of " + binding.roleKind() + " " + Ask.quoted(binding.roleName()) + " to " + subject.words();
    }

    /** The role a binding of this namespace (empty: of the cluster) names. */
    public static ObjectKey roleKey(Binding binding, String namespace) {
        return binding.roleKind().equals("Role")
                ? new ObjectKey(ROLES, namespace, binding.roleName())
                : new ObjectKey(CLUSTER_ROLES, "", binding.roleName());
    }

    /** A service account is the user of its name, so that one look finds both ways of naming it. */
    private static Binding.Subject account(Binding.Subject subject) {
        return switch (subject.kind()) {
            case "ServiceAccount" -> user("system:serviceaccount:" + subject.namespace() + ":" + subject.name());
            case "Group" -> group(subject.name());
            default -> user(subject.name());
        };
    }

    private static Binding.Subject user(String name) {
        return new Binding.Subject("User", "", name);
    }

    private static Binding.Subject group(String name) {
        return new Binding.Subject("Group", "", name);
    }

    // ---- questions

    Verdict decide(Ask ask) {
        List<String> missing = new ArrayList<>();
        Search search = new Search(ask, missing);
        @Nullable Grant found = search.in(everywhere);
        if (found == null && !ask.namespace().isEmpty()) {
            found = search.in(inNamespaces.getOrDefault(ask.namespace(), Map.of()));
        }
        if (found != null) {
            return Verdict.allowed(found.why());
        }
        return Verdict.refused(missing.isEmpty() ? "" : "RBAC: " + aggregate(missing));
    }

    /** Several errors as upstream lists them. */
    public static String aggregate(List<String> errors) {
        Set<String> distinct = new LinkedHashSet<>(errors);
        return distinct.size() == 1 ? errors.getFirst() : "[" + String.join(", ", distinct) + "]";
    }

    private record Search(Ask ask, List<String> missing) {
        @Nullable
        Grant in(Map<Binding.Subject, List<Grant>> grants) {
            if (grants.isEmpty()) {
                return null;
            }
            @Nullable Grant found = of(grants.get(user(ask.user().name())));
            for (int i = 0; found == null && i < ask.user().groups().size(); i++) {
                found = of(grants.get(group(ask.user().groups().get(i))));
            }
            return found;
        }

        private @Nullable Grant of(@Nullable List<Grant> grants) {
            if (grants == null) {
                return null;
            }
            for (Grant grant : grants) {
                if (!grant.missing().isEmpty()) {
                    missing.add(grant.missing());
                }
                for (Rule rule : grant.rules()) {
                    if (rule.allows(ask)) {
                        return grant;
                    }
                }
            }
            return null;
        }
    }

    /** Everything a user may do in a namespace, those of the whole cluster included. */
    public Held held(User user, String namespace) {
        List<Rule> rules = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        Consumer<Grant> take = grant -> {
            rules.addAll(grant.rules());
            if (!grant.missing().isEmpty()) {
                missing.add(grant.missing());
            }
        };
        each(everywhere, user, take);
        if (!namespace.isEmpty()) {
            each(inNamespaces.getOrDefault(namespace, Map.of()), user, take);
        }
        return new Held(List.copyOf(rules), List.copyOf(missing));
    }

    private static void each(Map<Binding.Subject, List<Grant>> grants, User user, Consumer<Grant> take) {
        grants.getOrDefault(user(user.name()), List.of()).forEach(take);
        user.groups()
                .forEach(name -> grants.getOrDefault(group(name), List.of()).forEach(take));
    }
}
