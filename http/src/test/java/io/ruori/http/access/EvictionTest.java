package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Pods are evicted as far as their budgets let them, and no further. */
final class EvictionTest extends OneMaster {
    @Test
    void discoveryTellsDrainThatThereIsEviction() {
        assertThat(admin.get("/api/v1").text())
                .contains("\"name\":\"pods/eviction\"", "\"group\":\"policy\"", "\"kind\":\"Eviction\"");
    }

    @Test
    void tenAtOnceAreNotMoreThanTheBudgetGives() throws IOException {
        master.namespace("crowd");
        for (int i = 0; i < 10; i++) {
            pod("crowd", "p" + i, "Running", true);
        }
        budget("crowd", "b", "{\"minAvailable\":7}");
        allowed("crowd", 3);
        List<Client.Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
            List<CompletableFuture<Client.Answer>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String name = "p" + i;
                all.add(CompletableFuture.supplyAsync(() -> evict("crowd", name, "{}"), threads));
            }
            all.forEach(one -> answers.add(one.join()));
        }
        assertThat(answers).filteredOn(answer -> answer.code() == 201).hasSize(3);
        assertThat(answers).filteredOn(answer -> answer.code() == 429).hasSize(7);
        assertThat(admin.get(pods("crowd")).json().path("items")).hasSize(7);
        Client.Answer refused = evict("crowd", left("crowd"), "{}").is(429);
        assertThat(Json.text(refused.json(), "reason")).isEqualTo("TooManyRequests");
        assertThat(Json.text(refused.json(), "message"))
                .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
        JsonNode cause = refused.json().path("details").path("causes").path(0);
        assertThat(Json.text(cause, "reason")).isEqualTo("DisruptionBudget");
        await("the controller has seen it all")
                .atMost(Duration.ofSeconds(5))
                .until(() -> !status("crowd").has("disruptedPods")
                        && Json.number(status("crowd"), 0, "currentHealthy") == 7);
        assertThat(Json.text(
                        evict("crowd", left("crowd"), "{}")
                                .json()
                                .path("details")
                                .path("causes")
                                .path(0),
                        "message"))
                .isEqualTo("The disruption budget b needs 7 healthy pods and has 7 currently");
    }

    @Test
    void aDryRunSpendsNothingAndAnEvictedPodSaysWhy() throws IOException {
        master.namespace("dry");
        pod("dry", "p", "Running", true);
        admin.merge(pods("dry") + "/p", Json.read("{\"metadata\":{\"finalizers\":[\"test/keep\"]}}"))
                .is(200);
        budget("dry", "b", "{\"maxUnavailable\":\"100%\"}");
        await("it failed")
                .until(() -> status("dry").toString().contains("InsufficientPods")
                        || status("dry").toString().contains("SyncFailed"));
        admin.merge(budgets("dry") + "/b", Json.read("{\"spec\":{\"maxUnavailable\":null,\"minAvailable\":0}}"))
                .is(200);
        allowed("dry", 1);
        evict("dry", "p", "{\"dryRun\":[\"All\"]}").is(201);
        admin.post(pods("dry") + "/p/eviction?dryRun=All", eviction("p", "{}")).is(201);
        assertThat(Json.number(status("dry"), 0, "disruptionsAllowed")).isEqualTo(1);
        JsonNode answer =
                evict("dry", "p", "{\"gracePeriodSeconds\":0}").is(201).json();
        assertThat(Json.text(answer, "status")).isEqualTo("Success");
        JsonNode pod = admin.get(pods("dry") + "/p").is(200).json();
        assertThat(pod.path("metadata").has("deletionTimestamp")).isTrue();
        assertThat(pod.path("status").path("conditions").toString())
                .contains("DisruptionTarget", "EvictionByEvictionAPI", "Eviction API: evicting");
    }

    @Test
    void whoServesNobodyAsksNobody() throws IOException {
        master.namespace("idle");
        budget("idle", "b", "{\"minAvailable\":9}");
        pod("idle", "pending", "Pending", false);
        pod("idle", "ended", "Succeeded", false);
        pod("idle", "ill", "Running", false);
        evict("idle", "pending", "{}").is(201);
        evict("idle", "ended", "{}").is(201);
        await().until(() -> Json.number(status("idle"), 0, "observedGeneration") == 1);
        evict("idle", "ill", "{}").is(429);
        admin.merge(budgets("idle") + "/b", Json.read("{\"spec\":{\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"}}"))
                .is(200);
        evict("idle", "ill", "{}").is(201);
        assertThat(admin.get(pods("idle")).json().path("items")).isEmpty();
    }

    @Test
    void severalBudgetsPreconditionsAndMistakesAreRefused() throws IOException {
        master.namespace("odd");
        pod("odd", "p", "Running", true);
        evict("odd", "nosuch", "{}").is(404);
        evict("odd", "p", "{\"preconditions\":{\"uid\":\"other\"}}").is(409);
        evict("odd", "p", "{\"preconditions\":{\"resourceVersion\":\"1\"}}").is(409);
        evict("odd", "p", "{\"preconditions\":{\"resourceVersion\":\"x\"}}").is(400);
        evict("odd", "p", "{\"gracePeriodSeconds\":\"long\"}").is(400);
        evict("odd", "p", "{\"dryRun\":[\"Some\"]}").is(422);
        admin.post(pods("odd") + "/p/eviction", eviction("other", "{}")).is(400);
        budget("odd", "b", "{\"minAvailable\":0}");
        budget("odd", "c", "{\"minAvailable\":0}");
        assertThat(Json.text(evict("odd", "p", "{}").is(500).json(), "message"))
                .isEqualTo("This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
                        + " support.");
        admin.delete(budgets("odd") + "/c").is(200);
        allowed("odd", 1);
        String revision = Json.text(admin.get(pods("odd") + "/p").json(), "metadata", "resourceVersion");
        evict("odd", "p", "{\"preconditions\":{\"resourceVersion\":\"" + revision + "\"}}")
                .is(201);
        admin.get(pods("odd") + "/p").is(404);
    }

    // ---- what there is

    private static String pods(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private static String budgets(String namespace) {
        return "/apis/policy/v1/namespaces/" + namespace + "/poddisruptionbudgets";
    }

    private static String left(String namespace) {
        return Json.text(admin.get(pods(namespace)).json().path("items").path(0), "metadata", "name");
    }

    private static JsonNode status(String namespace) {
        return admin.get(budgets(namespace) + "/b").json().path("status");
    }

    private static void allowed(String namespace, int disruptions) {
        await("disruptions allowed")
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Json.number(status(namespace), 0, "disruptionsAllowed") == disruptions);
    }

    private static ObjectNode eviction(String name, String options) {
        ObjectNode body = Json.object().put("apiVersion", "policy/v1").put("kind", "Eviction");
        body.putObject("metadata").put("name", name);
        body.set("deleteOptions", Json.read(options));
        return body;
    }

    private static Client.Answer evict(String namespace, String name, String options) {
        return admin.post(pods(namespace) + "/" + name + "/eviction", eviction(name, options));
    }

    private static void budget(String namespace, String name, String spec) {
        ObjectNode body = Json.object().put("apiVersion", "policy/v1").put("kind", "PodDisruptionBudget");
        body.putObject("metadata").put("name", name);
        ObjectNode all = Json.read(spec);
        all.putObject("selector").putObject("matchLabels").put("app", "a");
        body.set("spec", all);
        admin.post(budgets(namespace), body).is(201);
    }

    /** A Pod without a node, as a kubelet would report it. */
    private static void pod(String namespace, String name, String phase, boolean ready) {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", name).putObject("labels").put("app", "a");
        pod.putObject("spec")
                .put("schedulerName", "nobody")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i");
        await("its account").until(() -> {
            Client.Answer made = admin.post(pods(namespace), pod);
            return made.code() == 201;
        });
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status").put("phase", phase);
        if (ready) {
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", "True")
                    .put("lastTransitionTime", "2026-01-01T00:00:00Z");
        }
        admin.merge(pods(namespace) + "/" + name + "/status", patch).is(200);
    }
}
