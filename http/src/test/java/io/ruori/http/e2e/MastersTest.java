package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Three masters over a real Cassandra, and what is seen when one of them is gone. */
@Tag("services")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MastersTest {
    private static final int MASTERS = 3;

    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                Files.exists(TestCluster.file("target/cassandra.classpath")),
                "no Cassandra: ./ruori cassandra-classpath gets it");
        cluster = TestCluster.start("simulated", 2, MASTERS, TestCluster.installedKubectl());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void whatOneMasterAcknowledgedEveryOtherShowsAtOnce() {
        for (int writer = 1; writer <= MASTERS; writer++) {
            for (int round = 0; round < 3; round++) {
                String name = "by-" + writer + "-" + round;
                cluster.kubectl("default", writer).ok("create configmap " + name + " --from-literal=round=" + round);
                for (int reader = 1; reader <= MASTERS; reader++) {
                    assertThat(cluster.kubectl("default", reader).json("configmap " + name, "{.data.round}"))
                            .isEqualTo(Integer.toString(round));
                }
            }
        }
    }

    @Test
    @Order(2)
    void statusTellsHowEachMasterStands() {
        await().untilAsserted(() -> cluster.launcher(
                        "status", "--json", "--data", cluster.data().toString())
                .succeeded()
                .says(
                        "\"members\" : 3",
                        "\"shards\" :",
                        "\"closedRevision\" :",
                        "\"closedLagMillis\" :",
                        "\"journal\" : \"cassandra\"",
                        "\"role\" : \"cassandra\""));
    }

    @Test
    @Order(2)
    void aDeploymentIsWorkedOnWhereverItsObjectsLive() {
        Kubectl first = cluster.kubectl("spread", 1).inNewNamespace();
        first.ok("create deployment web --image=ruori/web:1 --replicas=6");
        cluster.kubectl("spread", 2).rolledOut("web");
        cluster.kubectl("spread", 3).ok("scale deployment web --replicas=9");
        first.rolledOut("web");
        assertThat(cluster.kubectl("spread", 2).names("pods")).hasSize(9);
        cluster.kubectl("spread", 2).ok("delete namespace spread --timeout=60s");
        assertThat(first.run("get namespace spread").text()).contains("NotFound");
    }

    @Test
    @Order(3)
    void nothingAcknowledgedIsLostWithAMaster() throws Exception {
        assertThat(survivors(2, 1)).isEmpty();
    }

    @Test
    @Order(4)
    void norWithTheOneThatBeganTheCluster() throws Exception {
        assertThat(survivors(1, 3)).isEmpty();
    }

    /**
     * Writes through one master while another is killed, and brings that one back.
     *
     * @return what was acknowledged and is not shown by every master
     */
    private static List<String> survivors(int killed, int writer) throws Exception {
        Kubectl kubectl = cluster.kubectl("default", writer);
        AtomicBoolean stop = new AtomicBoolean();
        List<String> acknowledged = new ArrayList<>();
        Thread writing = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                String name = "without-" + killed + "-" + i;
                if (kubectl.run("create configmap " + name + " --request-timeout=15s")
                                .code()
                        == 0) {
                    acknowledged.add(name);
                }
            }
        });
        kubectl.eventually("configmap without-" + killed + "-3", "{.metadata.name}", "without-" + killed + "-3");
        cluster.kill("master-" + killed);
        cluster.up();
        stop.set(true);
        writing.join();
        assertThat(acknowledged).hasSizeGreaterThan(5);
        List<String> lost = new ArrayList<>(acknowledged);
        IntStream.rangeClosed(1, MASTERS)
                .mapToObj(master -> cluster.kubectl("default", master).names("configmaps"))
                .reduce((a, b) -> a.stream().filter(b::contains).toList())
                .ifPresent(lost::removeAll);
        return lost;
    }
}
