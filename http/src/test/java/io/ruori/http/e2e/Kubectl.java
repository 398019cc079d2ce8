package io.ruori.http.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An unmodified kubectl, as the cluster's administrator, in one namespace. */
record Kubectl(String program, String namespace, Path kubeconfig) {

    /** Words divided by single spaces; a part in single quotes is one word. */
    Outcome run(String words) {
        return run(split(words), "");
    }

    Outcome ok(String words) {
        return run(words).succeeded();
    }

    /** @param input what {@code -f -} reads */
    Outcome run(String words, String input) {
        return run(split(words), input);
    }

    Outcome ok(String words, String input) {
        return run(words, input).succeeded();
    }

    /**
     * As at a terminal.
     *
     * @param words passed through a shell
     * @param typed what is typed into it
     */
    Outcome onATerminal(String words, String typed) {
        return TestCluster.run(List.of("script", "-qec", String.join(" ", line(List.of(words))), "/dev/null"), typed);
    }

    private List<String> line(List<String> words) {
        List<String> line = new ArrayList<>(List.of(program, "--kubeconfig", kubeconfig.toString(), "-n", namespace));
        line.addAll(words);
        return line;
    }

    private Outcome run(List<String> words, String input) {
        return TestCluster.run(line(words), input, Map.of("KUBE_EDITOR", "sed -i s/colour:.*/colour:\\ green/"));
    }

    /** Makes the namespace. */
    Kubectl inNewNamespace() {
        ok("create namespace " + namespace).says("namespace/" + namespace + " created");
        return this;
    }

    String json(String what, String path) {
        return ok("get " + what + " -o jsonpath='" + path + "'").text();
    }

    void eventually(String what, String path, String expected) {
        eventually(Duration.ofSeconds(30), what, path, expected);
    }

    void eventually(Duration patience, String what, String path, String expected) {
        await(what + " " + path + " is " + expected)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(run("get " + what + " -o jsonpath='" + path + "'")
                                .text())
                        .isEqualTo(expected));
    }

    void rolledOut(String deployment) {
        ok("rollout status deployment/" + deployment + " --timeout=90s").says("successfully rolled out");
    }

    List<String> names(String what) {
        String all = json(what, "{.items[*].metadata.name}");
        return all.isEmpty() ? List.of() : List.of(all.split(" "));
    }

    static List<String> split(String words) {
        List<String> all = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (char c : words.toCharArray()) {
            if (c == '\'') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any || !word.isEmpty()) {
                    all.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
            }
        }
        if (any || !word.isEmpty()) {
            all.add(word.toString());
        }
        return all;
    }
}
