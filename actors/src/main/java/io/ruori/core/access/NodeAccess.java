package io.ruori.core.access;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.api.User;
import io.ruori.core.node.PodReferences;
import io.ruori.view.View;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node may do: {@code system:node:NAME} reaches its own Node, its Lease, the Pods bound to it, and what those refer to;
 * of everything else what the rules of all nodes say. Upstream keeps a graph of references; a node has few Pods, so a look at
 * them is enough here.
 */
final class NodeAccess {
    private static final String USER_PREFIX = "system:node:";
    private static final String NODES_GROUP = "system:nodes";
    private static final KindName PODS = KindName.core("pods");
    private static final String LEASE_NAMESPACE = "kube-node-lease";
    private static final Set<String> READ = Set.of("get", "list", "watch");

    private final List<Rule> rules;

    /**
     * @param rules of the role {@code system:node}
     */
    NodeAccess(List<Rule> rules) {
        this.rules = rules;
    }

    /** The node that speaks; empty for users that are none. */
    static Optional<String> nodeOf(User user) {
        return user.name().startsWith(USER_PREFIX) && user.groups().contains(NODES_GROUP)
                ? Optional.of(user.name().substring(USER_PREFIX.length()))
                : Optional.empty();
    }

    Verdict decide(String node, Ask ask, View view) {
        if (rules.stream().noneMatch(rule -> rule.allows(ask))) {
            return Verdict.refused("");
        }
        @Nullable String refusal = ask.isResource() ? refusal(node, ask, view) : null;
        return refusal == null ? Verdict.allowed("") : Verdict.refused(refusal);
    }

    private static @Nullable String refusal(String node, Ask ask, View view) {
        return switch (ask.group() + "/" + ask.resource()) {
            case "/secrets", "/configmaps", "/persistentvolumeclaims" -> referred(node, ask, view);
            case "/serviceaccounts" -> account(node, ask, view);
            case "/nodes" -> ownNode(node, ask);
            case "/pods" -> ownPod(node, ask, view);
            case "coordination.k8s.io/leases" -> ownLease(node, ask);
            case "storage.k8s.io/csinodes" ->
                ask.name().isEmpty() || ask.name().equals(node)
                        ? null
                        : "can only access CSINode with the same name as the requesting node";
            default -> null;
        };
    }

    private static @Nullable String referred(String node, Ask ask, View view) {
        if (ask.subresource().isEmpty() && !READ.contains(ask.verb())) {
            return "can only read resources of this type";
        }
        if (ask.namespace().isEmpty()) {
            return "can only read namespaced object of this type";
        }
        if (ask.name().isEmpty()) {
            return "No Object name found";
        }
        ObjectKey key = new ObjectKey(new KindName(ask.group(), ask.resource()), ask.namespace(), ask.name());
        for (StoredObject pod : view.byField(PODS, "spec.nodeName", node)) {
            if (pod.key().namespace().equals(ask.namespace())
                    && PodReferences.of(pod).contains(key)) {
                return null;
            }
        }
        return "no relationship found between node '" + node + "' and this object";
    }

    /** Tokens are made for the accounts of the node's own Pods. */
    private static @Nullable String account(String node, Ask ask, View view) {
        for (StoredObject pod : view.byField(PODS, "spec.nodeName", node)) {
            if (pod.key().namespace().equals(ask.namespace())
                    && pod.field("spec.serviceAccountName").equals(ask.name())) {
                return null;
            }
        }
        return "no relationship found between node '" + node + "' and this object";
    }

    /** The name of a Node about to be made is in its body, so admission looks at that. */
    private static @Nullable String ownNode(String node, Ask ask) {
        if (ask.verb().equals("create") && ask.name().isEmpty()) {
            return null;
        }
        if (ask.name().equals(node)) {
            return null;
        }
        return READ.contains(ask.verb())
                ? "node '" + node + "' cannot read '" + ask.name() + "', only its own Node object"
                : "node " + Ask.quoted(node) + " is not allowed to modify node " + Ask.quoted(ask.name());
    }

    private static @Nullable String ownPod(String node, Ask ask, View view) {
        if (ask.name().isEmpty()) {
            return ask.verb().equals("create") || selects(node, ask.fieldSelector())
                    ? null
                    : "can only list/watch pods with spec.nodeName field selector";
        }
        @Nullable StoredObject pod = view.get(new ObjectKey(PODS, ask.namespace(), ask.name()));
        if (pod == null || pod.field("spec.nodeName").equals(node)) {
            return null;
        }
        if (ask.subresource().equals("status")) {
            return "node " + Ask.quoted(node) + " can only update pod status for pods with spec.nodeName set to itself";
        }
        return READ.contains(ask.verb())
                ? "no relationship found between node '" + node + "' and this object"
                : "node " + Ask.quoted(node) + " can only " + ask.verb() + " pods with spec.nodeName set to itself";
    }

    private static boolean selects(String node, String fieldSelector) {
        for (String term : fieldSelector.split(",")) {
            if (term.equals("spec.nodeName=" + node) || term.equals("spec.nodeName==" + node)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String ownLease(String node, Ask ask) {
        if (!ask.namespace().equals(LEASE_NAMESPACE)) {
            return "can only access leases in the " + Ask.quoted(LEASE_NAMESPACE) + " system namespace";
        }
        return ask.name().equals(node)
                        || (ask.verb().equals("create") && ask.name().isEmpty())
                ? null
                : "can only access node lease with the same name as the requesting node";
    }
}
