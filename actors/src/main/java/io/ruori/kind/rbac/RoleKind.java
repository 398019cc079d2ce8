package io.ruori.kind.rbac;

import io.ruori.api.KindName;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;

/** Roles: what may be done in one namespace. */
public final class RoleKind {
    public static final KindName NAME = new KindName(Rbac.GROUP, "roles");

    public static final Kind KIND = Rbac.kind("Role", "roles")
            .createdByUpdate()
            .rules(new Rbac.RoleRules(true))
            .columns(Columns.name(), Columns.createdAt())
            .build();

    private RoleKind() {}
}
