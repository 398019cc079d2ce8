package io.ruori.kind.runtimeclass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.DeprecatedLabels;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.MetaRules;
import io.ruori.kind.ResourceRules;
import io.ruori.kind.SchedulingRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;

/** Runtime classes: ways to run containers, what they cost beside the containers, and which nodes have them. */
public final class RuntimeClassKind {
    public static final KindName NAME = new KindName("node.k8s.io", "runtimeclasses");

    public static final Kind KIND = Kind.of(
                    "node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "io.k8s.api.node.v1.RuntimeClass")
            .clusterScoped()
            .revisionRequired()
            .createdByUpdate()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Handler", "What runs its containers.", c -> Json.text(c, "handler")),
                    Columns.age())
            .build();

    private RuntimeClassKind() {}

    private static final class Rules implements KindRules {
        @Override
        public void validateCreate(JsonNode runtimeClass, FieldErrors errors) {
            String handler = Json.text(runtimeClass, "handler");
            Checks.each(Syntax.dnsLabel(handler), "handler", handler, errors);
            if (runtimeClass.path("overhead").isObject()) {
                ObjectNode limits = Json.object();
                limits.set("limits", runtimeClass.path("overhead").path("podFixed"));
                ResourceRules.validate(limits, "overhead", errors);
            }
            JsonNode scheduling = runtimeClass.path("scheduling");
            MetaRules.labels(scheduling.path("nodeSelector"), "scheduling.nodeSelector", errors);
            SchedulingRules.tolerations(scheduling, "scheduling", errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(updated.path("handler"), old.path("handler"), "handler", errors);
        }

        @Override
        public List<String> warnings(JsonNode runtimeClass) {
            List<String> warnings = new ArrayList<>();
            Json.at(runtimeClass, "scheduling", "nodeSelector")
                    .properties()
                    .forEach(label -> DeprecatedLabels.key(label.getKey(), "scheduling.nodeSelector", warnings));
            return warnings;
        }
    }
}
