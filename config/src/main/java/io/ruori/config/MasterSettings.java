package io.ruori.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a master needs to know; see {@code ruori.master} in {@code reference.conf} for meanings and units.
 *
 * @param dataDirectory holds certificates, the journal and run files; private to its owner
 * @param address the address the API listens on
 * @param defaultTolerationSeconds how long Pods stay on a lost node unless they say otherwise
 */
public record MasterSettings(
        Path dataDirectory,
        String address,
        int port,
        int shards,
        Duration writeTimeout,
        Duration eventRetention,
        Duration nodeMonitorGrace,
        Duration defaultTolerationSeconds,
        long maxBodyBytes,
        int maxWatchBuffer) {

    public static MasterSettings from(Config config) {
        Config master = config.getConfig("ruori.master");
        return new MasterSettings(
                Path.of(config.getString("ruori.data-directory")),
                master.getString("address"),
                master.getInt("port"),
                master.getInt("shards"),
                master.getDuration("write-timeout"),
                master.getDuration("event-retention"),
                master.getDuration("node-monitor-grace"),
                master.getDuration("default-toleration"),
                master.getBytes("max-body-size"),
                master.getInt("max-watch-buffer"));
    }
}
