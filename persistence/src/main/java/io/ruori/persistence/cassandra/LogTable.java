package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The logs of the shards. A shard's log is a row of buckets, partitions of some tens of megabytes; its head, which says who may
 * append and which place comes next, is in the static columns of the last one, so that one conditional write checks it and
 * appends.
 *
 * <pre>
 *   bucket 0, sealed ─▶ bucket 1, sealed ─▶ bucket 2: epoch 7, owner, first 5120, next 5345, derived 5340
 *                                             5120 … 5344
 * </pre>
 *
 * <p>A place is written once: an append names the place it expects to be next, so a write that comes late, or twice, finds
 * another. All methods block, and fail with the driver's exception when the database does not answer.
 */
final class LogTable {
    private static final String HEAD =
            "SELECT DISTINCT epoch, owner, first, next, sealed, bytes, derived FROM $log WHERE shard = ? AND bucket ="
                    + " ?";

    private final Cql cql;

    /** For each shard, where buckets begin that are known to exist. Never changes once written. */
    private final List<NavigableMap<Long, Integer>> buckets = new ArrayList<>();

    LogTable(Cql cql, int shards) {
        this.cql = cql;
        for (int shard = 0; shard < shards; shard++) {
            buckets.add(new ConcurrentSkipListMap<>());
        }
    }

    /**
     * What a bucket's static columns say.
     *
     * @param owner the id of the session that holds the epoch; empty: nobody's
     * @param first the place it begins at
     * @param next the place after its last event
     * @param sealed nothing more comes into it
     * @param derived everything before this place is known to be in the derived rows
     */
    record Head(
            int shard,
            int bucket,
            long epoch,
            String owner,
            long first,
            long next,
            boolean sealed,
            long bytes,
            long derived) {}

    /** An event as it lies in the log. */
    record Entry(long place, byte[] object, long revision, byte[] value) {}

    /** The present head: of the last bucket there is; null for a shard that was never claimed. */
    @Nullable
    Head head(int shard) {
        int last = lastBucket(shard);
        Head head = last < 0 ? null : serially(shard, last);
        while (head != null && head.sealed()) {
            Head next = serially(shard, head.bucket() + 1);
            if (next == null) {
                return head; // whoever sealed it did not come to begin the next
            }
            head = next;
        }
        return head;
    }

    /** Buckets are numbered without gaps: strides that double, and back in halves. */
    private int lastBucket(int shard) {
        NavigableMap<Long, Integer> known = buckets.get(shard);
        int last = known.isEmpty() ? -1 : known.lastEntry().getValue();
        int stride = 1;
        while (exists(shard, last + stride)) {
            last += stride;
            stride *= 2;
        }
        while (stride > 1) {
            stride /= 2;
            if (exists(shard, last + stride)) {
                last += stride;
            }
        }
        return last;
    }

    private boolean exists(int shard, int bucket) {
        return read(shard, bucket) != null;
    }

    private @Nullable Head read(int shard, int bucket) {
        return known(shard, bucket, cql.write(cql.bind(HEAD, shard, bucket)).one());
    }

    @Nullable
    Head serially(int shard, int bucket) {
        return known(
                shard, bucket, cql.readSerially(cql.bind(HEAD, shard, bucket)).one());
    }

    private @Nullable Head known(int shard, int bucket, @Nullable Row row) {
        if (row == null || row.isNull("epoch")) {
            return null;
        }
        long first = row.getLong("first");
        buckets.get(shard).put(first, bucket);
        return new Head(
                shard,
                bucket,
                row.getLong("epoch"),
                Objects.requireNonNullElse(row.getString("owner"), ""),
                first,
                row.getLong("next"),
                row.getBoolean("sealed"),
                row.getLong("bytes"),
                row.isNull("derived") ? first : row.getLong("derived"));
    }

    /**
     * Raises the epoch and makes somebody its owner, if the head is still as it was read; whether it did is for the next
     * reading to say.
     *
     * @param head null: the shard was never claimed
     */
    void tryTake(int shard, @Nullable Head head, String owner) {
        if (head == null) {
            begin(shard, 0, 1, owner, 0);
        } else if (head.sealed()) {
            begin(shard, head.bucket() + 1, head.epoch() + 1, owner, head.next());
        } else {
            cql.write(cql.conditional(
                    "UPDATE $log SET epoch = ?, owner = ? WHERE shard = ? AND bucket = ? IF epoch = ? AND sealed ="
                            + " false",
                    head.epoch() + 1,
                    owner,
                    shard,
                    head.bucket(),
                    head.epoch()));
        }
    }

    /** Begins a bucket, if nobody has. */
    void begin(int shard, int bucket, long epoch, String owner, long first) {
        cql.write(cql.conditional(
                "INSERT INTO $log (shard, bucket, epoch, owner, first, next, sealed, bytes)"
                        + " VALUES (?, ?, ?, ?, ?, ?, false, 0) IF NOT EXISTS",
                shard,
                bucket,
                epoch,
                owner,
                first,
                first));
    }

    /** Seals a bucket, if its head is still this one's. */
    void trySeal(Head head) {
        cql.write(cql.conditional(
                "UPDATE $log SET sealed = true WHERE shard = ? AND bucket = ? IF epoch = ? AND next = ? AND sealed ="
                        + " false",
                head.shard(),
                head.bucket(),
                head.epoch(),
                head.next()));
    }

    /**
     * Appends at a head's next place, if it is still the head.
     *
     * @param bytes what the bucket holds with them
     * @return whether it is known to have happened
     */
    boolean tryAppend(Head head, List<Entry> entries, long bytes) {
        BatchStatement batch = BatchStatement.newInstance(
                        BatchType.LOGGED,
                        cql.conditional(
                                "UPDATE $log SET next = ?, bytes = ? WHERE shard = ? AND bucket = ?"
                                        + " IF epoch = ? AND next = ? AND sealed = false",
                                head.next() + entries.size(),
                                bytes,
                                head.shard(),
                                head.bucket(),
                                head.epoch(),
                                head.next()))
                .setIdempotent(false);
        List<BoundStatement> inserts = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            inserts.add(cql.conditional(
                    "INSERT INTO $log (shard, bucket, place, epoch_written, object, revision, value)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    head.shard(),
                    head.bucket(),
                    entry.place(),
                    head.epoch(),
                    ByteBuffer.wrap(entry.object()),
                    entry.revision(),
                    ByteBuffer.wrap(entry.value())));
        }
        return cql.write(batch.addAll(inserts)).wasApplied();
    }

    /** Under which epoch a place was written; zero when it was not. */
    long epochOf(int shard, int bucket, long place) {
        Row row = cql.readSerially(cql.bind(
                        "SELECT epoch_written FROM $log WHERE shard = ? AND bucket = ? AND place = ?",
                        shard,
                        bucket,
                        place))
                .one();
        return row == null ? 0 : row.getLong("epoch_written");
    }

    /** Notes how far the derived rows are complete. Only ever grows; nobody waits for it. */
    void noteDerived(int shard, int bucket, long place) {
        cql.writeAsync(cql.bind(
                "UPDATE $log USING TIMESTAMP ? SET derived = ? WHERE shard = ? AND bucket = ?",
                place,
                place,
                shard,
                bucket));
    }

    /** Events from a place on, in order: fewer than asked for where the log ends. */
    List<Entry> read(int shard, long from, int limit) {
        List<Entry> entries = new ArrayList<>();
        int last = Integer.MAX_VALUE;
        for (int bucket = bucketOf(shard, from); entries.size() < limit && bucket <= last; bucket++) {
            if (entries.isEmpty() && last == Integer.MAX_VALUE) {
                last = lastBucket(shard);
            }
            for (Row row : cql.write(cql.bind(
                            "SELECT place, object, revision, value FROM $log"
                                    + " WHERE shard = ? AND bucket = ? AND place >= ? LIMIT ?",
                            shard,
                            bucket,
                            from,
                            limit - entries.size())
                    .setPageSize(500))) {
                entries.add(new Entry(
                        row.getLong("place"), bytes(row, "object"), row.getLong("revision"), bytes(row, "value")));
            }
        }
        return entries;
    }

    /** The bucket that a place is in, or will be. */
    private int bucketOf(int shard, long place) {
        NavigableMap<Long, Integer> known = buckets.get(shard);
        if (known.isEmpty()) {
            lastBucket(shard);
        }
        var floor = known.floorEntry(place);
        int bucket = floor == null ? 0 : floor.getValue();
        Head next = read(shard, bucket + 1);
        while (next != null && next.first() <= place) {
            bucket++;
            next = read(shard, bucket + 1);
        }
        return bucket;
    }

    static byte[] bytes(Row row, String column) {
        ByteBuffer buffer = row.getByteBuffer(column);
        if (buffer == null) {
            throw new IllegalStateException("a row without " + column);
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
