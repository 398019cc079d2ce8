package io.ruori.core.admission;

import io.ruori.api.Revision;
import java.time.Duration;
import java.util.Set;

/**
 * What admission may know of other objects, looked up before the command was sent.
 *
 * @param revision of the view the facts were read from
 * @param namespace the life of the object's namespace
 * @param serviceAccounts names of the namespace's service accounts; read only for Pods
 * @param tolerationSeconds how long Pods stay on a lost node unless they say otherwise
 */
public record Facts(
        Revision revision, NamespaceLife namespace, Set<String> serviceAccounts, Duration tolerationSeconds) {

    /** Whether things can be made in a namespace. */
    public enum NamespaceLife {
        /** The object is cluster-scoped. */
        NONE,
        ABSENT,
        ACTIVE,
        TERMINATING
    }
}
