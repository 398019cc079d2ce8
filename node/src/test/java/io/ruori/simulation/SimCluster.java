package io.ruori.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of actors: who is in it, and which of them each shard is at home with. A life that is taken out does not hear of it
 * while it stands still or is cut off, and goes on with the shards it had.
 */
final class SimCluster {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
    private static final Duration FALLS_ASLEEP = Duration.ofMillis(300);

    private final World world;
    private final Map<String, Life> up = new LinkedHashMap<>();
    private final Map<Integer, Life> homes = new TreeMap<>();
    private final Map<Life, String> trying = new HashMap<>();
    private final Set<Integer> moving = new HashSet<>();
    private long versions;

    SimCluster(World world) {
        this.world = world;
    }

    Set<String> addresses() {
        return up.keySet();
    }

    boolean has(Life life) {
        return up.get(life.machine()) == life;
    }

    void join(Life life, String address) {
        trying.put(life, address);
        attempt(life, address);
    }

    private void attempt(Life life, String address) {
        if (has(life) || !address.equals(trying.get(life))) {
            return;
        }
        Life there = up.get(address);
        boolean begins = address.equals(life.machine());
        boolean meets = there != null && !there.isDead() && !there.isPaused();
        if (begins || meets) {
            world.note(life + " is in the cluster");
            takeOut(life.machine());
            up.put(life.machine(), life);
            homes.forEach((shard, home) -> life.entities().home(shard, home, versions++));
            settle();
            rebalance(life);
        } else {
            world.thread().later(life, TRY_AGAIN, () -> attempt(life, address));
        }
    }

    /** Whoever is at an address, as {@code Down} has it. */
    void down(String address, Life by) {
        Life gone = up.get(address);
        if (gone == null || !has(by)) {
            return;
        }
        world.note(by + " takes " + gone + " out of the cluster");
        takeOut(address);
        settle();
        world.thread()
                .later(
                        gone,
                        FALLS_ASLEEP,
                        () -> gone.leave("it was taken out of the cluster", new IllegalStateException()));
    }

    private void takeOut(String address) {
        Life gone = up.remove(address);
        if (gone != null) {
            new ArrayList<>(homes.keySet()).forEach(shard -> {
                if (homes.get(shard) == gone) {
                    homes.remove(shard);
                    moving.remove(shard);
                }
            });
        }
    }

    /** Gives every shard a home that has none. */
    private void settle() {
        for (int shard = 0; shard < World.SHARDS; shard++) {
            if (!homes.containsKey(shard)) {
                Life home = emptiest();
                if (home != null) {
                    place(shard, home);
                }
            }
        }
    }

    private @Nullable Life emptiest() {
        return up.values().stream()
                .min(Comparator.comparingLong(this::held).thenComparing(Life::machine))
                .orElse(null);
    }

    private long held(Life life) {
        return homes.values().stream().filter(home -> home == life).count();
    }

    private void place(int shard, Life home) {
        homes.put(shard, home);
        tellAll(shard, home);
    }

    /** Those that are still up hear of it; nobody else does. */
    private void tellAll(int shard, @Nullable Life home) {
        long version = versions++;
        for (Life life : List.copyOf(up.values())) {
            if (!life.isDead()) {
                world.thread().later(null, world.net().storeDelay(), () -> {
                    if (!life.isDead()) {
                        world.thread().execute(life, () -> life.entities().home(shard, home, version));
                    }
                });
            }
        }
    }

    /** A newcomer gets its share, in the order that Pekko keeps: everybody stops sending, the old home stops, the new one starts. */
    private void rebalance(Life newcomer) {
        int share = World.SHARDS / Math.max(1, up.size());
        List<Integer> taken = new ArrayList<>();
        homes.forEach((shard, home) -> {
            if (home != newcomer && held(home) > share && taken.size() < share - held(newcomer)) {
                taken.add(shard);
            }
        });
        taken.forEach(shard -> move(shard, newcomer));
    }

    void move(int shard, Life to) {
        Life from = homes.get(shard);
        if (from == null || from == to || from.isDead() || !has(to) || !moving.add(shard)) {
            return;
        }
        long version = versions++;
        up.values().stream()
                .filter(life -> !life.isDead())
                .forEach(life -> life.entities().home(shard, null, version));
        world.thread()
                .execute(
                        from,
                        () -> from.entities().handOff(shard, () -> {
                            moving.remove(shard);
                            if (homes.get(shard) == from && has(to)) {
                                place(shard, to);
                            } else if (homes.get(shard) == from) {
                                place(shard, from);
                            }
                        }));
    }
}
