package io.ruori.api;

import java.util.List;
import java.util.Map;

/**
 * Who asks, as authentication found it.
 *
 * @param extra what else the authenticator knows, such as the Pod a token is bound to; the journal does not keep it
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
    public User(String name, String uid, List<String> groups) {
        this(name, uid, groups, Map.of());
    }

    /** A part of the control plane itself, for example {@code replicaset-controller}. */
    public static User component(String name) {
        return new User(
                "system:serviceaccount:kube-system:" + name, "", List.of("system:serviceaccounts", "system:masters"));
    }
}
