package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.MetaRules;

/** ResourceClaimTemplates: claims to be made for each Pod. They never change. */
public final class ResourceClaimTemplateKind {
    public static final Kind KIND = Names.kind("ResourceClaimTemplate", "resourceclaimtemplates")
            .answersWithDeleted()
            .rules(new Rules())
            .columns(Columns.name(), Columns.age())
            .build();

    private ResourceClaimTemplateKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void applyDefaults(ObjectNode template) {
            ClaimRules.applyDefaults(Json.child(Json.child(template, "spec"), "spec"));
        }

        @Override
        public void validateCreate(JsonNode template, FieldErrors errors) {
            JsonNode spec = template.path("spec");
            MetaRules.validateTemplate(spec.path("metadata"), "spec.metadata", errors);
            ClaimRules.validate(spec.path("spec"), "spec.spec", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(updated.path("spec"), old.path("spec"), "spec", errors);
        }
    }
}
