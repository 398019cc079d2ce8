package io.ruori.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.ContainerState;
import io.ruori.node.runtime.ContainerState.Phase;
import io.ruori.node.runtime.RuntimeEvent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we ask of the Engine and what its answers mean, without an Engine. */
class EngineMessagesTest {
    private static final DockerSettings SETTINGS = DockerSettings.of("node-1", Path.of("/state"));

    @ParameterizedTest
    @CsvSource({
        "running, 0, '', RUNNING, 0, 0, false",
        "created, 0, '', CREATED, 0, 0, false",
        "created, 127, 'exec: no such file', EXITED, 127, 0, false",
        "exited, 0, '', EXITED, 0, 0, false",
        "exited, 1, '', EXITED, 1, 0, false",
        "exited, 128, '', EXITED, 128, 0, false",
        "exited, 143, '', EXITED, 143, 15, false",
        "exited, 137, '', EXITED, 137, 9, true",
        "exited, 255, '', EXITED, 255, 0, false",
        "dead, 137, '', EXITED, 137, 9, false",
    })
    void statesOfAContainer(String status, int code, String error, Phase phase, int exit, int signal, boolean oom) {
        ObjectNode inspect = Json.object().put("Id", "c1").put("Created", "2026-01-01T00:00:00Z");
        inspect.putObject("State")
                .put("Status", status)
                .put("Running", status.equals("running"))
                .put("ExitCode", code)
                .put("Error", error)
                .put("OOMKilled", oom)
                .put("StartedAt", status.equals("created") ? "0001-01-01T00:00:00Z" : "2026-01-01T00:00:01Z")
                .put("FinishedAt", status.equals("exited") ? "2026-01-01T00:00:02Z" : "0001-01-01T00:00:00Z");

        ContainerState state = Inspections.container(inspect, "sha256:1", "");

        assertThat(state.phase()).isEqualTo(phase);
        assertThat(state.startedAt().isPresent()).isEqualTo(!status.equals("created"));
        assertThat(state.exit().isPresent()).isEqualTo(phase == Phase.EXITED);
        state.exit().ifPresent(end -> {
            assertThat(end.code()).isEqualTo(exit);
            assertThat(end.signal()).isEqualTo(signal);
            assertThat(end.oomKilled()).isEqualTo(oom);
            assertThat(end.message()).isEqualTo(error);
            assertThat(end.finishedAt()).isAfter(Instant.EPOCH);
        });
    }

    @Test
    void theContainersOwnLastWordsComeFirst() {
        ObjectNode inspect = Json.object();
        inspect.putObject("State").put("Status", "exited").put("Error", "from Docker");

        assertThat(Inspections.container(inspect, "", "from inside")
                        .exit()
                        .orElseThrow()
                        .message())
                .isEqualTo("from inside");
    }

    @ParameterizedTest
    @CsvSource({
        "-998, -997, -997",
        "-998, 999, 999",
        "-998, -1000, -998",
        "0, -997, 0",
        "0, 999, 999",
    })
    void oomScoresAreNotLowerThanTheEngineCanSet(int ofSandbox, int wanted, int given) {
        Specs.Container spec = new Specs.Container("web");
        spec.limits = new ContainerSpec.Limits(0, 0, 0, 0, OptionalInt.of(wanted));

        assertThat(hostConfig(ofSandbox, spec.build()).path("OomScoreAdj").asInt())
                .isEqualTo(given);
    }

    @Test
    void unlimitedMeansNoLimitIsSent() {
        assertThat(hostConfig(0, new Specs.Container("web").build()).fieldNames())
                .toIterable()
                .doesNotContain("Memory", "MemorySwap", "CpuShares", "CpuQuota", "CpuPeriod", "OomScoreAdj");
    }

    @Test
    void aMountedResolvConfIsNotMountedTwice() {
        Specs.Container spec = new Specs.Container("web");
        spec.mounts = List.of(new ContainerSpec.Mount("/mine", "/etc/resolv.conf", true));
        ObjectNode request = CreateRequests.container(
                SETTINGS, sandbox(0), spec.build(), Optional.of(Path.of("/ours")), Optional.empty());

        assertThat(Json.at(request, "HostConfig", "Mounts")).hasSize(1);
    }

    @Test
    void labelsTellWhoseContainerItIs() {
        ObjectNode labels = Labels.ofSandbox("node-1", Specs.sandbox("u1"));
        assertThat(labels.path("app").asText()).isEqualTo("test");
        assertThat(Labels.sandboxName(Specs.sandbox("u1"))).isEqualTo("k8s_POD_pod-u1_default_u1_0");
        assertThat(Labels.containerName(labels, new Specs.Container("web").build()))
                .isEqualTo("k8s_web_pod-u1_default_u1_0");
        assertThat(Labels.ofContainer("node-1", "s1", labels, new Specs.Container("web").build()))
                .isEqualTo(Json.read("""
                    {"io.ruori.node":"node-1","io.ruori.role":"container","io.ruori.sandbox":"s1",
                     "io.ruori.pod.uid":"u1","io.ruori.pod.namespace":"default","io.ruori.pod.name":"pod-u1",
                     "io.ruori.container.name":"web","io.ruori.attempt":"0","io.ruori.spec-hash":"hash-web"}
                    """));
    }

    @Test
    void eventsOfContainersAndSandboxes() {
        String member =
                "\"io.ruori.role\":\"container\",\"io.ruori.sandbox\":\"s1\",\"io.ruori.container.name\":\"web\"";
        String pause = "\"io.ruori.role\":\"sandbox\"";

        assertThat(event("start", "c1", member)).contains(new RuntimeEvent.ContainerStarted("u1", "s1", "c1", "web"));
        assertThat(event("die", "c1", member)).contains(new RuntimeEvent.ContainerStopped("u1", "s1", "c1", "web"));
        assertThat(event("destroy", "c1", member)).contains(new RuntimeEvent.ContainerRemoved("u1", "s1", "c1", "web"));
        assertThat(event("exec_start: sh", "c1", member)).isEmpty();
        assertThat(event("start", "s1", pause)).isEmpty();
        assertThat(event("die", "s1", pause)).contains(new RuntimeEvent.SandboxStopped("u1", "s1"));
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, nginx:latest",
        "nginx:1.25, nginx:1.25",
        "localhost:5000/nginx, localhost:5000/nginx:latest",
        "localhost:5000/nginx:1, localhost:5000/nginx:1",
        "nginx@sha256:abc, nginx@sha256:abc",
    })
    void anImageWithoutTagMeansLatest(String asked, String pulled) {
        assertThat(ImageStore.withTag(asked)).isEqualTo(pulled);
    }

    private static Optional<RuntimeEvent> event(String action, String id, String labels) {
        return EventRecords.read(Json.read("{\"Type\":\"container\",\"Action\":\"" + action + "\",\"Actor\":{\"ID\":\""
                + id + "\",\"Attributes\":{\"io.ruori.pod.uid\":\"u1\"," + labels + "}}}"));
    }

    private static JsonNode hostConfig(int oomScoreOfSandbox, ContainerSpec spec) {
        return CreateRequests.container(SETTINGS, sandbox(oomScoreOfSandbox), spec, Optional.empty(), Optional.empty())
                .path("HostConfig");
    }

    private static ObjectNode sandbox(int oomScore) {
        ObjectNode inspect = Json.object().put("Id", "s1");
        inspect.putObject("HostConfig").put("OomScoreAdj", oomScore);
        inspect.putObject("Config").set("Labels", Labels.ofSandbox("node-1", Specs.sandbox("u1")));
        return inspect;
    }
}
