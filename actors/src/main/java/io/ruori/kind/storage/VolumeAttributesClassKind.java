package io.ruori.kind.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;

/** Classes of attributes that a volume can be moved between while it is used. */
public final class VolumeAttributesClassKind {
    public static final KindName NAME = new KindName("storage.k8s.io", "volumeattributesclasses");

    public static final Kind KIND = Kind.of(
                    "storage.k8s.io",
                    "v1",
                    "VolumeAttributesClass",
                    "volumeattributesclasses",
                    "io.k8s.api.storage.v1.VolumeAttributesClass")
            .clusterScoped()
            .shortNames("vac")
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    ClassRules.name("volumeattributesclass.alpha.kubernetes.io/is-default-class"),
                    Columns.text("DriverName", "Whose attributes they are.", c -> Json.text(c, "driverName")),
                    Columns.age())
            .build();

    private VolumeAttributesClassKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode attributes, FieldErrors errors) {
            ClassRules.driver(attributes, "driverName", errors);
            ClassRules.parameters(attributes, false, errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            ClassRules.fixed(updated, old, "driverName", errors);
            ClassRules.fixed(updated, old, "parameters", errors);
            validateCreate(updated, errors);
        }
    }
}
