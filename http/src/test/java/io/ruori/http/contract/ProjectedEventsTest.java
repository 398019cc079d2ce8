package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that nobody wrote, being notes of other writes, can be changed and deleted like any other, for good. */
class ProjectedEventsTest {
    private static final String EVENTS = "/api/v1/namespaces/default/events";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path data;

    @Test
    void whatIsOnlyANoteIsWrittenLikeAnyObject() throws IOException {
        String changed;
        String deleted;
        try (TestMaster master = TestMaster.start(data.resolve("data"))) {
            Api api = master.api();
            api.post("/apis/apps/v1/namespaces/default/deployments", deployment())
                    .is(201);
            JsonNode events = scaled(api);
            api.patch("/apis/apps/v1/namespaces/default/deployments/web", Api.MERGE_PATCH, replicas(0))
                    .is(200);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> scaled(api).size() > events.size());
            changed = Json.text(scaled(api).path(0), "metadata", "name");
            deleted = Json.text(scaled(api).path(1), "metadata", "name");
            ObjectNode patch = KindCase.label(Json.object(), "seen", "yes");
            ObjectNode live = api.patch(EVENTS + "/" + changed, Api.MERGE_PATCH, patch)
                    .is(200)
                    .json();
            assertThat(Json.text(live, "reason")).isEqualTo("ScalingReplicaSet");
            api.delete(EVENTS + "/" + deleted).is(200);
            told(api, changed, deleted);
        }
        try (TestMaster master = TestMaster.start(data.resolve("data"))) {
            told(master.api(), changed, deleted);
        }
    }

    private static void told(Api api, String changed, String deleted) {
        ObjectNode live = api.get(EVENTS + "/" + changed).is(200).json();
        assertThat(Json.text(live, "metadata", "labels", "seen")).isEqualTo("yes");
        api.get(EVENTS + "/" + deleted).failed(404, "NotFound");
        api.delete(EVENTS + "/" + deleted).failed(404, "NotFound");
        assertThat(scaled(api)).hasSize(1);
    }

    /** What the reconciler of the Deployment said. */
    private static JsonNode scaled(Api api) {
        JsonNode[] items = new JsonNode[1];
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            items[0] = api.get(EVENTS + "?fieldSelector=reason%3DScalingReplicaSet")
                    .is(200)
                    .json()
                    .path("items");
            return !items[0].isEmpty();
        });
        return items[0];
    }

    private static ObjectNode replicas(int number) {
        ObjectNode patch = Json.object();
        patch.putObject("spec").put("replicas", number);
        return patch;
    }

    private static ObjectNode deployment() {
        return Json.read("""
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
             "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "web"}},
                      "template": {"metadata": {"labels": {"app": "web"}},
                                   "spec": {"containers": [{"name": "web", "image": "ruori/web:1"}]}}}}
            """);
    }
}
