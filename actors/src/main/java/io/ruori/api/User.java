package io.ruori.api;

import java.util.List;

/** Who asks, as authentication found it. */
public record User(String name, String uid, List<String> groups) {
    /** A part of the control plane itself, for example {@code replicaset-controller}. */
    public static User component(String name) {
        return new User(
                "system:serviceaccount:kube-system:" + name, "", List.of("system:serviceaccounts", "system:masters"));
    }
}
