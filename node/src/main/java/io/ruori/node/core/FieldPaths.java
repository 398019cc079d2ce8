package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/** What the downward API may read: fields of the Pod and resources of its containers. */
public record FieldPaths(PodSpec pod, NodeFacts node, String podIp) {

    /** The value of a {@code fieldRef}. */
    public String field(String path) throws ConfigProblem {
        int bracket = path.indexOf("['");
        if (bracket > 0 && path.endsWith("']")) {
            String key = path.substring(bracket + 2, path.length() - 2);
            return switch (path.substring(0, bracket)) {
                case "metadata.labels" -> pod.labels().getOrDefault(key, "");
                case "metadata.annotations" -> pod.annotations().getOrDefault(key, "");
                default -> throw unsupported(path);
            };
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid().value();
            case "metadata.labels" -> formatted(pod.labels());
            case "metadata.annotations" -> formatted(pod.annotations());
            case "spec.nodeName" -> node.nodeName();
            case "spec.serviceAccountName" -> Json.text(pod.spec(), "serviceAccountName");
            case "status.hostIP", "status.hostIPs" -> node.hostIp();
            case "status.podIP", "status.podIPs" -> pod.hostNetwork() ? node.hostIp() : podIp;
            default -> throw unsupported(path);
        };
    }

    private static ConfigProblem unsupported(String path) {
        return new ConfigProblem("unsupported fieldPath: " + path);
    }

    /** One {@code key="value"} a line, sorted, values quoted as Go quotes them. */
    private static String formatted(Map<String, String> map) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(map).forEach((key, value) -> {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(key).append("=\"").append(escaped(value)).append('"');
        });
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t");
    }

    /**
     * The value of a {@code resourceFieldRef}: what is asked for in units of the divisor, rounded up. A missing limit is all
     * the node has.
     *
     * @param self the container that is meant when the reference names none
     */
    public String resource(JsonNode reference, JsonNode self) throws ConfigProblem {
        String name = Json.text(reference, "containerName");
        JsonNode container = self;
        if (!name.isEmpty()) {
            container = pod.container(name)
                    .orElseThrow(() -> new ConfigProblem("container " + name + " not found"))
                    .tree();
        }
        String resource = Json.text(reference, "resource");
        String[] parts = resource.split("\\.", 2);
        if (parts.length != 2) {
            throw new ConfigProblem("unsupported container resource : " + resource);
        }
        BigDecimal amount = amount(container, parts[0], parts[1]);
        BigDecimal divisor = Quantity.parse(Json.text(reference, "divisor"));
        BigDecimal unit = divisor.signum() == 0 ? BigDecimal.ONE : divisor;
        return amount.divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }

    private BigDecimal amount(JsonNode container, String list, String resource) {
        String text = Json.text(container, "resources", list, resource);
        if (!text.isEmpty() || list.equals("requests")) {
            return Quantity.parse(text);
        }
        return switch (resource) {
            case "cpu" -> BigDecimal.valueOf(node.cpus());
            case "memory" -> BigDecimal.valueOf(node.memoryBytes());
            default -> BigDecimal.ZERO;
        };
    }
}
