package io.ruori.persistence.journal;

import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.core.ObjectEvent;
import io.ruori.core.ObjectState;
import io.ruori.persistence.Samples;
import io.ruori.persistence.journal.EntityStore.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * A process that writes what a seed says: creations, changes and deletions, of one event and of several, small ones, large ones
 * and Secrets, raised ceilings, claims, and closing and opening in between. Its promises go line by line to a file beside
 * the journal: {@code want} before an append is handed in, {@code kept} once it was acknowledged.
 *
 * <p>Arguments: the journal's directory, the file of promises, the seed, how many appends, and {@code early} to plant a fault:
 * to acknowledge before anything is synced.
 */
final class ScriptedWriter {
    /** As small as RocksDB lets buffers be, so that logs are rolled and reused and tables written and merged all the time. */
    static final JournalOptions SMALL =
            new JournalOptions(6, 1 << 20, 1_000, 64 << 20, 1 << 20, 64 << 10, Set.of(Samples.SECRETS), 8);

    private static final int OBJECTS = 24;
    private static final int SECRETS = 4;
    private static final int IN_FLIGHT = 8;
    private static final int LARGE = 70_000;
    private static final long CEILING_AHEAD = 1_000;

    private final Path directory;
    private final FileChannel promises;
    private final Random random;
    private final boolean early;
    private final Map<ObjectKey, Long> sequenceNumbers = new HashMap<>();
    private final Map<ObjectKey, Boolean> live = new HashMap<>();
    private final Semaphore permits = new Semaphore(IN_FLIGHT);
    private RocksJournalStore store;
    private JournalSession session;
    private long revision;

    private ScriptedWriter(Path directory, FileChannel promises, long seed, boolean early) throws IOException {
        this.directory = directory;
        this.promises = promises;
        this.random = new Random(seed);
        this.early = early;
        this.store = RocksJournalStore.open(directory, SMALL);
        this.session = claim();
        this.revision = store.clockCeiling().value();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        FileChannel promises = open(Path.of(args[1]));
        new ScriptedWriter(Path.of(args[0]), promises, Long.parseLong(args[2]), args.length > 4)
                .write(Integer.parseInt(args[3]));
        Runtime.getRuntime().halt(0);
    }

    /** The same in this process; ends without a proper stop. */
    static void run(Path directory, Path promises, long seed, int appends) throws IOException, InterruptedException {
        try (FileChannel said = open(promises)) {
            ScriptedWriter writer = new ScriptedWriter(directory, said, seed, false);
            writer.write(appends);
            writer.raiseCeiling(); // as a master does every second
            writer.store.abandon();
        }
    }

    private static FileChannel open(Path promises) throws IOException {
        return FileChannel.open(
                promises, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private JournalSession claim() throws IOException {
        JournalSession claiming = store.openSession("scripted");
        long epoch = claiming.acquireAll().join().getFirst();
        say("epoch " + epoch);
        return claiming;
    }

    private void write(int appends) throws IOException, InterruptedException {
        for (int i = 0; i < appends; i++) {
            if (i % 90 == 60) {
                permits.acquire(IN_FLIGHT);
                permits.release(IN_FLIGHT);
                store.close();
                store = RocksJournalStore.open(directory, SMALL);
                session = claim();
            }
            if (random.nextInt(12) == 0) {
                raiseCeiling();
            }
            if (random.nextInt(5) == 0) { // let the queue run dry, so that batches of one append come too
                permits.acquire(IN_FLIGHT);
                permits.release(IN_FLIGHT);
            }
            append();
        }
        permits.acquire(IN_FLIGHT);
    }

    private void raiseCeiling() throws IOException {
        Revision reached =
                store.raiseClockCeiling(new Revision(revision + CEILING_AHEAD)).join();
        say("ceiling " + reached.value());
    }

    private void append() throws IOException, InterruptedException {
        int which = random.nextInt(OBJECTS);
        ObjectKey key =
                which < SECRETS ? ObjectKey.of(Samples.SECRETS, "default", "o" + which) : Samples.pod("o" + which);
        if (!sequenceNumbers.containsKey(key)) {
            Optional<Snapshot> state = store.newestState(key);
            sequenceNumbers.put(key, state.map(Snapshot::sequenceNumber).orElse(0L));
            live.put(key, state.isPresent() && state.get().state() instanceof ObjectState.Live);
        }
        long first = sequenceNumbers.get(key) + 1;
        List<ObjectEvent> events = new ArrayList<>();
        List<String> words = new ArrayList<>();
        int count = random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 1;
        for (int i = 0; i < count; i++) {
            revision++;
            char change = !live.get(key) ? 'c' : random.nextInt(6) == 0 ? 'd' : 'u';
            int roll = random.nextInt(30);
            char size = roll < 2 ? 'L' : roll < 12 ? 's' : 'm';
            live.put(key, change != 'd');
            events.add(event(key, revision, change, size));
            words.add("" + change + size + revision);
        }
        sequenceNumbers.put(key, first + count - 1);
        permits.acquire();
        String name = key.kind().resource() + "/" + key.name();
        say("want " + name + " " + first + " " + String.join(",", words));
        if (early) {
            say("kept " + name + " " + first);
        }
        CompletableFuture<Void> done = session.append(key, first, events);
        var unused = done.whenComplete((nothing, fault) -> {
            try {
                say(fault == null ? "kept " + name + " " + first : "fault " + name + " " + fault);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            permits.release();
        });
    }

    /** What was, or would have been, written under this key and revision. */
    static ObjectEvent event(ObjectKey key, long revision, char change, char size) {
        ObjectEvent whole = switch (size) {
            case 's' -> Samples.created(key, revision);
            case 'L' ->
                new ObjectEvent.Created(
                        Samples.object(key, revision, ("{\"n\":" + revision + "}").repeat(LARGE / 8)),
                        Samples.origin(0),
                        List.of());
            default -> Samples.bigPod(key, revision, true);
        };
        return switch (change) {
            case 'c' -> whole;
            case 'd' -> new ObjectEvent.Deleted(whole.object(), whole.origin(), whole.notes());
            default -> new ObjectEvent.Updated(whole.object(), whole.origin(), whole.notes());
        };
    }

    private synchronized void say(String line) throws IOException {
        promises.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII)));
    }
}
