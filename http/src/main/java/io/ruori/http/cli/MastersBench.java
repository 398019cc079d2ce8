package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.entity.Sharding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Two masters against one on the same work and the same database: how much they write together, and what a write costs whose
 * object is another master's. All processes share this machine, so two can win only what one leaves unused of it.
 */
final class MastersBench {
    private static final String CONFIGMAPS = "/api/v1/namespaces/default/configmaps";
    private static final String ENTITIES = "/configmaps/default/";
    private static final int SHARDS = 128;
    private static final int PATCHES = 600;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port;
    private final int clients;
    private final Duration lasts;
    private final PrintStream out;
    private final AtomicInteger names = new AtomicInteger();

    MastersBench(int port, int clients, Duration lasts, PrintStream out) {
        this.port = port;
        this.clients = clients;
        this.lasts = lasts;
        this.out = out;
    }

    /**
     * @param cpuMillis of all masters, for one write
     * @param databaseMillis of the database, for one write
     */
    private record Rate(
            int masters, double perSecond, double middle, double slow, double cpuMillis, double databaseMillis) {
        ObjectNode json() {
            return Json.object()
                    .put("masters", masters)
                    .put("writes_per_second", rounded(perSecond))
                    .put("p50_ms", rounded(middle))
                    .put("p99_ms", rounded(slow))
                    .put("masters_cpu_ms_per_write", rounded(cpuMillis))
                    .put("database_cpu_ms_per_write", rounded(databaseMillis));
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d master(s): %.0f writes/s, p50 %.1f ms, p99 %.1f ms; %.2f ms of CPU a write in masters, %.2f ms"
                            + " in the database",
                    masters,
                    perSecond,
                    middle,
                    slow,
                    cpuMillis,
                    databaseMillis);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /** Prints as it goes; the result has everything. */
    ObjectNode run() throws Exception {
        Path temporary = Files.createTempDirectory("ruori-bench");
        ClusterDirectory directory = new ClusterDirectory(temporary.resolve("data")).make();
        ClusterProcesses processes = new ClusterProcesses(directory);
        ClusterShape shape = new ClusterShape(port, RuntimeName.SIMULATED, 1, 2, "");
        try {
            out.println("starting a database and two masters");
            new ClusterStart(directory, shape).run(new Progress());
            ApiClient first = ApiClient.of(directory.kubeconfigFile(1));
            ApiClient second = ApiClient.of(directory.kubeconfigFile(2));
            awaitShards(first, SHARDS / 2);
            out.println("warming up for " + 2 * lasts.toSeconds() + " s");
            writes(processes, List.of(first, second));
            writes(processes, List.of(first, second));
            Rate both = writes(processes, List.of(first, second));
            out.println(both.text());
            ObjectNode ways = ways(first, second);
            processes.stop(processes.living(shape.masterName(2)).orElseThrow(), ClusterProcesses.GRACE);
            awaitShards(first, SHARDS);
            writes(processes, List.of(first));
            Rate one = writes(processes, List.of(first));
            out.println(one.text());
            ObjectNode result = Json.object()
                    .put("bench", "masters")
                    .put("clients", clients)
                    .put("seconds", lasts.toSeconds())
                    .put("cores", Runtime.getRuntime().availableProcessors())
                    .put("java", Runtime.version().toString())
                    .put("two_against_one", rounded(both.perSecond() / one.perSecond()));
            result.putArray("rates").add(both.json()).add(one.json());
            result.set("lone_patch", ways);
            return result;
        } finally {
            for (ProcessRecord each : processes.all().reversed()) {
                processes.stop(each, ClusterProcesses.GRACE);
            }
            BenchMaster.delete(temporary);
        }
    }

    private static void awaitShards(ApiClient master, int least) throws InterruptedException {
        Console.await(PATIENCE, "the shards did not move", () -> {
            try {
                return MasterStanding.of(master).shards().orElse(0) >= least;
            } catch (IOException e) {
                return false;
            }
        });
    }

    // --- many clients

    /** Creates ConfigMaps for a while, the clients spread over the masters. */
    private Rate writes(ClusterProcesses processes, List<ApiClient> masters) throws Exception {
        ConcurrentLinkedQueue<Double> millis = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        Duration mastersBefore = cpu(processes, "master");
        Duration databaseBefore = cpu(processes, "cassandra");
        long started = System.nanoTime();
        long end = started + lasts.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            ApiClient master = masters.get(i % masters.size());
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    while (System.nanoTime() < end) {
                        millis.add(timed(() -> master.create(CONFIGMAPS, object(nextName()))));
                    }
                } catch (Exception e) {
                    failures.add(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        if (!failures.isEmpty()) {
            throw failures.element();
        }
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Rate(
                masters.size(),
                sorted.length / seconds,
                sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100],
                millis(cpu(processes, "master").minus(mastersBefore)) / sorted.length,
                millis(cpu(processes, "cassandra").minus(databaseBefore)) / sorted.length);
    }

    private static Duration cpu(ClusterProcesses processes, String names) throws IOException {
        return processes.all().stream()
                .filter(record -> record.name().startsWith(names))
                .flatMap(record -> record.process().stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private String nextName() {
        return "written-" + names.incrementAndGet();
    }

    private static ObjectNode object(String name) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        Json.child(object, "metadata").put("name", name);
        Json.child(object, "data").put("colour", "green");
        return object;
    }

    // --- one client

    /** One client's changes through the master that holds the object and through the other, in turns. */
    private ObjectNode ways(ApiClient first, ApiClient second) throws IOException {
        Set<String> held = first.text("/metrics")
                .lines()
                .filter(line -> line.startsWith("ruori_shard_held{shard=\""))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .collect(Collectors.toSet());
        List<Double> straight = new ArrayList<>();
        List<Double> across = new ArrayList<>();
        for (int i = 0; i < PATCHES; i++) {
            String name = "written-" + (1 + i % 64);
            boolean holds = held.contains("" + Sharding.shardOf(ENTITIES + name, SHARDS));
            ObjectNode change = Json.object();
            Json.child(change, "data").put("colour", "green-" + i);
            boolean through = i / 64 % 2 == 0;
            double took = timed(() -> (through ? first : second).strategic(CONFIGMAPS + "/" + name, change));
            (holds == through ? straight : across).add(took);
        }
        double near = middle(straight);
        double far = middle(across);
        out.printf(
                Locale.ROOT,
                "one client, a change of an object: p50 %.2f ms through the master that holds it, %.2f ms through the"
                        + " other%n",
                near,
                far);
        return Json.object().put("holder_p50_ms", rounded(near)).put("other_p50_ms", rounded(far));
    }

    private static double middle(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private interface Request {
        Object send() throws IOException;
    }

    /** In milliseconds. */
    private static double timed(Request request) throws IOException {
        long started = System.nanoTime();
        request.send();
        return (System.nanoTime() - started) / 1e6;
    }
}
