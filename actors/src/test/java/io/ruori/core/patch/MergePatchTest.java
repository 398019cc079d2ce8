package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.PatchAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7386: objects merge, null deletes, the rest replaces. */
class MergePatchTest {

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {a: 'b'}          | {a: 'c'}                | {a: 'c'}
        {a: 'b'}          | {b: 'c'}                | {a: 'b', b: 'c'}
        {a: 'b'}          | {a: null}               | {}
        {a: 'b', b: 'c'}  | {a: null}               | {b: 'c'}
        {a: ['b']}        | {a: 'c'}                | {a: 'c'}
        {a: {b: 'c'}}     | {a: {b: 'd', c: null}}  | {a: {b: 'd'}}
        {a: [{b: 'c'}]}   | {a: [1]}                | {a: [1]}
        {a: 'foo'}        | {a: {b: {c: null}}}     | {a: {b: {}}}
        {}                | {a: [1, null]}          | {a: [1, null]}
        """)
    void merges(String live, String patch, String expected) {
        assertThat((Object) patched(MergePatch.apply(object(live), json(patch))))
                .isEqualTo(object(expected));
    }

    @ParameterizedTest
    @CsvSource({"[], array", "1, number", "null, null"})
    void onlyAnObjectIsAPatch(String patch, String kind) {
        assertThat(refused(MergePatch.apply(object("{}"), json(patch))).message())
                .isEqualTo("error decoding patch: json: cannot unmarshal " + kind
                        + " into Go value of type map[string]interface {}");
    }
}
