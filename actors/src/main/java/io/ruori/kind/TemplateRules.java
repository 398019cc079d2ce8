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
        boolean selects = selector(selector, "spec.selector", kindWord, errors);
        JsonNode template = spec.path("template");
        if (!Json.isPresent(template)) {
            errors.required("spec.template", "");
            return;
        }
        template(template, "spec.template", selects ? selector : null, errors);
        runsForEver(template, "spec.template", "ReplicaSet", errors);
    }

    /** A selector there must be, and one that selects; true when it does. */
    public static boolean selector(JsonNode selector, String path, String kindWord, FieldErrors errors) {
        boolean selects = !selector.path("matchLabels").isEmpty()
                || !selector.path("matchExpressions").isEmpty();
        if (!Json.isPresent(selector)) {
            errors.required(path, "");
        } else {
            Checks.selector(selector, path, errors);
            if (!selects) {
                errors.invalid(path, selector, "empty selector is invalid for " + kindWord);
            }
        }
        return selects;
    }

    /**
     * @param selector what the template's labels must satisfy; null where nothing asks
     */
    public static void template(JsonNode template, String path, @Nullable JsonNode selector, FieldErrors errors) {
        if (selector != null && !LabelSelector.of(selector).matches(labels(template))) {
            errors.invalid(
                    path + ".metadata.labels",
                    Json.at(template, "metadata", "labels"),
                    "`selector` does not match template `labels`");
        }
        MetaRules.validateTemplate(template.path("metadata"), path, errors);
        PodSpecRules.validate(template.path("spec"), path + ".spec", errors);
    }

    /** Pods of these kinds are restarted for ever. */
    public static void runsForEver(JsonNode template, String path, String kindName, FieldErrors errors) {
        String policy = Json.text(template, "spec", "restartPolicy");
        if (!policy.isEmpty() && !policy.equals("Always")) {
            errors.notSupported(path + ".spec.restartPolicy", policy, List.of("Always"));
        }
        if (Json.isPresent(Json.at(template, "spec", "activeDeadlineSeconds"))) {
            errors.forbidden(
                    path + ".spec.activeDeadlineSeconds", "activeDeadlineSeconds in " + kindName + " is not Supported");
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
