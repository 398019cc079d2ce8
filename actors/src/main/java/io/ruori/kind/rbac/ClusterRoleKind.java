package io.ruori.kind.rbac;

import io.ruori.api.KindName;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.Wakes;

/** ClusterRoles: what may be done anywhere, or in each namespace they are bound in. */
public final class ClusterRoleKind {
    public static final KindName NAME = new KindName(Rbac.GROUP, "clusterroles");

    public static final Kind KIND = Rbac.kind("ClusterRole", "clusterroles")
            .clusterScoped()
            .createdByUpdate()
            .rules(new Rbac.RoleRules(false))
            .columns(Columns.name(), Columns.createdAt())
            .wokenBy(new Wakes(NAME, RoleAggregation::wake))
            .reconciler(RoleAggregation.COMPONENT, new RoleAggregation())
            .build();

    private ClusterRoleKind() {}
}
