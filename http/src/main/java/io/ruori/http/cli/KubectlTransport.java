package io.ruori.http.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Asks through kubectl, which knows every way to log in: for the plugin, and for clusters that are not this machine's. */
final class KubectlTransport implements HistoryOptions.Transport {
    /** How kubectl is told which cluster is meant. */
    static final class Options {
        @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Ask through kubectl, with this kubeconfig.")
        private String kubeconfig = "";

        @Option(names = "--context", paramLabel = "NAME", description = "Ask through kubectl, with this context.")
        private String context = "";

        @Option(names = "--through-kubectl", hidden = true, description = "Ask through kubectl.")
        private boolean through;

        @Option(
                names = "--kubectl-option",
                paramLabel = "NAME=VALUE",
                hidden = true,
                description = "Another option of kubectl, without its dashes; may be repeated.")
        private List<String> others = new ArrayList<>();

        boolean areGiven() {
            return through || !kubeconfig.isEmpty() || !context.isEmpty();
        }
    }

    private final List<String> kubectl = new ArrayList<>();

    KubectlTransport(Options options) {
        String program = System.getenv("RUORI_KUBECTL");
        kubectl.add(program == null || program.isEmpty() ? "kubectl" : program);
        options.others.forEach(option -> kubectl.add("--" + option));
        if (!options.kubeconfig.isEmpty()) {
            kubectl.add("--kubeconfig=" + options.kubeconfig);
        }
        if (!options.context.isEmpty()) {
            kubectl.add("--context=" + options.context);
        }
    }

    @Override
    public String get(String path) throws IOException {
        return run("get", "--raw", path);
    }

    @Override
    public String namespace() throws IOException {
        String found = run("config", "view", "--minify", "--output=jsonpath={..namespace}")
                .strip();
        return found.isEmpty() ? "default" : found;
    }

    private String run(String... command) throws IOException {
        List<String> line = new ArrayList<>(kubectl);
        line.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(line).start();
            process.getOutputStream().close();
            StringBuilder errors = new StringBuilder();
            Thread reading = Thread.ofVirtual().start(() -> errors.append(text(process.getErrorStream())));
            String answer = text(process.getInputStream());
            int code = process.waitFor();
            reading.join();
            if (code != 0) {
                throw failure(errors.toString().strip());
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String text(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ApiFailure failure(String said) {
        if (said.startsWith("Error from server (NotFound): ")) {
            return new ApiFailure(404, said.substring(said.indexOf(": ") + 2));
        }
        return new ApiFailure(0, said.isEmpty() ? "kubectl failed and said nothing" : said);
    }
}
