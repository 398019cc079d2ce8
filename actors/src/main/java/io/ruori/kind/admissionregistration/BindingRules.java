package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Column;
import io.ruori.kind.Columns;
import io.ruori.kind.KindRules;
import io.ruori.kind.LabelSelector;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Bindings of both kinds of policies; those that check also say what follows from a failure. */
final class BindingRules implements KindRules {
    private static final List<String> NOT_FOUND_ACTIONS = List.of("Deny", "Allow");
    private static final List<String> ACTIONS = List.of("Audit", "Deny", "Warn");

    private final boolean acts;

    BindingRules(boolean acts) {
        this.acts = acts;
    }

    static Column[] columns() {
        return new Column[] {
            Columns.name(),
            Columns.text("PolicyName", "The policy that is bound.", b -> Json.text(b, "spec", "policyName")),
            Columns.text("ParamRef", "Its parameters.", BindingRules::parameters),
            Columns.age()
        };
    }

    private static String parameters(JsonNode binding) {
        JsonNode reference = Json.at(binding, "spec", "paramRef");
        String name = Json.text(reference, "name");
        if (!name.isEmpty()) {
            String namespace = Json.text(reference, "namespace");
            return (namespace.isEmpty() ? "*" : namespace) + "/" + name;
        }
        JsonNode selector = reference.path("selector");
        return selector.isObject() ? LabelSelector.of(selector).toString() : "<unset>";
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode binding) {
        if (Json.child(binding, "spec").get("matchResources") instanceof ObjectNode match) {
            MatchRules.resourceDefaults(match);
        }
    }

    @Override
    public void validateCreate(JsonNode binding, FieldErrors errors) {
        JsonNode spec = binding.path("spec");
        String policy = Json.text(spec, "policyName");
        if (policy.isEmpty()) {
            errors.required("spec.policyName", "");
        } else {
            Checks.each(Syntax.dnsSubdomain(policy), "spec.policyName", policy, errors);
        }
        if (spec.path("paramRef").isObject()) {
            reference(spec.path("paramRef"), "spec.paramRef", errors);
        }
        if (spec.path("matchResources").isObject()) {
            MatchRules.resources(spec.path("matchResources"), "spec.matchResources", errors);
        }
        if (acts) {
            actions(spec, errors);
        }
    }

    private static void reference(JsonNode reference, String path, FieldErrors errors) {
        String name = Json.text(reference, "name");
        JsonNode selector = reference.path("selector");
        if (!name.isEmpty()) {
            Checks.each(Syntax.pathSegment(name), path + ".name", name, errors);
            if (selector.isObject()) {
                errors.forbidden(path + ".name", "name and selector are mutually exclusive");
            }
        }
        if (selector.isObject()) {
            Checks.selector(selector, path + ".selector", errors);
            if (!name.isEmpty()) {
                errors.forbidden(path + ".selector", "name and selector are mutually exclusive");
            }
        } else if (name.isEmpty()) {
            errors.required(path, "one of name or selector must be specified");
        }
        Checks.oneOf(reference, "parameterNotFoundAction", path, NOT_FOUND_ACTIONS, true, errors);
    }

    private static void actions(JsonNode spec, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(spec, "validationActions", "spec", (action, path) -> {
            if (!ACTIONS.contains(action.asText())) {
                errors.notSupported(path, action, ACTIONS);
            }
            if (!seen.add(action.asText())) {
                errors.duplicate(path, action);
            }
        });
        if (seen.contains("Deny") && seen.contains("Warn")) {
            errors.invalid(
                    "spec.validationActions",
                    spec.get("validationActions"),
                    "must not contain both Deny and Warn (repeating the same validation failure information in the API"
                            + " response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            errors.required("spec.validationActions", "at least one validation action is required");
        }
    }
}
