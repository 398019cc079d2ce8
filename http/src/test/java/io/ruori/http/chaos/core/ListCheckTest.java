package io.ruori.http.chaos.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.http.chaos.core.ListCheck.Listing;
import io.ruori.http.chaos.core.PodCheck.Shown;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists that are not one moment, or not the present, are found; so are Pods on two nodes, and too many or too few of them. */
final class ListCheckTest {
    /** Of one object; another, n, has its only change at revision 3. */
    private static final String CHANGES = "a1u b2u -4u";

    private static final String OPERATIONS = "Ca:1-2=1 Ub@1:3-4=2 Du:7-8=";

    @Test
    void whatWasThenPasses() {
        assertThat(check(0, 1, Map.of("k", 1L))).isEmpty();
        assertThat(check(3, 1, Map.of("k", 1L))).isEmpty();
        assertThat(check(5, 3, Map.of("k", 2L, "n", 3L))).isEmpty();
        assertThat(check(9, 5, Map.of("n", 3L))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "MOMENT, an object is missing, 5, 3, 0, 3",
        "MOMENT, an object is shown as it was before, 5, 3, 1, 3",
        "MOMENT, an object is shown as it was only later, 1, 1, 2, 0",
        "MOMENT, what was deleted is shown, 9, 5, 2, 3",
        "MOMENT, what never was is shown, 5, 2, 2, 7",
        "STALE, a list lacks what was acknowledged before it began, 5, 1, 1, 0",
        "STALE, a list shows what was deleted before it began, 9, 3, 2, 3",
    })
    void mistakesAreFound(String rule, String mistake, long began, long revision, long k, long n) {
        Map<String, Long> shown = new java.util.HashMap<>();
        if (k != 0) {
            shown.put("k", k);
        }
        if (n != 0) {
            shown.put("n", n);
        }
        assertThat(check(began, revision, shown))
                .as(mistake)
                .extracting(Violation::rule)
                .containsOnly(rule);
    }

    @Test
    void podsAreOnOneNodeAndAsManyAsWanted() {
        PodCheck check = new PodCheck();
        Shown waiting = new Shown("u", "one-1", "one", 1, "");
        Shown there = new Shown("u", "one-1", "one", 2, "a");
        check.saw(waiting);
        check.saw(there);
        assertThat(check.atTheEnd(List.of(there), Map.of("one", 1))).isEmpty();
        assertThat(check.atTheEnd(List.of(there), Map.of("one", 2)))
                .extracting(Violation::rule)
                .containsExactly("REPLICAS");
        assertThat(check.atTheEnd(List.of(there, waiting), Map.of("one", 1)))
                .extracting(Violation::rule)
                .containsExactly("REPLICAS");
        check.saw(new Shown("u", "one-1", "one", 3, "b"));
        assertThat(check.violations()).extracting(Violation::rule).containsExactly("BOUND");
    }

    private static List<Violation> check(long began, long revision, Map<String, Long> shown) {
        Histories histories = new Histories();
        for (String word : CHANGES.split(" ")) {
            histories.saw(RegisterCheckTest.change(word), "the store");
        }
        histories.saw(new Change("n", 3, true, "v", "x"), "the store");
        List<Operation> operations = java.util.Arrays.stream(OPERATIONS.split(" "))
                .map(RegisterCheckTest::operation)
                .toList();
        return ListCheck.check(histories, List.of(new Listing("one", began * 10, revision, shown)), operations);
    }
}
