package io.ruori.http.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Something that happens to one master.
 *
 * @param lasts until it is undone: a killed master is started, a stopped one goes on, a cut network is mended
 */
record Fault(int number, Kind kind, int victim, Duration lasts) {
    enum Kind {
        KILL("kill -9"),
        STOP("stands still"),
        CUT_FROM_MASTERS("cut from the other masters"),
        CUT_FROM_DATABASE("cut from the database"),
        CUT_FROM_ALL("cut from everything"),
        DEAF_TO_MASTERS("does not hear the other masters"),
        MUTE_TO_MASTERS("is not heard by the other masters");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private static final List<Kind> CUTS = List.of(
            Kind.CUT_FROM_MASTERS,
            Kind.CUT_FROM_DATABASE,
            Kind.CUT_FROM_ALL,
            Kind.DEAF_TO_MASTERS,
            Kind.MUTE_TO_MASTERS);

    /** As many of each kind, about: kills, stops of 1 to 60 s (half of them below 8 s), cuts of 3 to 20 s. */
    static Fault random(int number, int masters, Random random) {
        int victim = 1 + random.nextInt(masters);
        return switch (random.nextInt(3)) {
            case 0 -> new Fault(number, Kind.KILL, victim, Duration.ofMillis(random.nextLong(500, 6_000)));
            case 1 ->
                new Fault(number, Kind.STOP, victim, Duration.ofMillis((long)
                        (1_000 * Math.exp(random.nextDouble() * Math.log(60)))));
            default ->
                new Fault(
                        number,
                        CUTS.get(random.nextInt(CUTS.size())),
                        victim,
                        Duration.ofMillis(random.nextLong(3_000, 20_000)));
        };
    }

    void begin(RunCluster cluster, RunNetwork network, int masters) throws Exception {
        List<String> others = IntStream.rangeClosed(1, masters)
                .filter(other -> other != victim)
                .mapToObj(RunNetwork::masterAddress)
                .toList();
        List<String> database = List.of(RunNetwork.DATABASE_ADDRESS);
        switch (kind) {
            case KILL -> cluster.kill(victim);
            case STOP -> cluster.signal(victim, "STOP");
            case CUT_FROM_MASTERS -> network.cut(victim, others, others);
            case CUT_FROM_DATABASE -> network.cut(victim, database, database);
            case CUT_FROM_ALL -> {
                List<String> all = List.of("10.0.0.0/8");
                network.cut(victim, all, all);
            }
            case DEAF_TO_MASTERS -> network.cut(victim, others, List.of());
            case MUTE_TO_MASTERS -> network.cut(victim, List.of(), others);
        }
    }

    void end(RunCluster cluster, RunNetwork network) throws Exception {
        switch (kind) {
            case KILL -> cluster.revive(victim);
            case STOP -> cluster.signal(victim, "CONT");
            case CUT_FROM_MASTERS, CUT_FROM_DATABASE, CUT_FROM_ALL, DEAF_TO_MASTERS, MUTE_TO_MASTERS ->
                network.heal(victim);
        }
    }
}
