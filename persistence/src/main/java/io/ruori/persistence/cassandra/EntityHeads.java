package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.persistence.journal.Keys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where the entities of a shard stand, as known under one epoch: nobody else can move them while it lasts, so what a recovery
 * read and what appends made of it need not be read again. Those not used for long are forgotten.
 */
final class EntityHeads {
    private static final int REMEMBERED = 10_000;

    private final Cql cql;

    // Guarded by itself.
    private final Map<ObjectKey, Standing> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectKey, Standing> eldest) {
            return size() > REMEMBERED;
        }
    };

    EntityHeads(Cql cql) {
        this.cql = cql;
    }

    /** An entity's last event. */
    record Standing(long sequenceNumber, Revision revision) {
        static final Standing NEVER = new Standing(0, Revision.ZERO);

        Standing after(Append append) {
            return new Standing(
                    append.sequenceNumber() + append.events().size() - 1,
                    append.events().getLast().revision());
        }
    }

    /** As a recovery found it, unless more is known. */
    void recovered(ObjectKey key, Standing standing) {
        synchronized (known) {
            known.putIfAbsent(key, standing);
        }
    }

    void moved(ObjectKey key, Standing standing) {
        synchronized (known) {
            known.put(key, standing);
        }
    }

    void forget(ObjectKey key) {
        synchronized (known) {
            known.remove(key);
        }
    }

    /** Reads those that are not known. Blocks; fails with the driver's exception. */
    void find(List<ObjectKey> keys, Map<ObjectKey, Standing> found) {
        List<ObjectKey> unknown = new ArrayList<>();
        synchronized (known) {
            for (ObjectKey key : keys) {
                Standing standing = known.get(key);
                if (standing == null) {
                    unknown.add(key);
                } else {
                    found.put(key, standing);
                }
            }
        }
        Map<ObjectKey, CompletableFuture<AsyncResultSet>> reads = new HashMap<>();
        for (ObjectKey key : unknown) {
            reads.put(key, cql.readAsync(newest(key)).toCompletableFuture());
        }
        reads.forEach((key, read) -> found.put(key, standing(Cql.await(read).one())));
    }

    private BoundStatement newest(ObjectKey key) {
        return cql.bind(
                "SELECT sequence, revision FROM $records WHERE object = ? LIMIT 1", ByteBuffer.wrap(Keys.object(key)));
    }

    static Standing standing(@Nullable Row row) {
        return row == null
                ? Standing.NEVER
                : new Standing(row.getLong("sequence"), new Revision(row.getLong("revision")));
    }
}
