package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.util.List;
import java.util.function.Consumer;

/** The defaults of a Pod and of a Pod template, as v1 has them. Only fields that are absent are filled. */
public final class PodDefaults {
    private static final List<String> CONTAINER_LISTS = List.of("initContainers", "containers", "ephemeralContainers");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final int FILE_MODE = 0644;

    private PodDefaults() {}

    /** A Pod: what a template has, and what only makes sense where containers are to run. */
    public static void pod(ObjectNode pod) {
        ObjectNode spec = Json.child(pod, "spec");
        Json.ifAbsent(spec, "enableServiceLinks", true);
        spec(spec);
        eachContainer(spec, PodDefaults::requestsFromLimits);
        if (spec.path("resources").isObject()) {
            requestsFromLimits(spec);
        }
        if (spec.path("hostNetwork").asBoolean()) {
            eachContainer(spec, container -> eachObject(container, "ports", PodDefaults::hostPort));
        }
    }

    /** The spec of a Pod or of a template. */
    public static void spec(ObjectNode spec) {
        Json.ifAbsent(spec, "restartPolicy", "Always");
        Json.ifAbsent(spec, "terminationGracePeriodSeconds", 30);
        Json.ifAbsent(spec, "dnsPolicy", "ClusterFirst");
        Json.ifAbsent(spec, "securityContext", Json.object());
        Json.ifAbsent(spec, "schedulerName", "default-scheduler");
        bothNamesOfServiceAccount(spec);
        eachContainer(spec, PodDefaults::container);
        eachObject(spec, "volumes", PodDefaults::volume);
    }

    /** {@code serviceAccount} is the old name of {@code serviceAccountName}; both are always shown. */
    private static void bothNamesOfServiceAccount(ObjectNode spec) {
        String name = Json.text(spec, "serviceAccountName");
        String old = Json.text(spec, "serviceAccount");
        if (!name.isEmpty() || !old.isEmpty()) {
            spec.put("serviceAccountName", name.isEmpty() ? old : name);
            spec.put("serviceAccount", name.isEmpty() ? old : name);
        }
    }

    private static void eachContainer(ObjectNode spec, Consumer<ObjectNode> apply) {
        CONTAINER_LISTS.forEach(list -> eachObject(spec, list, apply));
    }

    private static void eachObject(ObjectNode parent, String list, Consumer<ObjectNode> apply) {
        for (JsonNode element : parent.path(list)) {
            if (element instanceof ObjectNode object) {
                apply.accept(object);
            }
        }
    }

    private static void ifObject(ObjectNode parent, String field, Consumer<ObjectNode> apply) {
        if (parent.get(field) instanceof ObjectNode child) {
            apply.accept(child);
        }
    }

    private static void container(ObjectNode container) {
        Json.ifAbsent(container, "resources", Json.object());
        Json.ifAbsent(container, "terminationMessagePath", "/dev/termination-log");
        Json.ifAbsent(container, "terminationMessagePolicy", "File");
        if (Json.text(container, "imagePullPolicy").isEmpty()) {
            container.put("imagePullPolicy", pullPolicy(Json.text(container, "image")));
        }
        eachObject(container, "ports", port -> Json.ifAbsent(port, "protocol", "TCP"));
        eachObject(container, "env", env -> ifObject(env, "valueFrom", PodDefaults::references));
        PROBES.forEach(probe -> ifObject(container, probe, PodDefaults::probe));
        ifObject(container, "lifecycle", lifecycle -> {
            ifObject(lifecycle, "postStart", hook -> ifObject(hook, "httpGet", PodDefaults::httpGet));
            ifObject(lifecycle, "preStop", hook -> ifObject(hook, "httpGet", PodDefaults::httpGet));
        });
    }

    /** Images that may move are pulled each time: those without tag or digest, and {@code :latest}. */
    public static String pullPolicy(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        boolean moves = !image.isEmpty() && !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
        return moves ? "Always" : "IfNotPresent";
    }

    /** A divisor is always shown: clients that read and write back would otherwise change the template by it. */
    private static void references(ObjectNode holder) {
        ifObject(holder, "fieldRef", reference -> Json.ifAbsent(reference, "apiVersion", "v1"));
        ifObject(holder, "resourceFieldRef", reference -> Json.ifAbsent(reference, "divisor", "0"));
    }

    private static void probe(ObjectNode probe) {
        Json.ifAbsent(probe, "timeoutSeconds", 1);
        Json.ifAbsent(probe, "periodSeconds", 10);
        Json.ifAbsent(probe, "successThreshold", 1);
        Json.ifAbsent(probe, "failureThreshold", 3);
        ifObject(probe, "httpGet", PodDefaults::httpGet);
        ifObject(probe, "grpc", grpc -> Json.ifAbsent(grpc, "service", ""));
    }

    private static void httpGet(ObjectNode action) {
        if (Json.text(action, "path").isEmpty()) {
            action.put("path", "/");
        }
        Json.ifAbsent(action, "scheme", "HTTP");
    }

    private static void hostPort(ObjectNode port) {
        if (Json.number(port, 0, "hostPort") == 0) {
            port.set("hostPort", port.path("containerPort"));
        }
    }

    private static void requestsFromLimits(ObjectNode container) {
        ifObject(
                container,
                "resources",
                resources -> ifObject(resources, "limits", limits -> {
                    if (!limits.isEmpty()) {
                        ObjectNode requests = Json.child(resources, "requests");
                        limits.properties().forEach(limit -> Json.ifAbsent(requests, limit.getKey(), limit.getValue()));
                    }
                }));
    }

    private static void volume(ObjectNode volume) {
        if (volume.size() <= 1) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            ifObject(volume, source, mode -> Json.ifAbsent(mode, "defaultMode", FILE_MODE));
        }
        ifObject(volume, "hostPath", path -> Json.ifAbsent(path, "type", ""));
        ifObject(volume, "downwardAPI", PodDefaults::downwardItems);
        ifObject(volume, "projected", projected -> eachObject(projected, "sources", PodDefaults::projection));
        ifObject(
                volume,
                "image",
                image -> Json.ifAbsent(image, "pullPolicy", pullPolicy(Json.text(image, "reference"))));
        ifObject(
                volume,
                "ephemeral",
                ephemeral -> ifObject(
                        ephemeral,
                        "volumeClaimTemplate",
                        template ->
                                ifObject(template, "spec", claim -> Json.ifAbsent(claim, "volumeMode", "Filesystem"))));
    }

    private static void projection(ObjectNode source) {
        ifObject(source, "downwardAPI", PodDefaults::downwardItems);
        ifObject(source, "serviceAccountToken", token -> Json.ifAbsent(token, "expirationSeconds", 3600));
    }

    private static void downwardItems(ObjectNode source) {
        eachObject(source, "items", PodDefaults::references);
    }
}
