package io.ruori.http.chaos.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.http.chaos.core.WatchChecker.Connection;
import io.ruori.http.chaos.core.WatchChecker.Fault;
import io.ruori.http.chaos.core.WatchChecker.Rule;
import io.ruori.http.chaos.core.WatchChecker.Told;
import io.ruori.http.chaos.core.WatchChecker.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The checker passes what is right, and each fault that is planted in a recording is found and called by the promise it
 * breaks. Recordings are words: {@code A} added, {@code M} modified, {@code D} deleted, {@code B} a bookmark, {@code E} an
 * error; {@code Ma5y} is the change at revision 5 to the object a with the label y; {@code |} is a lost connection.
 */
final class WatchCheckerTest {
    /** Revision 8 changed two objects. The letter after a revision is the label; a deletion has none. */
    private static final String JOURNAL = "a1x b2y a3x c4x a5y b6 a7x c8y a8x c9";

    private static final String EVERYTHING = "Aa1x Ab2y Ma3x B3 Ac4x | Ma5y Db6y B6 Ma7x Mc8y Ma8x | Dc9y B9";
    /** Those with the label y; what leaves is shown as it last was. */
    private static final String LABELLED = "Ab2y B4 | Aa5y Db6y B6 Da7y | Ac8y Dc9y B9";

    private static final Predicate<Version> ALL = version -> true;
    private static final Predicate<Version> Y = version -> "y".equals(version.content());

    @Test
    void whatIsRightPasses() {
        assertThat(check(EVERYTHING, ALL)).isEmpty();
        assertThat(check(LABELLED, Y)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "ORDERED, two events change places, Ab2y Ma3x, Ma3x Ab2y",
        "ORDERED, an event comes two later, Db6y B6 Ma7x Mc8y Ma8x, B5 Ma7x Mc8y Ma8x Db6y",
        "UNIQUE, an event comes twice in a row, Ma3x, Ma3x Ma3x",
        "UNIQUE, an event comes again later, Ma7x Mc8y, Ma7x Mc8y Ma7x",
        "ATOMIC, half of a revision is left out, Mc8y Ma8x | Dc9y, Ma8x | Dc9y",
        "ATOMIC, a connection ends within a revision, Mc8y Ma8x | Dc9y, Mc8y | Dc9y",
        "ATOMIC, an event shows another state, Ma5y, Ma5x",
        "ATOMIC, what is deleted is shown with what it never had, Db6y, Db6x",
        "ATOMIC, an event is of a state that never was, Db6y, Db6y Ad6y",
        "BOOKMARKABLE, a bookmark is ahead of an event, B3 Ac4x, B4 Ac4x",
        "BOOKMARKABLE, a bookmark takes the place of an event, Ma3x B3 Ac4x, Ma3x B4",
        "BOOKMARKABLE, a bookmark goes back, Db6y B6, Db6y B5",
        "BOOKMARKABLE, a bookmark is within a revision, Mc8y Ma8x, Mc8y B8 Ma8x",
        "RESUMABLE, the first event after a lost connection is left out, | Ma5y Db6y, | Db6y",
        "RESUMABLE, so is all up to a bookmark, | Dc9y B9, | B9",
        "RESUMABLE, the last event before a lost connection comes again, | Ma5y, | Ac4x Ma5y",
        "RESUMABLE, an earlier event comes again, | Dc9y, | Ma7x Dc9y",
        "RESUMABLE, to go on is refused, | Ma5y, | E410 | Ma5y",
        "RELIABLE, an event is left out, Ab2y Ma3x B3, Ma3x B3",
        "RELIABLE, an event in the middle of a resumed connection is left out, Db6y B6 Ma7x, B5 Ma7x",
        "RELIABLE, the end is left out, | Dc9y B9, |",
        "FILTERED, what is new is told as changed, Aa1x, Ma1x",
        "FILTERED, what changed is told as new, Ma3x, Aa3x",
        "FILTERED, what was deleted is told as changed, Dc9y, Mc9y",
    })
    void aFaultIsCalledByThePromiseItBreaks(Rule rule, String fault, String right, String wrong) {
        assertThat(rules(check(planted(EVERYTHING, right, wrong), ALL)))
                .as(fault)
                .containsExactly(rule);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({
        "FILTERED, what enters the selection is told as changed, Aa5y, Ma5y",
        "FILTERED, what leaves the selection is told as changed, Da7y, Ma7x",
        "FILTERED, a change outside of the selection is told, Ab2y, Ab2y Aa3x",
        "BOOKMARKABLE, what leaves the selection is left out before a bookmark, B6 Da7y, B7",
        "ATOMIC, what leaves the selection is shown as it is outside, Da7y, Da7x",
    })
    void soAreThoseOfASelection(Rule rule, String fault, String right, String wrong) {
        assertThat(rules(check(planted(LABELLED, right, wrong), Y))).as(fault).containsExactly(rule);
    }

    /** Wherever it is: only the last event before a lost connection may be missing, as the client will ask for it. */
    @Test
    void everyEventThatIsLeftOutDoubledOrExchangedIsNoticed() {
        for (int c = 0; c < connections(EVERYTHING).size(); c++) {
            List<Told> told = connections(EVERYTHING).get(c).told();
            for (int i = 0; i < told.size(); i++) {
                if (told.get(i).type().equals("BOOKMARK")) {
                    continue;
                }
                List<Told> doubled = new ArrayList<>(told);
                doubled.add(i, told.get(i));
                assertThat(checkWith(c, doubled)).as("doubled %s", told.get(i)).isNotEmpty();
                if (i + 1 < told.size()) {
                    List<Told> without = new ArrayList<>(told);
                    without.remove(i);
                    assertThat(checkWith(c, without))
                            .as("left out %s", told.get(i))
                            .isNotEmpty();
                    // Events of one revision have no order.
                    Told next = told.get(i + 1);
                    if (next.type().equals("BOOKMARK") || told.get(i).revision() < next.revision()) {
                        List<Told> exchanged = new ArrayList<>(told);
                        Collections.swap(exchanged, i, i + 1);
                        assertThat(checkWith(c, exchanged))
                                .as("exchanged %s", told.get(i))
                                .isNotEmpty();
                    }
                }
            }
        }
    }

    @Test
    void aRecordingWithAHoleIsNotChecked() {
        assertThatThrownBy(() -> check("Aa1x Ab2y |3 Ac4x", ALL)).hasMessageContaining("went on from 3");
    }

    private static List<Fault> checkWith(int index, List<Told> told) {
        List<Connection> all = new ArrayList<>(connections(EVERYTHING));
        all.set(index, new Connection(all.get(index).from(), told));
        return WatchChecker.check(journal(), ALL, all, 9);
    }

    private static List<Fault> check(String recording, Predicate<Version> selection) {
        return WatchChecker.check(journal(), selection, connections(recording), 9);
    }

    private static String planted(String recording, String right, String wrong) {
        assertThat(recording).contains(right);
        return recording.replace(right, wrong);
    }

    private static Stream<Rule> rules(List<Fault> faults) {
        return faults.stream().map(Fault::rule).distinct();
    }

    private static List<Version> journal() {
        return Arrays.stream(JOURNAL.split(" "))
                .map(word -> new Version(
                        "one/" + word.charAt(0), word.charAt(1) - '0', word.length() == 2 ? null : word.substring(2)))
                .toList();
    }

    private static List<Connection> connections(String recording) {
        List<Connection> all = new ArrayList<>();
        long from = 0;
        for (String connection : recording.split("\\|", -1)) {
            List<Told> told = new ArrayList<>();
            for (String word : connection.strip().split(" +")) {
                if (word.matches("\\d")) {
                    from = Long.parseLong(word);
                } else if (!word.isEmpty()) {
                    told.add(told(word));
                }
            }
            Connection read = new Connection(from, told);
            all.add(read);
            from = read.end();
        }
        return all;
    }

    private static Told told(String word) {
        return switch (word.charAt(0)) {
            case 'A' -> event("ADDED", word);
            case 'M' -> event("MODIFIED", word);
            case 'D' -> event("DELETED", word);
            case 'B' -> new Told("BOOKMARK", "", Long.parseLong(word.substring(1)), "");
            case 'E' -> new Told("ERROR", "", 0, word.substring(1));
            default -> throw new IllegalArgumentException(word);
        };
    }

    /** {@code Ma5y}. */
    private static Told event(String type, String word) {
        return new Told(type, "one/" + word.charAt(1), word.charAt(2) - '0', word.substring(3));
    }
}
