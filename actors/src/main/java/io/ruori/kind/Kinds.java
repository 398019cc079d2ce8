package io.ruori.kind;

import java.util.List;

/** Every built-in kind: one line each. */
public final class Kinds {
    private Kinds() {}

    public static List<Kind> all() {
        return List.of(
                NamespaceKind.KIND,
                NodeKind.KIND,
                LeaseKind.KIND,
                PodKind.KIND,
                ReplicaSetKind.KIND,
                DeploymentKind.KIND,
                ConfigMapKind.KIND,
                SecretKind.KIND,
                ServiceAccountKind.KIND,
                EventKind.KIND,
                ControllerRevisionKind.KIND);
    }
}
