package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.DeprecatedLabels;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;

/** Storage capacities: how much room a driver has, where. */
public final class CsiStorageCapacityKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "csistoragecapacities");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io",
                    "v1",
                    "CSIStorageCapacity",
                    "csistoragecapacities",
                    "io.k8s.api.storage.v1.CSIStorageCapacity")
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("StorageClassName", "For which class.", c -> Json.text(c, "storageClassName")),
                    Columns.text(
                            "Capacity",
                            "How much room there is.",
                            c -> c.hasNonNull("capacity") ? Json.text(c, "capacity") : "<unset>"))
            .build();

    private CsiStorageCapacityKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode capacity, FieldErrors errors) {
            Checks.selector(capacity.path("nodeTopology"), "nodeTopology", errors);
            String storageClass = Json.text(capacity, "storageClassName");
            Checks.each(Syntax.dnsSubdomain(storageClass), "storageClassName", storageClass, errors);
            if (capacity.hasNonNull("capacity")) {
                Checks.quantity(capacity.path("capacity"), "capacity", errors);
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(updated.path("nodeTopology"), old.path("nodeTopology"), "nodeTopology", errors);
            Checks.immutable(
                    updated.path("storageClassName"), old.path("storageClassName"), "storageClassName", errors);
        }

        @Override
        public List<String> warnings(JsonNode capacity) {
            List<String> warnings = new ArrayList<>();
            DeprecatedLabels.selector(capacity.path("nodeTopology"), "nodeTopology", warnings);
            return warnings;
        }
    }
}
