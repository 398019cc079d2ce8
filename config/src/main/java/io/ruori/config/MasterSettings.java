package io.ruori.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a master needs to know; see {@code ruori.master} in {@code reference.conf} for meanings and units.
 *
 * @param dataDirectory holds certificates, the journal and run files; private to its owner
 * @param kubeconfig where the administrator's is written; relative to the data directory
 * @param address the address the API listens on
 * @param advertiseAddress where others find this master; empty where that follows from the address
 * @param defaultTolerationSeconds how long Pods stay on a lost node unless they say otherwise
 * @param tokenFile fixed bearer tokens; empty for none
 * @param drainTime how long requests under way may take when this master ends
 * @param silence how long another master may not be heard before it is ended
 */
public record MasterSettings(
        Path dataDirectory,
        Path kubeconfig,
        String address,
        String advertiseAddress,
        int port,
        int shards,
        Duration writeTimeout,
        Duration eventRetention,
        Duration nodeMonitorGrace,
        Duration defaultTolerationSeconds,
        long maxBodyBytes,
        int maxWatchBuffer,
        int maxReadsInFlight,
        int maxWritesInFlight,
        String tokenIssuer,
        Optional<Path> tokenFile,
        Duration drainTime,
        Duration silence) {

    public static MasterSettings from(Config config) {
        Config master = config.getConfig("ruori.master");
        return new MasterSettings(
                Path.of(config.getString("ruori.data-directory")),
                Path.of(master.getString("kubeconfig")),
                master.getString("address"),
                master.getString("advertise-address"),
                master.getInt("port"),
                master.getInt("shards"),
                master.getDuration("write-timeout"),
                master.getDuration("event-retention"),
                master.getDuration("node-monitor-grace"),
                master.getDuration("default-toleration"),
                master.getBytes("max-body-size"),
                master.getInt("max-watch-buffer"),
                master.getInt("max-requests-in-flight"),
                master.getInt("max-mutating-requests-in-flight"),
                master.getString("service-account-issuer"),
                Optional.of(master.getString("token-auth-file"))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of),
                master.getDuration("drain-time"),
                master.getDuration("silence"));
    }
}
