package io.ruori.core.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Field sets behave as sets of paths, and survive being written down. */
class FieldSetPropertyTest {

    @Property
    void writtenAndReadIsTheSame(@ForAll("sets") FieldSet set) {
        assertThat(FieldSet.decode(set.encode())).isEqualTo(set);
        assertThat(FieldSet.decode(set.encode())).hasToString(set.toString());
    }

    @Property
    void operationsAreThoseOfSetsOfPaths(@ForAll("sets") FieldSet a, @ForAll("sets") FieldSet b) {
        assertThat(paths(a.union(b))).isEqualTo(with(paths(a), paths(b)));
        TreeSet<String> both = paths(a);
        both.retainAll(paths(b));
        assertThat(paths(a.intersection(b))).isEqualTo(both);
        TreeSet<String> left = paths(a);
        left.removeAll(paths(b));
        assertThat(paths(a.minus(b))).isEqualTo(left);
        assertThat(a.minus(b).union(a.intersection(b))).isEqualTo(a);
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.size()).isEqualTo(paths(a).size());
    }

    @Property
    void withoutTakesWhatIsBelowToo(@ForAll("sets") FieldSet a, @ForAll("sets") FieldSet b) {
        TreeSet<String> left = paths(a);
        left.removeIf(path -> paths(b).stream().anyMatch(gone -> path.equals(gone) || startsWith(path, gone)));
        assertThat(paths(a.without(b))).isEqualTo(left);
    }

    private static boolean startsWith(String path, String prefix) {
        return path.startsWith(prefix) && (path.charAt(prefix.length()) == '.' || path.charAt(prefix.length()) == '[');
    }

    private static TreeSet<String> paths(FieldSet set) {
        return new TreeSet<>(set.paths());
    }

    private static TreeSet<String> with(TreeSet<String> one, TreeSet<String> other) {
        one.addAll(other);
        return one;
    }

    @Provide
    Arbitrary<FieldSet> sets() {
        Arbitrary<String> step = Arbitraries.of(
                "f:a",
                "f:b",
                "f:c",
                "k:{\"name\":\"a\"}",
                "k:{\"name\":\"b\"}",
                "k:{\"port\":10}",
                "k:{\"port\":9}",
                "v:\"x\"",
                "v:2",
                "v:10");
        Arbitrary<List<String>> path = step.list().ofMinSize(1).ofMaxSize(3);
        return path.map(steps -> FieldSet.of(steps.toArray(String[]::new)))
                .list()
                .ofMaxSize(12)
                .map(sets -> sets.stream().reduce(FieldSet.EMPTY, FieldSet::union));
    }
}
