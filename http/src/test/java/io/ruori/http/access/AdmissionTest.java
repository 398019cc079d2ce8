package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits and priority classes written through the API are what Pods made after them are held to. */
final class AdmissionTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @Test
    void podsAreCompletedAndRefusedByWhatIsThere() throws IOException {
        try (GuardedMaster master = GuardedMaster.start(directory)) {
            Client admin = master.admin();
            master.namespace("shop");
            ObjectNode urgent =
                    named("scheduling.k8s.io/v1", "PriorityClass", "urgent").put("value", 77);
            admin.post("/apis/scheduling.k8s.io/v1/priorityclasses", urgent).is(201);
            ObjectNode range = named("v1", "LimitRange", "small");
            ObjectNode limit =
                    range.putObject("spec").putArray("limits").addObject().put("type", "Container");
            limit.putObject("max").put("cpu", "1");
            limit.putObject("default").put("cpu", "200m");
            admin.post("/api/v1/namespaces/shop/limitranges", range).is(201);

            // Admission looks at the view, and reading brings it up to what was acknowledged.
            admin.get("/api/v1/namespaces/shop/limitranges/small").is(200);

            String pods = "/api/v1/namespaces/shop/pods";
            ObjectNode pod = pod("urgent-one");
            Json.child(pod, "spec").put("priorityClassName", "urgent");
            JsonNode made = admin.post(pods, pod).is(201).json();
            assertThat(made.path("spec").path("priority").asInt()).isEqualTo(77);
            assertThat(Json.text(made.path("spec").path("containers").path(0), "resources", "limits", "cpu"))
                    .isEqualTo("200m");
            ObjectNode node = pod("critical");
            Json.child(node, "spec").put("priorityClassName", "system-node-critical");
            assertThat(admin.post(pods, node)
                            .is(201)
                            .json()
                            .path("spec")
                            .path("priority")
                            .asLong())
                    .isEqualTo(2_000_001_000L);
            ObjectNode greedy = pod("greedy");
            ObjectNode container =
                    (ObjectNode) greedy.path("spec").path("containers").path(0);
            container.putObject("resources").putObject("limits").put("cpu", "2");
            admin.post(pods, greedy)
                    .forbidden("pods \"greedy\" is forbidden: maximum cpu usage per Container is 1, but limit is 2");
        }
    }

    private static ObjectNode named(String apiVersion, String kind, String name) {
        ObjectNode body = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static ObjectNode pod(String name) {
        ObjectNode pod = named("v1", "Pod", name);
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        return pod;
    }
}
