package io.ruori.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterRoundsTest {
    private static final List<String> MASTERS = List.of("a", "b", "c");

    @Test
    void everyMasterIsTriedOnceARoundAndTheLastOneLastInTheNext() {
        for (int seed = 0; seed < 50; seed++) {
            MasterRounds rounds = new MasterRounds(KnownMasters.given(MASTERS), new Random(seed));
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
            MasterRounds rounds = new MasterRounds(KnownMasters.given(MASTERS), new Random(seed));
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
            first.add(new MasterRounds(KnownMasters.given(MASTERS), new Random(seed)).next());
        }
        assertThat(first).hasSize(3);
    }

    @Test
    void nobodyIsWaitedForLongWhileOthersMayAnswer() {
        MasterRounds rounds = new MasterRounds(KnownMasters.given(MASTERS), new Random(1));
        for (int i = 0; i < 6; i++) {
            rounds.next();
            assertThat(rounds.patience()).isEqualTo(Duration.ofMillis(1500));
        }
        rounds.next();
        assertThat(rounds.patience()).isEqualTo(Duration.ofSeconds(5));
        MasterRounds only = new MasterRounds(KnownMasters.given(List.of("a")), new Random(1));
        only.next();
        assertThat(only.patience()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whomMastersNameIsTriedBeforeWhomTheyDoNot() {
        for (int seed = 0; seed < 50; seed++) {
            MasterRounds rounds = new MasterRounds(KnownMasters.given(List.of("gone")), new Random(seed));
            rounds.next();
            rounds.reached();
            rounds.know(rounds.masters().told(MASTERS));
            assertThat(List.of(rounds.next(), rounds.next(), rounds.next()))
                    .containsExactlyInAnyOrderElementsOf(MASTERS);
            assertThat(rounds.next()).isEqualTo("gone");
        }
    }

    @Test
    void aMasterThatNamesItselfAloneTakesNobodyAway() {
        KnownMasters known = KnownMasters.given(List.of("a")).told(MASTERS).told(List.of("b"));
        assertThat(known).isEqualTo(new KnownMasters(List.of("b"), List.of("a", "c")));
        assertThat(known.told(MASTERS)).isEqualTo(KnownMasters.given(MASTERS));
        assertThat(known.told(List.of())).isEqualTo(known);
    }

    @Test
    void addressesThatChangeDoNotPileUp() {
        KnownMasters known = KnownMasters.given(List.of("a"));
        for (int i = 0; i < 100; i++) {
            known = known.told(List.of("m-" + i));
        }
        assertThat(known.size()).isEqualTo(17);
        assertThat(known.former()).startsWith("m-98", "m-97");
    }

    @Test
    void whatWasLearnedOutlivesTheAgent(@TempDir Path node) throws IOException {
        assertThat(KnownMasters.read(node, List.of("a"))).isEqualTo(KnownMasters.given(List.of("a")));
        new KnownMasters(List.of("b", "c"), List.of("a")).write(node);
        assertThat(KnownMasters.read(node, List.of("new")))
                .isEqualTo(new KnownMasters(List.of("b", "c"), List.of("new", "a")));
    }
}
