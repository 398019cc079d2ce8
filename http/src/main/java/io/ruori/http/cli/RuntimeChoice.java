package io.ruori.http.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Decides what runs the containers.
 *
 * @param runtime never {@code AUTO}
 * @param because one line for the user
 */
record RuntimeChoice(RuntimeName runtime, String because) {

    static RuntimeChoice of(RuntimeName wanted) throws IOException, InterruptedException {
        return switch (wanted) {
            case SIMULATED -> new RuntimeChoice(RuntimeName.SIMULATED, "simulated, as asked for");
            case DOCKER -> {
                RuntimeChoice found = docker();
                if (found.runtime() != RuntimeName.DOCKER) {
                    throw Problem.failed(found.because());
                }
                yield found;
            }
            case AUTO -> {
                RuntimeChoice found = docker();
                yield found.runtime() == RuntimeName.DOCKER
                        ? found
                        : new RuntimeChoice(
                                RuntimeName.SIMULATED, found.because() + ": falling back to simulated containers");
            }
        };
    }

    /** Gets an Engine where it may. */
    private static RuntimeChoice docker() throws IOException, InterruptedException {
        DockerEngine engine = DockerEngine.ofThisMachine();
        Path script = Path.of(System.getProperty("ruori.launcher", "ruori")).resolveSibling(".ci/docker-engine");
        String said = "";
        if (Files.isExecutable(script)) {
            Process process = new ProcessBuilder(List.of(script.toString()))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            said = output.substring(output.lastIndexOf('\n') + 1).replaceFirst("^docker-engine: ", "");
            if (process.waitFor() == 0) {
                return new RuntimeChoice(RuntimeName.DOCKER, "Docker Engine on " + engine.socket());
            }
        }
        return engine.answers()
                ? new RuntimeChoice(RuntimeName.DOCKER, "Docker Engine on " + engine.socket())
                : new RuntimeChoice(
                        RuntimeName.SIMULATED,
                        said.isEmpty() ? "no Docker Engine answers on " + engine.socket() : said);
    }
}
