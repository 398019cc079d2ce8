package io.ruori.node.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The status of a Pod that runs and is ready. */
final class ReadyStatus {
    private static final List<String> CONDITIONS =
            List.of("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");

    private ReadyStatus() {}

    static ObjectNode of(StoredObject pod, String hostIp, String podIp, Instant now) {
        ObjectNode tree = pod.tree();
        long generation = Json.number(tree, 0, "metadata", "generation");
        String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = Json.object();
        status.put("phase", "Running");
        ArrayNode conditions = status.putArray("conditions");
        for (String type : CONDITIONS) {
            conditions
                    .addObject()
                    .put("type", type)
                    .put("observedGeneration", generation)
                    .put("status", "True")
                    .putNull("lastProbeTime")
                    .put("lastTransitionTime", at);
        }
        status.put("hostIP", hostIp);
        status.putArray("hostIPs").addObject().put("ip", hostIp);
        status.put("podIP", podIp);
        status.putArray("podIPs").addObject().put("ip", podIp);
        status.put("startTime", at);
        containers(tree.path("spec").path("initContainers"), status, "initContainerStatuses", pod, at, true);
        containers(tree.path("spec").path("containers"), status, "containerStatuses", pod, at, false);
        status.put(
                "qosClass",
                Json.text(tree, "status", "qosClass").isEmpty() ? "BestEffort" : Json.text(tree, "status", "qosClass"));
        status.put("observedGeneration", generation);
        return status;
    }

    private static void containers(
            JsonNode containers, ObjectNode status, String field, StoredObject pod, String at, boolean ended) {
        if (containers.isEmpty()) {
            return;
        }
        ArrayNode list = status.putArray(field);
        for (JsonNode container : containers) {
            String id = "simulated://" + pod.uid() + "-" + Json.text(container, "name");
            boolean over = ended && !Json.text(container, "restartPolicy").equals("Always");
            ObjectNode one = list.addObject();
            one.put("name", Json.text(container, "name"));
            if (over) {
                one.putObject("state")
                        .putObject("terminated")
                        .put("exitCode", 0)
                        .put("reason", "Completed")
                        .put("startedAt", at)
                        .put("finishedAt", at)
                        .put("containerID", id);
            } else {
                one.putObject("state").putObject("running").put("startedAt", at);
            }
            one.putObject("lastState");
            one.put("ready", true);
            one.put("restartCount", 0);
            one.put("image", Json.text(container, "image"));
            one.put("imageID", "simulated://" + Json.text(container, "image"));
            one.put("containerID", id);
            one.put("started", !over);
        }
    }
}
