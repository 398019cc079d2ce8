package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * When to probe and what to make of it.
 *
 * @param action the probe as written: {@code exec}, {@code httpGet}, {@code tcpSocket} or {@code grpc}
 */
public record ProbeSpec(
        ProbeKind kind,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold,
        JsonNode action) {

    static Map<ProbeKind, ProbeSpec> readAll(JsonNode container) {
        Map<ProbeKind, ProbeSpec> found = new EnumMap<>(ProbeKind.class);
        for (ProbeKind kind : ProbeKind.values()) {
            JsonNode probe = container.path(kind.field());
            if (probe.isObject()) {
                found.put(kind, read(kind, probe));
            }
        }
        return found;
    }

    static ProbeSpec read(ProbeKind kind, JsonNode probe) {
        return new ProbeSpec(
                kind,
                Duration.ofSeconds(Math.max(0, Json.number(probe, 0, "initialDelaySeconds"))),
                Duration.ofSeconds(Math.max(1, Json.number(probe, 10, "periodSeconds"))),
                Duration.ofSeconds(Math.max(1, Json.number(probe, 1, "timeoutSeconds"))),
                (int) Math.max(1, Json.number(probe, 1, "successThreshold")),
                (int) Math.max(1, Json.number(probe, 3, "failureThreshold")),
                probe);
    }
}
