package io.ruori.persistence.cassandra;

import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.journal.EntityStore.Snapshot;
import io.ruori.persistence.journal.Envelope;
import io.ruori.persistence.journal.JournalFault.Corruption;
import io.ruori.persistence.journal.JournalFault.Unreadable;
import io.ruori.persistence.journal.Keys;
import io.ruori.view.History;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The past, as the derived rows have it. Everything that was told of is there. */
final class CassandraHistory implements History {
    /** Reads that are on their way at once while a stream is read. */
    private static final int AHEAD = 64;

    private static final int PAGE = 500;

    private final Cql cql;
    private final RecordCodec codec;

    CassandraHistory(Cql cql, RecordCodec codec) {
        this.cql = cql;
        this.codec = codec;
    }

    // --- one object
    // -----------------------------------------------------------------------------------------------------

    @Override
    public Stream<ObjectEvent> history(ObjectKey key, Revision until) {
        return records(key, until, PAGE).map(CassandraRecord::event);
    }

    @Override
    public Optional<ObjectEvent> asOf(ObjectKey key, Revision revision) {
        return records(key, revision, 1).findFirst().map(CassandraRecord::event);
    }

    /** A record and what is kept beside it. */
    private record CassandraRecord(long sequenceNumber, ObjectEvent event) {}

    /** Newest first. */
    private Stream<CassandraRecord> records(ObjectKey key, Revision until, int page) {
        byte[] object = Keys.object(key);
        ResultSet rows = cql.read(cql.bind(
                        "SELECT revision, sequence, value FROM $records WHERE object = ? AND revision <= ?",
                        ByteBuffer.wrap(object),
                        until.value())
                .setPageSize(page));
        return stream(rows.iterator()).map(row -> record(object, row));
    }

    private CassandraRecord record(byte[] object, Row row) {
        Revision revision = new Revision(row.getLong("revision"));
        Envelope.Entry entry = codec.decode(object, revision, LogTable.bytes(row, "value"));
        return new CassandraRecord(row.getLong("sequence"), entry.event());
    }

    Optional<Snapshot> newestState(ObjectKey key) {
        return records(key, new Revision(Long.MAX_VALUE), 1)
                .findFirst()
                .map(record -> Snapshot.after(record.event(), record.sequenceNumber()));
    }

    Optional<Snapshot> stateUpTo(ObjectKey key, long maxSequenceNumber) {
        return records(key, new Revision(Long.MAX_VALUE), PAGE)
                .dropWhile(record -> record.sequenceNumber() > maxSequenceNumber)
                .findFirst()
                .map(record -> Snapshot.after(record.event(), record.sequenceNumber()));
    }

    /** The events of an entity from a sequence number on, in order. */
    List<ObjectEvent> events(ObjectKey key, long fromSequenceNumber) {
        return records(key, new Revision(Long.MAX_VALUE), PAGE)
                .takeWhile(record -> record.sequenceNumber() >= fromSequenceNumber)
                .map(CassandraRecord::event)
                .toList()
                .reversed();
    }

    // --- lists
    // ----------------------------------------------------------------------------------------------------------

    @Override
    public Stream<StoredObject> listAsOf(KindName kind, String namespace, Revision revision) {
        Iterator<Version> versions = versionsAsOf(kind, namespace, revision).iterator();
        return stream(new Ahead<>(
                versions, this::fetch, (version, rows) -> found(version, rows).object()));
    }

    /** Follows all changes of the kind from the first on: right, and slow where there were many. */
    @Override
    public List<Version> versionsAsOf(KindName kind, String namespace, Revision revision) {
        Map<ObjectKey, Version> versions = new TreeMap<>();
        Iterator<Change> changes = changesOf(DerivedRows.kind(kind), Revision.ZERO, revision);
        while (changes.hasNext()) {
            Change change = changes.next();
            ObjectKey key = change.version().key();
            if (!namespace.isEmpty() && !key.namespace().equals(namespace)) {
                continue;
            }
            if (change.deleted()) {
                versions.remove(key);
            } else {
                versions.put(key, change.version());
            }
        }
        return new ArrayList<>(versions.values());
    }

    @Override
    public StoredObject read(Version version) {
        return found(version, Cql.await(fetch(version))).object();
    }

    private CompletionStage<AsyncResultSet> fetch(Version version) {
        return cql.readAsync(cql.bind(
                "SELECT revision, sequence, value FROM $records WHERE object = ? AND revision = ?",
                ByteBuffer.wrap(Keys.object(version.key())),
                version.revision().value()));
    }

    private ObjectEvent found(Version version, AsyncResultSet rows) {
        Row row = rows.one();
        if (row == null) {
            throw new Corruption(version.key(), version.revision(), new MalformedRecord("it is missing"));
        }
        return record(Keys.object(version.key()), row).event();
    }

    /** All objects that exist. */
    Stream<StoredObject> currentObjects() {
        List<String> kinds = new ArrayList<>();
        cql.read(cql.bind("SELECT DISTINCT kind FROM $spans")).forEach(row -> kinds.add(kind(row)));
        kinds.remove(DerivedRows.ALL);
        return kinds.stream().flatMap(kind -> {
            List<BoundStatement> slices = new ArrayList<>();
            for (int slice = 0; slice < DerivedRows.SLICES; slice++) {
                slices.add(cql.bind("SELECT namespace, name FROM $objects WHERE kind = ? AND slice = ?", kind, slice));
            }
            KindName name = DerivedRows.parseKind(kind);
            Iterator<ObjectKey> keys = slices.stream()
                    .flatMap(slice -> stream(cql.read(slice).iterator()))
                    .map(row -> ObjectKey.of(name, text(row, "namespace"), text(row, "name")))
                    .iterator();
            return stream(new Ahead<>(keys, this::fetchNewest, this::newest)).flatMap(Optional::stream);
        });
    }

    private CompletionStage<AsyncResultSet> fetchNewest(ObjectKey key) {
        return cql.readAsync(cql.bind(
                "SELECT revision, sequence, value FROM $records WHERE object = ? LIMIT 1",
                ByteBuffer.wrap(Keys.object(key))));
    }

    /** Empty where the row that led here is behind the record: a deletion that is just being written, or a creation. */
    private Optional<StoredObject> newest(ObjectKey key, AsyncResultSet rows) {
        Row row = rows.one();
        if (row == null) {
            return Optional.empty();
        }
        ObjectEvent event = record(Keys.object(key), row).event();
        return event instanceof ObjectEvent.Deleted ? Optional.empty() : Optional.of(event.object());
    }

    // --- changes
    // --------------------------------------------------------------------------------------------------------

    /** A row of the changes. */
    private record Change(Version version, boolean deleted, boolean notes) {}

    @Override
    public Revision oldest() {
        return edge("ASC");
    }

    Revision newest() {
        return edge("DESC");
    }

    /** A span may be noted before it has a change, so the next one may have to be asked. */
    private Revision edge(String order) {
        for (Row span :
                cql.read(cql.bind("SELECT span FROM $spans WHERE kind = ? ORDER BY span " + order, DerivedRows.ALL)
                        .setPageSize(10))) {
            Row row = cql.read(cql.bind(
                            "SELECT revision FROM $changes WHERE kind = ? AND span = ? ORDER BY revision " + order
                                    + " LIMIT 1",
                            DerivedRows.ALL,
                            span.getLong("span")))
                    .one();
            if (row != null) {
                return new Revision(row.getLong("revision"));
            }
        }
        return Revision.ZERO;
    }

    @Override
    public Stream<ObjectEvent> changes(KindName kind, Revision fromExclusive, Revision toInclusive) {
        return events(DerivedRows.kind(kind), fromExclusive, toInclusive, change -> true);
    }

    @Override
    public Stream<ObjectEvent> changes(Revision fromExclusive, Revision toInclusive) {
        return events(DerivedRows.ALL, fromExclusive, toInclusive, change -> true);
    }

    @Override
    public Stream<ObjectEvent> recentWithNotes(Revision since) {
        return events(DerivedRows.ALL, since, new Revision(Long.MAX_VALUE), Change::notes);
    }

    @Override
    public Stream<ObjectEvent> changesWithNotes(KindName kind, Revision fromExclusive, Revision toInclusive) {
        return events(
                DerivedRows.ALL,
                fromExclusive,
                toInclusive,
                change -> change.notes() || change.version().key().kind().equals(kind));
    }

    @Override
    public Optional<ObjectEvent> at(Revision revision) {
        return events(DerivedRows.ALL, new Revision(revision.value() - 1), revision, change -> true)
                .findFirst();
    }

    private Stream<ObjectEvent> events(String kind, Revision from, Revision to, Predicate<Change> wanted) {
        Iterator<Version> versions = stream(changesOf(kind, from, to))
                .filter(wanted)
                .map(Change::version)
                .iterator();
        return stream(new Ahead<>(versions, this::fetch, this::found));
    }

    /** In revision order, span by span. */
    private Iterator<Change> changesOf(String kind, Revision fromExclusive, Revision toInclusive) {
        ResultSet spans = cql.read(cql.bind(
                "SELECT span FROM $spans WHERE kind = ? AND span >= ? AND span <= ?",
                kind,
                DerivedRows.span(fromExclusive),
                DerivedRows.span(toInclusive)));
        return stream(spans.iterator())
                .flatMap(span -> stream(cql.read(cql.bind(
                                "SELECT revision, object, deleted, notes FROM $changes"
                                        + " WHERE kind = ? AND span = ? AND revision > ? AND revision <= ?",
                                kind,
                                span.getLong("span"),
                                fromExclusive.value(),
                                toInclusive.value()))
                        .iterator()))
                .map(row -> new Change(
                        new Version(
                                RecordCodec.key(LogTable.bytes(row, "object")), new Revision(row.getLong("revision"))),
                        row.getBoolean("deleted"),
                        row.getBoolean("notes")))
                .iterator();
    }

    // --- streams
    // --------------------------------------------------------------------------------------------------------

    private static String kind(Row row) {
        return text(row, "kind");
    }

    private static String text(Row row, String column) {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private static <T> Stream<T> stream(Iterator<T> iterator) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false);
    }

    /** What a read found, in the order of what was asked. */
    private interface Found<T, R> {
        R of(T asked, AsyncResultSet rows);
    }

    /** Asks for some more while the first are looked at. */
    private static final class Ahead<T, R> implements Iterator<R> {
        private final Iterator<T> asks;
        private final Function<T, CompletionStage<AsyncResultSet>> fetch;
        private final Found<T, R> found;
        private final Deque<Asked<T>> ahead = new ArrayDeque<>();

        private record Asked<T>(T what, CompletionStage<AsyncResultSet> rows) {}

        Ahead(Iterator<T> asks, Function<T, CompletionStage<AsyncResultSet>> fetch, Found<T, R> found) {
            this.asks = asks;
            this.fetch = fetch;
            this.found = found;
        }

        @Override
        public boolean hasNext() {
            while (ahead.size() < AHEAD && asks.hasNext()) {
                T next = asks.next();
                ahead.add(new Asked<>(next, fetch.apply(next)));
            }
            return !ahead.isEmpty();
        }

        @Override
        public R next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Asked<T> asked = ahead.remove();
            AsyncResultSet rows;
            try {
                rows = Cql.await(asked.rows());
            } catch (DriverException e) {
                throw new Unreadable(String.valueOf(e.getMessage()), e);
            }
            return found.of(asked.what(), rows);
        }
    }
}
