package io.ruori.node.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How an agent works.
 *
 * @param name of the Node object
 * @param directory private to this node: the highest revision seen, and volumes
 * @param address the node's own, as statuses show it
 * @param labels of the Node object, beside the usual ones
 * @param heartbeat between two signs of life
 * @param relist between two looks at everything the runtime has
 * @param batching for how long statuses are gathered after one was sent
 * @param reconnect the longest pause before another try to reach a master
 * @param maxStreams open byte streams at one time
 */
public record NodeSettings(
        String name,
        Path directory,
        String address,
        Map<String, String> labels,
        int maxPods,
        Duration heartbeat,
        Duration relist,
        Duration batching,
        Duration reconnect,
        int maxStreams) {

    /** With the usual times. */
    public static NodeSettings of(String name, Path directory, String address) {
        return new NodeSettings(
                name,
                directory,
                address,
                Map.of(),
                110,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                256);
    }
}
