package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.List;
import java.util.Set;

/** Where a Pod wants to run: node selector, tolerations, affinity and spread. */
public final class SchedulingRules {
    private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");
    private static final Set<String> TOLERATION_OPERATORS = Set.of("Equal", "Exists");
    private static final Set<String> UNSATISFIABLE = Set.of("DoNotSchedule", "ScheduleAnyway");
    private static final Set<String> INCLUSION = Set.of("Honor", "Ignore");
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private SchedulingRules() {}

    public static void validate(JsonNode spec, String path, FieldErrors errors) {
        MetaRules.labels(spec.path("nodeSelector"), path + ".nodeSelector", errors);
        tolerations(spec, path, errors);
        JsonNode affinity = spec.path("affinity");
        nodeAffinity(affinity.path("nodeAffinity"), path + ".affinity.nodeAffinity", errors);
        podAffinity(affinity.path("podAffinity"), path + ".affinity.podAffinity", errors);
        podAffinity(affinity.path("podAntiAffinity"), path + ".affinity.podAntiAffinity", errors);
        JsonNode spread = spec.path("topologySpreadConstraints");
        for (int i = 0; i < spread.size(); i++) {
            spread(spread.get(i), path + ".topologySpreadConstraints[" + i + "]", errors);
        }
    }

    /** The tolerations of a Pod or of a way to run Pods. */
    public static void tolerations(JsonNode spec, String path, FieldErrors errors) {
        Checks.eachOf(spec, "tolerations", path, (toleration, at) -> toleration(toleration, at, errors));
    }

    private static void toleration(JsonNode toleration, String path, FieldErrors errors) {
        String key = Json.text(toleration, "key");
        String operator = Json.text(toleration, "operator");
        String value = Json.text(toleration, "value");
        String effect = Json.text(toleration, "effect");
        if (!key.isEmpty()) {
            Checks.each(Syntax.qualifiedName(key), path + ".key", key, errors);
        } else if (!operator.equals("Exists")) {
            errors.invalid(
                    path + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.path("tolerationSeconds").isNumber() && !effect.equals("NoExecute")) {
            errors.invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        switch (operator) {
            case "", "Equal" -> {
                if (!Syntax.labelValue(value).isEmpty()) {
                    errors.invalid(path + ".operator", value, String.join(";", Syntax.labelValue(value)));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    errors.invalid(path + ".operator", toleration, "value must be empty when `operator` is 'Exists'");
                }
            }
            default -> errors.notSupported(path + ".operator", operator, TOLERATION_OPERATORS);
        }
        Checks.oneOf(toleration, "effect", path, EFFECTS, false, errors);
    }

    // ---- nodes

    private static void nodeAffinity(JsonNode affinity, String path, FieldErrors errors) {
        JsonNode required = affinity.path(REQUIRED);
        if (required.isObject()) {
            nodeSelector(required, path + "." + REQUIRED, errors);
        }
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + "." + PREFERRED + "[" + i + "]";
            weight(preferred.get(i), at, errors);
            term(preferred.get(i).path("preference"), at + ".preference", errors);
        }
    }

    /** Terms of which a node must meet one. */
    public static void nodeSelector(JsonNode selector, String path, FieldErrors errors) {
        if (selector.path("nodeSelectorTerms").isEmpty()) {
            errors.required(path + ".nodeSelectorTerms", "must have at least one node selector term");
        }
        Checks.eachOf(selector, "nodeSelectorTerms", path, (term, at) -> term(term, at, errors));
    }

    private static void weight(JsonNode preference, String path, FieldErrors errors) {
        long weight = Json.number(preference, 0, "weight");
        if (weight <= 0 || weight > 100) {
            errors.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }

    private static void term(JsonNode term, String path, FieldErrors errors) {
        JsonNode expressions = term.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            String at = path + ".matchExpressions[" + i + "]";
            requirement(expressions.get(i), at, errors);
            String key = Json.text(expressions.get(i), "key");
            Checks.each(Syntax.qualifiedName(key), at + ".key", key, errors);
        }
        JsonNode fields = term.path("matchFields");
        for (int i = 0; i < fields.size(); i++) {
            field(fields.get(i), path + ".matchFields[" + i + "]", errors);
        }
    }

    private static void requirement(JsonNode requirement, String path, FieldErrors errors) {
        JsonNode values = requirement.path("values");
        switch (Json.text(requirement, "operator")) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    errors.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    errors.forbidden(
                            path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    errors.required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default ->
                errors.invalid(path + ".operator", Json.text(requirement, "operator"), "not a valid selector operator");
        }
    }

    private static void field(JsonNode requirement, String path, FieldErrors errors) {
        String operator = Json.text(requirement, "operator");
        if (!operator.equals("In") && !operator.equals("NotIn")) {
            errors.invalid(path + ".operator", operator, "not a valid selector operator");
        } else if (requirement.path("values").size() != 1) {
            errors.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        String key = Json.text(requirement, "key");
        if (!key.equals("metadata.name")) {
            errors.invalid(path + ".key", key, "not a valid field selector key");
        }
    }

    // ---- other Pods

    private static void podAffinity(JsonNode affinity, String path, FieldErrors errors) {
        JsonNode required = affinity.path(REQUIRED);
        for (int i = 0; i < required.size(); i++) {
            podTerm(required.get(i), path + "." + REQUIRED + "[" + i + "]", errors);
        }
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + "." + PREFERRED + "[" + i + "]";
            weight(preferred.get(i), at, errors);
            podTerm(preferred.get(i).path("podAffinityTerm"), at + ".podAffinityTerm", errors);
        }
    }

    private static void podTerm(JsonNode term, String path, FieldErrors errors) {
        Checks.selector(term.path("labelSelector"), path + ".labelSelector", errors);
        Checks.selector(term.path("namespaceSelector"), path + ".namespaceSelector", errors);
        JsonNode namespaces = term.path("namespaces");
        for (int i = 0; i < namespaces.size(); i++) {
            String name = namespaces.get(i).asText();
            Checks.each(Syntax.dnsLabel(name), path + ".namespace", name, errors);
        }
        topologyKey(term, path, errors);
    }

    private static void topologyKey(JsonNode parent, String path, FieldErrors errors) {
        String key = Json.text(parent, "topologyKey");
        if (key.isEmpty()) {
            errors.required(path + ".topologyKey", "can not be empty");
        } else {
            Checks.each(Syntax.qualifiedName(key), path + ".topologyKey", key, errors);
        }
    }

    private static void spread(JsonNode constraint, String path, FieldErrors errors) {
        Checks.positive(constraint.path("maxSkew"), path + ".maxSkew", errors);
        topologyKey(constraint, path, errors);
        Checks.oneOf(constraint, "whenUnsatisfiable", path, UNSATISFIABLE, true, errors);
        Checks.positive(constraint.path("minDomains"), path + ".minDomains", errors);
        if (constraint.path("minDomains").isNumber()
                && !Json.text(constraint, "whenUnsatisfiable").equals("DoNotSchedule")) {
            errors.invalid(
                    path + ".minDomains",
                    constraint.path("minDomains"),
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                            + Json.text(constraint, "whenUnsatisfiable"));
        }
        for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
            Checks.oneOf(constraint, policy, path, INCLUSION, false, errors);
        }
        Checks.selector(constraint.path("labelSelector"), path + ".labelSelector", errors);
    }
}
