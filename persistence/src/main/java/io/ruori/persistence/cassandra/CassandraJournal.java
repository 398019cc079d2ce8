package io.ruori.persistence.cassandra;

import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.members.Roster;
import io.ruori.members.Session;
import io.ruori.members.ShardHead;
import io.ruori.members.ShardLog;
import io.ruori.members.SharedJournal;
import io.ruori.persistence.cassandra.EntityHeads.Standing;
import io.ruori.persistence.journal.EntityStore;
import io.ruori.persistence.journal.JournalFault.Stopped;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import io.ruori.persistence.journal.SecretKeys;
import io.ruori.view.EventProjection;
import io.ruori.view.History;
import io.ruori.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A journal that several members share, on Cassandra. Each shard has a log that only the holder of its epoch appends to, by
 * conditional writes; everything else is derived from the logs. Safe for all threads.
 */
public final class CassandraJournal implements SharedJournal, EntityStore, AutoCloseable {
    /** More at once only get into each other's way. */
    private static final int SHARDS_AT_ONCE = 32;

    private final CassandraSettings settings;
    private final Cql cql;
    private final RosterTable roster;
    private final ShardLanes lanes;
    private final CassandraHistory history;
    private final Commits commits = new Commits();
    private final String clusterId;

    /** Where it is waited for the database. */
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ruori-cassandra-", 0).factory());

    private final Semaphore turns = new Semaphore(SHARDS_AT_ONCE);
    private volatile @Nullable Session session;

    private CassandraJournal(CassandraSettings settings, Cql cql) {
        this.settings = settings;
        this.cql = cql;
        CassandraSchema schema = CassandraSchema.prepare(cql, settings);
        this.clusterId = schema.clusterId();
        RecordCodec codec = new RecordCodec(openKeys(settings, schema), settings.encryptedKinds());
        this.roster = new RosterTable(cql);
        this.history = new CassandraHistory(cql, codec);
        this.lanes = new ShardLanes(
                cql, new LogTable(cql, settings.shards()), new DerivedRows(cql), roster, codec, commits, settings);
    }

    /** Connects, and makes the tables if there are none. Fails with {@link io.ruori.persistence.journal.JournalFault.CannotOpen}. */
    public static CassandraJournal open(CassandraSettings settings) {
        Cql cql = Cql.open(settings);
        try {
            return new CassandraJournal(settings, cql);
        } catch (RuntimeException e) {
            cql.close();
            throw e;
        }
    }

    private static SecretKeys openKeys(CassandraSettings settings, CassandraSchema schema) {
        Path directory = settings.keysDirectory();
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SecretKeys keys = SecretKeys.open(directory.resolve("secrets.keys"), !schema.hasKeys());
        schema.checkKeys(keys.fingerprints());
        return keys;
    }

    /** Made with the journal, never changed. */
    public String clusterId() {
        return clusterId;
    }

    @Override
    public void setListener(CommitListener listener) {
        commits.setListener(listener);
    }

    private <T> CompletableFuture<T> ask(Supplier<T> question) {
        Stopped stopped = commits.stopped();
        return stopped != null
                ? CompletableFuture.failedFuture(stopped)
                : CompletableFuture.supplyAsync(question, threads);
    }

    /** The same, for what takes several conditional steps: a member asks for all its shards at once. */
    private <T> CompletableFuture<T> askInTurn(Supplier<T> question) {
        return ask(() -> {
            turns.acquireUninterruptibly();
            try {
                return question.get();
            } finally {
                turns.release();
            }
        });
    }

    private Session session() {
        Session joined = session;
        if (joined == null) {
            throw new IllegalStateException("this member has not joined");
        }
        return joined;
    }

    // --- members
    // --------------------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<Session> join(String address) {
        return ask(() -> {
            Session joined = session;
            if (joined == null) {
                joined = roster.join(address);
                session = joined;
            }
            return joined;
        });
    }

    @Override
    public CompletionStage<Roster> roster() {
        return ask(roster::read);
    }

    @Override
    public CompletionStage<Void> fence(Session silent) {
        return ask(() -> {
            roster.end(silent, Roster.State.FENCED, session());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> leave() {
        return ask(() -> {
            roster.end(session(), Roster.State.LEFT, session());
            return null;
        });
    }

    // --- the clock
    // ------------------------------------------------------------------------------------------------------

    /** Of this session's slot once it has joined; before, of all slots. */
    @Override
    public Revision clockCeiling() {
        Session joined = session;
        Roster now = roster.read();
        Revision ceiling = now.rows().stream()
                .filter(row -> joined == null || row.session().slot() == joined.slot())
                .map(Roster.Row::ceiling)
                .max(Revision::compareTo)
                .orElse(Revision.ZERO);
        return ceiling;
    }

    @Override
    public CompletionStage<Revision> raiseClockCeiling(Revision ceiling) {
        return ask(() -> roster.raiseCeiling(session(), ceiling));
    }

    @Override
    public Revision newestRevision() {
        return history.newest();
    }

    // --- shards
    // ---------------------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<List<ShardHead>> shards() {
        List<CompletableFuture<ShardHead>> heads = new ArrayList<>();
        for (int shard = 0; shard < settings.shards(); shard++) {
            int wanted = shard;
            heads.add(askInTurn(() -> lanes.head(wanted)));
        }
        return CompletableFuture.allOf(heads.toArray(CompletableFuture[]::new))
                .thenApply(all -> heads.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public CompletionStage<ShardHead> claim(int shard) {
        return askInTurn(() -> lanes.claim(shard, session()));
    }

    @Override
    public void release(int shard) {
        lanes.release(shard);
    }

    @Override
    public boolean holds(int shard) {
        return lanes.holds(shard);
    }

    @Override
    public long fencedAppends() {
        return commits.fencedAppends();
    }

    @Override
    public CompletionStage<ShardHead> seal(int shard, Session fenced) {
        return askInTurn(() -> {
            if (roster.isActive(fenced)) {
                throw new IllegalStateException("the session " + fenced + " is not fenced");
            }
            return lanes.seal(shard, fenced);
        });
    }

    @Override
    public CompletionStage<ShardLog> log(int shard, long from, int limit) {
        return ask(() -> new ShardLog(shard, from, lanes.read(shard, from, limit)));
    }

    // --- the past
    // -------------------------------------------------------------------------------------------------------

    @Override
    public Stream<StoredObject> currentObjects() {
        return history.currentObjects();
    }

    @Override
    public Stream<ObjectEvent> recentWithNotes(Revision since) {
        return history.changesWithNotes(EventProjection.EVENTS, since, new Revision(Long.MAX_VALUE));
    }

    /** There are none here: lists of the past follow all changes of their kind. */
    @Override
    public void setWaypoints(View view, Collection<KindName> kinds) {}

    @Override
    public History history() {
        return history;
    }

    // --- entities
    // -------------------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<Void> append(ObjectKey key, long sequenceNumber, List<ObjectEvent> events) {
        return lanes.append(key, sequenceNumber, events);
    }

    @Override
    public CompletionStage<Void> refuse(List<Revision> revisions, String why) {
        return lanes.refuse(revisions, new Unwritable(why, null));
    }

    @Override
    public CompletionStage<Optional<Snapshot>> newestState(ObjectKey key) {
        return ask(() -> {
            EntityHeads heads = lanes.awaitClaim(key);
            Optional<Snapshot> found = history.newestState(key);
            heads.recovered(
                    key,
                    found.map(snapshot -> new Standing(snapshot.sequenceNumber(), snapshot.revision()))
                            .orElse(Standing.NEVER));
            return found;
        });
    }

    @Override
    public CompletionStage<Optional<Snapshot>> stateUpTo(ObjectKey key, long maxSequenceNumber) {
        return ask(() -> {
            lanes.awaitClaim(key);
            return history.stateUpTo(key, maxSequenceNumber);
        });
    }

    @Override
    public CompletionStage<Long> lastSequenceNumber(ObjectKey key) {
        return newestState(key)
                .thenApply(found -> found.map(Snapshot::sequenceNumber).orElse(0L));
    }

    @Override
    public CompletionStage<Void> replay(ObjectKey key, long from, long to, long limit, Replay replay) {
        return ask(() -> {
            lanes.awaitClaim(key);
            long sequenceNumber = from;
            for (ObjectEvent event : history.events(key, from)) {
                if (sequenceNumber > to || sequenceNumber - from >= limit) {
                    break;
                }
                replay.event(sequenceNumber++, event);
            }
            return null;
        });
    }

    /** Gives up what is on its way, whose outcome others find out; closes the connection. */
    @Override
    public void close() {
        commits.close();
        Stopped why = commits.stopped();
        if (why != null) {
            lanes.close(why);
        }
        threads.shutdownNow();
        cql.close();
    }
}
