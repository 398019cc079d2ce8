package io.ruori.http.chaos;

import io.ruori.http.chaos.Recording.Begun;
import io.ruori.http.chaos.core.Operation;
import io.ruori.http.chaos.core.Operation.Outcome;
import io.ruori.http.chaos.core.Violation;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One run, from the start of the processes to the verdict. Faults come one at a time: the next one waits until every master
 * serves, counts all others, and every shard is held, so a majority is never impaired; but what a fault leaves behind
 * (shards that still move, caches that are cold) is there when the next one comes.
 */
public final class Run {
    private static final Duration WHOLE_AGAIN = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofMinutes(8);
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(60);
    private static final Duration CALM_BEFORE = Duration.ofSeconds(10);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(10);
    private static final int CHECK_EVERY_FAULTS = 10;

    private final RunSettings settings;
    private final RunNetwork network;
    private final PrintStream out;
    private final RunCluster cluster;
    private final Recording recording = new Recording();
    private final List<Impact> impacts = new ArrayList<>();
    private final AtomicReference<String> doing = new AtomicReference<>("warming up");
    private final Set<Violation> found = new HashSet<>();
    private long began;

    public Run(RunSettings settings, RunNetwork network, PrintStream out) {
        this.settings = settings;
        this.network = network;
        this.out = out;
        this.cluster = new RunCluster(settings, network, this::say);
    }

    /** @return whether nothing was found */
    public boolean run() throws Exception {
        say("starting a database, " + settings.masters() + " masters and " + RunCluster.NODES.size() + " nodes");
        cluster.start();
        List<MasterClient> clients = cluster.clients();
        MasterClient first = clients.get(0);
        first.send(
                        "POST",
                        "/api/v1/namespaces",
                        "application/json",
                        "{\"metadata\":{\"name\":\"" + ConfigMaps.NAMESPACE + "\"}}",
                        MasterClient.PATIENCE)
                .join();
        Writers writers = new Writers(settings, recording, clients);
        Lists lists = new Lists(recording);
        Scaling scaling = new Scaling(settings, recording, clients);
        Watchers watchers =
                new Watchers(settings, recording, clients, lists.list(first).orElseThrow());
        watchers.start();
        Probes probes = new Probes(writers, clients);
        probes.make();
        began = System.nanoTime();
        writers.start();
        lists.start(clients);
        scaling.start();
        Thread status = Thread.ofVirtual().start(this::tellStatus);
        Thread.sleep(CALM_BEFORE);
        Random random = new Random(settings.seed());
        for (int number = 1; number <= settings.faults(); number++) {
            Fault fault = Fault.random(number, settings.masters(), random);
            Thread.sleep(random.nextInt(1_000, 4_000));
            suffer(fault, probes);
            if (number % CHECK_EVERY_FAULTS == 0) {
                doing.set("checking");
                Verdict.soFar(recording, watchers, lists, first).forEach(this::found);
            }
        }
        doing.set("coming to rest");
        writers.stop();
        lists.stop();
        scaling.stop();
        Duration lasted = since(began);
        RunCluster.reached(
                MasterClient.PATIENCE.plusSeconds(2),
                () -> recording.operations(0).stream().noneMatch(Begun::isOpen));
        scaling.atTheEnd().forEach(this::found);
        judge(writers, watchers, lists);
        status.interrupt();
        return new Report(settings, recording, watchers, impacts, List.copyOf(found), lasted, cluster.endings(), lists)
                .write(out);
    }

    private void suffer(Fault fault, Probes probes) throws Exception {
        Map<Integer, Set<Integer>> held = cluster.held();
        Set<Integer> lost = held.getOrDefault(fault.victim(), Set.of());
        Set<Integer> safe = new HashSet<>();
        held.forEach((master, shards) -> {
            if (master != fault.victim()) {
                safe.addAll(shards);
            }
        });
        List<MasterClient> healthy = cluster.clients().stream()
                .filter(client -> client.number() != fault.victim())
                .toList();
        doing.set(fault.number() + " master-" + fault.victim() + " "
                + fault.kind().words());
        int before = recording.size();
        Duration at = since(began);
        long start = System.nanoTime();
        fault.begin(cluster, network, settings.masters());
        Probes.Search search = probes.new Search(lost, healthy);
        Thread.sleep(fault.lasts());
        fault.end(cluster, network);
        long ended = System.nanoTime();
        doing.set(fault.number() + " master-" + fault.victim() + " recovers");
        boolean whole = RunCluster.reached(WHOLE_AGAIN, cluster::isWhole);
        Duration toWhole = since(ended);
        if (!whole) {
            found(new Violation(
                    "RETURN",
                    "",
                    "fault " + fault + ": not all masters were back after " + WHOLE_AGAIN.toSeconds() + " s"));
            if (!RunCluster.reached(GIVE_UP, cluster::isWhole)) {
                throw new IllegalStateException("the masters do not get whole again after fault " + fault);
            }
        }
        RunCluster.reached(LONGEST_SEARCH.minus(since(start)), search::isDone);
        search.end();
        Map<Integer, Duration> writable = search.writable();
        Duration window = writable.values().stream().max(Duration::compareTo).orElse(fault.lasts());
        Impact impact =
                impact(fault, at, lost, safe, writable, before, start, start + window.toNanos(), toWhole, whole);
        impacts.add(impact);
        say(String.format(
                Locale.ROOT,
                "fault %3d  master-%d %s, %.1f s: %d shards, writable after %.1f s (slowest); others' longest write"
                        + " %.2f s of %d; whole after %.1f s",
                fault.number(),
                fault.victim(),
                fault.kind().words(),
                Impact.seconds(fault.lasts()),
                lost.size(),
                Impact.seconds(impact.slowest()),
                Impact.seconds(impact.othersStall()),
                impact.othersWrites(),
                Impact.seconds(toWhole)));
    }

    /** Looks at writes through other masters to shards of other masters that were on their way between two times. */
    private Impact impact(
            Fault fault,
            Duration at,
            Set<Integer> lost,
            Set<Integer> safe,
            Map<Integer, Duration> writable,
            int firstOperation,
            long from,
            long to,
            Duration toWhole,
            boolean whole) {
        long longest = 0;
        int writes = 0;
        int failed = 0;
        for (Begun begun : recording.operations(firstOperation)) {
            Operation operation = begun.operation();
            boolean counts = begun.master() != fault.victim()
                    && operation.kind() != Operation.Kind.READ
                    && operation.began() >= from
                    && operation.began() <= to
                    && safe.contains(ConfigMaps.shard(
                            operation.key().substring(operation.key().indexOf('/') + 1)));
            if (counts) {
                writes++;
                longest = Math.max(longest, Math.min(operation.ended(), System.nanoTime()) - operation.began());
                if (operation.outcome() == Outcome.UNKNOWN || operation.outcome() == Outcome.REFUSED) {
                    failed++;
                }
            }
        }
        return new Impact(
                fault,
                at,
                lost.size(),
                writable,
                lost.size() - writable.size(),
                Duration.ofNanos(longest),
                writes,
                failed,
                toWhole,
                whole);
    }

    private void judge(Writers writers, Watchers watchers, Lists lists) throws InterruptedException {
        doing.set("judging");
        for (MasterClient client : cluster.clients()) {
            if (lists.list(client).isEmpty()) {
                found(new Violation("END", "", client.name() + " answers no list at the end"));
            }
        }
        // Something to be told of last, by all watches.
        String last = ConfigMaps.probes().get(0);
        boolean written = writers.patch(cluster.client(1), last).join();
        Optional<Long> end = lists.list(cluster.client(1))
                .flatMap(any -> recording.histories().newest(ConfigMaps.key(last)));
        if (!written || end.isEmpty()) {
            found(new Violation("END", "", "no write is acknowledged at the end"));
            return;
        }
        if (!RunCluster.reached(LONGEST_SEARCH, () -> watchers.haveSeen(end.get()))) {
            found(new Violation(
                    "WATCH", "", "not everybody was told all up to " + end.get() + ": " + watchers.behind()));
        }
        watchers.stop();
        writers.patch(cluster.client(1), last).join();
        Thread.sleep(2_000);
        List<Operation> operations =
                recording.operations(0).stream().map(Begun::operation).toList();
        Verdict.of(recording.histories(), operations, recording.listings()).forEach(this::found);
        watchers.faults(recording.histories().journal(), end.get()).stream()
                .map(fault -> new Violation("WATCH", "", fault))
                .forEach(this::found);
        recording.pods().violations().forEach(this::found);
    }

    private void found(Violation violation) {
        if (found.add(violation) && found.size() <= 20) {
            say("VIOLATION " + violation);
        }
    }

    private void tellStatus() {
        try {
            long before = 0;
            for (; ; ) {
                Thread.sleep(STATUS_EVERY);
                long now = recording.acknowledged();
                say(String.format(
                        Locale.ROOT,
                        "%d writes/s, %d acknowledged, %d maybe, %d violations; %s",
                        (now - before) / STATUS_EVERY.toSeconds(),
                        now,
                        recording.unknown(),
                        found.size(),
                        doing.get()));
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String line) {
        out.printf(Locale.ROOT, "%7.1f s  %s%n", began == 0 ? 0 : Impact.seconds(since(began)), line);
        out.flush();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
