package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.SandboxSpec;

/** The labels that make a Docker container ours, and the names that keep two of ours apart. */
final class Labels {
    static final String NODE = "io.ruori.node";
    static final String ROLE = "io.ruori.role";
    static final String POD_UID = "io.ruori.pod.uid";
    static final String POD_NAMESPACE = "io.ruori.pod.namespace";
    static final String POD_NAME = "io.ruori.pod.name";
    static final String CONTAINER_NAME = "io.ruori.container.name";
    static final String SANDBOX = "io.ruori.sandbox";
    static final String ATTEMPT = "io.ruori.attempt";
    static final String SPEC_HASH = "io.ruori.spec-hash";

    static final String ROLE_SANDBOX = "sandbox";
    static final String ROLE_CONTAINER = "container";

    private Labels() {}

    static ObjectNode ofSandbox(String node, SandboxSpec spec) {
        ObjectNode labels = Json.object();
        spec.labels().forEach(labels::put);
        return labels.put(NODE, node)
                .put(ROLE, ROLE_SANDBOX)
                .put(POD_UID, spec.podUid())
                .put(POD_NAMESPACE, spec.podNamespace())
                .put(POD_NAME, spec.podName())
                .put(ATTEMPT, Integer.toString(spec.attempt()));
    }

    /** A member carries its sandbox's identity, so that it is found even when the sandbox is gone. */
    static ObjectNode ofContainer(String node, String sandboxId, JsonNode sandboxLabels, ContainerSpec spec) {
        return Json.object()
                .put(NODE, node)
                .put(ROLE, ROLE_CONTAINER)
                .put(SANDBOX, sandboxId)
                .put(POD_UID, Json.text(sandboxLabels, POD_UID))
                .put(POD_NAMESPACE, Json.text(sandboxLabels, POD_NAMESPACE))
                .put(POD_NAME, Json.text(sandboxLabels, POD_NAME))
                .put(CONTAINER_NAME, spec.name())
                .put(ATTEMPT, Integer.toString(spec.attempt()))
                .put(SPEC_HASH, spec.specHash());
    }

    static String sandboxName(SandboxSpec spec) {
        return name("POD", spec.podName(), spec.podNamespace(), spec.podUid(), spec.attempt());
    }

    static String containerName(JsonNode sandboxLabels, ContainerSpec spec) {
        return name(
                spec.name(),
                Json.text(sandboxLabels, POD_NAME),
                Json.text(sandboxLabels, POD_NAMESPACE),
                Json.text(sandboxLabels, POD_UID),
                spec.attempt());
    }

    static int attempt(JsonNode labels) {
        try {
            return Integer.parseInt(Json.text(labels, ATTEMPT));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    static boolean isSandbox(JsonNode labels) {
        return Json.text(labels, ROLE).equals(ROLE_SANDBOX);
    }

    private static String name(String container, String pod, String namespace, String uid, int attempt) {
        return "k8s_" + container + "_" + pod + "_" + namespace + "_" + uid + "_" + attempt;
    }
}
