package io.ruori.kind.rbac;

import io.ruori.api.KindName;
import io.ruori.kind.Kind;

/** ClusterRoleBindings: to whom a ClusterRole is granted everywhere. */
public final class ClusterRoleBindingKind {
    public static final KindName NAME = new KindName(Rbac.GROUP, "clusterrolebindings");

    public static final Kind KIND = Rbac.kind("ClusterRoleBinding", "clusterrolebindings")
            .clusterScoped()
            .createdByUpdate()
            .rules(new Rbac.BindingRules(false))
            .columns(Rbac.bindingColumns())
            .build();

    private ClusterRoleBindingKind() {}
}
