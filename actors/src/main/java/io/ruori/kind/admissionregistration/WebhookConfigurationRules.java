package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import io.ruori.kind.WebhookRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Both kinds of webhook configurations; those that change objects may be asked again. */
final class WebhookConfigurationRules implements KindRules {
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
    private static final List<String> REVIEW_VERSIONS = List.of("v1", "v1beta1");
    private static final int LONGEST_TIMEOUT = 30;

    private final boolean mutating;

    WebhookConfigurationRules(boolean mutating) {
        this.mutating = mutating;
    }

    static Column[] columns() {
        return new Column[] {
            Columns.name(),
            Columns.number("Webhooks", "How many webhooks it names.", c ->
                    (long) c.path("webhooks").size()),
            Columns.age()
        };
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode configuration) {
        for (JsonNode webhook : configuration.path("webhooks")) {
            if (webhook instanceof ObjectNode hook) {
                webhookDefaults(hook);
            }
        }
    }

    private void webhookDefaults(ObjectNode hook) {
        Json.ifAbsent(hook, "failurePolicy", "Fail");
        MatchRules.matchDefaults(hook);
        Json.ifAbsent(hook, "timeoutSeconds", 10);
        if (mutating) {
            Json.ifAbsent(hook, "reinvocationPolicy", "Never");
        }
        MatchRules.ruleDefaults(hook, "rules");
        if (hook.path("clientConfig").get("service") instanceof ObjectNode service) {
            Json.ifAbsent(service, "port", 443);
        }
    }

    @Override
    public void validateCreate(JsonNode configuration, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(configuration, "webhooks", "", (hook, path) -> {
            webhook(hook, path, errors);
            String name = Json.text(hook, "name");
            if (!name.isEmpty() && !seen.add(name)) {
                errors.duplicate(path + ".name", name);
            }
        });
    }

    private void webhook(JsonNode hook, String path, FieldErrors errors) {
        fullName(Json.text(hook, "name"), path + ".name", errors);
        Checks.eachOf(hook, "rules", path, (rule, at) -> MatchRules.rule(rule, at, errors));
        Checks.oneOf(hook, "failurePolicy", path, MatchRules.FAILURE_POLICIES, false, errors);
        Checks.oneOf(hook, "matchPolicy", path, MatchRules.MATCH_POLICIES, false, errors);
        if (Json.isPresent(hook.get("sideEffects"))) {
            String effects = Json.text(hook, "sideEffects");
            if (!SIDE_EFFECTS.contains(effects)) {
                errors.notSupported(path + ".sideEffects", effects, SIDE_EFFECTS);
            }
        } else {
            errors.required(path + ".sideEffects", "must specify one of " + String.join(", ", SIDE_EFFECTS));
        }
        JsonNode timeout = hook.path("timeoutSeconds");
        if (timeout.isNumber() && (timeout.longValue() > LONGEST_TIMEOUT || timeout.longValue() < 1)) {
            errors.invalid(path + ".timeoutSeconds", timeout, "the timeout value must be between 1 and 30 seconds");
        }
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            Checks.selector(hook.path(selector), path + "." + selector, errors);
        }
        if (mutating) {
            Checks.oneOf(hook, "reinvocationPolicy", path, MatchRules.REINVOCATION_POLICIES, false, errors);
        }
        WebhookRules.client(hook.path("clientConfig"), path + ".clientConfig", errors);
        MatchRules.conditions(hook, path, errors);
        reviewVersions(hook, path, errors);
    }

    /** A name in somebody's domain. */
    private static void fullName(String name, String path, FieldErrors errors) {
        List<String> wrong = Syntax.dnsSubdomain(name);
        if (name.isEmpty()) {
            errors.required(path, "");
        } else if (!wrong.isEmpty()) {
            errors.invalid(path, name, String.join(",", wrong));
        } else if (name.split("\\.", -1).length < 3) {
            errors.invalid(path, name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void reviewVersions(JsonNode hook, String path, FieldErrors errors) {
        String all = String.join(", ", REVIEW_VERSIONS);
        JsonNode versions = hook.path("admissionReviewVersions");
        String list = path + ".admissionReviewVersions";
        if (versions.isEmpty()) {
            errors.required(list, "must specify one of " + all);
            return;
        }
        Set<String> seen = new HashSet<>();
        Checks.eachOf(hook, "admissionReviewVersions", path, (version, at) -> {
            if (seen.add(version.asText())) {
                Checks.each(Syntax.dns1035Label(version.asText()), at, version, errors);
            } else {
                errors.invalid(at, version, "duplicate version");
            }
        });
        if (REVIEW_VERSIONS.stream().noneMatch(seen::contains)) {
            errors.invalid(list, versions, "must include at least one of " + all);
        }
    }
}
