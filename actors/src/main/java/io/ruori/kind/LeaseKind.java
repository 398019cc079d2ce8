package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.Set;

/** Leases: who holds what, and since when; heartbeats of nodes among them. */
public final class LeaseKind {
    public static final KindName NAME = new KindName("coordination.k8s.io", "leases");
    private static final Set<String> STRATEGIES = Set.of("OldestEmulationVersion");

    public static final Kind KIND = Kind.of(
                    "coordination.k8s.io", "v1", "Lease", "leases", "io.k8s.api.coordination.v1.Lease")
            .revisionRequired()
            .createdByUpdate()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Holder", "Who holds the lease.", lease -> Json.text(lease, "spec", "holderIdentity")),
                    Columns.age())
            .build();

    private LeaseKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode lease, FieldErrors errors) {
            JsonNode spec = lease.path("spec");
            if (Json.number(spec, 1, "leaseDurationSeconds") <= 0) {
                errors.invalid(
                        "spec.leaseDurationSeconds", spec.path("leaseDurationSeconds"), "must be greater than 0");
            }
            if (Json.number(spec, 0, "leaseTransitions") < 0) {
                errors.invalid(
                        "spec.leaseTransitions", spec.path("leaseTransitions"), "must be greater than or equal to 0");
            }
            String strategy = Json.text(spec, "strategy");
            if (!strategy.isEmpty() && !strategy.contains("/") && !STRATEGIES.contains(strategy)) {
                errors.notSupported("spec.strategy", strategy, STRATEGIES);
            }
            if (strategy.isEmpty() && !Json.text(spec, "preferredHolder").isEmpty()) {
                errors.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
            }
        }
    }
}
