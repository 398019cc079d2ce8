package io.ruori.http.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.chaos.core.PodCheck;
import io.ruori.http.chaos.core.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Deployments whose number of replicas is changed now and then, through any master. */
final class Scaling {
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/" + ConfigMaps.NAMESPACE + "/deployments";
    private static final String PODS = "/api/v1/namespaces/" + ConfigMaps.NAMESPACE + "/pods";
    private static final List<String> NAMES = List.of("one", "two");
    private static final Duration EVERY = Duration.ofSeconds(7);
    private static final Duration TO_THE_END = Duration.ofSeconds(60);

    private final Recording recording;
    private final List<MasterClient> clients;
    private final Random random;
    private volatile boolean over;

    Scaling(RunSettings settings, Recording recording, List<MasterClient> clients) {
        this.recording = recording;
        this.clients = clients;
        this.random = new Random(settings.seed() * 13);
    }

    void start() {
        for (String name : NAMES) {
            clients.get(0)
                    .send(
                            "POST",
                            DEPLOYMENTS,
                            "application/json",
                            deployment(name).toString(),
                            MasterClient.PATIENCE)
                    .join();
        }
        Thread.ofVirtual().start(this::scale);
    }

    void stop() {
        over = true;
    }

    private void scale() {
        try {
            for (; !over; Thread.sleep(EVERY)) {
                MasterClient client = clients.get(random.nextInt(clients.size()));
                ObjectNode change = Json.object();
                Json.child(change, "spec").put("replicas", 1 + random.nextInt(10));
                client.send(
                                "PATCH",
                                DEPLOYMENTS + "/" + NAMES.get(random.nextInt(NAMES.size())),
                                "application/merge-patch+json",
                                change.toString(),
                                MasterClient.PATIENCE)
                        .join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the Deployments have what they want. */
    List<Violation> atTheEnd() throws InterruptedException {
        List<List<Violation>> last = new ArrayList<>(List.of(List.of()));
        RunCluster.reached(TO_THE_END, () -> {
            last.set(0, now());
            return last.get(0).isEmpty();
        });
        return last.get(0);
    }

    private List<Violation> now() {
        Map<String, Integer> wanted = new HashMap<>();
        MasterClient client = clients.get(0);
        List<Violation> all = new ArrayList<>();
        for (String name : NAMES) {
            ObjectNode deployment =
                    client.get(DEPLOYMENTS + "/" + name, MasterClient.PATIENCE).json();
            int replicas = deployment.path("spec").path("replicas").asInt();
            wanted.put(name, replicas);
            if (deployment.path("status").path("readyReplicas").asInt() != replicas) {
                all.add(new Violation("REPLICAS", name, "are not ready: " + deployment.path("status")));
            }
        }
        List<PodCheck.Shown> pods = new ArrayList<>();
        client.get(PODS, MasterClient.PATIENCE).json().path("items").forEach(pod -> pods.add(Watchers.shown(pod)));
        all.addAll(recording.pods().atTheEnd(pods, wanted));
        return all;
    }

    private static ObjectNode deployment(String name) {
        ObjectNode deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
        Json.child(deployment, "metadata").put("name", name);
        ObjectNode spec = Json.child(deployment, "spec").put("replicas", 3);
        Json.child(Json.child(spec, "selector"), "matchLabels").put("app", name);
        ObjectNode template = Json.child(spec, "template");
        Json.child(Json.child(template, "metadata"), "labels").put("app", name);
        ObjectNode pod = Json.child(template, "spec").put("terminationGracePeriodSeconds", 0);
        Json.list(pod, "containers").addObject().put("name", "pause").put("image", "ruori/pause:1");
        return deployment;
    }
}
