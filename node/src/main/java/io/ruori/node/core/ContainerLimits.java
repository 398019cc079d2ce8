package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerSpec.Limits;
import java.util.OptionalInt;

/** From {@code resources} to cgroup limits, with the kubelet's arithmetic. */
public final class ContainerLimits {
    private static final long PERIOD_MICROS = 100_000;
    private static final long LEAST_QUOTA_MICROS = 1_000;
    private static final long LEAST_SHARES = 2;
    private static final long MOST_SHARES = 262_144;
    private static final int GUARANTEED_OOM = -997;
    private static final int BEST_EFFORT_OOM = 1000;

    private ContainerLimits() {}

    /**
     * @param memoryBytes of the node, which the oom score of a burstable container is relative to
     */
    public static Limits of(JsonNode container, QosClass qos, long memoryBytes) {
        JsonNode resources = container.path("resources");
        String cpuLimit = Json.text(resources, "limits", "cpu");
        String cpuRequest = Json.text(resources, "requests", "cpu");
        long memoryLimit = Quantity.whole(Json.text(resources, "limits", "memory"));
        String memoryRequestText = Json.text(resources, "requests", "memory");
        long memoryRequest = memoryRequestText.isEmpty() ? memoryLimit : Quantity.whole(memoryRequestText);
        long milli = Quantity.milli(cpuRequest.isEmpty() ? cpuLimit : cpuRequest);
        return new Limits(
                memoryLimit,
                shares(milli),
                quota(Quantity.milli(cpuLimit)),
                PERIOD_MICROS,
                OptionalInt.of(oomScore(qos, memoryRequest, memoryBytes)));
    }

    private static long shares(long milli) {
        return milli == 0 ? LEAST_SHARES : Math.clamp(milli * 1024 / 1000, LEAST_SHARES, MOST_SHARES);
    }

    private static long quota(long milli) {
        return milli == 0 ? 0 : Math.max(LEAST_QUOTA_MICROS, milli * PERIOD_MICROS / 1000);
    }

    private static int oomScore(QosClass qos, long memoryRequest, long memoryBytes) {
        return switch (qos) {
            case GUARANTEED -> GUARANTEED_OOM;
            case BEST_EFFORT -> BEST_EFFORT_OOM;
            case BURSTABLE -> {
                long score = 1000 - (memoryBytes == 0 ? 0 : 1000 * memoryRequest / memoryBytes);
                // Never killed before a guaranteed one, never after a best-effort one.
                yield Math.clamp(score, 1000 + GUARANTEED_OOM, BEST_EFFORT_OOM - 1);
            }
        };
    }
}
