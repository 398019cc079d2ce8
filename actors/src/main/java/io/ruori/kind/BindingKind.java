package io.ruori.kind;

import io.ruori.api.KindName;
import java.util.Set;

/** Bindings: made, never kept. One is the assignment of a Pod to a node. */
public final class BindingKind {
    public static final KindName NAME = KindName.core("bindings");

    public static final Kind KIND = Kind.of("", "v1", "Binding", "bindings", "io.k8s.api.core.v1.Binding")
            .verbs(Set.of("create"))
            .standsFor(PodKind.NAME, "binding")
            .build();

    private BindingKind() {}
}
