package io.ruori.kind.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import io.ruori.kind.Checks;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a HorizontalPodAutoscaler's spec must satisfy. */
final class AutoscalerRules {
    private static final int LONGEST_PERIOD = 1800;
    private static final int LONGEST_WINDOW = 3600;
    private static final List<String> SELECTIONS = List.of("Disabled", "Max", "Min");
    private static final List<String> POLICIES = List.of("Percent", "Pods");
    private static final List<String> TARGETS = List.of("Utilization", "Value", "AverageValue");
    private static final List<String> TYPES = List.of("ContainerResource", "External", "Object", "Pods", "Resource");

    /** Where each type of metric is described, in the order upstream looks. */
    private static final List<String> SOURCES = List.of("object", "external", "pods", "resource", "containerResource");

    private static final Map<String, String> SOURCE_OF_TYPE = Map.of(
            "Object", "object",
            "External", "external",
            "Pods", "pods",
            "Resource", "resource",
            "ContainerResource", "containerResource");

    private AutoscalerRules() {}

    /**
     * @param fewest what {@code minReplicas} may be at least
     */
    static void spec(JsonNode spec, long fewest, FieldErrors errors) {
        JsonNode least = spec.path("minReplicas");
        long most = Json.number(spec, 0, "maxReplicas");
        if (least.isNumber() && least.longValue() < fewest) {
            errors.invalid("spec.minReplicas", least, "must be greater than or equal to " + fewest);
        }
        if (most < 1) {
            errors.invalid("spec.maxReplicas", most, "must be greater than 0");
        }
        if (least.isNumber() && most < least.longValue()) {
            errors.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        }
        reference(spec.path("scaleTargetRef"), "spec.scaleTargetRef", errors);
        metrics(spec, errors);
        for (String direction : List.of("scaleUp", "scaleDown")) {
            JsonNode rules = Json.at(spec, "behavior", direction);
            if (rules.isObject()) {
                scaling(rules, "spec.behavior." + direction, errors);
            }
        }
    }

    private static void reference(JsonNode reference, String path, FieldErrors errors) {
        for (String field : List.of("kind", "name")) {
            pathSegment(Json.text(reference, field), path + "." + field, "", errors);
        }
    }

    private static void pathSegment(String value, String path, String whenAbsent, FieldErrors errors) {
        if (value.isEmpty()) {
            errors.required(path, whenAbsent);
        } else {
            Checks.each(Syntax.pathSegment(value), path, value, errors);
        }
    }

    // ---- metrics

    private static void metrics(JsonNode spec, FieldErrors errors) {
        boolean measurableWithoutPods = false;
        for (JsonNode metric : spec.path("metrics")) {
            measurableWithoutPods |= List.of("Object", "External").contains(Json.text(metric, "type"));
        }
        Checks.eachOf(spec, "metrics", "spec", (metric, path) -> metric(metric, path, errors));
        if (Json.number(spec, 1, "minReplicas") == 0 && !measurableWithoutPods) {
            errors.forbidden(
                    "spec.metrics",
                    "must specify at least one Object or External metric to support scaling to zero replicas");
        }
    }

    private static void metric(JsonNode metric, String path, FieldErrors errors) {
        String type = Json.text(metric, "type");
        if (type.isEmpty()) {
            errors.required(path + ".type", "must specify a metric source type");
        }
        String expected = SOURCE_OF_TYPE.getOrDefault(type, "");
        if (expected.isEmpty()) {
            errors.notSupported(path + ".type", type, TYPES);
        }
        List<String> present = new ArrayList<>();
        for (String source : SOURCES) {
            if (metric.path(source).isObject()) {
                present.add(source);
            }
        }
        if (!present.isEmpty()) {
            String first = present.getFirst();
            source(first, metric.path(first), path + "." + first, errors);
        }
        if (!expected.isEmpty() && !present.contains(expected)) {
            errors.required(path + "." + expected, "must populate information for the given metric source");
        }
        if (present.size() != 1) {
            present.remove(expected);
            present.forEach(
                    other -> errors.forbidden(path + "." + other, "must populate the given metric source only"));
        }
    }

    private static void source(String type, JsonNode source, String path, FieldErrors errors) {
        JsonNode target = source.path("target");
        switch (type) {
            case "object" -> {
                reference(source.path("describedObject"), path + ".describedObject", errors);
                identifier(source, path, errors);
                target(target, path + ".target", errors);
                oneValue(target, "must set either a target value or averageValue", path, errors);
            }
            case "external" -> {
                identifier(source, path, errors);
                target(target, path + ".target", errors);
                oneValue(target, "must set either a target value for metric or a per-pod target", path, errors);
                if (has(target, "value") && has(target, "averageValue")) {
                    errors.forbidden(
                            path + ".target.value", "may not set both a target value for metric and a per-pod target");
                }
            }
            case "pods" -> {
                identifier(source, path, errors);
                target(target, path + ".target", errors);
                if (!has(target, "averageValue")) {
                    errors.required(path + ".target.averageValue", "must specify a positive target averageValue");
                }
            }
            default -> resource(type, source, path, errors);
        }
    }

    private static boolean has(JsonNode target, String field) {
        return Json.isPresent(target.get(field));
    }

    private static void oneValue(JsonNode target, String text, String path, FieldErrors errors) {
        if (!has(target, "value") && !has(target, "averageValue")) {
            errors.required(path + ".target.averageValue", text);
        }
    }

    private static void resource(String type, JsonNode source, String path, FieldErrors errors) {
        String name = Json.text(source, "name");
        if (name.isEmpty()) {
            errors.required(path + ".name", "must specify a resource name");
        }
        if (type.equals("containerResource")) {
            String container = Json.text(source, "container");
            if (container.isEmpty()) {
                errors.required(path + ".container", "must specify a container");
            } else {
                Checks.each(Syntax.dnsLabel(container), path + ".container", container, errors);
            }
        }
        JsonNode target = source.path("target");
        target(target, path + ".target", errors);
        boolean percent = has(target, "averageUtilization");
        boolean value = has(target, "averageValue");
        if (!percent && !value) {
            errors.required(
                    path + ".target.averageUtilization", "must set either a target raw value or a target utilization");
        } else if (percent && value) {
            errors.forbidden(
                    path + ".target.averageValue", "may not set both a target raw value and a target utilization");
        }
    }

    private static void identifier(JsonNode source, String path, FieldErrors errors) {
        pathSegment(Json.text(source, "metric", "name"), path + ".metric.name", "must specify a metric name", errors);
    }

    private static void target(JsonNode target, String path, FieldErrors errors) {
        String type = Json.text(target, "type");
        if (type.isEmpty()) {
            errors.required(path + ".type", "must specify a metric target type");
        }
        if (!TARGETS.contains(type)) {
            errors.invalid(path + ".type", type, "must be either Utilization, Value, or AverageValue");
        }
        for (String field : List.of("value", "averageValue")) {
            JsonNode value = target.path(field);
            if (Json.isPresent(value)
                    && Quantity.parse(value.asText()).map(Quantity::signum).orElse(0) <= 0) {
                errors.invalid(path + "." + field, value, "must be positive");
            }
        }
        JsonNode percent = target.path("averageUtilization");
        if (percent.isNumber() && percent.longValue() < 1) {
            errors.invalid(path + ".averageUtilization", percent, "must be greater than 0");
        }
    }

    // ---- behavior

    private static void scaling(JsonNode rules, String path, FieldErrors errors) {
        JsonNode window = rules.path("stabilizationWindowSeconds");
        String at = path + ".stabilizationWindowSeconds";
        if (window.longValue() < 0) {
            errors.invalid(at, window, "must be greater than or equal to zero");
        } else if (window.longValue() > LONGEST_WINDOW) {
            errors.invalid(at, window, "must be less than or equal to " + LONGEST_WINDOW);
        }
        Checks.oneOf(rules, "selectPolicy", path, SELECTIONS, false, errors);
        if (rules.path("policies").isEmpty()) {
            errors.required(path + ".policies", "must specify at least one Policy");
        }
        Checks.eachOf(rules, "policies", path, (policy, where) -> policy(policy, where, errors));
        JsonNode tolerance = rules.path("tolerance");
        if (Json.isPresent(tolerance)
                && Quantity.parse(tolerance.asText()).map(Quantity::signum).orElse(0) < 0) {
            errors.invalid(path + ".tolerance", tolerance, "must be greater or equal to zero");
        }
    }

    private static void policy(JsonNode policy, String path, FieldErrors errors) {
        String type = Json.text(policy, "type");
        if (!POLICIES.contains(type)) {
            errors.notSupported(path + ".type", type, POLICIES);
        }
        long value = Json.number(policy, 0, "value");
        if (value <= 0) {
            errors.invalid(path + ".value", value, "must be greater than zero");
        }
        long period = Json.number(policy, 0, "periodSeconds");
        if (period <= 0) {
            errors.invalid(path + ".periodSeconds", period, "must be greater than zero");
        } else if (period > LONGEST_PERIOD) {
            errors.invalid(path + ".periodSeconds", period, "must be less than or equal to " + LONGEST_PERIOD);
        }
    }
}
