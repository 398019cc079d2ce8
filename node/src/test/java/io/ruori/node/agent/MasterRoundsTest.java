package io.ruori.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MasterRoundsTest {
    private static final List<String> MASTERS = List.of("a", "b", "c");

    @Test
    void everyMasterIsTriedOnceARoundAndTheLastOneLastInTheNext() {
        for (int seed = 0; seed < 50; seed++) {
            MasterRounds rounds = new MasterRounds(MASTERS, new Random(seed));
            Set<String> first = new HashSet<>(List.of(rounds.next(), rounds.next()));
            String last = rounds.next();
            first.add(last);
            assertThat(first).containsExactlyInAnyOrderElementsOf(MASTERS);
            assertThat(rounds.next()).isNotEqualTo(last);
            assertThat(rounds.next()).isNotEqualTo(last);
            assertThat(rounds.next()).isEqualTo(last);
        }
    }

    @Test
    void aLostMasterIsTheLastToBeTriedAgain() {
        for (int seed = 0; seed < 50; seed++) {
            MasterRounds rounds = new MasterRounds(MASTERS, new Random(seed));
            String lost = rounds.next();
            rounds.reached();
            assertThat(List.of(rounds.next(), rounds.next())).doesNotContain(lost);
            assertThat(rounds.next()).isEqualTo(lost);
        }
    }

    @Test
    void nodesSpread() {
        Set<String> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            first.add(new MasterRounds(MASTERS, new Random(seed)).next());
        }
        assertThat(first).hasSize(3);
    }

    @Test
    void nobodyIsWaitedForLongWhileOthersMayAnswer() {
        MasterRounds rounds = new MasterRounds(MASTERS, new Random(1));
        for (int i = 0; i < 6; i++) {
            rounds.next();
            assertThat(rounds.patience()).isEqualTo(Duration.ofMillis(1500));
        }
        rounds.next();
        assertThat(rounds.patience()).isEqualTo(Duration.ofSeconds(5));
        MasterRounds only = new MasterRounds(List.of("a"), new Random(1));
        only.next();
        assertThat(only.patience()).isEqualTo(Duration.ofSeconds(5));
    }
}
