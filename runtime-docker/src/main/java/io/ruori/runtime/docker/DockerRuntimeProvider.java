package io.ruori.runtime.docker;

import io.ruori.node.runtime.ContainerRuntime;
import io.ruori.node.runtime.ContainerRuntimeProvider;
import io.ruori.node.runtime.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Offers {@link DockerRuntime} by the name {@code docker}; options: socket, network, subnet, pause-image. */
public final class DockerRuntimeProvider implements ContainerRuntimeProvider {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public boolean available() {
        try {
            new EngineClient(DockerSettings.defaultSocket(), PATIENCE).get("/version");
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    @Override
    public ContainerRuntime open(RuntimeSettings settings) {
        DockerSettings docker = DockerSettings.of(settings.nodeName(), settings.stateDirectory());
        for (Map.Entry<String, String> option : settings.options().entrySet()) {
            docker = with(docker, option.getKey(), option.getValue());
        }
        return DockerRuntime.connect(docker);
    }

    private static DockerSettings with(DockerSettings docker, String option, String value) {
        return switch (option) {
            case "socket" -> docker.withSocket(Path.of(value));
            case "network" -> docker.withNetwork(value, docker.subnet());
            case "subnet" -> docker.withNetwork(docker.network(), value);
            case "pause-image" -> docker.withPauseImage(value);
            default -> throw new IllegalArgumentException("the docker runtime has no option \"" + option + "\"");
        };
    }
}
