package io.ruori.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.entity.CommitListener;
import io.ruori.entity.Sharding;
import io.ruori.persistence.Samples;
import io.ruori.persistence.cassandra.local.LocalCassandra;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database stands still, or loses its power, while members write: every answer given stays true, and nothing is there twice. */
@Tag("services")
class OutageTest {
    private static final int WRITERS = 40;

    @TempDir
    Path directory;

    private LocalCassandra cassandra;
    private CassandraJournal journal;
    private final AtomicLong revisions = new AtomicLong();
    private final Map<Long, String> answers = new ConcurrentHashMap<>();
    private final Map<Long, Integer> told = new ConcurrentHashMap<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean writing = true;
    private final Semaphore writers = new Semaphore(0);

    @BeforeEach
    void start() throws Exception {
        cassandra = CassandraProcess.fresh(directory.resolve("cassandra"));
        cassandra.start();
        journal = open();
        journal.setListener(new CommitListener() {
            @Override
            public void written(List<ObjectEvent> events) {
                events.forEach(event -> told.merge(event.revision().value(), 1, Integer::sum));
            }

            @Override
            public void notWritten(List<Revision> lost) {
                lost.forEach(revision -> told.merge(revision.value(), -1000, Integer::sum));
            }
        });
        journal.join("one:1").toCompletableFuture().join();
    }

    private CassandraJournal open() {
        return CassandraJournal.open(CassandraProcess.settings(
                cassandra, "outage", directory.resolve("keys"), 100_000, Duration.ofSeconds(1)));
    }

    @AfterEach
    void stop() {
        writing = false;
        journal.close();
        cassandra.close();
    }

    private static ObjectKey key(int writer) {
        return Samples.pod("writer-" + writer);
    }

    private static int shard(int writer) {
        return Sharding.shardOf(key(writer).entityId(), 128);
    }

    /** Each writes one event after another to its own object, and never goes on after an answer that is no. */
    private void startWriters() {
        IntStream.range(0, WRITERS)
                .map(OutageTest::shard)
                .distinct()
                .forEach(shard -> journal.claim(shard).toCompletableFuture().join());
        for (int writer = 0; writer < WRITERS; writer++) {
            write(key(writer), 1);
        }
    }

    private void write(ObjectKey key, long sequenceNumber) {
        long revision = revisions.incrementAndGet();
        ObjectEvent event = sequenceNumber == 1 ? Samples.created(key, revision) : Samples.updated(key, revision);
        journal.append(key, sequenceNumber, List.of(event)).whenCompleteAsync((done, fault) -> {
            answers.put(revision, fault == null ? "yes" : "no: " + fault);
            if (fault == null) {
                acknowledged.incrementAndGet();
            }
            if (fault == null && writing) {
                write(key, sequenceNumber + 1);
            } else {
                writers.release();
            }
        });
    }

    private void awaitAcknowledged(int more) {
        int from = acknowledged.get();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> acknowledged.get() >= from + more || writers.availablePermits() > 0);
        assertThat(writers.availablePermits()).as("refused: %s", refused()).isZero();
    }

    private List<String> refused() {
        return answers.values().stream().filter(answer -> !answer.equals("yes")).toList();
    }

    private void stopWriters() throws InterruptedException {
        writing = false;
        writers.acquire(WRITERS);
    }

    @Test
    void whatIsUnknownWhileItStandsStillIsFoundOut() throws Exception {
        startWriters();
        awaitAcknowledged(500);
        for (int round = 0; round < 2; round++) {
            cassandra.suspend();
            try {
                // Past the driver's time-out of a second, so that everything under way is unknown.
                int before = acknowledged.get();
                Awaitility.await()
                        .pollDelay(Duration.ofMillis(2_500))
                        .until(() -> acknowledged.get() <= before + WRITERS);
            } finally {
                cassandra.resume();
            }
            awaitAcknowledged(500);
        }
        stopWriters();
        assertThat(refused()).isEmpty();
        compare(journal);
    }

    @Test
    void whatWasAcknowledgedOutlivesALossOfPower() throws Exception {
        startWriters();
        awaitAcknowledged(500);
        cassandra.kill();
        cassandra.start();
        awaitAcknowledged(500);
        stopWriters();
        assertThat(refused()).isEmpty();
        compare(journal);
        try (CassandraJournal other = open()) {
            other.join("two:1").toCompletableFuture().join();
            for (int writer = 0; writer < WRITERS; writer++) {
                other.claim(shard(writer)).toCompletableFuture().join();
            }
            compare(other);
        }
    }

    @Test
    void closingDoesNotWaitForADatabaseThatStandsStill() throws Exception {
        startWriters();
        awaitAcknowledged(100);
        cassandra.suspend();
        try {
            CompletableFuture<Void> closing = CompletableFuture.runAsync(journal::close);
            assertThat(closing).succeedsWithin(Duration.ofSeconds(20));
            writers.acquire(WRITERS);
            assertThat(refused()).allMatch(answer -> answer.contains("the journal is closed"));
        } finally {
            cassandra.resume();
        }
    }

    /** Every event that was answered is once in its log, once told, and in the past; the log has no gap. */
    private void compare(CassandraJournal reader) {
        Set<Long> logged = new HashSet<>();
        for (int shard :
                IntStream.range(0, WRITERS).map(OutageTest::shard).distinct().toArray()) {
            List<ObjectEvent> events = new ArrayList<>();
            int read;
            do {
                read = events.size();
                events.addAll(reader.log(shard, read, 1_000)
                        .toCompletableFuture()
                        .join()
                        .events());
            } while (events.size() > read);
            for (ObjectEvent event : events) {
                assertThat(logged.add(event.revision().value()))
                        .as("%s is in the log twice", event.revision())
                        .isTrue();
            }
        }
        Set<Long> yes = new HashSet<>(answers.keySet());
        assertThat(logged).isEqualTo(yes);
        assertThat(told.keySet()).isEqualTo(yes);
        assertThat(told.values()).containsOnly(1);
        try (var past = reader.history().changes(Revision.ZERO, new Revision(Long.MAX_VALUE))) {
            assertThat(past.map(event -> event.revision().value()))
                    .isEqualTo(yes.stream().sorted().toList());
        }
        for (int writer = 0; writer < WRITERS; writer++) {
            ObjectKey key = key(writer);
            try (var history = reader.history().history(key, new Revision(Long.MAX_VALUE))) {
                assertThat((long) history.toList().size())
                        .isEqualTo(reader.lastSequenceNumber(key)
                                .toCompletableFuture()
                                .join());
            }
        }
    }
}
