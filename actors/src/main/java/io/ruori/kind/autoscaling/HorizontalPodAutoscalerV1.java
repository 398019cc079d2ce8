package io.ruori.kind.autoscaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * HorizontalPodAutoscalers in the shape of {@code autoscaling/v1}, which only has a field for the share of CPU. Everything
 * else travels in annotations, in the form upstream gives them, so that reading and writing back as v1 loses nothing.
 */
final class HorizontalPodAutoscalerV1 {
    private static final String PREFIX = "autoscaling.alpha.kubernetes.io/";
    private static final String METRICS = PREFIX + "metrics";
    private static final String CURRENT_METRICS = PREFIX + "current-metrics";
    private static final String CONDITIONS = PREFIX + "conditions";
    private static final String BEHAVIOR = PREFIX + "behavior";
    private static final List<String> OURS = List.of(METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR);

    private static final List<String> DIRECTIONS = List.of("scaleUp", "scaleDown");

    private static final String TARGET_PERCENT = "targetCPUUtilizationPercentage";
    private static final String CURRENT_PERCENT = "currentCPUUtilizationPercentage";

    private static final Map<String, String> SOURCES = Map.of(
            "Object", "object",
            "External", "external",
            "Pods", "pods",
            "Resource", "resource",
            "ContainerResource", "containerResource");

    private HorizontalPodAutoscalerV1() {}

    // ---- v2 to v1

    static ObjectNode fromStored(ObjectNode tree) {
        ObjectNode annotations = Json.object();
        ObjectNode spec = Json.child(tree, "spec");
        ArrayNode others = Json.array();
        for (JsonNode metric : spec.path("metrics")) {
            if (isCpuShare(metric)) {
                Json.ifAbsent(spec, TARGET_PERCENT, Json.at(metric, "resource", "target", "averageUtilization"));
            } else {
                others.add(flat(metric, "target"));
            }
        }
        note(annotations, METRICS, others);
        if (spec.get("behavior") instanceof ObjectNode behavior) {
            note(annotations, BEHAVIOR, behaviorAsInGo(behavior));
        }
        spec.remove(List.of("metrics", "behavior"));
        if (tree.get("status") instanceof ObjectNode status) {
            status(status, annotations);
        }
        annotate(tree, annotations);
        return tree;
    }

    private static void status(ObjectNode status, ObjectNode annotations) {
        ArrayNode measured = Json.array();
        for (JsonNode metric : status.path("currentMetrics")) {
            JsonNode percent = Json.at(metric, "resource", "current", "averageUtilization");
            if (Json.text(metric, "resource", "name").equals("cpu") && Json.isPresent(percent)) {
                Json.ifAbsent(status, CURRENT_PERCENT, percent);
            }
            measured.add(flat(metric, "current"));
        }
        note(annotations, CURRENT_METRICS, measured);
        note(annotations, CONDITIONS, status.path("conditions"));
        status.remove(List.of("currentMetrics", "conditions"));
        // Neither may be absent in v1, and the first may in v2.
        Json.ifAbsent(status, "currentReplicas", 0);
        Json.ifAbsent(status, "desiredReplicas", 0);
    }

    private static boolean isCpuShare(JsonNode metric) {
        return Json.text(metric, "type").equals("Resource")
                && Json.text(metric, "resource", "name").equals("cpu")
                && Json.isPresent(Json.at(metric, "resource", "target", "averageUtilization"));
    }

    private static void note(ObjectNode annotations, String name, JsonNode value) {
        if (!value.isEmpty()) {
            annotations.put(name, value.toString());
        }
    }

    /** Annotations of ours that a client wrote into a v2 object would be mistaken for what v1 cannot say. */
    private static void annotate(ObjectNode tree, ObjectNode ours) {
        ObjectNode metadata = Json.child(tree, "metadata");
        ObjectNode annotations = Json.child(metadata, "annotations");
        annotations.remove(OURS);
        annotations.setAll(ours);
        if (annotations.isEmpty()) {
            metadata.remove("annotations");
        }
    }

    /**
     * A metric, or what was measured, as v1 has it: without a nested target.
     *
     * @param values {@code target} or {@code current}
     */
    private static ObjectNode flat(JsonNode metric, String values) {
        String type = Json.text(metric, "type");
        JsonNode source = metric.path(SOURCES.getOrDefault(type, type));
        JsonNode value = source.path(values);
        ObjectNode old = Json.object();
        copy(source, "describedObject", old, "target");
        copy(source, "name", old, "name");
        copy(source, "container", old, "container");
        copy(source.path("metric"), "name", old, "metricName");
        copy(source.path("metric"), "selector", old, type.equals("External") ? "metricSelector" : "selector");
        copy(value, "value", old, values + "Value");
        // Objects keep the plain name for what their Pods share.
        copy(value, "averageValue", old, averageName(type, values));
        copy(value, "averageUtilization", old, values + "AverageUtilization");
        ObjectNode result = Json.object().put("type", type);
        result.set(SOURCES.getOrDefault(type, type), old);
        return result;
    }

    private static String averageName(String type, String values) {
        return type.equals("Object") ? "averageValue" : values + "AverageValue";
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String as) {
        JsonNode value = from.get(name);
        if (Json.isPresent(value)) {
            to.set(as, value);
        }
    }

    /** Upstream writes its internal type here, whose fields are named as in Go and never absent. */
    private static ObjectNode behaviorAsInGo(JsonNode behavior) {
        ObjectNode result = Json.object();
        for (String direction : DIRECTIONS) {
            JsonNode rules = behavior.path(direction);
            if (!rules.isObject()) {
                result.putNull(capital(direction));
                continue;
            }
            ObjectNode all = result.putObject(capital(direction));
            for (String field : List.of("stabilizationWindowSeconds", "selectPolicy", "tolerance")) {
                all.set(capital(field), rules.path(field).isMissingNode() ? all.nullNode() : rules.path(field));
            }
            ArrayNode policies = all.putArray("Policies");
            for (JsonNode policy : rules.path("policies")) {
                ObjectNode named = policies.addObject();
                policy.properties().forEach(field -> named.set(capital(field.getKey()), field.getValue()));
            }
        }
        return result;
    }

    /** The way back. Anybody may have written the annotation, so only what has the right form is taken. */
    private static ObjectNode behaviorFromGo(JsonNode noted) {
        ObjectNode behavior = Json.object();
        for (String direction : DIRECTIONS) {
            JsonNode rules = noted.path(capital(direction));
            if (rules.isObject()) {
                ObjectNode all = behavior.putObject(direction);
                number(rules, "StabilizationWindowSeconds", all);
                text(rules, "SelectPolicy", all);
                text(rules, "Tolerance", all);
                for (JsonNode policy : rules.path("Policies")) {
                    ObjectNode one = Json.list(all, "policies").addObject();
                    text(policy, "Type", one);
                    number(policy, "Value", one);
                    number(policy, "PeriodSeconds", one);
                }
            }
        }
        return behavior;
    }

    private static void number(JsonNode from, String name, ObjectNode to) {
        if (from.path(name).canConvertToInt()) {
            to.put(small(name), from.path(name).intValue());
        }
    }

    private static void text(JsonNode from, String name, ObjectNode to) {
        if (from.path(name).isTextual()) {
            to.set(small(name), from.path(name));
        }
    }

    private static String capital(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static String small(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    // ---- v1 to v2

    static ObjectNode toStored(ObjectNode tree) {
        JsonNode annotations = Json.at(tree, "metadata", "annotations");
        ObjectNode spec = Json.child(tree, "spec");
        ArrayNode metrics = Json.array();
        noted(annotations, METRICS).forEach(metric -> metrics.add(nested(metric, "target")));
        JsonNode percent = spec.path(TARGET_PERCENT);
        if (Json.isPresent(percent)) {
            metrics.add(cpuShare(percent));
        }
        if (!metrics.isEmpty()) {
            spec.set("metrics", metrics);
        }
        ObjectNode behavior = behaviorFromGo(noted(annotations, BEHAVIOR));
        if (!behavior.isEmpty()) {
            spec.set("behavior", behavior);
        }
        spec.remove(TARGET_PERCENT);
        if (tree.get("status") instanceof ObjectNode status) {
            statusToStored(status, annotations);
        }
        if (!annotations.isMissingNode()) {
            annotate(tree, Json.object());
        }
        return tree;
    }

    private static void statusToStored(ObjectNode status, JsonNode annotations) {
        ArrayNode measured = Json.array();
        noted(annotations, CURRENT_METRICS).forEach(metric -> measured.add(nested(metric, "current")));
        JsonNode percent = status.path(CURRENT_PERCENT);
        if (measured.isEmpty() && Json.isPresent(percent)) {
            ObjectNode metric = measured.addObject().put("type", "Resource");
            metric.putObject("resource").put("name", "cpu").putObject("current").set("averageUtilization", percent);
        }
        if (!measured.isEmpty()) {
            status.set("currentMetrics", measured);
        }
        JsonNode conditions = noted(annotations, CONDITIONS);
        if (conditions.isArray() && !conditions.isEmpty()) {
            status.set("conditions", conditions);
        }
        status.remove(CURRENT_PERCENT);
    }

    private static ObjectNode cpuShare(JsonNode percent) {
        ObjectNode metric = Json.object().put("type", "Resource");
        metric.putObject("resource")
                .put("name", "cpu")
                .putObject("target")
                .put("type", "Utilization")
                .set("averageUtilization", percent);
        return metric;
    }

    /** What an annotation says; nothing where it cannot be read, as upstream has it. */
    private static JsonNode noted(JsonNode annotations, String name) {
        try {
            return Json.mapper().readTree(annotations.path(name).asText(""));
        } catch (JsonProcessingException e) {
            return Json.object();
        }
    }

    private static ObjectNode nested(JsonNode metric, String values) {
        String type = Json.text(metric, "type");
        JsonNode old = metric.path(SOURCES.getOrDefault(type, type));
        ObjectNode source = Json.object();
        copy(old, "target", source, "describedObject");
        copy(old, "name", source, "name");
        copy(old, "container", source, "container");
        ObjectNode value = Json.object();
        copy(old, values + "AverageUtilization", value, "averageUtilization");
        copy(old, averageName(type, values), value, "averageValue");
        copy(old, values + "Value", value, "value");
        ObjectNode named = Json.object();
        copy(old, "metricName", named, "name");
        copy(old, type.equals("External") ? "metricSelector" : "selector", named, "selector");
        if (!named.isEmpty()) {
            source.set("metric", named);
        }
        if (values.equals("target")) {
            value.put("type", targetType(value));
        }
        source.set(values, value);
        ObjectNode result = Json.object().put("type", type);
        result.set(SOURCES.getOrDefault(type, type), source);
        return result;
    }

    /** v1 does not say of which type a target is: it follows from what is set. */
    private static String targetType(JsonNode value) {
        if (value.has("averageUtilization")) {
            return "Utilization";
        }
        return value.has("averageValue") ? "AverageValue" : "Value";
    }
}
