package io.ruori.http.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds out how soon shards take writes, by writing to one object of each until one is acknowledged. */
final class Probes {
    /** One that waits is answered as soon as its shard takes writes; the next is for where its master is in trouble itself. */
    private static final Duration EVERY = Duration.ofSeconds(3);

    private static final Duration AFTER_REFUSAL = Duration.ofMillis(500);
    private static final List<String> NAMES = ConfigMaps.probes();

    private final Writers writers;
    private final List<MasterClient> clients;

    Probes(Writers writers, List<MasterClient> clients) {
        this.writers = writers;
        this.clients = clients;
    }

    /** Makes the objects that are written to. */
    void make() throws InterruptedException {
        for (int shard = 0; shard < NAMES.size(); shard++) {
            String name = NAMES.get(shard);
            MasterClient client = clients.get(shard % clients.size());
            if (!RunCluster.reached(
                    Duration.ofMinutes(1), () -> writers.create(client, name).join())) {
                throw new IllegalStateException(name + " could not be made");
            }
        }
    }

    /** What is found of some shards from a time on. */
    final class Search {
        private final long since = System.nanoTime();
        private final Map<Integer, Duration> writable = new ConcurrentSkipListMap<>();
        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean over;

        Search(Collection<Integer> shards, List<MasterClient> through) {
            for (int shard : shards) {
                threads.add(Thread.ofVirtual().start(() -> search(shard, through)));
            }
        }

        private void search(int shard, List<MasterClient> through) {
            try {
                for (int i = shard; !over && !writable.containsKey(shard); i++) {
                    var answer = writers.patch(through.get(i % through.size()), NAMES.get(shard))
                            .thenAccept(acknowledged -> {
                                if (acknowledged) {
                                    writable.putIfAbsent(shard, Duration.ofNanos(System.nanoTime() - since));
                                }
                            });
                    try {
                        answer.get(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                        if (!writable.containsKey(shard)) {
                            Thread.sleep(AFTER_REFUSAL);
                        }
                    } catch (TimeoutException e) {
                        // Another is sent beside it.
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean isDone() {
            return threads.stream().noneMatch(Thread::isAlive);
        }

        void end() {
            over = true;
        }

        /** By shard; those that did not take a write are missing. */
        Map<Integer, Duration> writable() {
            return Map.copyOf(new ConcurrentHashMap<>(writable));
        }
    }
}
