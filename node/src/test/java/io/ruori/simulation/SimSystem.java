package io.ruori.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.Persistence;
import org.jspecify.annotations.Nullable;

/**
 * One actor system in which all masters of a world live, each life of each of them under names of its own. Worlds come one after
 * the other, since an actor system takes longer to start than most worlds last.
 */
final class SimSystem implements AutoCloseable {
    /** So many lives may one world have. */
    static final int LIVES = 48;

    private static final String PREFIX = "life-";
    private static final ThreadLocal<SimSystem> STARTING = new ThreadLocal<>();
    private static final Map<org.apache.pekko.actor.ActorSystem, SimSystem> ALL = new HashMap<>();

    private final SimThread thread = new SimThread();
    private final Map<Integer, Life> lives = new HashMap<>();
    private final ActorSystem<Void> system;
    private int names;

    SimSystem() {
        STARTING.set(this);
        this.system = ActorSystem.create(Behaviors.empty(), "simulation", config());
        synchronized (ALL) {
            ALL.put(system.classicSystem(), this);
        }
        thread.started();
        Persistence persistence = Persistence.get(system.classicSystem());
        for (int life = 0; life < LIVES; life++) {
            persistence.journalFor("simulation.journal-" + life, ConfigFactory.empty());
        }
        persistence.snapshotStoreFor("", ConfigFactory.empty());
        thread.drain();
    }

    /** Of the thread that runs it. */
    static SimSystem starting() {
        SimSystem starting = STARTING.get();
        if (starting == null) {
            throw new IllegalStateException("only for actor systems of simulations");
        }
        return starting;
    }

    static SimSystem of(org.apache.pekko.actor.ActorSystem system) {
        synchronized (ALL) {
            return java.util.Objects.requireNonNull(ALL.get(system));
        }
    }

    private static Config config() {
        StringBuilder text = new StringBuilder("""
            pekko {
              loggers = []
              use-slf4j = off
              stdout-loglevel = "OFF"
              loglevel = "OFF"
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              jvm-exit-on-fatal-error = off
              jvm-shutdown-hooks = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              actor.provider = local
              scheduler.implementation = "io.ruori.simulation.SimScheduler"
              actor.default-dispatcher { type = Dispatcher, executor = "io.ruori.simulation.SimDispatcher", throughput = 1 }
              actor.internal-dispatcher { type = Dispatcher, executor = "io.ruori.simulation.SimDispatcher", throughput = 1 }
              persistence.dispatchers.default-plugin-dispatcher { type = Dispatcher, executor = "io.ruori.simulation.SimDispatcher", throughput = 1 }
              persistence.max-concurrent-recoveries = 1000000
              persistence.journal.auto-start-journals = []
            }
            """);
        for (int life = 0; life < LIVES; life++) {
            text.append("simulation.journal-").append(life).append("""
                 {
                  class = "io.ruori.simulation.SimPlugin"
                  plugin-dispatcher = "pekko.actor.default-dispatcher"
                  replay-filter.mode = off
                  write-response-global-order = off
                  circuit-breaker { max-failures = 2147483647, call-timeout = 0s, reset-timeout = 1s }
                  recovery-event-timeout = 60s
                }
                """);
        }
        return ConfigFactory.parseString(text.toString())
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    SimThread thread() {
        return thread;
    }

    ActorSystem<Void> actors() {
        return system;
    }

    Life life(int number) {
        return java.util.Objects.requireNonNull(lives.get(number));
    }

    void add(Life life) {
        lives.put(life.number(), life);
    }

    /** An actor at the top, of a life if it has a number. */
    <T> ActorRef<T> spawn(@Nullable Life life, Behavior<T> behavior, String name) {
        String prefix = life == null ? "" : PREFIX + life.number() + "-";
        return system.systemActorOf(behavior, prefix + name + "-" + names++, Props.empty());
    }

    void stop(ActorRef<?> actor) {
        system.classicSystem().stop(Adapter.toClassic(actor));
    }

    /** Whose an actor is, by the name of the topmost one above it. */
    @Nullable
    Life owner(ActorPath path) {
        ActorPath at = path;
        ActorPath root = path.root();
        String name = "";
        while (!at.equals(root)) {
            name = at.name();
            if (name.startsWith(PREFIX) || name.startsWith("simulation.journal-")) {
                int from = name.indexOf('-') + 1;
                int to = from;
                while (to < name.length() && Character.isDigit(name.charAt(to))) {
                    to++;
                }
                return lives.get(Integer.parseInt(name.substring(from, to)));
            }
            at = at.parent();
        }
        return null;
    }

    /** Begins a new world. */
    void reset(long seed) {
        thread.drain();
        lives.clear();
        thread.reset(seed);
    }

    @Override
    public void close() {
        synchronized (ALL) {
            ALL.remove(system.classicSystem());
        }
    }
}
