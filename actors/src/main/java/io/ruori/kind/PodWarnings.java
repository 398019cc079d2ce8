package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is let pass in a Pod or in the template of one, though it is hardly meant: upstream's GetWarningsForPodTemplate. */
public final class PodWarnings {
    private static final List<String> CONTAINERS = List.of("initContainers", "containers", "ephemeralContainers");
    private static final List<String> BYTES = List.of("memory", "ephemeral-storage");
    private static final String POD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String CONTAINER_APPARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final String NO_SELECTOR = ": a null labelSelector results in matching no pod";

    private static final Map<String, String> ANNOTATIONS = Map.of(
            "scheduler.alpha.kubernetes.io/critical-pod",
                    "non-functional in v1.16+; use the \"priorityClassName\" field instead",
            "security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead",
            "security.alpha.kubernetes.io/unsafe-sysctls",
                    "non-functional in v1.11+; use the \"sysctls\" field instead");

    private final List<String> warnings = new ArrayList<>();
    private final JsonNode spec;
    private final JsonNode annotations;
    private final String path;
    private final String annotationsPath;

    /** @param path of the template, with a dot; empty for a Pod */
    private PodWarnings(JsonNode pod, String path) {
        this.spec = pod.path("spec");
        this.annotations = Json.at(pod, "metadata", "annotations");
        this.path = path + "spec";
        this.annotationsPath = path + "metadata.annotations";
    }

    /** Of a Pod that is created; of one that is there nobody is told again. */
    static List<String> ofPod(JsonNode pod) {
        List<String> all = new ArrayList<>();
        List<String> wrong = Syntax.dnsLabel(Json.text(pod, "metadata", "name"));
        if (!wrong.isEmpty()) {
            all.add("metadata.name: this is used in the Pod's hostname, which can result in surprising behavior;"
                    + " a DNS label is recommended: [" + String.join(" ", wrong) + "]");
        }
        all.addAll(new PodWarnings(pod, "").all());
        return all;
    }

    /** Of a template at a path such as {@code spec.template}. */
    public static List<String> ofTemplate(JsonNode template, String path) {
        return new PodWarnings(template, path + ".").all();
    }

    private List<String> all() {
        labels();
        ANNOTATIONS.forEach((key, advice) -> annotation(key, advice));
        VolumeWarnings.add(spec, path, warnings);
        lists();
        bytes(spec.path("overhead"), path + ".overhead");
        if (!Json.at(spec, "securityContext", "seccompProfile").isObject()) {
            annotation(POD_SECCOMP, "non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }
        CONTAINERS.forEach(list -> Checks.eachOf(spec, list, path, this::container));
        ports();
        if (Json.number(spec, 0, "terminationGracePeriodSeconds") < 0) {
            warnings.add(path + ".terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be"
                    + " treated as 1");
        }
        affinity("podAffinity");
        affinity("podAntiAffinity");
        return warnings;
    }

    private void annotation(String key, String advice) {
        if (annotations.has(key)) {
            warnings.add(annotationsPath + "[" + key + "]: " + advice);
        }
    }

    // ---- where it may run

    private void labels() {
        spec.path("nodeSelector")
                .properties()
                .forEach(label ->
                        DeprecatedLabels.key(label.getKey(), path + ".nodeSelector[" + label.getKey() + "]", warnings));
        String nodes = path + ".affinity.nodeAffinity";
        JsonNode affinity = Json.at(spec, "affinity", "nodeAffinity");
        Checks.eachOf(
                affinity.path("requiredDuringSchedulingIgnoredDuringExecution"),
                "nodeSelectorTerms",
                nodes + ".requiredDuringSchedulingIgnoredDuringExecution",
                (term, at) -> DeprecatedLabels.expressions(term, at, warnings));
        Checks.eachOf(affinity, "preferredDuringSchedulingIgnoredDuringExecution", nodes, (term, at) -> {
            DeprecatedLabels.expressions(term.path("preference"), at + ".preference", warnings);
            Checks.eachOf(term.path("preference"), "matchExpressions", at + ".preference", this::labelValues);
        });
        Checks.eachOf(spec, "topologySpreadConstraints", path, (constraint, at) -> {
            DeprecatedLabels.named(Json.text(constraint, "topologyKey"), at + ".topologyKey", warnings);
            selector(constraint, at);
        });
    }

    private void labelValues(JsonNode expression, String at) {
        Checks.eachOf(
                expression,
                "values",
                at,
                (value, valueAt) -> Syntax.labelValue(value.asText())
                        .forEach(wrong -> warnings.add(valueAt + ": " + value.asText() + " is invalid, " + wrong)));
    }

    private void affinity(String kind) {
        JsonNode affinity = Json.at(spec, "affinity", kind);
        String at = path + ".affinity." + kind;
        Checks.eachOf(affinity, "requiredDuringSchedulingIgnoredDuringExecution", at, this::selector);
        Checks.eachOf(
                affinity,
                "preferredDuringSchedulingIgnoredDuringExecution",
                at,
                (term, termAt) -> selector(term.path("podAffinityTerm"), termAt + ".podAffinityTerm"));
    }

    private void selector(JsonNode term, String at) {
        if (!Json.isPresent(term.get("labelSelector"))) {
            warnings.add(at + ".labelSelector" + NO_SELECTOR);
        }
    }

    // ---- lists

    private void lists() {
        duplicates("hostAliases", "ip");
        Checks.eachOf(
                spec,
                "hostAliases",
                path,
                (alias, at) -> warnings.addAll(AddressRules.warnings(Json.text(alias, "ip"), at + ".ip")));
        duplicates("imagePullSecrets", "name");
        Checks.eachOf(spec, "imagePullSecrets", path, (secret, at) -> {
            if (Json.text(secret, "name").isEmpty()) {
                warnings.add(at + ".name: invalid empty name \"\"");
            }
        });
        Checks.eachOf(
                spec.path("dnsConfig"),
                "nameservers",
                path + ".dnsConfig",
                (server, at) -> warnings.addAll(AddressRules.warnings(server.asText(), at)));
    }

    private void duplicates(String list, String field) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(spec, list, path, (element, at) -> {
            String value = Json.text(element, field);
            if (!seen.add(value)) {
                warnings.add(at + "." + field + ": duplicate " + field + " \"" + value + "\"");
            }
        });
    }

    private void bytes(JsonNode amounts, String at) {
        BYTES.forEach(resource -> bytes(amounts, resource, at, warnings));
    }

    /** Parts of bytes, as {@code 100m} of memory asks for. */
    static void bytes(JsonNode amounts, String resource, String at, List<String> warnings) {
        JsonNode amount = amounts.path(resource);
        Quantity.parse(amount.asText())
                .filter(quantity -> !quantity.isWhole())
                .ifPresent(quantity -> warnings.add(at + "[" + resource + "]: fractional byte value \"" + quantity
                        + "\" is invalid, must be an integer"));
    }

    // ---- containers

    private void container(JsonNode container, String at) {
        String name = Json.text(container, "name");
        if (!Json.at(container, "securityContext", "seccompProfile").isObject()) {
            annotation(CONTAINER_SECCOMP + name, "non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }
        if (!Json.at(spec, "securityContext", "appArmorProfile").isObject()
                && !Json.at(container, "securityContext", "appArmorProfile").isObject()) {
            annotation(CONTAINER_APPARMOR + name, "deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }
        for (String kind : List.of("limits", "requests")) {
            bytes(Json.at(container, "resources", kind), at + ".resources." + kind);
        }
        environment(container, at);
    }

    /** A name may be given again where its value builds on the one before. */
    private void environment(JsonNode container, String at) {
        Set<String> seen = new HashSet<>();
        Checks.eachOf(container, "env", at, (variable, variableAt) -> {
            String name = Json.text(variable, "name");
            String value = Json.text(variable, "value");
            String reference = "$(" + name + ")";
            boolean builds =
                    !Json.isPresent(variable.get("valueFrom")) && !value.equals(reference) && value.contains(reference);
            if (!seen.add(name) && !builds) {
                warnings.add(variableAt + ": hides previous definition of \"" + name
                        + "\", which may be dropped when using apply");
            }
        });
    }

    private record Port(String at, String ip, long host) {}

    private void ports() {
        Map<String, List<Port>> all = new HashMap<>();
        for (String list : CONTAINERS) {
            Checks.eachOf(
                    spec,
                    list,
                    path,
                    (container, at) -> Checks.eachOf(container, "ports", at, (json, portAt) -> {
                        Port port = new Port(portAt, Json.text(json, "hostIP"), Json.number(json, 0, "hostPort"));
                        if (!port.ip.isEmpty() && port.host == 0) {
                            warnings.add(portAt + ": hostIP set without hostPort: " + shown(json));
                        }
                        List<Port> others = all.computeIfAbsent(
                                Json.number(json, 0, "containerPort") + "/" + Json.text(json, "protocol"),
                                key -> new ArrayList<>());
                        others.forEach(other -> clash(port, other));
                        others.add(port);
                    }));
        }
    }

    private void clash(Port port, Port other) {
        if (port.ip.equals(other.ip) && port.host == other.host) {
            warnings.add(port.at + ": duplicate port definition with " + other.at);
        } else if (port.host == 0 || other.host == 0) {
            warnings.add(port.at + ": overlapping port definition with " + other.at);
        } else if (port.host == other.host && port.ip.isEmpty() != other.ip.isEmpty()) {
            warnings.add(port.at + ": dangerously ambiguous port definition with " + other.at);
        }
    }

    /** As Go shows it. */
    private static String shown(JsonNode port) {
        return "{Name:" + Json.text(port, "name") + " HostPort:" + Json.number(port, 0, "hostPort") + " ContainerPort:"
                + Json.number(port, 0, "containerPort") + " Protocol:" + Json.text(port, "protocol") + " HostIP:"
                + Json.text(port, "hostIP") + "}";
    }
}
