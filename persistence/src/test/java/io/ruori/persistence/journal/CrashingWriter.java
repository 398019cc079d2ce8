package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.core.ObjectEvent;
import io.ruori.persistence.Samples;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** A process that appends as fast as it can and prints each acknowledgement, until somebody kills it. */
final class CrashingWriter {
    private static final int ENTITIES = 50;
    private static final int IN_FLIGHT = 20;

    /** Small buffers, so that logs are rolled and reused all the time. */
    static final JournalOptions SMALL =
            new JournalOptions(100, 1 << 20, 1_000, 64 << 20, 4 << 20, 256 << 10, Set.of(), 128);

    private CrashingWriter() {}

    public static void main(String[] args) throws InterruptedException {
        RocksJournalStore store = RocksJournalStore.open(Path.of(args[0]), SMALL);
        JournalSession session = store.openSession("crashing");
        session.acquireAll().join();
        PrintStream acks = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);
        long[] sequenceNumbers = new long[ENTITIES];
        for (int i = 0; i < ENTITIES; i++) {
            sequenceNumbers[i] = store.lastSequenceNumber(Samples.pod("p" + i));
        }
        Semaphore permits = new Semaphore(IN_FLIGHT);
        long revision = store.newestRevision().value();
        for (long n = 0; ; n++) {
            int entity = (int) (n % ENTITIES);
            long sequenceNumber = ++sequenceNumbers[entity];
            ObjectKey key = Samples.pod("p" + entity);
            ObjectEvent event = Samples.bigPod(key, ++revision, sequenceNumber == 1);
            permits.acquire();
            var unused = session.append(key, sequenceNumber, List.of(event)).whenComplete((done, fault) -> {
                acks.println(key.name() + " " + sequenceNumber + " " + (fault == null ? event.revision() : fault));
                permits.release();
            });
        }
    }
}
