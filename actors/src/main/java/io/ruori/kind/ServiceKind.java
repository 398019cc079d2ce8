package io.ruori.kind;

import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.Set;

/**
 * Services, read-only: clients look for them ({@code kubectl cluster-info} does), and there are none until there is a network
 * that gives them meaning. A Service that could be made but led nowhere would be worse than a clear refusal.
 */
public final class ServiceKind {
    public static final KindName NAME = KindName.core("services");

    public static final Kind KIND = Kind.of("", "v1", "Service", "services", "io.k8s.api.core.v1.Service")
            .shortNames("svc")
            .categories("all")
            .verbs(Set.of("get", "list", "watch"))
            .columns(
                    Columns.name(),
                    Columns.text("Type", "How it is exposed.", service -> Json.text(service, "spec", "type")),
                    Columns.text(
                            "Cluster-IP",
                            "Its address in the cluster.",
                            service -> Json.text(service, "spec", "clusterIP")),
                    Columns.age())
            .build();

    private ServiceKind() {}
}
