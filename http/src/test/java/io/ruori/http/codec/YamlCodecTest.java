package io.ruori.http.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML means what it means to kubectl, and looks as kubectl shows it. */
class YamlCodecTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String written(String json) {
        return new String(YamlCodec.write(Json.read(json)), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        yes | true
        on | true
        y | true
        Off | false
        tRue | "tRue"
        ~ | null
        0x1F | 31
        017 | 15
        0o17 | 15
        089 | 89
        0b101 | 5
        1_000 | 1000
        -5 | -5
        1e3 | 1000
        1.5 | 1.5
        .5 | 0.5
        18446744073709551615 | 18446744073709551615
        12:30 | "12:30"
        2001-01-02 | "2001-01-02"
        100m | "100m"
        'yes' | "yes"
        !!str 1 | "1"
        !!int 1 | 1
        !!binary aGk= | "hi"
        [a, b] | ["a","b"]
        {b: c} | {"b":"c"}
        """)
    void scalarsAreThoseOfYaml11(String yaml, String json) throws Exception {
        assertThat(YamlCodec.read(utf8("a: " + yaml + "\n")).tree().get("a"))
                .isEqualTo(Json.mapper().readTree(json));
    }

    @Test
    void keysBecomeStrings() {
        assertThat(YamlCodec.read(utf8("1: a\ntrue: b\n1.5: c\n")).tree())
                .isEqualTo(Json.read("{\"1\":\"a\",\"true\":\"b\",\"1.5\":\"c\"}"));
    }

    @Test
    void aliasesAndMergesAreCopied() {
        var tree = YamlCodec.read(utf8("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n"))
                .tree();
        assertThat(tree).isEqualTo(Json.read("{\"a\":{\"b\":1},\"c\":{\"b\":1},\"d\":{\"e\":2,\"b\":1}}"));
        assertThat(tree.get("c")).isNotSameAs(tree.get("a"));
    }

    @Test
    void onlyTheFirstDocumentCounts() {
        assertThat(YamlCodec.read(utf8("a: 1\n---\nb: 2\n")).tree()).isEqualTo(Json.read("{\"a\":1}"));
    }

    @Test
    void duplicatesAreReportedWithTheirLines() {
        JsonCodec.Body body = YamlCodec.read(utf8("kind: Pod\na: 1\na: 2\nspec: {x: 1, x: 2}\n"));
        assertThat(body.complaints())
                .containsExactly("yaml: unmarshal errors:\n  line 3: key \"a\" already set in map\n"
                        + "  line 4: key \"x\" already set in map");
        assertThat(body.tree().path("a").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        a: b: c | yaml: mapping values are not allowed in this context
        a: 1\\n b: 2 | yaml: line 2: mapping values are not allowed in this context
        a: *b | yaml: unknown anchor 'b' referenced
        a: &b [*b] | yaml: anchor 'b' value contains itself
        a: @b | yaml: found character that cannot start any token
        a: [1 | yaml: line 1: did not find expected ',' or ']'
        - b\\na: 1 | yaml: line 1: did not find expected '-' indicator
        a: !!int b | yaml: cannot decode !!str `b` as a !!int
        a: .inf | json: unsupported value: +Inf
        """)
    void mistakesAreNamedAsGoNamesThem(String yaml, String complaint) {
        String text = yaml.replace("\\n", "\n") + "\n";
        assertThatThrownBy(() -> YamlCodec.read(utf8(text)))
                .isInstanceOf(BadBody.class)
                .hasMessage(complaint);
    }

    @Test
    void whatFollowsTheRootIsLookedAt() {
        assertThatThrownBy(() -> YamlCodec.read(utf8("--- a: 1\n"))).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> YamlCodec.read(utf8("{a: 1} b\n"))).isInstanceOf(BadBody.class);
    }

    @Test
    void aBombDoesNotGoOff() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(String.join(", ", List.of("*a" + (i - 1)).toArray(new String[0])));
            for (int n = 0; n < 8; n++) {
                bomb.append(", *a").append(i - 1);
            }
            bomb.append("]\n");
        }
        assertThatThrownBy(() -> YamlCodec.read(utf8(bomb.toString())))
                .isInstanceOf(BadBody.class)
                .hasMessage("yaml: document contains excessive aliasing");
        assertThatThrownBy(() -> YamlCodec.read(utf8("[".repeat(100_000)))).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> YamlCodec.read(utf8("- ".repeat(1_000)))).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> YamlCodec.read(utf8("a: " + "x".repeat(7 << 20))))
                .isInstanceOf(BadBody.class);
    }

    @Test
    void whatIsNoObjectIsRefused() {
        assertThatThrownBy(() -> YamlCodec.read(utf8("- a\n"))).hasMessageContaining("cannot unmarshal array");
        assertThatThrownBy(() -> YamlCodec.read(utf8(""))).isInstanceOf(BadBody.class);
        assertThatThrownBy(() -> YamlCodec.read(new byte[] {(byte) 0xff})).isInstanceOf(BadBody.class);
    }

    @Test
    void aListStandsAtItsKeysIndentation() {
        assertThat(written("{\"b\":[{\"y\":1,\"x\":[\"p\",[\"q\"]]}],\"a\":{\"d\":{},\"c\":[]}}"))
                .isEqualTo("""
                    a:
                      c: []
                      d: {}
                    b:
                    - x:
                      - p
                      - - q
                      "y": 1
                    """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        "plain text" | plain text
        "" | ""
        "true" | "true"
        "5" | "5"
        "1.5" | "1.5"
        "2008-01-01T01:01:01Z" | "2008-01-01T01:01:01Z"
        "12:30:45" | "12:30:45"
        "a: b" | 'a: b'
        "a #b" | 'a #b'
        "- a" | '- a'
        "*a" | '*a'
        "it's" | it's
        "'a" | '''a'
        " a" | ' a'
        "a\\tb" | "a\\tb"
        "\\u0007" | "\\a"
        "é日" | é日
        "😀" | "\\U0001F600"
        1.5 | 1.5
        null | null
        """)
    void stringsAreQuotedOnlyWhereTheyMust(String json, String yaml) {
        assertThat(written("{\"k\":" + json + "}")).isEqualTo("k: " + yaml + "\n");
    }

    @Test
    void textOfSeveralLinesIsABlock() {
        assertThat(written("{\"a\":\"x\\n"
                        + "  y\\n"
                        + "\",\"b\":\"x\\n"
                        + "\\n"
                        + "y\",\"c\":\"x\\n"
                        + "\\n"
                        + "\",\"d\":\" x\\n"
                        + "y\",\"e\":\"x \\n"
                        + "y\"}"))
                .isEqualTo("""
                    a: |
                      x
                        y
                    b: |-
                      x

                      y
                    c: |+
                      x

                    d: |2-
                       x
                      y
                    e: "x \\ny"
                    """);
    }

    @Test
    void keysAreInNaturalOrder() {
        assertThat(written("{\"item10\":1,\"item2\":1,\"Item\":1,\"_\":1,\"item02\":1}"))
                .isEqualTo("_: 1\nItem: 1\nitem2: 1\nitem02: 1\nitem10: 1\n");
    }

    @Test
    void severalDocumentsAreDivided() {
        assertThat(new String(
                        YamlCodec.writeAll(List.of(Json.read("{\"a\":1}"), Json.read("{\"b\":2}"))),
                        StandardCharsets.UTF_8))
                .isEqualTo("a: 1\n---\nb: 2\n");
    }
}
