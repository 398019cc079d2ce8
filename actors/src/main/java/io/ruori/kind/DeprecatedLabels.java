package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.Map;

/** Labels of nodes that upstream has better names for: who selects by one is told. */
public final class DeprecatedLabels {
    private static final Map<String, String> ADVICE = Map.of(
            "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
            "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
            "failure-domain.beta.kubernetes.io/region",
                    "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
            "failure-domain.beta.kubernetes.io/zone",
                    "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
            "beta.kubernetes.io/instance-type",
                    "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
            "app.kubernetes.io/created-by", "deprecated since v1.9",
            "scheduler.alpha.kubernetes.io/preferAvoidPods",
                    "deprecated since v1.22; use Taints and Tolerations instead",
            "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

    private DeprecatedLabels() {}

    /** Of a key: {@code path: advice}. */
    public static void key(String key, String path, List<String> warnings) {
        String advice = ADVICE.get(key);
        if (advice != null) {
            warnings.add(path + ": " + advice);
        }
    }

    /** Of a key that its path does not say: {@code path: key is advice}. */
    static void named(String key, String path, List<String> warnings) {
        String advice = ADVICE.get(key);
        if (advice != null) {
            warnings.add(path + ": " + key + " is " + advice);
        }
    }

    /** Of a selector of labels and expressions. */
    public static void selector(JsonNode selector, String path, List<String> warnings) {
        expressions(selector, path, warnings);
        selector.path("matchLabels")
                .properties()
                .forEach(label -> key(label.getKey(), path + ".matchLabels." + label.getKey(), warnings));
    }

    /** Of the expressions of a selector or of one of a node selector's terms. */
    static void expressions(JsonNode term, String path, List<String> warnings) {
        Checks.eachOf(
                term,
                "matchExpressions",
                path,
                (expression, at) -> named(Json.text(expression, "key"), at + ".key", warnings));
    }
}
