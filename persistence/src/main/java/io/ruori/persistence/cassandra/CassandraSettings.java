package io.ruori.persistence.cassandra;

import com.typesafe.config.Config;
import io.ruori.api.KindName;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Where the journal lies, and its limits.
 *
 * @param contactPoints some nodes of the database; it tells of the others
 * @param localDatacenter the one whose quorum decides
 * @param replication of the keyspace when it is made, as CQL has it
 * @param user empty: no authentication
 * @param keysDirectory where the keys of encrypted kinds lie, the same for all members
 * @param shards the number of shards, which never changes
 * @param requestTimeout after which an answer is unknown
 * @param openTimeout how long to wait for the database at start
 * @param claimPatience how long a recovery waits until its shard is claimed
 * @param batchEvents how many events one conditional write takes at most
 * @param batchBytes the same, in bytes of records (it may exceed this by one append)
 * @param queuedAppends more than this waiting in one shard, and appends are refused
 * @param queuedBytes the same, in bytes of records
 * @param bucketBytes a log's partition is sealed once it holds so much
 */
public record CassandraSettings(
        List<InetSocketAddress> contactPoints,
        String localDatacenter,
        String keyspace,
        String replication,
        String user,
        String password,
        Path keysDirectory,
        Set<KindName> encryptedKinds,
        int shards,
        Duration requestTimeout,
        Duration openTimeout,
        Duration claimPatience,
        int batchEvents,
        long batchBytes,
        int queuedAppends,
        long queuedBytes,
        long bucketBytes) {

    private static final int DEFAULT_PORT = 9042;

    public CassandraSettings {
        contactPoints = List.copyOf(contactPoints);
        encryptedKinds = Set.copyOf(encryptedKinds);
        if (!keyspace.matches("[a-z][a-z0-9_]{0,47}")) {
            throw new IllegalArgumentException(
                    "ruori.persistence.cassandra.keyspace must be lower case letters, digits and _, not " + keyspace);
        }
    }

    /**
     * @param config {@code ruori.persistence.cassandra}
     */
    public static CassandraSettings of(Config config, Path keysDirectory, Set<KindName> encryptedKinds, int shards) {
        String keys = config.getString("keys-directory");
        return new CassandraSettings(
                config.getStringList("contact-points").stream()
                        .map(CassandraSettings::address)
                        .toList(),
                config.getString("local-datacenter"),
                config.getString("keyspace"),
                config.getString("replication"),
                config.getString("user"),
                config.getString("password"),
                keys.isEmpty() ? keysDirectory : Path.of(keys),
                encryptedKinds,
                shards,
                config.getDuration("request-timeout"),
                config.getDuration("open-timeout"),
                config.getDuration("claim-patience"),
                config.getInt("batch-events"),
                config.getBytes("batch-bytes"),
                config.getInt("queued-appends-per-shard"),
                config.getBytes("queued-bytes-per-shard"),
                config.getBytes("bucket-bytes"));
    }

    /** {@code host:port}, or a host alone. */
    private static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return colon < 0
                ? new InetSocketAddress(text, DEFAULT_PORT)
                : new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** Does not tell the password. */
    @Override
    public String toString() {
        return "keyspace " + keyspace + " at " + contactPoints;
    }
}
