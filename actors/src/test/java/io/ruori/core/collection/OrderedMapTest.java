package io.ruori.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The persistent map behaves as a TreeMap does, and no version of it ever changes. */
class OrderedMapTest {
    record Step(boolean put, int key, boolean startsBatch) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> mixed = step(Arbitraries.of(true, true, false));
        Arbitrary<Step> growing = step(Arbitraries.of(true, true, true, false));
        Arbitrary<Step> shrinking = step(Arbitraries.of(true, false, false, false));
        return Combinators.combine(
                        growing.list().ofMaxSize(2000),
                        shrinking.list().ofMaxSize(2000),
                        mixed.list().ofMaxSize(200))
                .as((a, b, c) -> {
                    List<Step> all = new ArrayList<>(a);
                    all.addAll(b);
                    all.addAll(c);
                    return all;
                });
    }

    private static Arbitrary<Step> step(Arbitrary<Boolean> put) {
        return Combinators.combine(
                        put, Arbitraries.integers().between(0, 600), Arbitraries.of(true, false, false, false))
                .as(Step::new);
    }

    private static OrderedMap<Integer, String> none() {
        return OrderedMap.empty(Comparator.<Integer>naturalOrder());
    }

    @Property(tries = 60)
    void everyVersionEqualsTheTreeMapOfItsTimeForEver(@ForAll("steps") List<Step> steps) {
        TreeMap<Integer, String> model = new TreeMap<>();
        List<OrderedMap<Integer, String>> versions = new ArrayList<>();
        List<Map<Integer, String>> expected = new ArrayList<>();
        OrderedMap<Integer, String> map = none();
        OrderedMap.Editor<Integer, String> editor = map.edit();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.startsBatch()) {
                map = editor.done();
                if (i % 10 == 0) {
                    versions.add(map);
                    expected.add(new TreeMap<>(model));
                }
                editor = map.edit();
            }
            String value = "v" + i;
            if (step.put()) {
                assertThat(editor.put(step.key(), value)).isEqualTo(model.put(step.key(), value));
            } else {
                assertThat(editor.remove(step.key())).isEqualTo(model.remove(step.key()));
            }
        }
        versions.add(editor.done());
        expected.add(model);
        for (int i = 0; i < versions.size(); i++) {
            assertThat(contents(versions.get(i)))
                    .isEqualTo(List.copyOf(expected.get(i).entrySet()));
            assertThat(versions.get(i).size()).isEqualTo(expected.get(i).size());
        }
    }

    @Property(tries = 100)
    void rangesRanksAndLookUpsAreThoseOfTheTreeMap(
            @ForAll("steps") List<Step> steps, @ForAll("bounds") int from, @ForAll("bounds") int to) {
        TreeMap<Integer, String> model = new TreeMap<>();
        OrderedMap.Editor<Integer, String> editor = none().edit();
        for (Step step : steps) {
            if (step.put()) {
                model.put(step.key(), "v" + step.key());
                editor.put(step.key(), "v" + step.key());
            } else {
                model.remove(step.key());
                editor.remove(step.key());
            }
        }
        OrderedMap<Integer, String> map = editor.done();
        assertThat(map.get(from)).isEqualTo(model.get(from));
        assertThat(map.rank(from)).isEqualTo(model.headMap(from).size());
        assertThat(map.values()).containsExactlyElementsOf(model.values());
        assertThat(map.keys()).containsExactlyElementsOf(model.keySet());
        assertThat(map.valuesFrom(from))
                .containsExactlyElementsOf(model.tailMap(from).values());
        assertThat(map.valuesAfter(from))
                .containsExactlyElementsOf(model.tailMap(from, false).values());
        int high = Math.max(from, to);
        assertThat(map.valuesBetween(from, high))
                .containsExactlyElementsOf(model.subMap(from, high).values());
        assertThat(map.countBetween(from, high))
                .isEqualTo(model.subMap(from, high).size());
        assertThat(map.valuesAfter(from, high))
                .containsExactlyElementsOf(
                        model.subMap(from, from == high, high, false).values());
    }

    @Provide
    Arbitrary<Integer> bounds() {
        return Arbitraries.integers().between(-2, 602);
    }

    @Test
    void keysInOrderAndInReverseAndRemovalFromEitherEndKeepTheMapWhole() {
        int many = 50_000;
        OrderedMap.Editor<Integer, String> up = none().edit();
        OrderedMap.Editor<Integer, String> down = none().edit();
        for (int i = 0; i < many; i++) {
            up.put(i, "x");
            down.put(many - 1 - i, "x");
        }
        OrderedMap<Integer, String> map = up.done();
        assertThat(map.size()).isEqualTo(many);
        assertThat(down.done().keys()).containsExactlyElementsOf(map.keys());
        OrderedMap.Editor<Integer, String> shrinking = map.edit();
        for (int i = 0; i < many / 2; i++) {
            shrinking.remove(i);
            shrinking.remove(many - 1 - i);
        }
        assertThat(shrinking.size()).isZero();
        assertThat(shrinking.done().values()).isEmpty();
        assertThat(map.size()).isEqualTo(many);
        assertThat(map.rank(many / 2)).isEqualTo(many / 2);
    }

    @Test
    void anEditorIsOfNoUseOnceDone() {
        OrderedMap.Editor<Integer, String> editor = none().edit();
        editor.put(1, "one");
        OrderedMap<Integer, String> map = editor.done();
        assertThatThrownBy(() -> editor.put(2, "two")).isInstanceOf(IllegalStateException.class);
        assertThat(map.size()).isEqualTo(1);
    }

    private static List<Map.Entry<Integer, String>> contents(OrderedMap<Integer, String> map) {
        List<Map.Entry<Integer, String>> entries = new ArrayList<>();
        map.forEach((key, value) -> entries.add(Map.entry(key, value)));
        return entries;
    }
}
