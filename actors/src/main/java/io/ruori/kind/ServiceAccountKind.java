package io.ruori.kind;

import io.ruori.api.KindName;

/** Service accounts: who a Pod is when it talks to the API. */
public final class ServiceAccountKind {
    public static final KindName NAME = KindName.core("serviceaccounts");

    public static final Kind KIND = Kind.of(
                    "", "v1", "ServiceAccount", "serviceaccounts", "io.k8s.api.core.v1.ServiceAccount")
            .answersWithDeleted()
            .shortNames("sa")
            .columns(
                    Columns.name(),
                    Columns.number("Secrets", "How many secrets it names.", sa ->
                            (long) sa.path("secrets").size()),
                    Columns.age())
            .build();

    private ServiceAccountKind() {}
}
