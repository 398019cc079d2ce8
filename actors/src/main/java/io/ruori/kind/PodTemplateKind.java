package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.ArrayList;
import java.util.List;

/** Pod templates on their own, for those who make Pods from them. */
public final class PodTemplateKind {
    public static final KindName NAME = KindName.core("podtemplates");

    public static final Kind KIND = Kind.of("", "v1", "PodTemplate", "podtemplates", "io.k8s.api.core.v1.PodTemplate")
            .answersWithDeleted()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Containers", "Names of its containers.", t -> containers(t, "name")),
                    Columns.text("Images", "Images of its containers.", t -> containers(t, "image")),
                    Columns.text(
                            "Pod Labels",
                            "Labels of its Pods.",
                            t -> Columns.labels(Json.at(t, "template", "metadata", "labels"))))
            .build();

    private PodTemplateKind() {}

    private static String containers(JsonNode object, String field) {
        List<String> values = new ArrayList<>();
        Json.at(object, "template", "spec", "containers").forEach(c -> values.add(Json.text(c, field)));
        return String.join(",", values);
    }

    private static final class Rules implements KindRules {
        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode object) {
            PodDefaults.spec(Json.child(Json.child(object, "template"), "spec"));
        }

        @Override
        public void validateCreate(JsonNode object, FieldErrors errors) {
            TemplateRules.pods(object.path("template"), "template", errors);
        }

        @Override
        public List<String> warnings(JsonNode template) {
            return PodWarnings.ofTemplate(template.path("template"), "template");
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return KindRules.isNewGeneration(updated, old) ? warnings(updated) : List.of();
        }
    }
}
