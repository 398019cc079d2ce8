package io.ruori.persistence.journal;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.persistence.format.MalformedRecord;
import io.ruori.persistence.journal.Database.Family;
import io.ruori.persistence.journal.EntityStore.Snapshot;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.CannotOpen.Reason;
import io.ruori.persistence.journal.JournalFault.Corruption;
import io.ruori.persistence.journal.JournalFault.Unreadable;
import io.ruori.view.History;
import io.ruori.view.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * The journal of one member in one directory: {@code db} is RocksDB's, {@code secrets.keys} are the keys of Secrets.
 *
 * <p>An event is the whole object after the change, stored once, under its object and its revision, newest first. So the newest
 * record is the object, "as of" is a seek, a history is a scan, and the versions of one object lie side by side and compress
 * well. Everything else is an index that leads there; all of it goes into the same synced batch.
 *
 * <p>Safe for all threads. Reading methods block on the disk.
 */
public final class RocksJournalStore implements History, AutoCloseable {
    private static final byte FORMAT = 1;

    private final Database database;
    private final SecretKeys secrets;
    private final Committer committer;
    private final JournalOptions options;
    private final String clusterId;
    private final Waypoints waypoints;

    private RocksJournalStore(
            Database database, SecretKeys secrets, Committer committer, JournalOptions options, String clusterId) {
        this.database = database;
        this.secrets = secrets;
        this.committer = committer;
        this.options = options;
        this.clusterId = clusterId;
        this.waypoints = new Waypoints(database, committer);
        committer.setCounter(waypoints::count);
    }

    /** Opens the journal with the default limits, making it if there is none. Fails with {@link CannotOpen}. */
    public static RocksJournalStore open(Path directory) {
        return open(directory, JournalOptions.DEFAULTS);
    }

    public static RocksJournalStore open(Path directory, JournalOptions options) {
        Path db = directory.resolve("db");
        boolean isNew = !Files.exists(db.resolve("CURRENT"));
        makePrivate(directory);
        makePrivate(db);
        LogCheck.check(db);
        return openUnchecked(directory, options, isNew);
    }

    /** For tests, otherwise only behind {@link LogCheck}: takes RocksDB's word for its logs. */
    static RocksJournalStore openUnchecked(Path directory, JournalOptions options, boolean isNew) {
        Path db = directory.resolve("db");
        SecretKeys secrets = SecretKeys.open(directory.resolve("secrets.keys"), isNew);
        Database database = Database.open(db, options);
        try {
            database.verifyTables();
            String clusterId = identify(database, db);
            knowKeys(database, secrets, directory.resolve("secrets.keys"));
            Committer committer = new Committer(database, secrets, options);
            committer.start();
            return new RocksJournalStore(database, secrets, committer, options, clusterId);
        } catch (RocksDBException e) {
            database.close();
            throw Database.cannotOpen(db, e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static void makePrivate(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new CannotOpen(Reason.IO, directory, String.valueOf(e.getMessage()), e);
        }
    }

    /** Writes the format and the cluster's id into a new journal, checks the format of an old one. */
    private static String identify(Database database, Path db) throws RocksDBException {
        byte[] format = database.get(Family.META, Meta.FORMAT);
        byte[] cluster = database.get(Family.META, Meta.CLUSTER);
        if (format == null || cluster == null) {
            String id = UUID.randomUUID().toString();
            try (WriteBatch puts = new WriteBatch()) {
                puts.put(database.handle(Family.META), Meta.FORMAT, new byte[] {FORMAT});
                puts.put(database.handle(Family.META), Meta.CLUSTER, id.getBytes(StandardCharsets.US_ASCII));
                database.write(puts);
            }
            database.flush();
            return id;
        }
        if (format.length != 1 || format[0] != FORMAT) {
            throw new CannotOpen(Reason.FORMAT, db, "was written by a version with another format", null);
        }
        return new String(cluster, StandardCharsets.US_ASCII);
    }

    /** A key that is not what it was would be found out by the first Secret that cannot be read. */
    private static void knowKeys(Database database, SecretKeys secrets, Path file) throws RocksDBException {
        try (WriteBatch puts = new WriteBatch()) {
            for (Map.Entry<Integer, String> key : secrets.fingerprints().entrySet()) {
                byte[] mark = key.getValue().getBytes(StandardCharsets.US_ASCII);
                byte[] known = database.get(Family.META, Meta.key(key.getKey()));
                if (known == null) {
                    puts.put(database.handle(Family.META), Meta.key(key.getKey()), mark);
                } else if (!Arrays.equals(known, mark)) {
                    throw new CannotOpen(
                            Reason.KEYS, file, "key " + key.getKey() + " is not the one it was before", null);
                }
            }
            if (puts.count() > 0) {
                database.write(puts);
            }
        }
    }

    /** Who hears of every append from now on. Set it before the first. */
    public void setListener(CommitListener listener) {
        committer.setListener(listener);
    }

    /**
     * A member's way to append.
     *
     * @param member a name for people, kept with the epochs it claims
     */
    public JournalSession openSession(String member) {
        return new JournalSession(member, committer, options.shards());
    }

    /** Made with the journal, never changed. */
    public String clusterId() {
        return clusterId;
    }

    // --- the clock
    // ------------------------------------------------------------------------------------------------------

    /** The highest revision that may have been issued: a member that starts issues greater ones. */
    public Revision clockCeiling() {
        return reading(() -> {
            byte[] stored = database.get(Family.META, Meta.CLOCK_CEILING);
            Revision ceiling = stored == null ? Revision.ZERO : new Revision(Keys.lastLong(stored));
            Revision newest = newestRevision();
            return newest.isAfter(ceiling) ? newest : ceiling;
        });
    }

    /**
     * Allows revisions up to this one to be issued once it completes; never lowers the ceiling.
     *
     * @return the ceiling reached
     */
    public CompletableFuture<Revision> raiseClockCeiling(Revision ceiling) {
        return committer.raiseClockCeiling(ceiling);
    }

    /** The greatest revision in the journal; zero in an empty one. */
    public Revision newestRevision() {
        return reading(() -> {
            try (RocksIterator times = database.iterator(Family.TIMES, false)) {
                times.seekToLast();
                times.status();
                return times.isValid() ? new Revision(Keys.lastLong(times.key())) : Revision.ZERO;
            }
        });
    }

    // --- entities
    // -------------------------------------------------------------------------------------------------------

    /** The last sequence number of an object's entity; zero when it never had an event. */
    public long lastSequenceNumber(ObjectKey key) {
        return reading(() -> Committer.readHead(database, Keys.object(key)).sequenceNumber());
    }

    /** What an entity continues from: one record, and nothing to replay. Fails with {@link Corruption}. */
    public Optional<Snapshot> newestState(ObjectKey key) {
        return reading(() -> {
            byte[] object = Keys.object(key);
            Head head = Committer.readHead(database, object);
            if (head.sequenceNumber() == 0) {
                return Optional.empty();
            }
            ObjectEvent event = record(object, head.revision()).event();
            return Optional.of(Snapshot.after(event, head.sequenceNumber()));
        });
    }

    /** The same after the last event up to a sequence number. */
    public Optional<Snapshot> stateUpTo(ObjectKey key, long maxSequenceNumber) {
        return reading(() -> {
            byte[] object = Keys.object(key);
            try (RocksIterator entities = database.iterator(Family.ENTITIES, false)) {
                entities.seekForPrev(Keys.entity(object, maxSequenceNumber));
                entities.status();
                if (!entities.isValid() || !isIndexOf(object, entities.key())) {
                    return Optional.empty();
                }
                long sequenceNumber = Keys.lastLong(entities.key());
                Revision revision = new Revision(Keys.lastLong(entities.value()));
                return Optional.of(Snapshot.after(record(object, revision).event(), sequenceNumber));
            }
        });
    }

    /** The events of one entity from a sequence number on, in order. */
    public Stream<ObjectEvent> events(ObjectKey key, long fromSequenceNumber) {
        byte[] object = Keys.object(key);
        return stream(Family.ENTITIES, false, entities -> {
            entities.seek(Keys.entity(object, fromSequenceNumber));
            return new Cursor<>() {
                @Override
                public @Nullable ObjectEvent next() throws RocksDBException {
                    if (!entities.isValid() || !isIndexOf(object, entities.key())) {
                        return null;
                    }
                    Revision revision = new Revision(Keys.lastLong(entities.value()));
                    entities.next();
                    return record(object, revision).event();
                }
            };
        });
    }

    // --- the past
    // -------------------------------------------------------------------------------------------------------

    @Override
    public Stream<ObjectEvent> history(ObjectKey key, Revision until) {
        byte[] object = Keys.object(key);
        return stream(Family.RECORDS, false, records -> {
            records.seek(Keys.record(object, until));
            return () -> {
                if (!records.isValid() || !isIndexOf(object, records.key())) {
                    return null;
                }
                ObjectEvent event = decode(records.key(), records.value()).event();
                records.next();
                return event;
            };
        });
    }

    @Override
    public Optional<ObjectEvent> asOf(ObjectKey key, Revision revision) {
        return reading(() -> {
            byte[] object = Keys.object(key);
            try (RocksIterator records = database.iterator(Family.RECORDS, false)) {
                records.seek(Keys.record(object, revision));
                records.status();
                if (!records.isValid() || !isIndexOf(object, records.key())) {
                    return Optional.empty();
                }
                return Optional.of(decode(records.key(), records.value()).event());
            }
        });
    }

    @Override
    public Revision oldest() {
        return reading(() -> {
            try (RocksIterator times = database.iterator(Family.TIMES, false)) {
                times.seekToFirst();
                times.status();
                return times.isValid() ? new Revision(Keys.lastLong(times.key())) : Revision.ZERO;
            }
        });
    }

    @Override
    public Stream<StoredObject> listAsOf(KindName kind, String namespace, Revision revision) {
        return versionsAsOf(kind, namespace, revision).stream().map(this::read);
    }

    @Override
    public List<Version> versionsAsOf(KindName kind, String namespace, Revision revision) {
        byte[] prefix = namespace.isEmpty() ? Keys.kind(kind) : Keys.namespace(kind, namespace);
        byte[] ofKind = Keys.kind(kind);
        return reading(() -> {
            Revision waypoint = waypoints.lastAtOrBefore(ofKind, revision);
            return waypoint == null
                    ? versions(prefix, revision)
                    : waypoints.versions(ofKind, prefix, waypoint, revision);
        });
    }

    /**
     * Sets waypoints for lists of the past where they are due; to be called every few seconds. Blocks.
     *
     * @param view the present, complete up to its revision
     */
    public void setWaypoints(View view, Collection<KindName> kinds) {
        for (KindName kind : kinds) {
            reading(() -> {
                waypoints.setIfDue(kind, view);
                return true;
            });
        }
    }

    /** One or two seeks for every object there ever was. */
    private List<Version> versions(byte[] prefix, Revision revision) throws RocksDBException {
        List<Version> versions = new ArrayList<>();
        try (RocksIterator records = database.iterator(Family.RECORDS, false)) {
            records.seek(prefix);
            while (records.isValid() && Keys.startsWith(records.key(), prefix)) {
                byte[] object = Keys.withoutLong(records.key());
                if (Keys.revisionOfRecord(records.key()).isAfter(revision)) {
                    records.seek(Keys.record(object, revision));
                    if (!records.isValid() || !isIndexOf(object, records.key())) {
                        continue; // made later; the iterator is at the next object already
                    }
                }
                if (!Envelope.isDeletion(records.value())) {
                    versions.add(new Version(Keys.parse(object), Keys.revisionOfRecord(records.key())));
                }
                records.seek(Keys.after(object));
            }
            records.status();
        }
        return versions;
    }

    @Override
    public StoredObject read(Version version) {
        return reading(() ->
                record(Keys.object(version.key()), version.revision()).event().object());
    }

    @Override
    public Stream<ObjectEvent> changes(KindName kind, Revision fromExclusive, Revision toInclusive) {
        return indexed(Family.KINDS, Keys.kind(kind), fromExclusive, toInclusive, pointer -> true);
    }

    @Override
    public Stream<ObjectEvent> changes(Revision fromExclusive, Revision toInclusive) {
        return indexed(Family.TIMES, new byte[0], fromExclusive, toInclusive, pointer -> true);
    }

    @Override
    public Stream<ObjectEvent> recentWithNotes(Revision since) {
        return indexed(
                Family.TIMES, new byte[0], since, new Revision(Long.MAX_VALUE), pointer -> Committer.hasNotes(pointer));
    }

    @Override
    public Stream<ObjectEvent> changesWithNotes(KindName kind, Revision fromExclusive, Revision toInclusive) {
        byte[] prefix = Keys.kind(kind);
        return indexed(
                Family.TIMES,
                new byte[0],
                fromExclusive,
                toInclusive,
                pointer -> Committer.hasNotes(pointer) || Keys.startsWith(Committer.objectOf(pointer), prefix));
    }

    private Stream<ObjectEvent> indexed(
            Family family, byte[] prefix, Revision fromExclusive, Revision toInclusive, Predicate<byte[]> wanted) {
        return stream(family, false, index -> {
            index.seek(Keys.withLong(prefix, fromExclusive.value() + 1));
            return new Cursor<>() {
                @Override
                public @Nullable ObjectEvent next() throws RocksDBException {
                    while (index.isValid() && isIndexOf(prefix, index.key())) {
                        Revision revision = new Revision(Keys.lastLong(index.key()));
                        if (revision.isAfter(toInclusive)) {
                            return null;
                        }
                        byte[] pointer = index.value();
                        index.next();
                        if (wanted.test(pointer)) {
                            return record(Committer.objectOf(pointer), revision).event();
                        }
                    }
                    return null;
                }
            };
        });
    }

    @Override
    public Optional<ObjectEvent> at(Revision revision) {
        return reading(() -> {
            byte[] pointer = database.get(Family.TIMES, Keys.time(revision));
            return pointer == null
                    ? Optional.empty()
                    : Optional.of(record(Committer.objectOf(pointer), revision).event());
        });
    }

    /** All objects that exist, in key order: what a view starts from. */
    public Stream<StoredObject> currentObjects() {
        return stream(Family.HEADS, true, heads -> {
            byte[] existing = {1};
            heads.seek(existing);
            return () -> {
                if (!heads.isValid() || !Keys.startsWith(heads.key(), existing)) {
                    return null;
                }
                byte[] head = heads.key();
                byte[] object = Arrays.copyOfRange(head, 1, head.length);
                Revision revision = Head.read(true, heads.value()).revision();
                heads.next();
                return record(object, revision).event().object();
            };
        });
    }

    // --- the whole
    // ------------------------------------------------------------------------------------------------------

    /** Reads every file and compares its checksums. Takes as long as that takes; fails with {@link Unreadable}. */
    public void verify() {
        reading(() -> {
            database.verify();
            return true;
        });
    }

    /** Makes durable what was queued, and closes. Streams that stay open past a few seconds keep the files open. */
    @Override
    public void close() {
        try {
            committer.close();
            reading(() -> {
                database.flush();
                return true;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Unreadable e) {
            // Closed before, or a flush that failed: everything acknowledged is in the log.
            return;
        } finally {
            database.close();
        }
    }

    /** For tests: closes as a crash would, leaving everything to the log. */
    void abandon() {
        try {
            committer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }

    /** For tests: how many waypoints of a kind there are. */
    long waypointsOf(KindName kind) {
        return reading(() -> waypoints.count(Keys.kind(kind)));
    }

    /** For the plugin: settles revisions of events that cannot be appended. */
    public CompletableFuture<Void> refuse(List<Revision> revisions, String why) {
        return committer.refuse(revisions, why);
    }

    private Envelope.Entry record(byte[] object, Revision revision) throws RocksDBException {
        byte[] key = Keys.record(object, revision);
        byte[] value;
        try {
            value = database.get(Family.RECORDS, key);
        } catch (RocksDBException e) {
            throw new Corruption(Keys.parse(object), revision, e);
        }
        if (value == null) {
            throw new Corruption(Keys.parse(object), revision, new MalformedRecord("it is missing"));
        }
        return decode(key, value);
    }

    private Envelope.Entry decode(byte[] key, byte[] value) {
        try {
            return Envelope.read(key, value, secrets);
        } catch (MalformedRecord e) {
            throw new Corruption(Keys.parse(Keys.withoutLong(key)), Keys.revisionOfRecord(key), e);
        }
    }

    /** Whether a key is this prefix and eight bytes, as in the indexes: no longer one shares the prefix. */
    private static boolean isIndexOf(byte[] prefix, byte[] key) {
        return key.length == prefix.length + Long.BYTES && Keys.startsWith(key, prefix);
    }

    private interface Read<T> {
        T get() throws RocksDBException;
    }

    private <T> T reading(Read<T> read) {
        database.enter();
        try {
            return read.get();
        } catch (RocksDBException e) {
            throw new Unreadable(String.valueOf(e.getMessage()), e);
        } finally {
            database.leave();
        }
    }

    private <T> Stream<T> stream(Family family, boolean wholeRange, CursorOver<T> cursor) {
        database.enter();
        try {
            return new RocksCursor<>(database, database.iterator(family, wholeRange), cursor).stream();
        } catch (RuntimeException e) {
            database.leave();
            throw e;
        }
    }

    /** Yields the next item, or null at the end. */
    interface Cursor<T> {
        @Nullable
        T next() throws RocksDBException;
    }

    /** Places an iterator and says how to go on. */
    interface CursorOver<T> {
        Cursor<T> start(RocksIterator iterator);
    }
}
