package io.ruori.persistence.cassandra;

import io.ruori.api.KindName;
import io.ruori.persistence.cassandra.local.Java17;
import io.ruori.persistence.cassandra.local.LocalCassandra;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Cassandra for tests: one for all tests of a run, each with a keyspace of its own. Its class path is in a file that
 * {@code ./ruori test} makes; without it, or without a Java 17, the tests that ask for it are skipped and say so.
 */
public final class CassandraProcess {
    /** Names the file with the class path. */
    static final String VARIABLE = "RUORI_CASSANDRA_CLASSPATH";

    private static final AtomicInteger KEYSPACES = new AtomicInteger();
    private static LocalCassandra shared;

    private CassandraProcess() {}

    /** The one that tests share, which must be left running and in order. */
    public static synchronized LocalCassandra shared() {
        if (shared == null) {
            try {
                LocalCassandra started = fresh(Files.createTempDirectory("ruori-cassandra"));
                started.start();
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                shared = started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    /** One of one's own, not started yet. */
    public static LocalCassandra fresh(Path directory) {
        Optional<Path> java = Java17.find(System.getenv());
        Assumptions.assumeTrue(java.isPresent(), "needs a Java 17, which Cassandra runs on");
        Path file = classPathFile();
        Assumptions.assumeTrue(
                Files.isRegularFile(file),
                "needs the class path of Cassandra: ./ruori cassandra-classpath makes " + file);
        try {
            return new LocalCassandra(new LocalCassandra.Settings(
                    directory,
                    Files.readString(file).strip(),
                    java.get(),
                    LocalCassandra.LOOPBACK,
                    freePort(),
                    freePort(),
                    512,
                    file.toAbsolutePath().getParent(),
                    !Boolean.getBoolean("journal.speed")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path classPathFile() {
        String named = System.getenv(VARIABLE);
        return named != null ? Path.of(named) : Path.of("../target/cassandra.classpath");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public static String newKeyspace() {
        return "test_" + ProcessHandle.current().pid() + "_" + KEYSPACES.incrementAndGet();
    }

    static CassandraSettings settings(LocalCassandra cassandra, String keyspace, Path keys, long bucketBytes) {
        return settings(cassandra, keyspace, keys, bucketBytes, Duration.ofSeconds(4));
    }

    static CassandraSettings settings(
            LocalCassandra cassandra, String keyspace, Path keys, long bucketBytes, Duration requestTimeout) {
        return new CassandraSettings(
                List.of(cassandra.address()),
                "datacenter1",
                keyspace,
                "{'class': 'SimpleStrategy', 'replication_factor': 1}",
                "",
                "",
                keys,
                Set.of(KindName.core("secrets")),
                128,
                requestTimeout,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                500,
                1 << 20,
                10_000,
                32 << 20,
                bucketBytes);
    }
}
