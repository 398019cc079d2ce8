package io.ruori.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import io.ruori.api.ObjectKey;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.Keys;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Rates and times, printed and not judged: {@code -Djournal.speed=true}. */
@Tag("services")
@EnabledIfSystemProperty(named = "journal.speed", matches = "true")
class CassandraSpeedTest {
    private static final long NANOS_EACH = 6_000_000_000L;

    @TempDir
    Path directory;

    private CassandraSettings settings() {
        return CassandraProcess.settings(
                CassandraProcess.shared(), CassandraProcess.newKeyspace(), directory.resolve("keys"), 32 << 20);
    }

    @Test
    void appends() {
        try (CassandraJournal journal = CassandraJournal.open(settings())) {
            journal.join("one:1").toCompletableFuture().join();
            for (int round = 0; round < 2; round++) {
                long start = System.nanoTime();
                CompletableFuture.allOf(IntStream.range(0, 128)
                                .mapToObj(shard -> {
                                    journal.release(shard);
                                    return journal.claim(shard).toCompletableFuture();
                                })
                                .toArray(CompletableFuture[]::new))
                        .join();
                System.out.printf("128 claims: %,d ms%n", (System.nanoTime() - start) / 1_000_000);
                start = System.nanoTime();
                journal.shards().toCompletableFuture().join();
                System.out.printf("128 heads: %,d ms%n", (System.nanoTime() - start) / 1_000_000);
            }
            AtomicLong revision = new AtomicLong(1L << 40);
            for (int writers : new int[] {64, 1, 64, 1_000, 1, 64, 1_000}) {
                String name = "w" + revision.get() + "-";
                run("append", writers, (writer, turn) -> {
                    ObjectKey key = Samples.pod(name + writer);
                    ObjectEvent event = Samples.bigPod(key, revision.incrementAndGet(), turn == 1);
                    return journal.append(key, turn, List.of(event)).toCompletableFuture();
                });
            }
        }
    }

    /** The other way of fencing: write to a quorum, then read the epoch serially, and answer only if it is still one's own. */
    @Test
    void quorumWriteThenSerialReadOfTheEpoch() {
        CassandraSettings settings = settings();
        CassandraJournal.open(settings).close();
        try (Cql cql = Cql.open(settings)) {
            LogTable log = new LogTable(cql, 128);
            for (int shard = 0; shard < 128; shard++) {
                log.tryTake(shard, null, "me");
            }
            AtomicLong place = new AtomicLong();
            for (int writers : new int[] {64, 1, 64, 1_000}) {
                run("quorum write, serial read", writers, (writer, turn) -> {
                    ObjectKey key = Samples.pod("q" + writer);
                    ObjectEvent event = Samples.bigPod(key, place.incrementAndGet(), turn == 1);
                    int shard = writer % 128;
                    byte[] object = Keys.object(key);
                    return cql.writeAsync(BatchStatement.newInstance(
                                    BatchType.UNLOGGED,
                                    cql.bind(
                                            "INSERT INTO $log (shard, bucket, place, object, revision, value)"
                                                    + " VALUES (?, ?, ?, ?, ?, ?)",
                                            shard,
                                            0,
                                            place.incrementAndGet(),
                                            ByteBuffer.wrap(object),
                                            event.revision().value(),
                                            ByteBuffer.wrap(event.object().json()))))
                            .thenComposeAsync(written -> cql.readAsync(
                                    cql.bind("SELECT DISTINCT epoch FROM $log WHERE shard = ? AND bucket = ?", shard, 0)
                                            .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_SERIAL)))
                            .toCompletableFuture();
                });
            }
        }
    }

    private interface Write {
        CompletableFuture<?> write(int writer, long turn);
    }

    /** So many writers, each waiting for its answer before it writes again. */
    private static void run(String what, int writers, Write write) {
        long start = System.nanoTime();
        Duration server = processorTime(CassandraProcess.shared().pid());
        Duration client = processorTime(ProcessHandle.current().pid());
        long end = start + NANOS_EACH;
        long[] times = new long[4_000_000];
        AtomicInteger count = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        Semaphore done = new Semaphore(0);
        for (int writer = 0; writer < writers; writer++) {
            next(write, writer, 1, end, times, count, failed, done);
        }
        done.acquireUninterruptibly(writers);
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] sorted = Arrays.copyOf(times, count.get());
        Arrays.sort(sorted);
        System.out.printf(
                "%s, %,5d at once: %,8.0f/s, p50 %.1f ms, p99 %.1f ms, failed %d, CPU each: database %d us, here %d"
                        + " us%n",
                what,
                writers,
                count.get() / seconds,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                failed.get(),
                processorTime(CassandraProcess.shared().pid()).minus(server).toNanos() / 1_000 / count.get(),
                processorTime(ProcessHandle.current().pid()).minus(client).toNanos() / 1_000 / count.get());
        assertThat(count.get()).isPositive();
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    private static void next(
            Write write,
            int writer,
            long turn,
            long end,
            long[] times,
            AtomicInteger count,
            AtomicInteger failed,
            Semaphore done) {
        long begun = System.nanoTime();
        if (begun > end) {
            done.release();
            return;
        }
        write.write(writer, turn).whenCompleteAsync((answer, fault) -> {
            if (fault == null) {
                times[count.getAndIncrement()] = System.nanoTime() - begun;
            } else {
                failed.incrementAndGet();
            }
            next(write, writer, fault == null ? turn + 1 : turn, end, times, count, failed, done);
        });
    }
}
