package io.ruori.kind.networking;

import io.ruori.api.KindName;
import io.ruori.kind.Kind;

/**
 * Ports of the nodes that are taken, named by their number, so that no two Services can have the same. Clients do not see them;
 * they are stored in the shape of an IPAddress.
 */
public final class NodePortKind {
    public static final KindName NAME = new KindName("networking.ruori.io", "nodeports");

    /** The range, as upstream has it unless told otherwise. */
    public static final long FIRST = 30_000;

    public static final long LAST = 32_767;

    public static final Kind KIND = Kind.of(
                    NAME.group(), "v1", "NodePort", NAME.resource(), "io.k8s.api.networking.v1.IPAddress")
            .clusterScoped()
            .notServed()
            .wokenBy(ClaimReconciler.wakes(NAME))
            .reconciler(ClaimReconciler.COMPONENT, new ClaimReconciler())
            .build();

    private NodePortKind() {}
}
