package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.util.ArrayList;
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
    private static final String FORMAT = "%-10s %-9s %-8s %-10s %-24s %s";

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "For scripts: an object with \"data\", \"healthy\" and \"processes\".")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ClusterDirectory directory = data.directory();
        List<ProcessRecord> all = new ClusterProcesses(directory).all();
        ArrayNode processes = Json.array();
        List<String> lines = new ArrayList<>();
        boolean healthy = true;
        boolean living = false;
        for (ProcessRecord each : all) {
            String health = health(directory, each);
            healthy &= health.equals("healthy");
            living |= each.process().isPresent();
            ObjectNode process = each.json().put("health", health);
            Optional<MasterStanding> standing = health.equals("healthy") ? standing(directory, each) : Optional.empty();
            standing.ifPresent(known -> known.describe(process));
            processes.add(process);
            lines.add(line(process, standing.map(MasterStanding::toString).orElse("")));
        }
        if (json) {
            ObjectNode tree =
                    Json.object().put("data", directory.root().toString()).put("healthy", living && healthy);
            System.out.println(tree.<ObjectNode>set("processes", processes).toPrettyString());
        } else {
            if (!lines.isEmpty()) {
                System.out.println(
                        String.format(Locale.ROOT, FORMAT, "NAME", "ROLE", "PID", "HEALTH", "ADDRESS", "STANDING"));
            }
            lines.forEach(System.out::println);
        }
        if (!living) {
            if (!json) {
                throw Problem.notRunning(directory);
            }
            return ExitCode.NOT_RUNNING;
        }
        return healthy ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static String line(ObjectNode process, String standing) {
        return String.format(
                        Locale.ROOT,
                        FORMAT,
                        process.path("name").asText(),
                        process.path("role").asText(),
                        process.path("pid").asText(),
                        process.path("health").asText(),
                        process.path("address").asText(),
                        standing)
                .stripTrailing();
    }

    private static Optional<MasterStanding> standing(ClusterDirectory directory, ProcessRecord record) {
        if (record.role().equals("agent") || record.role().equals(ClusterStart.DATABASE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MasterStanding.of(ApiClient.of(directory.kubeconfigOf(record))));
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
