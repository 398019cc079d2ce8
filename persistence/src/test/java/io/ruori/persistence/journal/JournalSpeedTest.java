package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Prints what the store does on this machine; run with {@code -Djournal.speed=true}. Numbers are for ADR 0002, not for a verdict. */
@EnabledIfSystemProperty(named = "journal.speed", matches = "true")
class JournalSpeedTest {
    private static final int ENTITIES = 10_000;
    private static final int ROUNDS = 30;

    @TempDir
    Path directory;

    @Test
    void durableEventsPerSecond() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("speed");
            session.acquireAll().join();
            for (int round = 1; round <= ROUNDS; round++) {
                List<ObjectEvent> events = events(round);
                long start = System.nanoTime();
                long cpu = cpu();
                List<CompletableFuture<Void>> acks = new ArrayList<>();
                for (ObjectEvent event : events) {
                    acks.add(session.append(event.key(), round, List.of(event)));
                }
                CompletableFuture.allOf(acks.toArray(CompletableFuture[]::new)).join();
                print("store, " + ENTITIES + " entities, round " + round, ENTITIES, start, cpu);
            }
        }
    }

    @Test
    void oneAppendAtATime() {
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("speed");
            session.acquireAll().join();
            long start = System.nanoTime();
            long cpu = cpu();
            for (int i = 1; i <= 5_000; i++) {
                ObjectKey key = Samples.pod("one");
                session.append(key, i, List.of(Samples.bigPod(key, i, i == 1))).join();
            }
            print("store, one entity, one at a time", 5_000, start, cpu);
        }
    }

    @Test
    void loadingAView() {
        int pods = 100_000;
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            JournalSession session = store.openSession("speed");
            session.acquireAll().join();
            Semaphore inFlight = new Semaphore(5_000);
            for (int version = 1; version <= 3; version++) {
                for (int i = 0; i < pods; i++) {
                    ObjectEvent event =
                            Samples.bigPod(Samples.pod("web-" + i), (long) version * pods + i, version == 1);
                    inFlight.acquireUninterruptibly();
                    var unused =
                            session.append(event.key(), version, List.of(event)).thenRun(inFlight::release);
                }
            }
            inFlight.acquireUninterruptibly(5_000);
            load(store, "before closing");
            store.abandon();
        }
        long opening = System.nanoTime();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            System.out.printf("opened after a crash in %.2f s%n", (System.nanoTime() - opening) / 1e9);
            load(store, "after a crash");
            load(store, "again");
        }
        opening = System.nanoTime();
        try (RocksJournalStore store = RocksJournalStore.open(directory)) {
            System.out.printf("opened in %.2f s%n", (System.nanoTime() - opening) / 1e9);
            load(store, "after closing");
        }
    }

    private static void load(RocksJournalStore store, String when) {
        long start = System.nanoTime();
        long cpu = cpu();
        try (Stream<StoredObject> objects = store.currentObjects()) {
            long count = objects.count();
            print("loading a view, " + when, count, start, cpu);
        }
    }

    private static List<ObjectEvent> events(int round) {
        List<ObjectEvent> events = new ArrayList<>();
        for (int i = 0; i < ENTITIES; i++) {
            events.add(Samples.bigPod(Samples.pod("web-" + i), (long) round * ENTITIES + i, round == 1));
        }
        return events;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void print(String what, long count, long start, long cpu) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s: %,.0f/s (%d in %.2f s, %.1f us CPU each)%n",
                what, count / seconds, count, seconds, (cpu() - cpu) / 1e3 / count);
    }
}
