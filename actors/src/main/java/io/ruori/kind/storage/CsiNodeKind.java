package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import io.ruori.kind.VolumeSpecRules;
import java.util.HashSet;
import java.util.Set;

/** CSI nodes: which drivers a node has. */
public final class CsiNodeKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "csinodes");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io", "v1", "CSINode", "csinodes", "io.k8s.api.storage.v1.CSINode")
            .clusterScoped()
            .answersWithDeleted()
            .revisionRequired()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.number("Drivers", "How many drivers it has.", n ->
                            (long) Json.at(n, "spec", "drivers").size()),
                    Columns.age())
            .build();

    private CsiNodeKind() {}

    private static final class Rules implements KindRules {
        private static final int LONGEST_NODE_ID = 256;

        @Override
        public void validateCreate(JsonNode node, FieldErrors errors) {
            Set<String> names = new HashSet<>();
            Checks.eachOf(node.path("spec"), "drivers", "spec", (driver, path) -> driver(driver, path, names, errors));
        }

        private static void driver(JsonNode driver, String path, Set<String> names, FieldErrors errors) {
            String name = Json.text(driver, "name");
            VolumeSpecRules.driverName(name, path + ".name", errors);
            String id = Json.text(driver, "nodeID");
            if (id.isEmpty()) {
                errors.required(path + ".nodeID", "");
            }
            if (id.length() > LONGEST_NODE_ID) {
                errors.invalid(path + ".nodeID", id, "must be " + LONGEST_NODE_ID + " characters or less");
            }
            Checks.nonNegative(Json.at(driver, "allocatable", "count"), path + ".allocatable.count", errors);
            if (!names.add(name)) {
                errors.duplicate(path + ".name", name);
            }
            Set<String> keys = new HashSet<>();
            for (JsonNode key : driver.path("topologyKeys")) {
                String text = key.asText();
                if (text.isEmpty()) {
                    errors.required(path, "");
                }
                if (!keys.add(text)) {
                    errors.duplicate(path, text);
                }
                Checks.each(Syntax.qualifiedName(text), path, text, errors);
            }
        }

        /** Drivers come and go; one that stays may only say anew how many volumes it takes. */
        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            for (JsonNode before : Json.at(old, "spec", "drivers")) {
                for (JsonNode driver : Json.at(updated, "spec", "drivers")) {
                    if (Json.text(driver, "name").equals(Json.text(before, "name"))) {
                        Checks.immutable(fixed(driver), fixed(before), "spec.drivers", errors);
                    }
                }
            }
        }

        private static JsonNode fixed(JsonNode driver) {
            ObjectNode copy = driver.deepCopy();
            copy.remove("allocatable");
            return copy;
        }
    }
}
