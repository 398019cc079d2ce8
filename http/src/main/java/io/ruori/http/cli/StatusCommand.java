package io.ruori.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows a cluster's processes and how they are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows every process of a cluster: pid, role, address and health.",
        footer = {"", "Exit codes: 0 all healthy, 1 failed, 3 nothing runs, 4 part of it is not healthy."})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "For scripts: an object with \"data\", \"healthy\" and \"processes\".")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = data.directory();
        List<ProcessRecord> all = new ClusterProcesses(directory).all();
        ArrayNode processes = Json.array();
        boolean healthy = true;
        boolean living = false;
        for (ProcessRecord each : all) {
            String health = health(directory, each);
            healthy &= health.equals("healthy");
            living |= each.process().isPresent();
            ObjectNode process = each.json().put("health", health);
            if (health.equals("healthy")) {
                standing(directory, each).ifPresent(standing -> standing.describe(process));
            }
            processes.add(process);
        }
        if (json) {
            ObjectNode tree =
                    Json.object().put("data", directory.root().toString()).put("healthy", living && healthy);
            System.out.println(tree.<ObjectNode>set("processes", processes).toPrettyString());
        } else {
            print(processes);
        }
        if (!living) {
            if (!json) {
                throw Problem.notRunning(directory);
            }
            return ExitCode.NOT_RUNNING;
        }
        return healthy ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static void print(ArrayNode processes) {
        if (processes.isEmpty()) {
            return;
        }
        System.out.printf(Locale.ROOT, "%-10s %-9s %-8s %-10s %-24s%n", "NAME", "ROLE", "PID", "HEALTH", "ADDRESS");
        for (JsonNode each : processes) {
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %-9s %-8s %-10s %-24s%s%n",
                    each.path("name").asText(),
                    each.path("role").asText(),
                    each.path("pid").asText(),
                    each.path("health").asText(),
                    each.path("address").asText(),
                    each.has("shards")
                            ? "  "
                                    + MasterStanding.words(
                                            each.path("members").asInt(),
                                            each.path("shards").asInt(),
                                            each.path("closedLagMillis").asLong())
                            : "");
        }
    }

    private static Optional<MasterStanding> standing(ClusterDirectory directory, ProcessRecord record) {
        if (!record.role().equals("master")) {
            return Optional.empty();
        }
        try {
            return MasterStanding.of(ApiClient.of(directory.kubeconfigOf(record)));
        } catch (IOException | ApiFailure e) {
            return Optional.empty();
        }
    }

    /** {@code healthy}, {@code unhealthy} or {@code dead}. */
    private static String health(ClusterDirectory directory, ProcessRecord record) {
        if (record.process().isEmpty()) {
            return "dead";
        }
        return isHealthy(directory, record) ? "healthy" : "unhealthy";
    }

    private static boolean isHealthy(ClusterDirectory directory, ProcessRecord record) {
        try {
            return switch (record.role()) {
                case "agent" -> ClusterStart.isReady(directory.client().get("/api/v1/nodes/" + record.name()));
                case ClusterStart.DATABASE -> ClusterStart.answers(record.address());
                default -> ApiClient.of(directory.kubeconfigOf(record)).isReady();
            };
        } catch (IOException | Problem | ApiFailure e) {
            return false;
        }
    }
}
