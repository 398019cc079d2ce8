package io.ruori.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.members.Roster;
import io.ruori.members.Session;
import io.ruori.members.SessionEnded;
import io.ruori.members.ShardHead;
import io.ruori.members.ShardLog;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.EntityStore.Snapshot;
import io.ruori.persistence.journal.JournalFault;
import io.ruori.persistence.journal.JournalFault.CannotOpen;
import io.ruori.persistence.journal.JournalFault.Fenced;
import io.ruori.persistence.journal.JournalFault.OutOfOrder;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members on one database: who counts, who may append, and that nothing told of is missing anywhere. */
@Tag("services")
class SharedJournalTest {
    private static final ObjectKey KEY = Samples.pod("contested");
    private static final int SHARD = Sharding.shardOf(KEY.entityId(), 128);

    @TempDir
    Path directory;

    private final String keyspace = CassandraProcess.newKeyspace();
    private final List<CassandraJournal> opened = new ArrayList<>();
    private final Heard heard = new Heard();
    private CassandraJournal old;
    private CassandraJournal young;

    /** What the listener was told. */
    private static final class Heard implements CommitListener {
        final List<String> written = new CopyOnWriteArrayList<>();
        final List<Revision> notWritten = new CopyOnWriteArrayList<>();

        @Override
        public void written(List<ObjectEvent> events) {
            throw new AssertionError("told without a place");
        }

        @Override
        public void written(int shard, long first, List<ObjectEvent> events) {
            long place = first;
            for (ObjectEvent event : events) {
                written.add(shard + ":" + place++ + "=" + event.revision());
            }
        }

        @Override
        public void notWritten(List<Revision> revisions) {
            notWritten.addAll(revisions);
        }
    }

    @BeforeEach
    void open() {
        old = open(32 << 20);
        young = open(32 << 20);
        old.setListener(heard);
        old.join("old:1").toCompletableFuture().join();
        young.join("young:1").toCompletableFuture().join();
    }

    private CassandraJournal open(long bucketBytes) {
        CassandraJournal journal = CassandraJournal.open(
                CassandraProcess.settings(CassandraProcess.shared(), keyspace, directory, bucketBytes));
        opened.add(journal);
        return journal;
    }

    @AfterEach
    void close() {
        opened.forEach(CassandraJournal::close);
    }

    private static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void append(CassandraJournal journal, long sequenceNumber, ObjectEvent... events) {
        get(journal.append(events[0].key(), sequenceNumber, List.of(events)));
    }

    private static Roster.Row mine(CassandraJournal journal, Session session) {
        return get(journal.roster()).find(session).orElseThrow();
    }

    // --- the roster
    // -----------------------------------------------------------------------------------------------------

    @Test
    void slotsAreTakenFromTheLowestAndGivenAgainWithTheirCeiling() {
        Roster roster = get(old.roster());
        assertThat(roster.version()).isEqualTo(2);
        assertThat(roster.active()).extracting(Session::slot).containsExactly(0, 1);
        Session first = roster.active().getFirst();
        assertThat(get(old.raiseClockCeiling(new Revision(500)))).isEqualTo(new Revision(500));
        assertThat(get(old.raiseClockCeiling(new Revision(400)))).isEqualTo(new Revision(500));
        assertThat(get(young.raiseClockCeiling(new Revision(300)))).isEqualTo(new Revision(300));
        assertThat(get(old.roster()).version()).isEqualTo(2);
        get(young.fence(first));
        get(young.fence(first));
        assertThat(get(young.roster()).version()).isEqualTo(3);
        assertThat(mine(young, first).state()).isEqualTo(Roster.State.FENCED);
        assertThatThrownBy(() -> get(old.raiseClockCeiling(new Revision(600)))).isInstanceOf(SessionEnded.class);
        assertThatThrownBy(() -> get(old.claim(SHARD))).isInstanceOf(SessionEnded.class);
        CassandraJournal next = open(32 << 20);
        Session again = get(next.join("next:1"));
        assertThat(again.slot()).isZero();
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(next.clockCeiling()).isEqualTo(new Revision(500));
        assertThat(mine(young, again).since()).isEqualTo(4);
        assertThatThrownBy(() -> get(old.raiseClockCeiling(new Revision(600)))).isInstanceOf(SessionEnded.class);
        get(next.leave());
        assertThat(mine(young, again).state()).isEqualTo(Roster.State.LEFT);
    }

    @Test
    void manyJoinAtOnceAndEachGetsASlot() {
        List<CompletableFuture<Session>> joining = Stream.generate(() -> open(32 << 20))
                .limit(6)
                .map(journal -> journal.join("x:1").toCompletableFuture())
                .toList();
        assertThat(joining.stream().map(CompletableFuture::join).map(Session::slot))
                .containsExactlyInAnyOrder(2, 3, 4, 5, 6, 7);
    }

    // --- claims and appends
    // -----------------------------------------------------------------------------------------------

    @Test
    void nobodyAppendsUnclaimed() {
        assertThatThrownBy(() -> append(old, 1, Samples.created(KEY, 1))).isInstanceOf(Fenced.class);
        assertThat(heard.notWritten).containsExactly(new Revision(1));
        assertThat(heard.written).isEmpty();
    }

    @Test
    void theLastClaimWins() {
        ShardHead first = get(old.claim(SHARD));
        assertThat(first.epoch()).isEqualTo(1);
        assertThat(first.end()).isZero();
        append(old, 1, Samples.created(KEY, 1), Samples.updated(KEY, 2));
        ShardHead second = get(young.claim(SHARD));
        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.end()).isEqualTo(2);
        assertThatThrownBy(() -> append(old, 3, Samples.updated(KEY, 3))).isInstanceOf(Fenced.class);
        assertThat(old.holds(SHARD)).isFalse();
        assertThatThrownBy(() -> append(old, 3, Samples.updated(KEY, 4))).isInstanceOf(Fenced.class);
        append(young, 3, Samples.updated(KEY, 5));
        assertThat(heard.written).containsExactly(SHARD + ":0=1", SHARD + ":1=2");
        assertThat(heard.notWritten).containsExactly(new Revision(3), new Revision(4));
        assertThat(get(old.claim(SHARD)).end()).isEqualTo(3);
        append(old, 4, Samples.updated(KEY, 6));
        assertThat(heard.written).endsWith(SHARD + ":3=6");
        assertThat(get(old.newestState(KEY)).orElseThrow())
                .isEqualTo(new Snapshot(4, new Revision(6), new ObjectState.Live(Samples.object(KEY, 6, ""))));
    }

    @Test
    void claimingTwiceIsClaimingOnce() {
        get(old.claim(SHARD));
        append(old, 1, Samples.created(KEY, 1));
        ShardHead again = get(old.claim(SHARD));
        assertThat(again.epoch()).isEqualTo(1);
        assertThat(again.end()).isEqualTo(1);
        old.release(SHARD);
        assertThat(old.holds(SHARD)).isFalse();
        assertThatThrownBy(() -> append(old, 2, Samples.updated(KEY, 2))).isInstanceOf(Fenced.class);
        assertThat(get(old.claim(SHARD)).epoch()).isEqualTo(2);
        append(old, 2, Samples.updated(KEY, 3));
    }

    /** A member that was away while it was fenced wakes up in the middle of fencing another. */
    @Test
    void whoeverIsFencedFencesNobody() {
        List<Session> sessions = get(old.roster()).active();
        get(young.fence(sessions.getFirst()));
        assertThatThrownBy(() -> get(old.fence(sessions.get(1)))).isInstanceOf(SessionEnded.class);
        assertThat(mine(young, sessions.get(1)).isActive()).isTrue();
        get(young.leave());
        assertThat(mine(young, sessions.get(1)).state()).isEqualTo(Roster.State.LEFT);
    }

    @Test
    void aSealTakesTheShardFromTheFencedOnly() {
        Session first = get(old.roster()).active().getFirst();
        get(old.claim(SHARD));
        append(old, 1, Samples.created(KEY, 1));
        assertThatThrownBy(() -> get(young.seal(SHARD, first))).hasMessageContaining("is not fenced");
        get(young.fence(first));
        ShardHead sealed = get(young.seal(SHARD, first));
        assertThat(sealed).isEqualTo(new ShardHead(SHARD, 2, "", 1));
        assertThat(old.fencedAppends()).isZero();
        assertThatThrownBy(() -> append(old, 2, Samples.updated(KEY, 2))).isInstanceOf(Fenced.class);
        assertThat(old.fencedAppends()).isEqualTo(1);
        assertThat(young.fencedAppends()).isZero();
        get(young.claim(SHARD));
        assertThat(get(young.seal(SHARD, first)).epoch()).isEqualTo(3);
        append(young, 2, Samples.updated(KEY, 3));
        List<ShardHead> heads = get(young.shards());
        assertThat(heads).hasSize(128);
        assertThat(heads.get(SHARD).end()).isEqualTo(2);
        assertThat(heads.get((SHARD + 1) % 128).epoch()).isZero();
    }

    @Test
    void onlyTheNextIsTaken() {
        get(old.claim(SHARD));
        append(old, 1, Samples.created(KEY, 10), Samples.updated(KEY, 20));
        for (long[] refused : new long[][] {{1, 30}, {2, 30}, {4, 30}, {3, 20}, {3, 19}}) {
            assertThatThrownBy(() -> append(old, refused[0], Samples.updated(KEY, refused[1])))
                    .isInstanceOf(OutOfOrder.class);
        }
        CompletionStage<Void> first = old.append(KEY, 3, List.of(Samples.updated(KEY, 21)));
        CompletionStage<Void> second = old.append(KEY, 3, List.of(Samples.updated(KEY, 22)));
        get(first);
        assertThatThrownBy(() -> get(second)).isInstanceOf(OutOfOrder.class);
        assertThatThrownBy(() -> get(old.append(KEY, 4, List.of(Samples.created(Samples.pod("other"), 40)))))
                .isInstanceOf(Unwritable.class);
        assertThat(get(old.lastSequenceNumber(KEY))).isEqualTo(3);
        // Nothing that one remembers of it: another reads where the entity stands.
        get(young.claim(SHARD));
        assertThatThrownBy(() -> append(young, 3, Samples.updated(KEY, 50))).isInstanceOf(OutOfOrder.class);
        append(young, 4, Samples.updated(KEY, 50));
    }

    @Test
    void anEventOfAMegabyteAndAHalfIsTaken() {
        get(old.claim(SHARD));
        ObjectEvent big = new ObjectEvent.Created(
                Samples.object(KEY, 1, "\"" + "x".repeat(3 << 19) + "\""), Samples.origin(0), List.of());
        append(old, 1, big);
        assertThat(Samples.same(old.history().asOf(KEY, new Revision(1)).orElseThrow(), big))
                .isTrue();
    }

    // --- the log
    // ----------------------------------------------------------------------------------------------------------

    @Test
    void aLogReadsOnOverItsBuckets() {
        CassandraJournal small = open(20_000);
        get(small.join("small:1"));
        get(small.claim(SHARD));
        for (int i = 1; i <= 60; i++) {
            append(small, i, Samples.bigPod(KEY, i, i == 1));
        }
        for (CassandraJournal reader : List.of(small, young)) {
            List<Long> revisions = new ArrayList<>();
            long from = 0;
            for (ShardLog log = get(reader.log(SHARD, from, 7)); !log.events().isEmpty(); ) {
                log.events().forEach(event -> revisions.add(event.revision().value()));
                from = log.end();
                log = get(reader.log(SHARD, from, 7));
            }
            assertThat(revisions)
                    .isEqualTo(Stream.iterate(1L, i -> i + 1).limit(60).toList());
            assertThat(get(reader.log(SHARD, 33, 2)).events())
                    .extracting(event -> event.revision().value())
                    .containsExactly(34L, 35L);
        }
        // Whoever takes it over finds the last bucket and goes on there.
        assertThat(get(young.claim(SHARD)).end()).isEqualTo(60);
        append(young, 61, Samples.updated(KEY, 61));
        assertThat(get(young.log(SHARD, 60, 10)).events()).hasSize(1);
    }

    // --- recovery
    // --------------------------------------------------------------------------------------------------------

    @Test
    void aRecoveryWaitsForTheClaim() {
        CompletionStage<Optional<Snapshot>> recovery = old.newestState(KEY);
        assertThat(recovery.toCompletableFuture()).isNotDone();
        get(old.claim(SHARD));
        assertThat(get(recovery)).isEmpty();
        old.release(SHARD);
        get(young.claim(SHARD));
        assertThat(old.newestState(KEY).toCompletableFuture())
                .as("what goes to another member is not waited for")
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("goes to another member");
        append(young, 1, Samples.created(KEY, 10));
        get(old.claim(SHARD));
        assertThat(get(old.newestState(KEY)).orElseThrow().revision()).isEqualTo(new Revision(10));
        append(old, 2, Samples.updated(KEY, 11), Samples.deleted(KEY, 12));
        assertThat(get(old.newestState(KEY)).orElseThrow().state()).isEqualTo(new ObjectState.Absent(new Revision(12)));
        assertThat(get(old.stateUpTo(KEY, 2)).orElseThrow().revision()).isEqualTo(new Revision(11));
        List<Long> replayed = new ArrayList<>();
        get(old.replay(
                KEY, 2, 3, 10, (number, event) -> replayed.add(event.revision().value())));
        assertThat(replayed).containsExactly(11L, 12L);
    }

    // --- what the store keeps
    // -------------------------------------------------------------------------------------------

    @Test
    void whatExistsIsWhatAViewLoads() {
        List<ObjectKey> keys = Stream.iterate(0, i -> i + 1)
                .limit(40)
                .map(i -> Samples.pod("p" + i))
                .toList();
        long revision = 0;
        for (ObjectKey key : keys) {
            get(old.claim(Sharding.shardOf(key.entityId(), 128)));
            append(old, 1, Samples.created(key, ++revision));
            append(old, 2, Samples.updated(key, ++revision));
            if (keys.indexOf(key) % 4 == 0) {
                append(old, 3, Samples.deleted(key, ++revision));
            }
        }
        try (Stream<StoredObject> objects = young.currentObjects()) {
            assertThat(objects.map(StoredObject::key)).hasSize(30).isSubsetOf(keys);
        }
        assertThat(young.newestRevision()).isEqualTo(new Revision(revision));
        assertThat(young.clusterId()).isEqualTo(old.clusterId());
    }

    @Test
    void otherKeysThanTheOthersHaveAreRefused(@TempDir Path elsewhere) {
        CassandraSettings settings =
                CassandraProcess.settings(CassandraProcess.shared(), keyspace, elsewhere, 32 << 20);
        assertThatThrownBy(() -> CassandraJournal.open(settings).close())
                .isInstanceOf(CannotOpen.class)
                .hasMessageContaining("is missing");
    }

    @Test
    void aNewerSchemaIsRefused() {
        try (Cql cql = Cql.open(CassandraProcess.settings(CassandraProcess.shared(), keyspace, directory, 1))) {
            cql.direct("UPDATE $meta SET value = '99' WHERE name = 'schema'");
        }
        assertThatThrownBy(() -> open(1)).isInstanceOf(CannotOpen.class).hasMessageContaining("version 99");
    }

    @Test
    void aClosedJournalAnswersPlainly() {
        get(old.claim(SHARD));
        old.close();
        old.close();
        assertThatThrownBy(() -> append(old, 1, Samples.created(KEY, 1))).isInstanceOf(JournalFault.Stopped.class);
        assertThatCode(() -> old.release(SHARD)).doesNotThrowAnyException();
    }
}
