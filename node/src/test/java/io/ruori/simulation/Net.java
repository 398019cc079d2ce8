package io.ruori.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is between the masters, and between them and the store: delays, losses, and cuts. */
final class Net {
    private final SimThread thread;
    private final Random random;
    private final Set<String> cuts = new HashSet<>();
    private final Set<String> cutFromStore = new HashSet<>();
    private final Map<String, Pipe> pipes = new HashMap<>();
    private boolean isCalm;

    Net(SimThread thread) {
        this.thread = thread;
        this.random = thread.random();
    }

    /** From now on nothing is lost or late. */
    void calm() {
        isCalm = true;
        cuts.clear();
        cutFromStore.clear();
    }

    void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    void cutFromStore(String machine) {
        cutFromStore.add(machine);
    }

    void heal() {
        cuts.clear();
        cutFromStore.clear();
    }

    boolean reachesStore(Life life) {
        return !life.isDead() && !cutFromStore.contains(life.machine());
    }

    /** Whether one message to or from the store is lost. */
    boolean isLost() {
        return !isCalm && random.nextInt(60) == 0;
    }

    Duration storeDelay() {
        return Duration.ofNanos(200_000L + random.nextInt(isCalm || random.nextInt(40) > 0 ? 2_000_000 : 300_000_000));
    }

    private Duration delay() {
        return Duration.ofNanos(50_000L + random.nextInt(isCalm || random.nextInt(30) > 0 ? 1_500_000 : 200_000_000));
    }

    private boolean carries(@Nullable Life from, Life to) {
        return !to.isDead() && (from == null || !from.isDead() && !cuts.contains(from.machine() + ">" + to.machine()));
    }

    /** As Artery carries messages: in order from one to another, and what is under way at a cut is gone. */
    void send(@Nullable Life from, Life to, Runnable received) {
        if (from == to) {
            thread.execute(to, received);
        } else if (carries(from, to)) {
            String way = (from == null ? "" : from.number()) + ">" + to.number();
            pipes.computeIfAbsent(way, w -> new Pipe(thread)).send(to, delay(), () -> {
                if (carries(from, to)) {
                    received.run();
                }
            });
        }
    }

    /** What may be lost, come twice, or in another order. */
    void post(Life from, Life to, Runnable received) {
        if (!carries(from, to)) {
            return;
        }
        int fate = isCalm ? 99 : random.nextInt(40);
        if (fate != 0) {
            deliver(from, to, delay(), received);
        }
        if (fate == 1) {
            deliver(from, to, delay(), received);
        }
    }

    private void deliver(@Nullable Life from, Life to, Duration delay, Runnable received) {
        thread.later(null, delay, () -> {
            if (carries(from, to)) {
                thread.execute(to, received);
            }
        });
    }
}
