package io.ruori.core.access;

import io.ruori.api.User;
import io.ruori.view.View;
import java.util.List;
import java.util.Optional;

/**
 * Decides every request, in upstream's order: the group of the privileged, then nodes, then roles. A pure function of what is
 * asked, the index and (for nodes) the view; a question costs microseconds.
 */
public final class Authorizer {
    /** May do everything, whatever the roles say: the way back in when they say nonsense. */
    public static final String PRIVILEGED = "system:masters";

    private final NodeAccess nodes;

    /**
     * @param nodeRules what nodes may do at most
     */
    public Authorizer(List<Rule> nodeRules) {
        this.nodes = new NodeAccess(nodeRules);
    }

    public Verdict decide(Ask ask, AccessIndex index, View view) {
        if (ask.user().groups().contains(PRIVILEGED)) {
            return Verdict.allowed("");
        }
        Optional<String> node = NodeAccess.nodeOf(ask.user());
        Verdict ofNode = node.isPresent() ? nodes.decide(node.get(), ask, view) : Verdict.refused("");
        if (ofNode.allowed()) {
            return ofNode;
        }
        Verdict ofRoles = index.decide(ask);
        return ofRoles.allowed() ? ofRoles : Verdict.refused(both(ofNode.reason(), ofRoles.reason()));
    }

    private static String both(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "\n" + second;
    }

    /** The node that speaks; empty for users that are none. */
    public static Optional<String> nodeOf(User user) {
        return NodeAccess.nodeOf(user);
    }

    /** Whether the rules that {@link AccessIndex#held} tells of are not all, as upstream admits for nodes. */
    public static boolean isMoreThanRules(User user) {
        return NodeAccess.nodeOf(user).isPresent();
    }
}
