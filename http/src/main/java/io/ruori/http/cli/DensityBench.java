package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** One Deployment on many simulated nodes: from its creation until the last Pod is seen Running, by a watch. */
final class DensityBench {
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final int pods;
    private final int nodes;
    private final int warmup;
    private final PrintStream progress;

    DensityBench(int pods, int nodes, int warmup, PrintStream progress) {
        this.pods = pods;
        this.nodes = nodes;
        this.warmup = warmup;
        this.progress = progress;
    }

    /**
     * @param seconds from the POST until the last Pod was seen Running
     * @param serverCpuMillis CPU time of the master's process in that time, with the nodes in it
     */
    record Result(int pods, int nodes, double seconds, double serverCpuMillis, long residentBytes) {
        double podsPerSecond() {
            return pods / seconds;
        }

        double cpuPerPod() {
            return serverCpuMillis / pods;
        }

        ObjectNode json() {
            return Json.object()
                    .put("bench", "density")
                    .put("pods", pods)
                    .put("nodes", nodes)
                    .put("seconds", rounded(seconds))
                    .put("pods_per_second", rounded(podsPerSecond()))
                    .put("server_cpu_ms_per_pod", rounded(cpuPerPod()))
                    .put("server_resident_mib", residentBytes >> 20)
                    .put("cores", Runtime.getRuntime().availableProcessors())
                    .put("java", Runtime.version().toString());
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d Pods on %d nodes Running in %.2f s: %.0f Pods/s, %.2f ms of server CPU a Pod, %d MiB resident",
                    pods,
                    nodes,
                    seconds,
                    podsPerSecond(),
                    cpuPerPod(),
                    residentBytes >> 20);
        }

        private static double rounded(double value) {
            return Math.round(value * 1000) / 1000.0;
        }
    }

    Result run() throws Exception {
        try (BenchMaster master = BenchMaster.start(nodes)) {
            for (int round = 1; round <= warmup; round++) {
                progress.println("warm-up " + round + " of " + warmup + ": "
                        + round(master, "warm-" + round).text());
            }
            return round(master, "density");
        }
    }

    private Result round(BenchMaster master, String name) throws Exception {
        ApiClient client = master.client();
        String version = Json.text(client.get(PODS + "?limit=1"), "metadata", "resourceVersion");
        Duration before = master.cpu();
        long started = System.nanoTime();
        client.create(DEPLOYMENTS, Workloads.density(name, pods));
        Set<String> running = new HashSet<>();
        boolean all = client.watch(watchPath(version, name), PATIENCE, event -> allRun(event, running));
        double seconds = (System.nanoTime() - started) / 1e9;
        double cpu = master.cpu().minus(before).toNanos() / 1e6;
        if (!all) {
            throw Problem.failed("only " + running.size() + " of " + pods + " Pods were Running after "
                    + PATIENCE.toSeconds() + " s");
        }
        Result result = new Result(pods, nodes, seconds, cpu, master.residentBytes());
        client.delete(DEPLOYMENTS + "/" + name + "?propagationPolicy=Background");
        Console.await(PATIENCE, "the Pods of " + name + " did not go away", () -> isEmpty(client, name));
        return result;
    }

    private static String watchPath(String version, String name) {
        return PODS + "?watch=true&resourceVersion=" + version + "&labelSelector=app%3D" + name;
    }

    private boolean allRun(JsonNode event, Set<String> running) {
        if (event.path("type").asText().equals("ERROR")) {
            throw new ApiFailure(event.path("object").path("code").asInt(), Json.text(event, "object", "message"));
        }
        if (Json.text(event, "object", "status", "phase").equals("Running")) {
            running.add(Json.text(event, "object", "metadata", "name"));
        }
        return running.size() >= pods;
    }

    private static boolean isEmpty(ApiClient client, String name) {
        try {
            return client.list(PODS + "?limit=1&labelSelector=app%3D" + name).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }
}
