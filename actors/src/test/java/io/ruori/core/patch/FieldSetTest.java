package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Field sets are written and read as upstream's fieldsV1, in upstream's order, and obey its set operations. */
class FieldSetTest {

    @Test
    void isWrittenAsFieldsV1() {
        FieldSet set = FieldSet.of("f:spec", "f:containers", "k:{\"name\":\"a\"}", "f:image")
                .union(FieldSet.of("f:spec", "f:containers", "k:{\"name\":\"a\"}"))
                .union(FieldSet.of("f:spec", "f:replicas"));
        assertThat(set)
                .hasToString("{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"a\\\"}\":{\".\":{},\"f:image\":{}}},"
                        + "\"f:replicas\":{}}}");
        assertThat(set.size()).isEqualTo(3);
        assertThat(set.paths())
                .containsExactly(
                        ".spec.replicas", ".spec.containers[name=\"a\"]", ".spec.containers[name=\"a\"].image");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {'v:10': {}, 'v:9': {}, 'f:b': {}, 'i:1': {}, 'k:{"name":"x"}': {}, 'f:a': {}} | {"f:a":{},"f:b":{},"k:{\\"name\\":\\"x\\"}":{},"v:9":{},"v:10":{},"i:1":{}}
        {'k:{"port":443,"protocol":"TCP"}': {}, 'k:{"port":80,"protocol":"UDP"}': {}, 'k:{"port":80,"protocol":"TCP"}': {}} | {"k:{\\"port\\":80,\\"protocol\\":\\"TCP\\"}":{},"k:{\\"port\\":80,\\"protocol\\":\\"UDP\\"}":{},"k:{\\"port\\":443,\\"protocol\\":\\"TCP\\"}":{}}
        {'k:{"name":"a-b"}': {}, 'k:{"name":"a"}': {}}                      | {"k:{\\"name\\":\\"a\\"}":{},"k:{\\"name\\":\\"a-b\\"}":{}}
        {'f:a': {'.': {}, 'f:b': {}}}                                       | {"f:a":{".":{},"f:b":{}}}
        {'f:a': {'.': {}}}                                                  | {"f:a":{}}
        {'k: {"b": 1, "a":  "\\\\u0078" }': {}}                             | {"k:{\\"a\\":\\"x\\",\\"b\\":1}":{}}
        {'v:"a<b"': {}}                                                     | {"v:\\"a\\\\u003cb\\"":{}}
        {'x:new': {'f:a': {}}, 'f:b': {}}                                   | {"f:b":{}}
        {'f:': {}, 'f: x ': {}}                                             | {"f:":{},"f: x ":{}}
        {}                                                                  | {}
        """)
    void readsAnySpellingAndWritesOne(String fields, String canonical) {
        FieldSet set = FieldSet.decode(json(fields));
        assertThat(set).hasToString(canonical);
        assertThat(FieldSet.decode(set.encode())).isEqualTo(set);
        assertThat(FieldSet.decodeOwn(set.encode())).isEqualTo(set);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'': {}}",
                "{'f': {}}",
                "{'i:one': {}}",
                "{'i:': {}}",
                "{'v:': {}}",
                "{'k:x': {}}",
                "{'k:{}': {}}",
                "{'k:{\"a\":1} x': {}}",
                "{'f:a': 1}",
                "[]"
            })
    void refusesWhatIsNoFieldSet(String fields) {
        assertThatThrownBy(() -> FieldSet.decode(json(fields))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aParentAndItsChildAreTwoMembers() {
        FieldSet parent = FieldSet.of("f:a");
        FieldSet child = FieldSet.of("f:a", "f:b");
        FieldSet both = parent.union(child);
        assertThat(both.minus(child)).isEqualTo(parent);
        assertThat(both.minus(parent)).isEqualTo(child);
        assertThat(both.without(parent)).isEqualTo(FieldSet.EMPTY);
        assertThat(both.without(child)).isEqualTo(parent);
        assertThat(both.intersection(child)).isEqualTo(child);
        assertThat(parent.intersection(child)).isEqualTo(FieldSet.EMPTY);
        assertThat(both.contains("f:a", "f:b")).isTrue();
        assertThat(both.contains("f:a", "f:c")).isFalse();
        assertThat(both.union(child)).as("nothing new, same set").isSameAs(both);
    }
}
