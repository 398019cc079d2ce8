package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A list of Pods as of a moment after which very much has happened: the Pods of then are gone, and so are many generations
 * after them.
 */
final class AsOfBench {
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int READS = 50;

    private final int pods;
    private final int changes;
    private final int nodes;
    private final PrintStream progress;

    AsOfBench(int pods, int changes, int nodes, PrintStream progress) {
        this.pods = pods;
        this.changes = changes;
        this.nodes = nodes;
        this.progress = progress;
    }

    /**
     * @param changes of Pods since then
     * @param firstMillis the first list, with nothing in any cache for it
     * @param cpuMillis of the server for one list, which a busy machine does not change
     * @param presentMillis the list of as many Pods of the present, in the middle
     */
    record Result(
            int pods,
            int changes,
            double firstMillis,
            double middleMillis,
            double worstMillis,
            double cpuMillis,
            double presentMillis,
            double presentCpuMillis) {
        ObjectNode json() {
            return Json.object()
                    .put("bench", "asof")
                    .put("pods", pods)
                    .put("changes_since", changes)
                    .put("first_ms", rounded(firstMillis))
                    .put("median_ms", rounded(middleMillis))
                    .put("worst_ms", rounded(worstMillis))
                    .put("server_cpu_ms", rounded(cpuMillis))
                    .put("present_median_ms", rounded(presentMillis))
                    .put("present_server_cpu_ms", rounded(presentCpuMillis))
                    .put("cores", Runtime.getRuntime().availableProcessors())
                    .put("java", Runtime.version().toString());
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d Pods as of %d changes ago: first list %.0f ms, then %.0f ms (median), %.0f ms (worst), %.0f ms"
                            + " of server CPU; the same list of the present took %.0f ms, %.0f ms of server CPU",
                    pods,
                    changes,
                    firstMillis,
                    middleMillis,
                    worstMillis,
                    cpuMillis,
                    presentMillis,
                    presentCpuMillis);
        }

        private static double rounded(double value) {
            return Math.round(value * 10) / 10.0;
        }
    }

    Result run() throws Exception {
        try (BenchMaster master = BenchMaster.start(nodes)) {
            ApiClient client = master.client();
            start(client, "then");
            String then = Json.text(client.get(PODS + "?limit=1"), "metadata", "resourceVersion");
            Duration before = master.cpu();
            double[] present = reads(client, PODS);
            double presentCpu = cpuOfOne(master, before);
            int seen = end(client, "then", then);
            for (int generation = 1; seen < changes; generation++) {
                String last = Json.text(client.get(PODS + "?limit=1"), "metadata", "resourceVersion");
                start(client, "later-" + generation);
                seen += end(client, "later-" + generation, last);
                progress.println("generation " + generation + ": " + seen + " of " + changes + " changes");
            }
            before = master.cpu();
            double[] millis = reads(client, "/asof/" + then + PODS);
            double cpu = cpuOfOne(master, before);
            double first = millis[0];
            Arrays.sort(millis);
            Arrays.sort(present);
            return new Result(
                    pods, seen, first, millis[READS / 2], millis[READS - 1], cpu, present[READS / 2], presentCpu);
        }
    }

    private static double cpuOfOne(BenchMaster master, Duration before) {
        return master.cpu().minus(before).toNanos() / 1e6 / READS;
    }

    private double[] reads(ApiClient client, String path) throws IOException {
        double[] millis = new double[READS];
        for (int i = 0; i < READS; i++) {
            long started = System.nanoTime();
            String answer = client.text(path);
            millis[i] = (System.nanoTime() - started) / 1e6;
            if (Json.mapper().readTree(answer).path("items").size() != pods) {
                throw Problem.failed(path + " did not answer " + pods + " Pods");
            }
        }
        return millis;
    }

    private void start(ApiClient client, String name) throws Exception {
        client.create(DEPLOYMENTS, Workloads.density(name, pods));
        Console.await(
                PATIENCE,
                "the Pods of " + name + " did not run",
                () -> number(client, DEPLOYMENTS + "/" + name, "readyReplicas") == pods);
    }

    /** Deletes it and its Pods; how often Pods have changed since a revision. */
    private int end(ApiClient client, String name, String since) throws Exception {
        client.delete(DEPLOYMENTS + "/" + name + "?propagationPolicy=Background");
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger gone = new AtomicInteger();
        boolean ended = client.watch(PODS + "?watch=true&resourceVersion=" + since, PATIENCE, event -> {
            seen.incrementAndGet();
            return event.path("type").asText().equals("DELETED") && gone.incrementAndGet() == pods;
        });
        if (!ended) {
            throw Problem.failed("the Pods of " + name + " did not go away");
        }
        return seen.get();
    }

    private static int number(ApiClient client, String path, String field) {
        try {
            return client.get(path).path("status").path(field).asInt();
        } catch (IOException e) {
            return -1;
        }
    }
}
