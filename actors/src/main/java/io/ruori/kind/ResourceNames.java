package io.ruori.kind;

import io.ruori.api.FieldErrors;
import java.util.List;
import java.util.Set;

/** Names of things that can be requested, limited and counted. */
final class ResourceNames {
    private static final Set<String> OF_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> COUNTS = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> AMOUNTS = Set.of(
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "requests.storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");
    private static final String HUGE = "hugepages-";
    private static final String REQUESTS = "requests.";

    private ResourceNames() {}

    static boolean isHugePages(String name) {
        return name.startsWith(HUGE);
    }

    private static boolean isQuota(String name) {
        return OF_CONTAINERS.contains(name)
                || COUNTS.contains(name)
                || AMOUNTS.contains(name)
                || isHugePages(name)
                || name.startsWith(REQUESTS + HUGE);
    }

    /** Without a prefix, or with Kubernetes' own. */
    private static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    private static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith(REQUESTS)
                && Syntax.qualifiedName(REQUESTS + name).isEmpty();
    }

    /** Whether more may be promised than there is. */
    static boolean mayBeOvercommitted(String name) {
        return isNative(name) && !isHugePages(name);
    }

    static boolean isCounted(String name) {
        return COUNTS.contains(name) || isExtended(name);
    }

    /** A known name or a qualified one; true when it is. */
    static boolean any(String name, String path, FieldErrors errors) {
        List<String> wrong = Syntax.qualifiedName(name);
        Checks.each(wrong, path, name, errors);
        boolean known = name.contains("/") || isQuota(name) || name.equals("storage");
        if (wrong.isEmpty() && !known) {
            errors.invalid(path, name, "must be a standard resource type or fully qualified");
        }
        return wrong.isEmpty() && known;
    }

    static void ofContainer(String name, String path, FieldErrors errors) {
        any(name, path, errors);
        if (!name.contains("/")) {
            if (!OF_CONTAINERS.contains(name) && !isHugePages(name)) {
                errors.invalid(path, name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            errors.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    static boolean isOfQuota(String name) {
        return isQuota(name);
    }

    static void ofQuota(String name, String path, FieldErrors errors) {
        any(name, path, errors);
        if (!name.contains("/") && !isQuota(name)) {
            errors.invalid(path, name, "must be a standard resource for quota");
        }
    }
}
