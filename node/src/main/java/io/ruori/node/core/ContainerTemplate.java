package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.util.Map;

/**
 * A container as its Pod describes it.
 *
 * @param sidecar an init container with {@code restartPolicy: Always}: it starts in turn and stays
 * @param hash of what may change in a running Pod (the image), so that an upgrade of ours never restarts a container
 * @param tree the container as written
 */
public record ContainerTemplate(
        String name,
        String image,
        PullPolicy pullPolicy,
        boolean init,
        boolean sidecar,
        String hash,
        Map<ProbeKind, ProbeSpec> probes,
        JsonNode tree) {

    static ContainerTemplate read(JsonNode container, boolean init) {
        String name = Json.text(container, "name");
        String image = Json.text(container, "image");
        return new ContainerTemplate(
                name,
                image,
                PullPolicy.parse(Json.text(container, "imagePullPolicy"), image),
                init,
                init && Json.text(container, "restartPolicy").equals("Always"),
                Integer.toHexString((name + '\0' + image).hashCode()),
                ProbeSpec.readAll(container),
                container);
    }

    /** As Events name it. */
    public String fieldPath() {
        return (init ? "spec.initContainers{" : "spec.containers{") + name + "}";
    }

    public JsonNode preStop() {
        return Json.at(tree, "lifecycle", "preStop");
    }

    public JsonNode postStart() {
        return Json.at(tree, "lifecycle", "postStart");
    }

    boolean hasProbe(ProbeKind kind) {
        return probes.containsKey(kind);
    }
}
