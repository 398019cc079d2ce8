package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tables, and which version of them there is. Made when the journal is first opened; all statements may be repeated, so a
 * start that was cut short is no harm. A later version adds its steps to {@link #STEPS}.
 */
final class CassandraSchema {
    /**
     * The statements that lead to each version from the one before.
     *
     * <pre>
     * roster   who counts: one partition
     * log      a shard's events in order, in buckets. What is static says who may append and where; it is changed by
     *          conditions only, but for "derived", which only grows and has nothing to do with the rest
     * records  every version of an object, newest first
     * objects  those that exist now
     * changes  which object changed at a revision, by kind and by span of time; under "*", those of all
     * spans    which spans of time have changes
     * </pre>
     */
    private static final List<List<String>> STEPS = List.of(List.of("""
        CREATE TABLE IF NOT EXISTS $roster (
          cluster int, slot int, version bigint static,
          session text, address text, state text, since bigint, ceiling bigint,
          PRIMARY KEY (cluster, slot))\
        """, """
        CREATE TABLE IF NOT EXISTS $log (
          shard int, bucket int, place bigint,
          epoch bigint static, owner text static, first bigint static, next bigint static,
          sealed boolean static, bytes bigint static, derived bigint static,
          epoch_written bigint, object blob, revision bigint, value blob,
          PRIMARY KEY ((shard, bucket), place))
          WITH compression = {'class': 'LZ4Compressor'}\
        """, """
        CREATE TABLE IF NOT EXISTS $records (
          object blob, revision bigint, sequence bigint, value blob,
          PRIMARY KEY (object, revision))
          WITH CLUSTERING ORDER BY (revision DESC) AND compression = {'class': 'ZstdCompressor'}\
        """, """
        CREATE TABLE IF NOT EXISTS $objects (
          kind text, slice int, namespace text, name text, revision bigint,
          PRIMARY KEY ((kind, slice), namespace, name))
          WITH gc_grace_seconds = 3600\
        """, """
        CREATE TABLE IF NOT EXISTS $changes (
          kind text, span bigint, revision bigint, object blob, deleted boolean, notes boolean,
          PRIMARY KEY ((kind, span), revision))\
        """, """
        CREATE TABLE IF NOT EXISTS $spans (
          kind text, span bigint, PRIMARY KEY (kind, span))\
        """, """
        INSERT INTO $roster (cluster, version) VALUES (0, 0) IF NOT EXISTS\
        """));

    private static final String VERSION = "schema";
    private static final String CLUSTER = "cluster";
    private static final String KEY = "key/";

    private final Cql cql;
    private final CassandraSettings settings;

    private CassandraSchema(Cql cql, CassandraSettings settings) {
        this.cql = cql;
        this.settings = settings;
    }

    /** Makes what is missing. Fails with {@link CannotOpen} when a newer version of Ruori has been here. */
    static CassandraSchema prepare(Cql cql, CassandraSettings settings) {
        CassandraSchema schema = new CassandraSchema(cql, settings);
        if (!schema.exists()) {
            cql.direct("CREATE KEYSPACE IF NOT EXISTS " + settings.keyspace() + " WITH replication = "
                    + settings.replication());
            cql.direct("CREATE TABLE IF NOT EXISTS $meta (name text PRIMARY KEY, value text)");
        }
        schema.migrate();
        schema.keep(CLUSTER, UUID.randomUUID().toString());
        String shards = Integer.toString(settings.shards());
        String kept = schema.keep("shards", shards);
        if (!kept.equals(shards)) {
            throw new CannotOpen(
                    Reason.FORMAT, settings + ": it has " + kept + " shards, and this member has " + shards, null);
        }
        return schema;
    }

    private boolean exists() {
        return cql.direct("SELECT table_name FROM system_schema.tables WHERE keyspace_name = '" + settings.keyspace()
                                + "' AND table_name = 'meta'")
                        .one()
                != null;
    }

    private void migrate() {
        String found = get(VERSION);
        int version = found == null ? 0 : Integer.parseInt(found);
        if (version > STEPS.size()) {
            throw new CannotOpen(
                    Reason.FORMAT,
                    settings + ": its schema is version " + version + ", and this Ruori knows them up to "
                            + STEPS.size(),
                    null);
        }
        for (List<String> step : STEPS.subList(version, STEPS.size())) {
            step.forEach(cql::direct);
        }
        if (version < STEPS.size()) {
            cql.write(cql.bind("INSERT INTO $meta (name, value) VALUES (?, ?)", VERSION, "" + STEPS.size()));
        }
    }

    /** The same for all who ever opened the journal. */
    String clusterId() {
        return keep(CLUSTER, UUID.randomUUID().toString());
    }

    /** Whether a member has ever had keys to encrypt with: then they must not be made again. */
    boolean hasKeys() {
        return get(KEY + 1) != null;
    }

    /** Checks that the keys are those of the other members. Fails with {@link CannotOpen}. */
    void checkKeys(Map<Integer, String> fingerprints) {
        fingerprints.forEach((number, fingerprint) -> {
            if (!keep(KEY + number, fingerprint).equals(fingerprint)) {
                throw new CannotOpen(
                        Reason.KEYS,
                        settings + ": key " + number + " in " + settings.keysDirectory()
                                + " is not the one that other members encrypt with",
                        null);
            }
        });
    }

    private @Nullable String get(String name) {
        Row row = cql.readSerially(cql.bind("SELECT value FROM $meta WHERE name = ?", name))
                .one();
        return row == null ? null : row.getString("value");
    }

    /** The first value that anybody gave. */
    private String keep(String name, String value) {
        String known = get(name);
        if (known == null) {
            cql.write(cql.conditional("INSERT INTO $meta (name, value) VALUES (?, ?) IF NOT EXISTS", name, value));
            known = get(name);
        }
        if (known == null) {
            throw new IllegalStateException("the database forgot " + name);
        }
        return known;
    }
}
