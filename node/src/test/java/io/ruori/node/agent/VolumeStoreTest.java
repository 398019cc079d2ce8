package io.ruori.node.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Uid;
import io.ruori.node.core.ConfigProblem;
import io.ruori.node.core.PodSpec;
import io.ruori.node.core.Pods;
import io.ruori.node.core.VolumePlan.Content;
import io.ruori.node.core.VolumePlan.Volume;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes on a real disk. */
class VolumeStoreTest {
    private static final Uid POD = new Uid("u");

    private static Volume files(String... namesAndTexts) {
        Map<String, Content> files = new java.util.TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], new Content(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8), 0644));
        }
        return new Volume.Files(files);
    }

    @Test
    void filesAreReplacedTogetherAndOldNamesGo(@TempDir Path directory) throws Exception {
        VolumeStore store = new VolumeStore(directory);
        store.write(POD, Map.of("v", files("a", "1", "sub/b", "2")));
        Path volume = directory.resolve("pods/u/volumes/v");
        assertThat(volume.resolve("a")).hasContent("1");
        assertThat(volume.resolve("sub/b")).hasContent("2");
        Path before = Files.readSymbolicLink(volume.resolve("..data"));
        store.write(POD, Map.of("v", files("a", "1", "sub/b", "2")));
        assertThat(Files.readSymbolicLink(volume.resolve("..data")))
                .as("nothing changed")
                .isEqualTo(before);
        store.write(POD, Map.of("v", files("a", "3")));
        assertThat(volume.resolve("a")).hasContent("3");
        assertThat(volume.resolve("sub")).doesNotExist();
        store.remove(POD);
        assertThat(directory.resolve("pods/u")).doesNotExist();
    }

    @Test
    void aPathCannotLeaveItsVolume(@TempDir Path directory) {
        VolumeStore store = new VolumeStore(directory);
        assertThatThrownBy(() -> store.write(POD, Map.of("v", files("../../evil", "x"))))
                .isInstanceOf(ConfigProblem.class);
        ObjectNode pod = Pods.web("u");
        ObjectNode container = (ObjectNode) Json.at(pod, "spec", "containers").get(0);
        container
                .putArray("volumeMounts")
                .addObject()
                .put("name", "v")
                .put("mountPath", "/v")
                .put("subPath", "../x");
        assertThatThrownBy(() -> store.mounts(
                        POD,
                        Map.of("v", new Volume.Empty(false)),
                        PodSpec.read(pod).containers().get(0),
                        Map.of()))
                .isInstanceOf(ConfigProblem.class);
        assertThat(directory.resolveSibling("evil")).doesNotExist();
    }
}
