package io.ruori.http.e2e;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Kubernetes project's client for JavaScript, on simulated containers: the stories are in {@code stories.mjs}. */
@Tag("services")
final class ClientNodeTest {
    private static final String MODULES = Objects.requireNonNullElse(System.getenv("RUORI_CLIENT_NODE"), "");

    @SuppressWarnings("NullAway.Init")
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        Assumptions.assumeFalse(MODULES.isEmpty(), "no JavaScript client: RUORI_CLIENT_NODE is not set");
        cluster = TestCluster.start("simulated", 1, TestCluster.installedKubectl());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "discovery",
                "typedObjects",
                "patches",
                "serverSideApply",
                "errors",
                "pages",
                "watches",
                "informers",
                "customObjects",
                "leases",
                "pods",
            })
    void aStoryIsTold(String story) throws URISyntaxException {
        Path script = Path.of(Objects.requireNonNull(ClientNodeTest.class.getResource("client-node/stories.mjs"))
                .toURI());
        TestCluster.run(
                        List.of("node", script.toString(), story),
                        "",
                        Map.of(
                                "RUORI_CLIENT_NODE",
                                MODULES,
                                "KUBECONFIG",
                                cluster.kubeconfig().toString()))
                .succeeded();
    }
}
