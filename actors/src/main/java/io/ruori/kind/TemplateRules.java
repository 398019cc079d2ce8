package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules of the Pod template and selector that ReplicaSets and Deployments share. */
public final class TemplateRules {
    private TemplateRules() {}

    public static void applyDefaults(ObjectNode workload) {
        ObjectNode spec = Json.child(workload, "spec");
        if (spec.get("template") instanceof ObjectNode template) {
            PodDefaults.spec(Json.child(template, "spec"));
        }
    }

    /**
     * @param kindWord how the message about an empty selector names the kind
     */
    public static void validate(JsonNode spec, String kindWord, FieldErrors errors) {
        JsonNode selector = spec.path("selector");
        boolean selects = !selector.path("matchLabels").isEmpty()
                || !selector.path("matchExpressions").isEmpty();
        if (!Json.isPresent(selector)) {
            errors.required("spec.selector", "");
        } else {
            Checks.selector(selector, "spec.selector", errors);
            if (!selects) {
                errors.invalid("spec.selector", selector, "empty selector is invalid for " + kindWord);
            }
        }
        template(spec.path("template"), selects ? selector : null, errors);
    }

    private static void template(JsonNode template, @Nullable JsonNode selector, FieldErrors errors) {
        if (!Json.isPresent(template)) {
            errors.required("spec.template", "");
            return;
        }
        Map<String, String> labels = labels(template);
        if (selector != null && !LabelSelector.of(selector).matches(labels)) {
            errors.invalid(
                    "spec.template.metadata.labels",
                    Json.at(template, "metadata", "labels"),
                    "`selector` does not match template `labels`");
        }
        MetaRules.validateTemplate(template.path("metadata"), "spec.template", errors);
        PodSpecRules.validate(template.path("spec"), "spec.template.spec", errors);
        String policy = Json.text(template, "spec", "restartPolicy");
        if (!policy.isEmpty() && !policy.equals("Always")) {
            errors.notSupported("spec.template.spec.restartPolicy", policy, List.of("Always"));
        }
        if (Json.isPresent(Json.at(template, "spec", "activeDeadlineSeconds"))) {
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
        }
    }

    /** A template itself, whoever uses it. */
    static void pods(JsonNode template, String path, FieldErrors errors) {
        MetaRules.validateTemplate(template.path("metadata"), path, errors);
        PodSpecRules.validate(template.path("spec"), path + ".spec", errors);
        if (!Json.at(template, "spec", "ephemeralContainers").isEmpty()) {
            errors.forbidden(path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
        }
    }

    public static Map<String, String> labels(JsonNode template) {
        Map<String, String> labels = new HashMap<>();
        Json.at(template, "metadata", "labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return labels;
    }
}
