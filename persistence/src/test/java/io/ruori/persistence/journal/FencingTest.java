package io.ruori.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.JournalFault.Fenced;
import io.ruori.persistence.journal.JournalFault.OutOfOrder;
import io.ruori.persistence.journal.JournalFault.Unwritable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two members, one shard: only the one that claimed last gets anything into the journal, and only as each entity's next event. */
class FencingTest {
    private static final ObjectKey KEY = Samples.pod("contested");
    private static final int SHARD = Sharding.shardOf(KEY.entityId(), 128);

    @TempDir
    Path directory;

    private RocksJournalStore store;
    private JournalSession old;
    private JournalSession young;
    private final List<Revision> written = new ArrayList<>();
    private final List<Revision> notWritten = new ArrayList<>();

    @BeforeEach
    void open() {
        store = RocksJournalStore.open(directory);
        old = store.openSession("old");
        young = store.openSession("young");
        store.setListener(new CommitListener() {
            @Override
            public void written(List<ObjectEvent> events) {
                events.forEach(event -> written.add(event.revision()));
            }

            @Override
            public void notWritten(List<Revision> revisions) {
                notWritten.addAll(revisions);
            }
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static long acquire(JournalSession session) {
        return session.acquire(SHARD).toCompletableFuture().join();
    }

    private static void append(JournalSession session, long sequenceNumber, ObjectEvent... events) {
        try {
            session.append(KEY, sequenceNumber, List.of(events)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof JournalFault fault ? fault : e;
        }
    }

    @Test
    void nobodyAppendsUnclaimed() {
        assertThatThrownBy(() -> append(old, 1, Samples.created(KEY, 1))).isInstanceOf(Fenced.class);
        assertThat(notWritten).containsExactly(new Revision(1));
        assertThat(written).isEmpty();
    }

    @Test
    void theLastClaimWins() {
        assertThat(acquire(old)).isEqualTo(1);
        append(old, 1, Samples.created(KEY, 1));
        assertThat(acquire(young)).isEqualTo(2);
        assertThatThrownBy(() -> append(old, 2, Samples.updated(KEY, 2))).isInstanceOf(Fenced.class);
        append(young, 2, Samples.updated(KEY, 3));
        assertThat(written).containsExactly(new Revision(1), new Revision(3));
        assertThat(notWritten).containsExactly(new Revision(2));
        assertThat(acquire(old)).isEqualTo(3);
        append(old, 3, Samples.updated(KEY, 4));
    }

    @Test
    void claimsSurviveARestart() {
        acquire(old);
        acquire(young);
        store.close();
        open();
        assertThat(acquire(old)).isEqualTo(3);
    }

    @Test
    void otherShardsAreUntouched() {
        assertThat(old.acquireAll().join()).hasSize(128).containsOnly(1L);
        acquire(young);
        ObjectKey elsewhere = Stream.iterate(0, i -> i + 1)
                .map(i -> Samples.pod("p" + i))
                .filter(key -> Sharding.shardOf(key.entityId(), 128) != SHARD)
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> append(old, 1, Samples.created(KEY, 1))).isInstanceOf(Fenced.class);
        assertThatCode(() -> old.append(elsewhere, 1, List.of(Samples.created(elsewhere, 2)))
                        .join())
                .doesNotThrowAnyException();
    }

    /** After sequence numbers 1 and 2 at revisions 10 and 20. */
    @ParameterizedTest
    @CsvSource({"1, 30, false", "2, 30, false", "4, 30, false", "3, 20, false", "3, 19, false", "3, 21, true"})
    void onlyTheNextIsTaken(long sequenceNumber, long revision, boolean taken) {
        acquire(old);
        append(old, 1, Samples.created(KEY, 10), Samples.updated(KEY, 20));
        if (taken) {
            append(old, sequenceNumber, Samples.updated(KEY, revision));
        } else {
            assertThatThrownBy(() -> append(old, sequenceNumber, Samples.updated(KEY, revision)))
                    .isInstanceOf(OutOfOrder.class);
            assertThat(notWritten).containsExactly(new Revision(revision));
        }
        assertThat(store.lastSequenceNumber(KEY)).isEqualTo(taken ? 3 : 2);
    }

    /** The check must hold within one batch too, where the database does not know the first append yet. */
    @Test
    void racingAppendsOfOneSequenceNumberCannotBothWin() {
        acquire(old);
        var first = old.append(KEY, 1, List.of(Samples.created(KEY, 1)));
        var second = old.append(KEY, 1, List.of(Samples.created(KEY, 2)));
        first.join();
        assertThatThrownBy(second::join).hasCauseInstanceOf(OutOfOrder.class);
        assertThat(store.lastSequenceNumber(KEY)).isEqualTo(1);
    }

    @Test
    void anAppendIsAllOrNothing() {
        acquire(old);
        assertThatThrownBy(() -> append(old, 1, Samples.created(KEY, 5), Samples.updated(KEY, 5)))
                .isInstanceOf(OutOfOrder.class);
        assertThat(store.lastSequenceNumber(KEY)).isZero();
        assertThat(notWritten).hasSize(2);
    }

    @Test
    void whatCannotBeWrittenIsSettledToo() {
        acquire(old);
        ObjectKey other = Samples.pod("other");
        assertThatThrownBy(() -> append(old, 1, Samples.created(other, 1))).isInstanceOf(Unwritable.class);
        ObjectKey zero = Samples.pod("with\0zero");
        assertThatThrownBy(() ->
                        old.append(zero, 1, List.of(Samples.created(zero, 2))).join())
                .hasCauseInstanceOf(Unwritable.class);
        assertThat(notWritten).containsExactly(new Revision(1), new Revision(2));
    }
}
