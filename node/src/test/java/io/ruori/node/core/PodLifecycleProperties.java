package io.ruori.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens in whatever order, a Pod comes to rest as it should. {@link PodWorld} checks that nothing runs twice. */
class PodLifecycleProperties {

    @Property(tries = 300)
    void everyPodComesToRest(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 12) Integer> happenings) {
        ObjectNode pod = Pods.pod("u", "Always", "a", "b");
        Json.list(Json.child(pod, "spec"), "initContainers")
                .addObject()
                .put("name", "i")
                .put("image", "i:1");
        PodWorld world = new PodWorld(pod);
        world.exitAtOnce.put("i", 0);
        Map<String, Integer> restarts = new HashMap<>();
        int version = 1;
        for (int happening : happenings) {
            switch (happening) {
                case 0, 1, 2, 3 -> {
                    if (!world.underWay.isEmpty()) {
                        world.finishOne();
                    }
                }
                case 4 -> world.exit("a", 1);
                case 5 -> world.exit("b", 0);
                case 6 -> world.killSandbox();
                case 7 -> world.missingImages.add("a:1");
                case 8 -> world.missingImages.clear();
                case 9 -> {
                    pod = pod.deepCopy();
                    ((ObjectNode) Json.at(pod, "spec", "containers").get(0)).put("image", "a:" + ++version);
                    world.assign(pod);
                }
                case 10 -> world.pass(Duration.ofSeconds(7));
                case 11 -> world.refusals.put("b", "secret \"s\" not found");
                default -> world.refusals.clear();
            }
            for (String name : List.of("a", "b", "i")) {
                int count = world.restarts(name);
                assertThat(count).isGreaterThanOrEqualTo(restarts.getOrDefault(name, 0));
                restarts.put(name, count);
            }
        }
        world.missingImages.clear();
        world.refusals.clear();
        world.settle().pass(Duration.ofMinutes(11));
        assertThat(world.phase()).isEqualTo("Running");
        assertThat(world.condition("Ready")).isEqualTo("True");
        assertThat(world.running()).hasSize(2);
        assertThat(Json.text(world.container("a"), "image")).isEqualTo("a:" + version);

        world.assign(Pods.deleted(pod, 30));
        world.settle().pass(Duration.ofMinutes(1));
        assertThat(world.gone).isTrue();
        assertThat(world.sandboxCount()).isZero();
    }
}
