package io.ruori.core.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Selectors are read, refused and matched as Kubernetes does it. */
class SelectorTest {
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "'';                     'a=b';         true",
                "'a=b';                  'a=b';         true",
                "'a==b';                 'a=b';         true",
                "'a=b';                  'a=c';         false",
                "'a=b';                  '';            false",
                "'a=';                   'a=';          true",
                "'a=';                   '';            false",
                "'a!=b';                 '';            true",
                "'a!=b';                 'a=b';         false",
                "'a';                    'a=x';         true",
                "'a';                    'b=x';         false",
                "'!a';                   'b=x';         true",
                "'! a';                  'a=x';         false",
                "'a in (x, y)';          'a=y';         true",
                "'a in (x,y)';           '';            false",
                "'a in (x,)';            'a=';          true",
                "'a in (,,x)';           'a=';          true",
                "'a notin (x,y)';        'a=z';         true",
                "'a notin (x,y)';        '';            true",
                "'a notin (x,y)';        'a=x';         false",
                "'a>3';                  'a=4';         true",
                "'a>3';                  'a=3';         false",
                "'a<3';                  'a=x';         false",
                "'a<3';                  '';            false",
                "'in in (in)';           'in=in';       true",
                "'a=b,c notin (d),!e';   'a=b,c=x';     true",
                "'a=b,c notin (d),!e';   'a=b,e=x';     false",
                "'x.io/a-b=B_1';         'x.io/a-b=B_1'; true",
            })
    void labelSelectorsMatch(String selector, String labels, boolean expected) {
        assertThat(LabelSelector.parse(selector).matches(labels(labels))).isEqualTo(expected);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        for (String part : text.split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                labels.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return labels;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "a=b=c;      found '=', expected: ',' or 'end of string'",
                "a b;        unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a in b;     unable to parse requirement: found 'b' expected: '('",
                "a in (b;    unable to parse requirement: found '', expected: ',' or ')'",
                "a in (=);   unable to parse requirement: found '=', expected: ',', ')' or identifier",
                "a,;         found '', expected: identifier after ','",
                ",a;         found ',', expected: !, identifier, or 'end of string'",
                "=a;         found '=', expected: !, identifier, or 'end of string'",
                "!=a;        found '!=', expected: !, identifier, or 'end of string'",
                "a=!;        unable to parse requirement: found '!', expected: identifier",
                "!,a;        unable to parse requirement: found ',', expected: identifier",
            })
    void brokenLabelSelectorsAreRefusedInUpstreamsWords(String selector, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(BadSelector.class)
                .hasMessage(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "-a=b;       unable to parse requirement: <nil>: Invalid value: \"\"-a\"\": name part must consist of"
                        + " alphanumeric",
                "/a=b;       unable to parse requirement: <nil>: Invalid value: \"\"/a\"\": prefix part must be"
                        + " non-empty",
                "a/b/c;      unable to parse requirement: <nil>: Invalid value: \"\"a/b/c\"\": a qualified name must"
                        + " consist of",
                "a=-b;       unable to parse requirement: values[0][a]: Invalid value: \"\"-b\"\": a valid label must"
                        + " be an empty",
                "a in (b,?); unable to parse requirement: values[0][a]: Invalid value: \"\"?\"\": a valid label must"
                        + " be an empty",
                "a>b;        unable to parse requirement: values[0]: Invalid value: \"\"b\"\": for 'Gt', 'Lt'"
                        + " operators, the value",
                "a in ();    unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators,"
                        + " values set can't",
            })
    void invalidKeysAndValuesAreRefusedInUpstreamsWords(String selector, String start) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOfSatisfying(
                        BadSelector.class, e -> assertThat(e.status().code()).isEqualTo(400))
                .message()
                .startsWith(start.replace("\"\"", "\""));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "{};                                                                        a=b",
                "{\"matchLabels\":{\"a\":\"b\"}};                                           a=b",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"x\",\"b\"]}]};    a=b",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]};          a=b",
                "{\"matchExpressions\":[{\"key\":\"z\",\"operator\":\"DoesNotExist\"}]};    a=b",
                "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"x\"]}]};       a=b",
            })
    void jsonSelectorsMatch(String json, String matching) {
        assertThat(LabelSelector.ofJson(Json.read(json)).matches(labels(matching)))
                .isTrue();
    }

    @org.junit.jupiter.api.Test
    void noSelectorMatchesNothingAndAnUnknownOperatorIsRefused() {
        assertThat(LabelSelector.ofJson(null).matches(Map.of())).isFalse();
        assertThat(LabelSelector.ofMap(Json.object()).matches(Map.of())).isFalse();
        assertThat(LabelSelector.ofMap(Json.read("{\"a\":\"b\"}")).matches(Map.of("a", "b", "c", "d")))
                .isTrue();
        assertThatThrownBy(() -> LabelSelector.ofJson(
                        Json.read("{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Near\"}]}")))
                .hasMessage("\"Near\" is not a valid label selector operator");
    }

    @Property
    void theTextOfASelectorReadsAsTheSameSelector(@ForAll("requirements") List<Requirement> requirements) {
        LabelSelector selector = LabelSelector.of(requirements);
        assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
    }

    @Provide
    Arbitrary<List<Requirement>> requirements() {
        Arbitrary<String> key = Arbitraries.of("a", "app", "x.io/name", "in", "notin");
        Arbitrary<String> value = Arbitraries.of("", "b", "B-1_x.y", "in", "3");
        Arbitrary<Requirement> unary = Combinators.combine(
                        key, Arbitraries.of(Requirement.Operator.EXISTS, Requirement.Operator.ABSENT))
                .as((k, op) -> new Requirement(k, op, List.of()));
        Arbitrary<Requirement> exact = Combinators.combine(
                        key, Arbitraries.of(Requirement.Operator.EQUALS, Requirement.Operator.NOT_EQUALS), value)
                .as((k, op, v) -> new Requirement(k, op, List.of(v)));
        Arbitrary<Requirement> sets = Combinators.combine(
                        key,
                        Arbitraries.of(Requirement.Operator.IN, Requirement.Operator.NOT_IN),
                        Arbitraries.of("b", "c", "d").set().ofMinSize(1))
                .as((k, op, v) -> new Requirement(k, op, v.stream().sorted().toList()));
        return Arbitraries.oneOf(unary, exact, sets).list().ofMaxSize(4);
    }

    private static final Set<String> FIELDS = Set.of("status.phase", "spec.nodeName");
    private static final StoredObject POD = new StoredObject(
            ObjectKey.of(KindName.core("pods"), "ns", "web"),
            Uid.NONE,
            Revision.ZERO,
            Map.of(),
            List.of(),
            null,
            Map.of("status.phase", "Running"),
            new byte[0],
            null);

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "'';                                        true",
                "'metadata.name=web';                       true",
                "'metadata.name==web,';                     true",
                "'metadata.namespace!=ns';                  false",
                "'status.phase=Running,spec.nodeName=';     true",
                "'status.phase!=Running';                   false",
                "'spec.nodeName!=';                         false",
                "'metadata.name=w\\,eb';                    false",
            })
    void fieldSelectorsMatch(String selector, boolean expected) {
        assertThat(FieldSelector.parse(selector, FIELDS).matches(POD)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "spec.foo=x;             field label not supported: spec.foo",
                "metadata.name;          invalid selector: 'metadata.name'; can't understand 'metadata.name'",
                "metadata.name=a=b;      invalid field selector: unescaped character in value: 61",
                "metadata.name=a\\x;     invalid field selector: invalid escape sequence: \\x",
            })
    void brokenFieldSelectorsAreRefusedInUpstreamsWords(String selector, String message) {
        assertThatThrownBy(() -> FieldSelector.parse(selector, FIELDS))
                .isInstanceOf(BadSelector.class)
                .message()
                .startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(strings = "spec.foo=x")
    void kindsWithoutFieldsOfTheirOwnSayWhichTwoTheyKnow(String selector) {
        assertThatThrownBy(() -> FieldSelector.parse(selector, Set.of()))
                .hasMessage(
                        "\"spec.foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
    }

    @Property
    void fieldValuesSurviveEscaping(@ForAll("values") String value) {
        FieldSelector selector = new FieldSelector(List.of(new FieldSelector.Term("metadata.name", value, true)));
        assertThat(FieldSelector.parse(selector.toString(), Set.of())).isEqualTo(selector);
        assertThat(selector.exactName()).isNull();
        assertThat(FieldSelector.parse("metadata.name=x", Set.of()).exactName()).isEqualTo("x");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings().withChars("ab\\,=!").ofMaxLength(8);
    }
}
