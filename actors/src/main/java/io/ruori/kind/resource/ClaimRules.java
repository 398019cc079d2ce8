package io.ruori.kind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.Checks;
import io.ruori.kind.Syntax;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The spec of a claim, in a claim and in a template. Expressions are not compiled here. */
final class ClaimRules {
    private static final int MOST_REQUESTS = 32;
    private static final int MOST_ALTERNATIVES = 8;
    private static final int MOST_SELECTORS = 32;
    private static final int MOST_CONSTRAINTS = 32;
    static final int MOST_CONFIGURATIONS = 32;
    private static final int EXPRESSION_LENGTH = 10 * 1024;
    private static final int PARAMETERS_LENGTH = 10 * 1024;
    private static final List<String> ALLOCATION_MODES = List.of("All", "ExactCount");
    private static final List<String> EFFECTS = List.of("NoExecute", "NoSchedule");
    private static final List<String> OPERATORS = List.of("Equal", "Exists");
    private static final String NO_REQUEST =
            "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

    private ClaimRules() {}

    // ---- defaults

    static void applyDefaults(ObjectNode spec) {
        for (JsonNode request : Json.at(spec, "devices", "requests")) {
            exact(request.path("exactly"));
            request.path("firstAvailable").forEach(ClaimRules::exact);
        }
    }

    private static void exact(JsonNode request) {
        if (request instanceof ObjectNode object) {
            if (Json.text(object, "allocationMode").isEmpty()) {
                object.put("allocationMode", "ExactCount");
            }
            if (Json.text(object, "allocationMode").equals("ExactCount") && Json.number(object, 0, "count") == 0) {
                object.put("count", 1);
            }
            for (JsonNode toleration : object.path("tolerations")) {
                if (toleration instanceof ObjectNode one
                        && Json.text(one, "operator").isEmpty()) {
                    one.put("operator", "Equal");
                }
            }
        }
    }

    // ---- rules

    static void validate(JsonNode spec, String path, FieldErrors errors) {
        JsonNode devices = spec.path("devices");
        String at = path + ".devices";
        Set<String> requests = requestNames(spec);
        Names.set(
                devices,
                "requests",
                MOST_REQUESTS,
                at,
                request -> Json.text(request, "name"),
                (request, where) -> request(request, where, errors),
                errors);
        Names.list(
                devices,
                "constraints",
                MOST_CONSTRAINTS,
                at,
                (constraint, where) -> constraint(constraint, requests, where, errors),
                errors);
        Names.list(
                devices,
                "config",
                MOST_CONFIGURATIONS,
                at,
                (config, where) -> {
                    requestList(config, requests, where, errors);
                    configuration(config, where, errors);
                },
                errors);
    }

    /** What may be referred to: requests, and their alternatives after a slash. */
    static Set<String> requestNames(JsonNode spec) {
        Set<String> names = new HashSet<>();
        for (JsonNode request : Json.at(spec, "devices", "requests")) {
            String name = Json.text(request, "name");
            names.add(name);
            request.path("firstAvailable").forEach(one -> names.add(name + "/" + Json.text(one, "name")));
        }
        return names;
    }

    private static void request(JsonNode request, String path, FieldErrors errors) {
        Names.label(request, "name", path, errors);
        boolean exactly = request.path("exactly").isObject();
        boolean alternatives = !request.path("firstAvailable").isEmpty();
        if (exactly && alternatives) {
            errors.invalid(
                    path,
                    null,
                    "exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set");
        } else if (exactly) {
            device(request.path("exactly"), path + ".exactly", errors);
        } else if (alternatives) {
            Names.set(
                    request,
                    "firstAvailable",
                    MOST_ALTERNATIVES,
                    path,
                    one -> Json.text(one, "name"),
                    (one, at) -> {
                        Names.label(one, "name", at, errors);
                        device(one, at, errors);
                    },
                    errors);
        } else {
            errors.required(path, "exactly one of `exactly` or `firstAvailable` is required");
        }
    }

    private static void device(JsonNode request, String path, FieldErrors errors) {
        String deviceClass = Json.text(request, "deviceClassName");
        if (deviceClass.isEmpty()) {
            errors.required(path + ".deviceClassName", "");
        } else {
            Checks.each(Syntax.dnsSubdomain(deviceClass), path + ".deviceClassName", deviceClass, errors);
        }
        selectors(request, path, errors);
        String mode = Json.text(request, "allocationMode");
        long count = Json.number(request, 0, "count");
        if (!ALLOCATION_MODES.contains(mode)) {
            errors.notSupported(path + ".allocationMode", mode, ALLOCATION_MODES);
        } else if (mode.equals("All") && count != 0) {
            errors.invalid(path + ".count", count, "must not be specified when allocationMode is 'All'");
        } else if (mode.equals("ExactCount") && count <= 0) {
            errors.invalid(path + ".count", count, "must be greater than zero");
        }
        Checks.eachOf(request, "tolerations", path, (toleration, at) -> toleration(toleration, at, errors));
    }

    static void selectors(JsonNode parent, String path, FieldErrors errors) {
        Names.list(
                parent,
                "selectors",
                MOST_SELECTORS,
                path,
                (selector, at) -> {
                    if (!selector.path("cel").isObject()) {
                        errors.required(at + ".cel", "");
                    } else if (Json.text(selector, "cel", "expression").length() > EXPRESSION_LENGTH) {
                        errors.tooLong(at + ".cel.expression", EXPRESSION_LENGTH);
                    }
                },
                errors);
    }

    private static void toleration(JsonNode toleration, String path, FieldErrors errors) {
        String key = Json.text(toleration, "key");
        if (!key.isEmpty()) {
            Checks.each(Syntax.qualifiedName(key), path + ".key", key, errors);
        }
        String value = Json.text(toleration, "value");
        String operator = Json.text(toleration, "operator");
        switch (operator) {
            case "Exists" -> {
                if (!value.isEmpty()) {
                    errors.invalid(path + ".value", value, "must be empty for operator `Exists`");
                }
            }
            case "Equal" -> Checks.each(Syntax.labelValue(value), path + ".value", value, errors);
            default -> errors.notSupported(path + ".operator", operator, OPERATORS);
        }
        Checks.oneOf(toleration, "effect", path, EFFECTS, false, errors);
    }

    static void taint(JsonNode taint, String path, FieldErrors errors) {
        String key = Json.text(taint, "key");
        Checks.each(Syntax.qualifiedName(key), path + ".key", key, errors);
        String value = Json.text(taint, "value");
        Checks.each(Syntax.labelValue(value), path + ".value", value, errors);
        Checks.oneOf(taint, "effect", path, EFFECTS, true, errors);
    }

    private static void constraint(JsonNode constraint, Set<String> requests, String path, FieldErrors errors) {
        requestList(constraint, requests, path, errors);
        if (Json.isPresent(constraint.get("matchAttribute"))) {
            Names.fullyQualified(Json.text(constraint, "matchAttribute"), path + ".matchAttribute", errors);
        } else if (Json.isPresent(constraint.get("distinctAttribute"))) {
            Names.fullyQualified(Json.text(constraint, "distinctAttribute"), path + ".distinctAttribute", errors);
        } else {
            errors.required(
                    path,
                    "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are"
                            + " set");
        }
    }

    static void requestList(JsonNode parent, Set<String> requests, String path, FieldErrors errors) {
        Names.set(
                parent,
                "requests",
                MOST_REQUESTS,
                path,
                JsonNode::asText,
                (name, at) -> requestName(name.asText(), requests, at, errors),
                errors);
    }

    static void requestName(String name, Set<String> requests, String path, FieldErrors errors) {
        String[] parts = name.split("/", -1);
        if (parts.length > 2) {
            errors.invalid(path, name, NO_REQUEST);
            return;
        }
        for (String part : parts) {
            Checks.each(Syntax.dnsLabel(part), path, part, errors);
        }
        if (!requests.contains(name)) {
            errors.invalid(path, name, NO_REQUEST);
        }
    }

    static void configuration(JsonNode config, String path, FieldErrors errors) {
        JsonNode opaque = config.path("opaque");
        if (!opaque.isObject()) {
            errors.required(path + ".opaque", "");
            return;
        }
        Names.driver(Json.text(opaque, "driver"), path + ".opaque.driver", errors);
        JsonNode parameters = opaque.path("parameters");
        String at = path + ".opaque.parameters";
        if (!Json.isPresent(parameters)) {
            errors.required(at, "");
        } else if (!parameters.isObject()) {
            errors.invalid(at, parameters, "must be a valid JSON object");
        } else if (parameters.toString().length() > PARAMETERS_LENGTH) {
            errors.tooLong(at, PARAMETERS_LENGTH);
        }
    }
}
