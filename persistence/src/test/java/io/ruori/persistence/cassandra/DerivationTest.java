package io.ruori.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.entity.Sharding;
import io.ruori.members.Session;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.Keys;
import io.ruori.persistence.journal.SecretKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member died after its write was in the log and before anything was derived from it: whoever comes next derives it. */
@Tag("services")
class DerivationTest {
    private static final ObjectKey KEY = Samples.pod("half-written");
    private static final int SHARD = Sharding.shardOf(KEY.entityId(), 128);

    @TempDir
    Path directory;

    private CassandraSettings settings;
    private CassandraJournal dead;
    private CassandraJournal next;
    private Cql cql;
    private Session session;

    @BeforeEach
    void dieHalfway() {
        settings = CassandraProcess.settings(
                CassandraProcess.shared(), CassandraProcess.newKeyspace(), directory, 32 << 20);
        dead = CassandraJournal.open(settings);
        next = CassandraJournal.open(settings);
        session = get(dead.join("dead:1"));
        get(next.join("next:1"));
        get(dead.claim(SHARD));
        get(dead.append(KEY, 1, List.of(Samples.created(KEY, 1))));
        cql = Cql.open(settings);
        appendWithoutDeriving(Samples.deleted(KEY, 2), 2);
        dead.close();
        assertThat(next.history().asOf(KEY, new Revision(2)).orElseThrow().revision())
                .isEqualTo(new Revision(1));
        assertThat(exists()).isTrue();
    }

    private void appendWithoutDeriving(ObjectEvent event, long sequenceNumber) {
        LogTable log = new LogTable(cql, 128);
        LogTable.Head head = log.head(SHARD);
        RecordCodec codec = new RecordCodec(SecretKeys.open(directory.resolve("secrets.keys"), false), Set.of());
        byte[] object = Keys.object(KEY);
        byte[] value = codec.encode(object, sequenceNumber, head.epoch(), event);
        LogTable.Entry entry =
                new LogTable.Entry(head.next(), object, event.revision().value(), value);
        assertThat(log.tryAppend(head, List.of(entry), 100)).isTrue();
        // The same once more, as a write that comes late: its place is taken.
        assertThat(log.tryAppend(head, List.of(entry), 100)).isFalse();
    }

    @AfterEach
    void close() {
        cql.close();
        dead.close();
        next.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private boolean exists() {
        try (Stream<StoredObject> objects = next.currentObjects()) {
            return objects.findAny().isPresent();
        }
    }

    private void assertDerived() {
        assertThat(next.history().asOf(KEY, new Revision(2)).orElseThrow()).isInstanceOf(ObjectEvent.Deleted.class);
        assertThat(next.history().at(new Revision(2))).isPresent();
        assertThat(next.newestRevision()).isEqualTo(new Revision(2));
        assertThat(exists()).isFalse();
    }

    @Test
    void byAClaim() {
        assertThat(get(next.claim(SHARD)).end()).isEqualTo(2);
        assertDerived();
        assertThat(get(next.newestState(KEY)).orElseThrow().state()).isEqualTo(new ObjectState.Absent(new Revision(2)));
        get(next.append(KEY, 3, List.of(Samples.created(KEY, 3))));
        assertThat(exists()).isTrue();
    }

    @Test
    void byASeal() {
        get(next.fence(session));
        assertThat(get(next.seal(SHARD, session)).end()).isEqualTo(2);
        assertDerived();
    }

    @Test
    void byWhoeverAsksWhereTheLogsEnd() {
        assertThat(get(next.shards()).get(SHARD).end()).isEqualTo(2);
        assertDerived();
    }

    @Test
    void byWhoeverReadsTheLog() {
        assertThat(get(next.log(SHARD, 1, 10)).events()).hasSize(1);
        assertDerived();
    }
}
