package io.ruori.http.e2e;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An unmodified Helm 4, as the cluster's administrator, in one namespace. */
record Helm(TestCluster cluster, String namespace) {
    /** Empty where none was fetched. */
    static String program() {
        return Objects.requireNonNullElse(System.getenv("RUORI_HELM"), "");
    }

    /** A chart with something of everything: a kind of its own, hooks of each sort, a Deployment and what it needs. */
    static String chart() {
        try {
            return Path.of(Objects.requireNonNull(Helm.class.getResource("charts/shop"))
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Words divided by single spaces; {@code CHART} stands for {@link #chart()}. */
    Outcome run(String words) {
        return run(words, Map.of());
    }

    Outcome run(String words, Map<String, String> environment) {
        List<String> line = new ArrayList<>(
                List.of(program(), "--kubeconfig", cluster.kubeconfig().toString(), "-n", namespace));
        Kubectl.split(words).forEach(word -> line.add(word.equals("CHART") ? chart() : word));
        return TestCluster.run(line, "", environment);
    }

    Outcome ok(String words) {
        return run(words).succeeded();
    }
}
