package io.ruori.entity;

import io.ruori.access.AccessRules;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.Write;
import io.ruori.core.access.AccessIndex;
import io.ruori.core.access.Binding;
import io.ruori.core.access.Rights;
import io.ruori.core.access.Role;
import io.ruori.core.access.Rule;
import io.ruori.core.admission.Facts;
import io.ruori.core.admission.Facts.NamespaceLife;
import io.ruori.core.admission.Grant;
import io.ruori.core.admission.Limit;
import io.ruori.core.admission.PriorityClasses;
import io.ruori.core.admission.PriorityClasses.PriorityClass;
import io.ruori.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks up what admission must know of other objects. Only what a kind needs is read: this runs before every write. */
final class FactFinder {
    private static final KindName NAMESPACES = KindName.core("namespaces");
    private static final KindName SERVICE_ACCOUNTS = KindName.core("serviceaccounts");
    private static final KindName PRIORITY_CLASSES = new KindName("scheduling.k8s.io", "priorityclasses");
    private static final KindName LIMIT_RANGES = KindName.core("limitranges");
    private static final KindName CLAIMS = KindName.core("persistentvolumeclaims");
    private static final KindName PODS = KindName.core("pods");

    private final AccessRules access;
    private final Duration tolerationSeconds;

    FactFinder(AccessRules access, Duration tolerationSeconds) {
        this.access = access;
        this.tolerationSeconds = tolerationSeconds;
    }

    Facts facts(ObjectKey key, Write write, User user, View view) {
        boolean isPod = key.kind().equals(PODS);
        // A status or a deletion of a Pod is the most frequent write of all, and asks for none of this.
        // A change of a priority class counts too, since only one may be everybody's.
        boolean writesObject = write.isOfObject();
        return new Facts(
                view.revision(),
                user,
                namespaceLife(view, key.namespace()),
                isPod && writesObject ? accounts(key.namespace(), view) : Set.of(),
                tolerationSeconds,
                AccessIndex.KINDS.contains(key.kind()) ? Optional.of(rights(key, write, user, view)) : Optional.empty(),
                writesObject && (isPod || key.kind().equals(PRIORITY_CLASSES))
                        ? priorities(view)
                        : PriorityClasses.NONE,
                writesObject && (isPod || key.kind().equals(CLAIMS)) ? limits(key.namespace(), view) : List.of(),
                write instanceof Write.Promised promised ? promised.grant() : Grant.NONE);
    }

    private static PriorityClasses priorities(View view) {
        List<PriorityClass> classes = new ArrayList<>();
        for (StoredObject found : view.list(PRIORITY_CLASSES)) {
            classes.add(found.digest(PriorityClass::of));
        }
        return new PriorityClasses(classes);
    }

    private static List<List<Limit>> limits(String namespace, View view) {
        List<List<Limit>> limits = new ArrayList<>();
        for (StoredObject range : view.list(LIMIT_RANGES, namespace)) {
            limits.add(range.digest(Limit::listOf));
        }
        return limits;
    }

    private static NamespaceLife namespaceLife(View view, String namespace) {
        if (namespace.isEmpty()) {
            return NamespaceLife.NONE;
        }
        @Nullable StoredObject found = view.get(new ObjectKey(NAMESPACES, "", namespace));
        if (found == null) {
            return NamespaceLife.ABSENT;
        }
        return found.isTerminating() ? NamespaceLife.TERMINATING : NamespaceLife.ACTIVE;
    }

    private static Set<String> accounts(String namespace, View view) {
        Set<String> accounts = new HashSet<>();
        for (StoredObject account : view.list(SERVICE_ACCOUNTS, namespace)) {
            accounts.add(account.key().name());
        }
        return accounts;
    }

    private Rights rights(ObjectKey key, Write write, User user, View view) {
        ObjectKey role = AccessIndex.roleKey(binding(key, write, view), key.namespace());
        @Nullable StoredObject found = view.get(role);
        @Nullable
        List<Rule> bound = found == null ? null : found.digest(Role::of).rules();
        return new Rights(user, access.current().held(user, key.namespace()), bound);
    }

    /** What a binding names never changes, so of a patch the live object tells; only an apply may make a new one. */
    private static Binding binding(ObjectKey key, Write write, View view) {
        return switch (write) {
            case Write.Create create -> Binding.of(create.body());
            case Write.Replace replace -> Binding.of(replace.body());
            case Write.Patch patch -> {
                @Nullable StoredObject live = view.get(key);
                yield Binding.of(live == null ? patch.patch() : live.tree());
            }
            case Write.Delete delete -> Binding.of(Json.object());
            case Write.Own own -> Binding.of(Json.object());
            case Write.Promised promised -> binding(key, promised.write(), view);
        };
    }
}
