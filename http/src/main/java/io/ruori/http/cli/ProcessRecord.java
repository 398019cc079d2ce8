package io.ruori.http.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process of a cluster, as its file under {@code run/} tells. The start time tells our process from a later one that
 * was given the same pid.
 *
 * @param role {@code all}, {@code master} or {@code agent}
 * @param address of its API, or empty where it has none
 */
record ProcessRecord(String name, String role, long pid, Instant started, String address, String runtime) {
    /** The kernel counts start times in hundredths from a boot time that itself is known to the second. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(3);

    static ProcessRecord of(String name, String role, ProcessHandle process, String address, String runtime) {
        Instant started = process.info().startInstant().orElseGet(Instant::now);
        return new ProcessRecord(name, role, process.pid(), started, address, runtime);
    }

    static ProcessRecord read(Path file) throws IOException {
        ObjectNode tree = Json.read(Files.readAllBytes(file));
        return new ProcessRecord(
                tree.path("name").asText(),
                tree.path("role").asText(),
                tree.path("pid").asLong(),
                Instant.parse(tree.path("started").asText()),
                tree.path("address").asText(),
                tree.path("runtime").asText());
    }

    ObjectNode json() {
        return Json.object()
                .put("name", name)
                .put("role", role)
                .put("pid", pid)
                .put("started", started.toString())
                .put("address", address)
                .put("runtime", runtime);
    }

    void write(ClusterDirectory directory) throws IOException {
        Pem.writePrivate(file(directory), json().toPrettyString() + "\n");
    }

    void forget(ClusterDirectory directory) throws IOException {
        Files.deleteIfExists(file(directory));
    }

    /** The process, if it still is the one that was started. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(this::isOurs);
    }

    private boolean isOurs(ProcessHandle process) {
        return process.isAlive() && !isZombie() && startedThen(process);
    }

    private boolean startedThen(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(instant -> Duration.between(instant, started).abs().compareTo(CLOCK_TOLERANCE) < 0)
                .orElse(false);
    }

    /** Where nobody reaps orphans (a container without an init), the dead stay in the process table. */
    private boolean isZombie() {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(ClusterDirectory directory) {
        return directory.run().resolve(name + ".json");
    }
}
