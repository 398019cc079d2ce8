package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ruori.http.pki.ClusterAuthority;
import io.ruori.http.pki.Tls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each of three masters is stopped and started again while clients of both protocols write, and no write fails. */
@Tag("services")
final class RollingUpgradeTest {
    private static final int MASTERS = 3;
    private static final int WRITERS = 16;
    private static final int WARM = 1_500;
    private static final String OBJECTS = "/api/v1/namespaces/default/configmaps";

    private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final List<String> failed = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger names = new AtomicInteger();

    @Test
    void noWriteFails() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(TestCluster.file("target/cassandra.classpath")),
                "no Cassandra: ./ruori cassandra-classpath gets it");
        try (TestCluster cluster = TestCluster.start("simulated", 1, MASTERS, TestCluster.installedKubectl())) {
            List<Thread> writers = new ArrayList<>();
            SSLContext tls = administrator(cluster);
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpClient client =
                        HttpClient.newBuilder().sslContext(tls).version(version).build();
                for (int i = 0; i < WRITERS / 2; i++) {
                    int first = i % MASTERS;
                    writers.add(Thread.ofPlatform().start(() -> write(client, cluster.port(), first)));
                }
            }
            try {
                // An upgrade meets masters that have served for a while, not ones that are still being compiled.
                await().atMost(Duration.ofMinutes(2)).until(() -> acknowledged.size() > WARM);
                for (int master = 1; master <= MASTERS; master++) {
                    cluster.stop("master-" + master);
                    cluster.up();
                }
            } finally {
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
            }
            assertThat(failed).isEmpty();
            assertThat(acknowledged).hasSizeGreaterThan(WARM);
            Set<String> shown = new HashSet<>();
            cluster.kubectl("default", 1).names("configmaps").forEach(shown::add);
            assertThat(shown).containsAll(acknowledged);
        }
    }

    private static SSLContext administrator(TestCluster cluster) throws IOException {
        ClusterAuthority authority = ClusterAuthority.open(cluster.data(), Instant.now());
        return Tls.context(Optional.of(authority.administrator(Instant.now())), authority.certificate());
    }

    /** Whoever is refused a connection turns to the next master; nothing else is tried again. */
    private void write(HttpClient client, int port, int first) {
        int master = first;
        while (!stop.get()) {
            String name = "written-" + names.incrementAndGet();
            boolean asked = false;
            while (!asked && !stop.get()) {
                try {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + (port + master) + OBJECTS))
                                    .header("Content-Type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\""
                                                    + name + "\"}}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    asked = true;
                    if (answer.statusCode() == 201) {
                        acknowledged.add(name);
                    } else {
                        failed.add(name + ": " + answer.statusCode() + " " + answer.body());
                    }
                } catch (ConnectException nobodyThere) {
                    master = (master + 1) % MASTERS;
                } catch (IOException | InterruptedException e) {
                    asked = true;
                    failed.add(name + ": " + e);
                    master = (master + 1) % MASTERS;
                }
            }
        }
    }
}
