package io.ruori.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Whatever befalls the masters, what clients were promised holds. */
class SimulationTest {
    private static final Duration TROUBLE = Duration.ofSeconds(20);
    private static final long FIRST = Long.getLong("simulation.first", 0);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1_000);
    private static final int ENOUGH = 300;
    private static final int TELL = 1_000;

    /** Found in so many worlds, it is most likely the same mistake. */
    private static final int TOO_MANY = 5;

    /** What masters log, with the times of this machine: to look at one seed. */
    private static final Level LEVEL = Level.toLevel(System.getProperty("simulation.log"), Level.OFF);

    private static SimSystem system;

    @BeforeAll
    static void start() {
        ((Logger) LoggerFactory.getLogger("io.ruori")).setLevel(LEVEL);
        ((Logger) LoggerFactory.getLogger("org.apache.pekko")).setLevel(Level.OFF);
        system = new SimSystem();
        // Pekko makes some actors when it first needs them: no world that counts must be the first.
        new World(system, 0, Flaw.NONE).run(TROUBLE);
    }

    @AfterAll
    static void stop() {
        system.close();
        ((Logger) LoggerFactory.getLogger("io.ruori")).setLevel(null);
        ((Logger) LoggerFactory.getLogger("org.apache.pekko")).setLevel(null);
    }

    @Test
    void whatIsPromisedHolds() {
        List<String> found = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + SEEDS && found.size() < TOO_MANY; seed++) {
            World world = new World(system, seed, Flaw.NONE);
            try {
                world.run(TROUBLE);
            } catch (Untrue untrue) {
                found.add("seed " + seed + ": " + untrue.getMessage() + "\n" + String.join("\n", world.story())
                        + "\nthe same again: ./ruori bench sim 1 " + seed);
                System.out.println(found.getLast());
            }
            if ((seed - FIRST + 1) % TELL == 0) {
                System.out.println((seed - FIRST + 1) + " of " + SEEDS + " worlds lived through, in " + found.size()
                        + " of them something found");
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void aSeedIsLivedThroughTheSameWayAgain() {
        for (long seed = FIRST; seed < FIRST + 5; seed++) {
            List<String> once = lived(seed);
            assertThat(lived(seed)).as("seed %d", seed).isEqualTo(once);
        }
    }

    private static List<String> lived(long seed) {
        World world = new World(system, seed, Flaw.NONE);
        world.run(TROUBLE);
        List<String> story = new ArrayList<>(world.story());
        story.add("trace " + system.thread().trace());
        return story;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aMistakeIsFound(Flaw flaw) {
        String found = "";
        long seed = 0;
        while (found.isEmpty()) {
            assertThat(seed).as("seeds tried with %s", flaw).isLessThan(ENOUGH);
            found = untrue(seed++, flaw);
        }
    }

    private static String untrue(long seed, Flaw flaw) {
        try {
            new World(system, seed, flaw).run(TROUBLE);
            return "";
        } catch (Untrue found) {
            return String.valueOf(found.getMessage());
        }
    }
}
