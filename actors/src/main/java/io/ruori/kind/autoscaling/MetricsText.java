package io.ruori.kind.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.kind.Columns;
import java.util.ArrayList;
import java.util.List;

/** What is measured and what it should be, in one cell: {@code cpu: 20%/80%}. */
final class MetricsText {
    private static final String UNKNOWN = "<unknown>";
    private static final int SHOWN = 2;

    private MetricsText() {}

    static String of(JsonNode autoscaler) {
        JsonNode metrics = Json.at(autoscaler, "spec", "metrics");
        JsonNode seen = Json.at(autoscaler, "status", "currentMetrics");
        if (metrics.isEmpty()) {
            return Columns.NONE;
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < metrics.size() && i < SHOWN; i++) {
            texts.add(metric(metrics.get(i), seen.path(i)));
        }
        String all = String.join(", ", texts);
        return metrics.size() > SHOWN ? all + " + " + (metrics.size() - SHOWN) + " more..." : all;
    }

    private static String metric(JsonNode metric, JsonNode seen) {
        return switch (Json.text(metric, "type")) {
            case "External" -> value(metric.path("external").path("target"), seen.path("external"));
            case "Object" -> value(metric.path("object").path("target"), seen.path("object"));
            case "Pods" ->
                orUnknown(Json.text(seen, "pods", "current", "averageValue")) + "/"
                        + Json.text(metric, "pods", "target", "averageValue");
            case "Resource" -> resource(metric.path("resource"), seen.path("resource"));
            case "ContainerResource" -> resource(metric.path("containerResource"), seen.path("containerResource"));
            default -> "<unknown type>";
        };
    }

    private static String value(JsonNode target, JsonNode seen) {
        String average = Json.text(target, "averageValue");
        return average.isEmpty()
                ? orUnknown(Json.text(seen, "current", "value")) + "/" + Json.text(target, "value")
                : orUnknown(Json.text(seen, "current", "averageValue")) + "/" + average + " (avg)";
    }

    private static String resource(JsonNode metric, JsonNode seen) {
        String name = Json.text(metric, "name") + ": ";
        String average = Json.text(metric, "target", "averageValue");
        if (!average.isEmpty()) {
            return name + orUnknown(Json.text(seen, "current", "averageValue")) + "/" + average;
        }
        String percent = Json.text(seen, "current", "averageUtilization");
        String wanted = Json.text(metric, "target", "averageUtilization");
        return name + (percent.isEmpty() ? UNKNOWN : percent + "%") + "/"
                + (wanted.isEmpty() ? "<auto>" : wanted + "%");
    }

    private static String orUnknown(String text) {
        return text.isEmpty() ? UNKNOWN : text;
    }
}
