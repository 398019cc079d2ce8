package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The story that {@code ./ruori demo} tells, one step after the other, each checked as it goes. */
final class Demo {
    private static final String NAME = "web";
    private static final int REPLICAS = 3;
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/" + NAME;
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SELECTED = PODS + "?labelSelector=app%3D" + NAME;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ClusterDirectory directory;
    private final RuntimeName wanted;
    private final @Nullable Integer port;
    private final Console console;
    private RuntimeName runtime = RuntimeName.AUTO;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final DockerEngine engine = DockerEngine.ofThisMachine();

    Demo(ClusterDirectory directory, RuntimeName wanted, @Nullable Integer port, Console console) {
        this.directory = directory;
        this.wanted = wanted;
        this.port = port;
        this.console = console;
    }

    void run() throws Exception {
        long started = System.nanoTime();
        console.heading("Ruori: a Deployment that runs, heals, rolls and rolls back");
        boolean real = chooseRuntime() == RuntimeName.DOCKER;
        if (real) {
            console.step("build the images ruori/web:1 and :2 from this machine's busybox", progress -> {
                DemoImages.make(engine.socket(), List.of("1", "2"));
                return "";
            });
        }
        startCluster();
        ApiClient client = directory.client();
        console.step(
                "apply a Deployment of " + REPLICAS + " replicas of " + DemoImages.web("1"),
                progress -> apply(client, progress));
        if (real) {
            console.step("ask every Pod on its own address", progress -> answers(client, "web 1"));
            console.step("kill a container behind Ruori's back", progress -> killContainer(client, progress));
        } else {
            console.note("simulated containers have no network and no processes: nothing to ask, nothing to kill");
        }
        console.step("delete a Pod", progress -> deletePod(client, progress));
        console.step("roll out " + DemoImages.web("2"), progress -> roll(client, "2", "set the image", progress));
        if (real) {
            console.step("ask every Pod again", progress -> answers(client, "web 2"));
        }
        console.step("roll back", progress -> roll(client, "1", "roll back", progress));
        farewell(started);
    }

    /** A cluster that is there keeps its runtime. */
    private RuntimeName chooseRuntime() throws Exception {
        Optional<ClusterShape> before = ClusterShape.read(directory);
        RuntimeName asked =
                wanted == RuntimeName.AUTO ? before.map(ClusterShape::runtime).orElse(wanted) : wanted;
        console.step("find something that runs containers", progress -> {
            RuntimeChoice choice = RuntimeChoice.of(asked);
            runtime = choice.runtime();
            return choice.because();
        });
        return runtime;
    }

    private void startCluster() throws Exception {
        Optional<ClusterShape> before = ClusterShape.read(directory);
        int at = port != null ? port : before.map(ClusterShape::port).orElse(ClusterShape.DEFAULT_PORT);
        ClusterShape shape = new ClusterShape(
                at,
                runtime,
                before.map(ClusterShape::nodes).orElse(1),
                before.map(ClusterShape::masters).orElse(1),
                before.map(ClusterShape::tokenFile).orElse(""));
        console.step("start the cluster", progress -> {
            int started = new ClusterStart(directory, shape).run(progress);
            return (started == 0 ? "runs already" : "ready") + ", serves https://127.0.0.1:" + at;
        });
    }

    private String apply(ApiClient client, Progress progress) throws IOException, InterruptedException {
        client.apply(DEPLOYMENT, Workloads.web(NAME, DemoImages.web("1"), REPLICAS));
        awaitRolledOut(client, progress, new AtomicInteger(REPLICAS));
        return REPLICAS + " of " + REPLICAS + " available";
    }

    private String answers(ApiClient client, String expected) throws IOException, InterruptedException {
        List<String> said = new ArrayList<>();
        for (JsonNode pod : livingPods(client)) {
            String address = Json.text(pod, "status", "podIP");
            String answer = ask(address);
            if (!answer.startsWith(expected + " ")) {
                throw Problem.failed(address + " answered \"" + answer + "\" instead of \"" + expected + " …\"");
            }
            said.add(address);
        }
        return said.stream()
                .map(address -> address + " says \"" + expected + "\"")
                .collect(Collectors.joining(", "));
    }

    private String ask(String address) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + address + ":8080/cgi-bin/index.cgi");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
        return http.send(request, BodyHandlers.ofString()).body().strip();
    }

    private String killContainer(ApiClient client, Progress progress) throws IOException, InterruptedException {
        JsonNode pod = livingPods(client).getFirst();
        String name = Json.text(pod, "metadata", "name");
        int restarts = restarts(pod);
        List<String> found = engine.containers(
                List.of("io.ruori.role=container", "io.ruori.pod.uid=" + Json.text(pod, "metadata", "uid")));
        if (found.isEmpty()) {
            throw Problem.failed("the Engine knows no container of Pod " + name);
        }
        long started = System.nanoTime();
        engine.kill(found.getFirst());
        progress.set("killed in Pod " + name + ", waiting");
        Console.await(PATIENCE, "Pod " + name + " was not healed", () -> isHealed(client, name, restarts));
        return "Pod " + name + " healed in " + seconds(started);
    }

    private static boolean isHealed(ApiClient client, String name, int restarts) {
        try {
            JsonNode pod = client.get(PODS + "/" + name);
            return restarts(pod) > restarts && ClusterStart.isReady(pod);
        } catch (IOException e) {
            return false;
        }
    }

    private static int restarts(JsonNode pod) {
        return pod.path("status")
                .path("containerStatuses")
                .path(0)
                .path("restartCount")
                .asInt();
    }

    private String deletePod(ApiClient client, Progress progress) throws IOException, InterruptedException {
        Set<String> before = names(livingPods(client));
        String victim = before.iterator().next();
        long started = System.nanoTime();
        client.delete(PODS + "/" + victim);
        progress.set(victim + " is going");
        Progress replacement = new Progress();
        Console.await(PATIENCE, "no Pod took the place of " + victim, () -> {
            try {
                List<JsonNode> ready = livingPods(client).stream()
                        .filter(ClusterStart::isReady)
                        .toList();
                names(ready).stream()
                        .filter(name -> !before.contains(name))
                        .findFirst()
                        .ifPresent(replacement::set);
                return ready.size() == REPLICAS && !replacement.get().isEmpty();
            } catch (IOException e) {
                return false;
            }
        });
        return replacement.get() + " took the place of " + victim + " in " + seconds(started);
    }

    private String roll(ApiClient client, String version, String what, Progress progress)
            throws IOException, InterruptedException {
        ObjectNode patch = Json.object();
        Json.list(Json.child(Json.child(Json.child(patch, "spec"), "template"), "spec"), "containers")
                .addObject()
                .put("name", NAME)
                .put("image", DemoImages.web(version));
        client.strategic(DEPLOYMENT, patch);
        progress.set(what);
        AtomicInteger fewest = new AtomicInteger(REPLICAS);
        awaitRolledOut(client, progress, fewest);
        if (fewest.get() < REPLICAS) {
            throw Problem.failed(
                    "only " + fewest + " replicas were available at a moment; " + REPLICAS + " were promised");
        }
        return "never fewer than " + fewest + " of " + REPLICAS + " available";
    }

    private static void awaitRolledOut(ApiClient client, Progress progress, AtomicInteger fewest)
            throws InterruptedException {
        Console.await(PATIENCE, "the roll-out did not finish; see kubectl describe deployment " + NAME, () -> {
            try {
                JsonNode deployment = client.get(DEPLOYMENT);
                JsonNode status = deployment.path("status");
                int available = status.path("availableReplicas").asInt();
                fewest.accumulateAndGet(available, Math::min);
                progress.set(status.path("updatedReplicas").asInt() + " updated, " + available + " available");
                return isRolledOut(deployment, status, available);
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static boolean isRolledOut(JsonNode deployment, JsonNode status, int available) {
        return status.path("observedGeneration").asLong()
                        >= deployment.path("metadata").path("generation").asLong()
                && status.path("updatedReplicas").asInt() == REPLICAS
                && status.path("replicas").asInt() == REPLICAS
                && available == REPLICAS;
    }

    private static List<JsonNode> livingPods(ApiClient client) throws IOException {
        return client.list(SELECTED).stream()
                .filter(pod -> pod.path("metadata").path("deletionTimestamp").isMissingNode())
                .toList();
    }

    private static Set<String> names(List<JsonNode> pods) {
        return pods.stream()
                .map(pod -> Json.text(pod, "metadata", "name"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String seconds(long started) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - started) / 1e9);
    }

    private void farewell(long started) {
        console.heading("All of it worked, in " + seconds(started) + ". The cluster is left running. Try:");
        console.plain("");
        console.plain("  export KUBECONFIG=" + directory.kubeconfigFile());
        console.plain("  kubectl get deployments,pods -o wide");
        console.plain("  kubectl set image deployment/web web=ruori/web:2 && kubectl rollout status deployment/web");
        console.plain("  ./ruori history deploy/web" + directory.option());
        if (!onPath("kubectl")) {
            console.plain("  (kubectl is not on the PATH; https://kubernetes.io/docs/tasks/tools/ says how to get it)");
        }
        console.plain("");
        console.plain("./ruori down" + directory.option() + " stops it.");
    }

    private static boolean onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
