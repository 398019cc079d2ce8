package io.ruori.core.admission;

import io.ruori.api.Revision;
import io.ruori.api.User;
import io.ruori.core.access.Rights;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What admission may know of other objects, looked up before the command was sent.
 *
 * @param revision of the view the facts were read from
 * @param user who asks
 * @param namespace the life of the object's namespace
 * @param serviceAccounts names of the namespace's service accounts; read only for Pods
 * @param tolerationSeconds how long Pods stay on a lost node unless they say otherwise
 * @param rights what the user holds; read only for roles and bindings
 * @param priorities read only for Pods and priority classes
 * @param limits those of each LimitRange of the namespace; read only for Pods and claims
 * @param grant what this write was promised
 */
public record Facts(
        Revision revision,
        User user,
        NamespaceLife namespace,
        Set<String> serviceAccounts,
        Duration tolerationSeconds,
        Optional<Rights> rights,
        PriorityClasses priorities,
        List<List<Limit>> limits,
        Grant grant) {

    /** Where there are neither priority classes nor limits, and nothing was promised. */
    public Facts(
            Revision revision,
            User user,
            NamespaceLife namespace,
            Set<String> serviceAccounts,
            Duration tolerationSeconds,
            Optional<Rights> rights) {
        this(
                revision,
                user,
                namespace,
                serviceAccounts,
                tolerationSeconds,
                rights,
                PriorityClasses.NONE,
                List.of(),
                Grant.NONE);
    }

    /** Whether things can be made in a namespace. */
    public enum NamespaceLife {
        /** The object is cluster-scoped. */
        NONE,
        ABSENT,
        ACTIVE,
        TERMINATING
    }
}
