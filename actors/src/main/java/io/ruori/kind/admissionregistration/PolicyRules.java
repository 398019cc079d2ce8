package io.ruori.kind.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.core.cel.Identifiers;
import io.ruori.kind.Checks;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.Locale;
import java.util.regex.Pattern;

/** What policies that check and policies that change have in common. Expressions are not compiled here. */
abstract class PolicyRules implements KindRules {
    private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

    static String parameters(JsonNode policy) {
        JsonNode kind = Json.at(policy, "spec", "paramKind");
        return kind.isObject() ? Json.text(kind, "apiVersion") + "/" + Json.text(kind, "kind") : "<unset>";
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }

    @Override
    public void applyDefaults(ObjectNode policy) {
        ObjectNode spec = Json.child(policy, "spec");
        Json.ifAbsent(spec, "failurePolicy", "Fail");
        if (spec.get("matchConstraints") instanceof ObjectNode match) {
            MatchRules.resourceDefaults(match);
        }
    }

    @Override
    public void validateCreate(JsonNode policy, FieldErrors errors) {
        JsonNode spec = policy.path("spec");
        Checks.oneOf(spec, "failurePolicy", "spec", MatchRules.FAILURE_POLICIES, true, errors);
        if (spec.path("paramKind").isObject()) {
            paramKind(spec.path("paramKind"), errors);
        }
        JsonNode match = spec.path("matchConstraints");
        if (match.isObject()) {
            MatchRules.resources(match, "spec.matchConstraints", errors);
            if (match.path("resourceRules").isEmpty()) {
                errors.required("spec.matchConstraints.resourceRules", "");
            }
        } else {
            errors.required("spec.matchConstraints", "");
        }
        MatchRules.conditions(spec, "spec", errors);
        Checks.eachOf(spec, "variables", "spec", (variable, path) -> variable(variable, path, errors));
        what(policy, spec, errors);
    }

    /** Checks what the policy does. */
    abstract void what(JsonNode policy, JsonNode spec, FieldErrors errors);

    private static void paramKind(JsonNode kind, FieldErrors errors) {
        String version = Json.text(kind, "apiVersion");
        if (version.isEmpty()) {
            errors.required("spec.paramKind.apiVersion", "");
        } else {
            groupVersion(version, errors);
        }
        String name = Json.text(kind, "kind");
        var wrong = Syntax.dns1035Label(name.toLowerCase(Locale.ROOT));
        if (name.isEmpty()) {
            errors.required("spec.paramKind.kind", "");
        } else if (!wrong.isEmpty()) {
            errors.invalid(
                    "spec.paramKind.kind",
                    name,
                    "may have mixed case, but should otherwise match: " + String.join(",", wrong));
        }
    }

    private static void groupVersion(String text, FieldErrors errors) {
        String path = "spec.paramKind.apiVersion";
        int slash = text.indexOf('/');
        if (slash != text.lastIndexOf('/')) {
            errors.invalid(path, text, "unexpected GroupVersion string: " + text);
            return;
        }
        String group = slash < 0 ? "" : text.substring(0, slash);
        var wrong = Syntax.dnsSubdomain(group);
        if (!group.isEmpty() && !wrong.isEmpty()) {
            errors.invalid(path, group, String.join(",", wrong));
        }
        String version = text.substring(slash + 1);
        var wrongVersion = Syntax.dns1035Label(version);
        if (version.isEmpty()) {
            errors.invalid(path, text, "version must be specified");
        } else if (!wrongVersion.isEmpty()) {
            errors.invalid(path, version, String.join(",", wrongVersion));
        }
    }

    private static void variable(JsonNode variable, String path, FieldErrors errors) {
        String name = Json.text(variable, "name");
        if (name.isBlank()) {
            errors.required(path + ".name", "name is not specified");
        } else if (!IDENTIFIER.matcher(name).matches() || Identifiers.isReserved(name)) {
            errors.invalid(path + ".name", name, "name is not a valid CEL identifier");
        }
        expression(variable, "expression", path, errors);
    }

    static void expression(JsonNode parent, String field, String path, FieldErrors errors) {
        if (Json.text(parent, field).isBlank()) {
            errors.required(path + "." + field, field + " is not specified");
        }
    }
}
