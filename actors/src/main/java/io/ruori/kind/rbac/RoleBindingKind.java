package io.ruori.kind.rbac;

import io.ruori.api.KindName;
import io.ruori.kind.Kind;

/** RoleBindings: to whom a role is granted in one namespace. */
public final class RoleBindingKind {
    public static final KindName NAME = new KindName(Rbac.GROUP, "rolebindings");

    public static final Kind KIND = Rbac.kind("RoleBinding", "rolebindings")
            .createdByUpdate()
            .rules(new Rbac.BindingRules(true))
            .columns(Rbac.bindingColumns())
            .build();

    private RoleBindingKind() {}
}
