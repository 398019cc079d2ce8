package io.ruori.simulation;

import com.typesafe.config.ConfigFactory;
import io.ruori.config.MasterSettings;
import io.ruori.core.Edits;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.schema.BuiltInSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Three machines with masters on them, a store, nodes and clients, and faults, for half a minute of its own time; then all is
 * mended, and a while later everything must be as if nothing had happened.
 */
final class World {
    static final int SHARDS = 6;
    static final KindRegistry KINDS = new KindRegistry(Kinds.all());
    static final CompletableFuture<Edits> EDITS = CompletableFuture.completedFuture(new Edits(BuiltInSchemas.load()));
    static final MasterSettings SETTINGS = MasterSettings.from(
            ConfigFactory.parseMap(Map.of("ruori.master.shards", SHARDS, "ruori.data-directory", "/nowhere"))
                    .withFallback(ConfigFactory.defaultReference())
                    .resolve());

    private static final String TRACED = System.getProperty("simulation.trace", "");
    static final List<String> MACHINES = List.of("pekko://ruori@a:1", "pekko://ruori@b:1", "pekko://ruori@c:1");
    private static final Duration STARTS = Duration.ofSeconds(60);
    private static final Duration CALM = Duration.ofSeconds(240);
    /** Back-offs and time limits from before may last as long. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration LOOKS = Duration.ofSeconds(5);

    private final SimSystem system;
    private final SimThread thread;
    private final Random random;
    private final Flaw flaw;
    private final Store store;
    private final Net net;
    private final SimCluster cluster;
    private final Map<String, Life> machines = new LinkedHashMap<>();
    private final List<String> story = new ArrayList<>();
    private final Findings findings;
    private final Clients clients;
    private final Watchers watchers;
    private final SimNodes nodes;
    private int lives;
    private boolean isWatchedOver;

    World(SimSystem system, long seed, Flaw flaw) {
        system.reset(seed);
        this.system = system;
        this.thread = system.thread();
        this.random = thread.random();
        this.flaw = flaw;
        this.store = new Store(thread, SHARDS, flaw);
        this.net = new Net(thread);
        this.cluster = new SimCluster(this);
        this.findings = new Findings(this);
        this.clients = new Clients(this, findings);
        this.watchers = new Watchers(this, findings);
        this.nodes = new SimNodes(this);
    }

    /**
     * Lives through it.
     *
     * @param trouble how long there are faults
     * @throws Untrue what was found wrong
     */
    void run(Duration trouble) {
        try {
            isWatchedOver = true;
            for (String machine : MACHINES) {
                begin(machine);
                thread.run(Duration.ofMillis(100 + random.nextInt(2_000)));
            }
            until(STARTS, "the masters serve", () -> machines.values().stream().allMatch(Life::serves));
            clients.prepare();
            until(STARTS, "there is a namespace", clients::isPrepared);
            isWatchedOver = false;
            nodes.start();
            clients.start();
            watchers.start();
            long end = thread.nanos() + trouble.toNanos();
            while (thread.nanos() < end) {
                thread.run(Duration.ofMillis(200 + random.nextInt(2_500)));
                fault();
                findings.look(machines.values());
                findings.throwFailure();
            }
            mend();
            clients.rest();
            long limit = thread.nanos() + CALM.toNanos();
            thread.run(PATIENCE);
            do {
                thread.run(LOOKS);
            } while (thread.nanos() < limit && !findings.isAtRest(machines.values()));
            findings.look(machines.values());
            findings.check(machines.values());
            watchers.check();
        } finally {
            end();
        }
    }

    private void until(Duration limit, String what, java.util.function.BooleanSupplier reached) {
        long end = thread.nanos() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (thread.nanos() > end) {
                throw new Untrue("it takes too long until " + what);
            }
            thread.run(Duration.ofMillis(100));
        }
    }

    // --- faults

    private void fault() {
        String machine = MACHINES.get(random.nextInt(MACHINES.size()));
        Life life = machines.get(machine);
        if (life == null) {
            begin(machine);
            return;
        }
        boolean wouldBeTwo = machines.values().stream().filter(Life::serves).count() < MACHINES.size();
        if (wouldBeTwo && random.nextInt(4) > 0) {
            return;
        }
        switch (random.nextInt(7)) {
            case 0, 1 -> {
                note(life + " is killed");
                life.die();
            }
            case 2 -> {
                Duration pause = Duration.ofMillis(100L + random.nextInt(random.nextInt(3) == 0 ? 15_000 : 3_000));
                note(life + " stands still for " + pause);
                life.pause();
                thread.later(null, pause, life::resume);
            }
            case 3 -> cut(machine, true, true, true);
            case 4 -> cut(machine, true, random.nextBoolean(), false);
            case 5 -> cut(machine, false, false, true);
            case 6 -> {
                int shard = random.nextInt(SHARDS);
                note("shard " + shard + " moves to " + life);
                cluster.move(shard, life);
            }
            default -> throw new IllegalStateException();
        }
    }

    private void cut(String machine, boolean out, boolean in, boolean fromStore) {
        for (String other : MACHINES) {
            if (!other.equals(machine)) {
                if (out) {
                    net.cut(machine, other);
                }
                if (in) {
                    net.cut(other, machine);
                }
            }
        }
        if (fromStore) {
            net.cutFromStore(machine);
        }
        Duration time = Duration.ofMillis(200L + random.nextInt(8_000));
        note(machine + " is cut off for " + time + (out ? ", says nothing" : "") + (in ? ", hears nothing" : "")
                + (fromStore ? ", without the store" : ""));
        thread.later(null, time, net::heal);
    }

    private void mend() {
        note("all is mended");
        isWatchedOver = true;
        net.calm();
        for (String machine : MACHINES) {
            Life life = machines.get(machine);
            if (life == null) {
                begin(machine);
            } else if (life.isPaused()) {
                life.resume();
            }
        }
    }

    // --- lives

    private void begin(String machine) {
        if (lives == SimSystem.LIVES) {
            throw new Untrue("masters end again and again:\n" + String.join("\n", story));
        }
        Life life = new Life(this, lives++, machine, random.nextInt(400));
        note(life + " begins");
        system.add(life);
        machines.put(machine, life);
        life.start();
    }

    void started(Life life) {
        note(life + " serves");
    }

    void ended(Life life, String what, Throwable why) {
        findings.ended(life, what, why);
    }

    void died(Life life) {
        machines.remove(life.machine(), life);
        if (isWatchedOver) {
            thread.later(null, Duration.ofSeconds(1), () -> begin(life.machine()));
        }
    }

    @Nullable
    Life living(String machine) {
        return machines.get(machine);
    }

    /** One that serves, or would if it were not paused or cut off. */
    @Nullable
    Life any() {
        List<Life> serving = machines.values().stream().filter(Life::serves).toList();
        return serving.isEmpty() ? null : serving.get(random.nextInt(serving.size()));
    }

    private void end() {
        isWatchedOver = false;
        nodes.stop();
        List.copyOf(machines.values()).forEach(Life::die);
        thread.run(Duration.ofMillis(50));
        thread.drain();
    }

    // ---

    void note(String what) {
        story.add(Duration.ofNanos(thread.nanos()).toMillis() + " ms: " + what);
    }

    /** Puts what befalls some objects into the story: those whose names have this in them. */
    void trace(String about, Supplier<String> what) {
        if (!TRACED.isEmpty() && about.contains(TRACED)) {
            note("  " + about + ": " + what.get());
        }
    }

    List<String> story() {
        return story;
    }

    SimSystem system() {
        return system;
    }

    SimThread thread() {
        return thread;
    }

    Random random() {
        return random;
    }

    Flaw flaw() {
        return flaw;
    }

    Store store() {
        return store;
    }

    Net net() {
        return net;
    }

    SimCluster cluster() {
        return cluster;
    }
}
