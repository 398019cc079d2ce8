package io.ruori.persistence.cassandra.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Cassandra of one node in a process of its own, on the loopback interface unless told otherwise. What it acknowledges is synced to disk
 * ({@code commitlog_sync: batch}), so it may be killed and started again on the same directory.
 *
 * <p>The settings are those of a small machine: little memory, one compaction at a time. {@code concurrent_writes} is large
 * since every writing thread waits for its sync, so it bounds how many writes share one.
 */
public final class LocalCassandra implements AutoCloseable {
    /** Where nobody beyond this machine finds it. */
    public static final String LOOPBACK = "127.0.0.1";

    private static final Duration PATIENCE_WITH_START = Duration.ofSeconds(90);
    private static final Duration PATIENCE_WITH_STOP = Duration.ofSeconds(30);

    /** Found by elimination: what Cassandra reaches into to start, write, flush and recover. */
    private static final List<String> OPENED =
            List.of("java.base/jdk.internal.ref", "java.base/sun.nio.ch", "java.base/java.io");

    private final Settings settings;
    private @Nullable Process process;

    /**
     * @param directory for its data and its log; kept between starts
     * @param classPath of {@code cassandra-all} and all it needs
     * @param java the home of a Java 17
     * @param host the address it listens at, and nowhere else
     * @param port where clients connect
     * @param storagePort where other nodes would
     * @param heapMiB its Java heap
     * @param archive where an archive of loaded classes is kept, which makes later starts three times as fast; a folder that
     *     may be shared
     * @param quickStart compiles little, for short lives
     */
    public record Settings(
            Path directory,
            String classPath,
            Path java,
            String host,
            int port,
            int storagePort,
            int heapMiB,
            Path archive,
            boolean quickStart) {}

    public LocalCassandra(Settings settings) {
        this.settings = settings;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(settings.host(), settings.port());
    }

    /** The process id, while it runs. */
    public long pid() {
        return running().pid();
    }

    /**
     * Writes what it is started with.
     *
     * @return the command
     */
    public List<String> prepare() throws IOException {
        Path conf = Files.createDirectories(settings.directory().resolve("conf"));
        Files.createDirectories(settings.archive());
        keepArchive();
        Files.writeString(conf.resolve("cassandra.yaml"), yaml());
        Files.writeString(conf.resolve("logback.xml"), logback());
        Files.writeString(conf.resolve("java.args"), String.join("\n", arguments(conf)) + "\n");
        return List.of(settings.java().resolve("bin/java").toString(), "@" + conf.resolve("java.args"));
    }

    /** Starts it and returns when it accepts clients. */
    public void start() throws IOException, InterruptedException {
        Process started = new ProcessBuilder(prepare())
                .redirectErrorStream(true)
                .redirectOutput(settings.directory().resolve("console.log").toFile())
                .start();
        process = started;
        awaitPort(started);
    }

    private List<String> arguments(Path conf) {
        List<String> arguments = new ArrayList<>();
        for (String opened : OPENED) {
            arguments.add("--add-opens=" + opened + "=ALL-UNNAMED");
        }
        arguments.addAll(List.of(
                "-Xms" + settings.heapMiB() + "m", "-Xmx" + settings.heapMiB() + "m", "-XX:+UseSerialGC", "-Xss256k"));
        if (settings.quickStart()) {
            arguments.add("-XX:TieredStopAtLevel=1");
        }
        Path archive = archive();
        arguments.add(
                Files.exists(archive) ? "-XX:SharedArchiveFile=" + archive : "-XX:ArchiveClassesAtExit=" + fresh());
        arguments.add("-Xlog:cds=off");
        arguments.add("-Xlog:cds+dynamic=off");
        arguments.addAll(List.of(
                "-Dcassandra.config=" + conf.resolve("cassandra.yaml").toUri(),
                "-Dcassandra.storagedir=" + settings.directory().toAbsolutePath(),
                "-Dlogback.configurationFile=" + conf.resolve("logback.xml"),
                "-Dcassandra-foreground=yes",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.ring_delay_ms=0",
                "-cp",
                settings.classPath(),
                "org.apache.cassandra.service.CassandraDaemon"));
        return arguments;
    }

    /** It fits one class path and one Java. */
    private Path archive() {
        int fits = Objects.hash(settings.classPath(), settings.java(), settings.quickStart());
        return settings.archive().toAbsolutePath().resolve("cassandra-" + Integer.toHexString(fits) + ".jsa");
    }

    private void keepArchive() throws IOException {
        if (Files.exists(fresh())) {
            Files.move(fresh(), archive(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path fresh() {
        return settings.directory().toAbsolutePath().resolve("classes.jsa");
    }

    private void awaitPort(Process started) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_WITH_START.toNanos();
        while (!accepts()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IllegalStateException("Cassandra did not start: " + lastLines());
            }
            Thread.sleep(50);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(address(), 200);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(settings.directory().resolve("console.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "and left no log: " + e.getMessage();
        }
    }

    private String yaml() {
        return """
            cluster_name: ruori
            num_tokens: 1
            partitioner: org.apache.cassandra.dht.Murmur3Partitioner
            endpoint_snitch: SimpleSnitch
            seed_provider:
              - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                parameters:
                  - seeds: "%3$s:%1$d"
            listen_address: %3$s
            storage_port: %1$d
            rpc_address: %3$s
            native_transport_port: %2$d
            start_native_transport: true
            commitlog_sync: batch
            commitlog_segment_size: 16MiB
            memtable_heap_space: 64MiB
            memtable_offheap_space: 64MiB
            key_cache_size: 4MiB
            counter_cache_size: 0MiB
            file_cache_size: 32MiB
            networking_cache_size: 16MiB
            concurrent_reads: 16
            concurrent_writes: 256
            concurrent_compactors: 1
            auto_snapshot: false
            hinted_handoff_enabled: false
            dynamic_snitch: false
            paxos_variant: v2
            """.formatted(settings.storagePort(), settings.port(), settings.host());
    }

    private static String logback() {
        return """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{ISO8601} %-5level %logger{0} - %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;
    }

    /** Stops it in order, and keeps the archive of its classes if this was the run that made it. */
    @Override
    public void close() {
        Process running = process;
        process = null;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(PATIENCE_WITH_STOP.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
            keepArchive();
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once, as a loss of power would. */
    public void kill() throws InterruptedException {
        Process running = running();
        process = null;
        running.destroyForcibly().waitFor();
    }

    /** Stands still, keeping its connections, until it is let go on. */
    public void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .redirectErrorStream(true)
                .start();
        String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + ": " + said);
        }
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("Cassandra is not running");
        }
        return running;
    }
}
