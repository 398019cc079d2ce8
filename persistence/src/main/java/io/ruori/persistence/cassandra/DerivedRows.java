package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the past is read from. All of it follows from the log: rows carry their event's revision as their time of writing, so
 * they may be written by anybody, again, and late, and the last change still wins.
 */
final class DerivedRows {
    /** The objects of one kind lie in so many partitions. */
    static final int SLICES = 16;

    /** A partition of the changes spans 2^38 of revisions: 2^16 ms, about a minute. */
    private static final int SPAN_BITS = 38;

    /** The kind under which the changes of all kinds lie. */
    static final String ALL = "*";

    private static final int REMEMBERED_SPANS = 10_000;

    private final Cql cql;

    /** Spans that are known to be noted, so that not every event notes its own again. */
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    DerivedRows(Cql cql) {
        this.cql = cql;
    }

    /** An event, and what is kept with its record. */
    record Item(ObjectEvent event, byte[] object, long sequenceNumber, byte[] value) {}

    static long span(Revision revision) {
        return revision.value() >>> SPAN_BITS;
    }

    /** As a partition's name. */
    static String kind(KindName kind) {
        return kind.resource() + "." + kind.group();
    }

    static KindName parseKind(String kind) {
        int dot = kind.indexOf('.');
        return new KindName(kind.substring(dot + 1), kind.substring(0, dot));
    }

    static int slice(ObjectKey key) {
        return Math.floorMod(31 * key.namespace().hashCode() + key.name().hashCode(), SLICES);
    }

    /** Completes when all rows are written; to be repeated when it fails. */
    CompletableFuture<Void> write(List<Item> items) {
        List<CompletionStage<AsyncResultSet>> writes = new ArrayList<>();
        Map<String, BatchStatement> changes = new HashMap<>();
        Set<String> spans = ConcurrentHashMap.newKeySet();
        for (Item item : items) {
            ObjectEvent event = item.event();
            String kind = kind(event.key().kind());
            writes.add(record(item));
            if (!(event instanceof ObjectEvent.Updated)) {
                writes.add(object(event, kind));
            }
            for (String under : List.of(kind, ALL)) {
                long span = span(event.revision());
                String partition = under + " " + span;
                BatchStatement batch = changes.getOrDefault(
                        partition,
                        BatchStatement.newInstance(BatchType.UNLOGGED).setIdempotent(true));
                changes.put(partition, batch.add(change(item, under, span)));
                if (!noted.contains(partition) && spans.add(partition)) {
                    writes.add(cql.writeAsync(cql.bind("INSERT INTO $spans (kind, span) VALUES (?, ?)", under, span)));
                }
            }
        }
        changes.values().forEach(batch -> writes.add(cql.writeAsync(batch)));
        return CompletableFuture.allOf(writes.stream()
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture[]::new))
                .thenRun(() -> remember(spans));
    }

    private CompletionStage<AsyncResultSet> record(Item item) {
        long revision = item.event().revision().value();
        return cql.writeAsync(cql.bind(
                "INSERT INTO $records (object, revision, sequence, value) VALUES (?, ?, ?, ?) USING TIMESTAMP ?",
                ByteBuffer.wrap(item.object()),
                revision,
                item.sequenceNumber(),
                ByteBuffer.wrap(item.value()),
                revision));
    }

    private CompletionStage<AsyncResultSet> object(ObjectEvent event, String kind) {
        ObjectKey key = event.key();
        long revision = event.revision().value();
        return cql.writeAsync(
                event instanceof ObjectEvent.Deleted
                        ? cql.bind(
                                "DELETE FROM $objects USING TIMESTAMP ?"
                                        + " WHERE kind = ? AND slice = ? AND namespace = ? AND name = ?",
                                revision,
                                kind,
                                slice(key),
                                key.namespace(),
                                key.name())
                        : cql.bind(
                                "INSERT INTO $objects (kind, slice, namespace, name, revision)"
                                        + " VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?",
                                kind,
                                slice(key),
                                key.namespace(),
                                key.name(),
                                revision,
                                revision));
    }

    private BoundStatement change(Item item, String kind, long span) {
        ObjectEvent event = item.event();
        return cql.bind(
                "INSERT INTO $changes (kind, span, revision, object, deleted, notes) VALUES (?, ?, ?, ?, ?, ?)"
                        + " USING TIMESTAMP ?",
                kind,
                span,
                event.revision().value(),
                ByteBuffer.wrap(item.object()),
                event instanceof ObjectEvent.Deleted,
                !event.notes().isEmpty(),
                event.revision().value());
    }

    private void remember(Set<String> spans) {
        if (noted.size() > REMEMBERED_SPANS) {
            noted.clear();
        }
        noted.addAll(spans);
    }
}
