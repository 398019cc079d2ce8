package io.ruori.http.chaos.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.http.chaos.core.Operation.Kind;
import io.ruori.http.chaos.core.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The check passes what can have happened, and each mistake that is planted in a history is found and called by the promise it
 * breaks.
 *
 * <p>The object's changes are words: {@code a1u} is the value a at revision 1 of the object with the uid u, {@code -4u} its deletion.
 * Operations are words, too: what, its value, outcome, times. {@code Ua@2:3-4=2} is an update to a that expected revision 2, began
 * at 3, ended at 4, and was told revision 2. {@code C} creates, {@code P} patches, {@code D} deletes the uid that it names,
 * {@code R} reads. Instead of {@code =2}: {@code ?} for no known outcome, {@code !} a conflict, {@code ~} absent, {@code +} exists
 * already, {@code #} refused.
 */
final class RegisterCheckTest {
    private static final String CHANGES = "a1u b2u c4u -6u d8w e9w";
    private static final String OPERATIONS =
            "Ca:1-2=1 Ub@1:3-4=2 Ra:1-3=1 Ux@1:4-6! Pc:5-9? Rc:6-7=4 Rc:7-8=4 Cy:5-7+ Du:10-12="
                    + " Rz:13-14~ Px:13-14~ Cd:15-16=8 Ue@8:17-30? Dw:18-19? Py:1-2# Re:20-21=9";

    @Test
    void whatCanHavePassed() {
        assertThat(check(CHANGES, OPERATIONS)).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "LOST, an acknowledged update never happened, b2u c4u, c4u",
        "LOST, an acknowledged deletion never happened, c4u -6u d8w, c4u d8u",
        "PLACE, an update is told another revision than it got, b2u, b3u",
        "ONCE, a write happens twice, c4u, c4u c5u",
        "ONCE, an object is deleted twice, -6u, -6u -7u",
        "NOBODY, there is a value that nobody wrote, c4u, f3u c4u",
        "NOBODY, an object goes that nobody deleted, e9w, -9q",
        "FOLLOWS, a deletion is of what is not there, a1u, -0v a1u",
        "FOLLOWS, a patch makes another object, c4u, c4w",
    })
    void mistakesOfTheStoreAreFound(String rule, String mistake, String right, String wrong) {
        assertThat(CHANGES).contains(right);
        assertThat(rules(check(CHANGES.replace(right, wrong), OPERATIONS)))
                .as(mistake)
                .contains(rule);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "LOST, an acknowledged patch never happened, Py:1-2#, Py:1-2=3",
        "PLACE, an acknowledgement names another revision, Ub@1:3-4=2, Ub@1:3-4=4",
        "REFUSED, a refused write happened all the same, Pc:5-9?, Pc:5-9#",
        "REFUSED, a write in conflict happened all the same, Ue@8:17-30?, Ue@8:17-30!",
        "EXPECTED, an update came upon another revision, Ue@8:17-30?, Ue@4:17-30?",
        "EXPECTED, an acknowledged one did, Ub@1:3-4=2, Ub@7:3-4=2",
        "FOLLOWS, a creation came upon an object, Pc:5-9?, Cc:5-9?",
        "FOLLOWS, an update came upon nothing, Cd:15-16=8, Ud:15-16=8",
        "CLOCK, a read shows what was overwritten before it began, Ra:1-3=1, Ra:5-6=1",
        "CLOCK, a read shows what was deleted before it began, Rc:7-8=4, Rc:13-14=4",
        "CLOCK, a read shows what was written only later, Re:20-21=9, Re:10-16=9",
        "CLOCK, a write of no known outcome happened before it began, Pc:5-9?, Pc:11-19?",
        "CLOCK, an acknowledged write did, Ub@1:3-4=2, Ub@1:8.5-9=2",
        "READ, a read shows another value, Rc:7-8=4, Rb:7-8=4",
        "READ, a read shows a revision that never was, Rc:7-8=4, Rc:7-8=5",
        "ANSWER, an object that is there is said to be absent, Rc:7-8=4, Rc:8.5-9~",
        "ANSWER, so it is to a writer, Rc:7-8=4, Px:8.5-9~",
        "ANSWER, what is absent is said to exist, Rz:13-14~, Cz:13-14+",
        "ANSWER, a conflict with what was there, Rc:7-8=4, Ux@4:8.5-9!",
        "ANSWER, a conflict without anything expected, Rc:7-8=4, Px:8.5-9!",
        "ONCE, two deletions of one object are acknowledged, Dw:18-19?, Du:10-11=",
        "NOBODY, the one who wrote it is unknown, Cd:15-16=8, Rz:15-16~",
    })
    void mistakesOfAnswersAreFound(String rule, String mistake, String right, String wrong) {
        assertThat(OPERATIONS).contains(right);
        assertThat(rules(check(CHANGES, OPERATIONS.replace(right, wrong))))
                .as(mistake)
                .contains(rule);
    }

    @Test
    void whatShowsARevisionDifferentlyIsFound() {
        Histories histories = new Histories();
        histories.saw(change("a1u"), "one");
        histories.saw(change("b1u"), "another");
        assertThat(rules(histories.violations())).containsExactly("AGREE");
    }

    @Test
    void whatEndedLaterHadNoOutcomeYet() {
        Operation later = operation("Ub@1:3-4=2");
        assertThat(later.asOf(ticks("4")).outcome()).isEqualTo(Outcome.DONE);
        assertThat(later.asOf(ticks("3.5")).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    private static List<Violation> check(String changes, String operations) {
        Histories histories = new Histories();
        for (String word : changes.split(" ")) {
            histories.saw(change(word), "the store");
        }
        List<Operation> all = new ArrayList<>();
        for (String word : operations.split(" ")) {
            all.add(operation(word));
        }
        return RegisterCheck.check("k", histories, all);
    }

    private static Stream<String> rules(List<Violation> violations) {
        return violations.stream().map(Violation::rule).distinct();
    }

    static Change change(String word) {
        boolean isLive = word.charAt(0) != '-';
        return new Change("k", word.charAt(1) - '0', isLive, word.substring(2), isLive ? word.substring(0, 1) : "");
    }

    static Operation operation(String word) {
        Kind kind = switch (word.charAt(0)) {
            case 'C' -> Kind.CREATE;
            case 'U' -> Kind.UPDATE;
            case 'P' -> Kind.PATCH;
            case 'D' -> Kind.DELETE;
            default -> Kind.READ;
        };
        String value = word.substring(1, 2);
        int colon = word.indexOf(':');
        long expected = word.charAt(2) == '@' ? Long.parseLong(word.substring(3, colon)) : 0;
        String times = word.substring(colon + 1).split("[=?!~+#]")[0];
        String end = word.substring(colon + 1 + times.length());
        Outcome outcome = switch (end.charAt(0)) {
            case '?' -> Outcome.UNKNOWN;
            case '!' -> Outcome.CONFLICT;
            case '~' -> Outcome.ABSENT;
            case '+' -> Outcome.EXISTS;
            case '#' -> Outcome.REFUSED;
            default -> Outcome.DONE;
        };
        return new Operation(
                "k",
                kind,
                ticks(times.split("-")[0]),
                ticks(times.split("-")[1]),
                outcome,
                end.length() > 1 ? Long.parseLong(end.substring(1)) : 0,
                kind == Kind.DELETE ? "" : value,
                expected,
                kind == Kind.DELETE ? value : "");
    }

    private static long ticks(String time) {
        return Math.round(Double.parseDouble(time) * 10);
    }
}
