package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.cause;
import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.PatchAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each operation does what RFC 6902 and kube-apiserver say, or the whole patch is refused in Kubernetes' words. */
class JsonPatchTest {

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {a: 1}              | {op: 'add', path: '/b', value: {c: null}}            | {a: 1, b: {c: null}}
        {a: 1}              | {op: 'add', path: '/a', value: 2}                    | {a: 2}
        {a: [1, 3]}         | {op: 'add', path: '/a/1', value: 2}                  | {a: [1, 2, 3]}
        {a: [1]}            | {op: 'add', path: '/a/-', value: 2}                  | {a: [1, 2]}
        {a: [1, 2]}         | {op: 'add', path: '/a/-1', value: 3}                 | {a: [1, 2, 3]}
        {a: 1}              | {op: 'add', path: '', value: {b: 2}}                 | {b: 2}
        {a: 1, b: 2}        | {op: 'remove', path: '/a'}                           | {b: 2}
        {a: [1, 2, 3]}      | {op: 'remove', path: '/a/1'}                         | {a: [1, 3]}
        {a: [1, 2, 3]}      | {op: 'remove', path: '/a/-1'}                        | {a: [1, 2]}
        {a: 1}              | {op: 'replace', path: '/a', value: [2]}              | {a: [2]}
        {a: 1}              | {op: 'replace', path: '/b', value: 2}                | {a: 1, b: 2}
        {a: [1, 2]}         | {op: 'replace', path: '/a/0', value: 3}              | {a: [3, 2]}
        {a: {b: 1}, c: {}}  | {op: 'move', from: '/a/b', path: '/c/d'}             | {a: {}, c: {d: 1}}
        {a: [1, 2, 3]}      | {op: 'move', from: '/a/0', path: '/a/2'}             | {a: [2, 3, 1]}
        {a: {b: 1}}         | {op: 'copy', from: '/a', path: '/c'}                 | {a: {b: 1}, c: {b: 1}}
        {a: 1}              | {op: 'copy', from: '/x', path: '/c'}                 | {a: 1, c: null}
        {a: {b: [1]}}       | {op: 'test', path: '/a', value: {b: [1.0]}}          | {a: {b: [1]}}
        {a: 1}              | {op: 'test', path: '/b', value: null}                | {a: 1}
        {'a/b': 1, 'c~d': 2}| {op: 'remove', path: '/a~1b'}                        | {'c~d': 2}
        {'a/b': 1, 'c~d': 2}| {op: 'remove', path: '/c~0d'}                        | {'a/b': 1}
        """)
    void operationsApply(String live, String operation, String expected) {
        ObjectNode before = object(live);
        assertThat((Object) patched(JsonPatch.apply(before, json("[" + operation + "]"))))
                .isEqualTo(object(expected));
        assertThat((Object) before).as("the live object is left alone").isEqualTo(object(live));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {op: 'test', path: '/a', value: 2}          | testing value /a failed: test failed
        {op: 'test', path: '/l/0', value: '1'}      | testing value /l/0 failed: test failed
        {op: 'add', path: '/x/y', value: 2}         | add operation does not apply: doc is missing path: "/x/y": missing value
        {op: 'add', path: '/a/y', value: 2}         | add operation does not apply: doc is missing path: "/a/y": missing value
        {op: 'add', path: 'a', value: 2}            | add operation does not apply: doc is missing path: "a": missing value
        {op: 'add', path: '/l/4', value: 2}         | error in add for path: '/l/4': Unable to access invalid index: 4: invalid index referenced
        {op: 'add', path: '/l/1e0', value: 2}       | error in add for path: '/l/1e0': Unable to access invalid index: 1e0: invalid index referenced
        {op: 'replace', path: '/l/1', value: 2}     | error in replace for path: '/l/1': Unable to access invalid index: 1: invalid index referenced
        {op: 'remove', path: '/x'}                  | error in remove for path: '/x': Unable to remove nonexistent key: x: missing value
        {op: 'remove', path: ''}                    | remove operation does not apply: doc is missing path: "": missing value
        {op: 'remove'}                              | remove operation failed to decode path: missing value
        {op: 'move', from: '/m', path: '/m/n/o'}    | error in move for path: '/m/n/o': it lies below '/m'
        {op: 'jump', path: '/a'}                    | Unexpected kind: jump
        {op: 'add', path: '', value: [1]}           | the patched document is not an object
        """)
    void whatDoesNotFitIsUnprocessable(String operation, String why) {
        ApiStatus status = refused(JsonPatch.apply(object("{a: 1, l: [1], m: {n: {}}}"), json("[" + operation + "]")));
        assertThat(status.code()).isEqualTo(422);
        assertThat(status.reason()).isEqualTo("Invalid");
        assertThat(status.message()).isEqualTo("the server rejected our request due to an error in our request");
        assertThat(cause(status)).isEqualTo(why);
    }

    @Test
    void laterOperationsSeeEarlierOnesAndDoNotWriteIntoThePatch() {
        ArrayNode patch = (ArrayNode) json("[{op: 'add', path: '/b', value: {}}, {op: 'add', path: '/b/c', value: 1},"
                + " {op: 'copy', from: '/b', path: '/d'}, {op: 'replace', path: '/d/c', value: 2}]");
        ArrayNode untouched = patch.deepCopy();
        assertThat((Object) patched(JsonPatch.apply(object("{}"), patch))).isEqualTo(object("{b: {c: 1}, d: {c: 2}}"));
        assertThat((Object) patch).isEqualTo(untouched);
    }

    @Test
    void aPatchThatIsNoListIsMalformed() {
        assertThat(refused(JsonPatch.apply(object("{}"), json("{}"))))
                .isEqualTo(ApiStatus.badRequest("error decoding patch: json: cannot unmarshal object into Go value of"
                        + " type []handlers.jsonPatchOp"));
        assertThat(refused(JsonPatch.apply(object("{}"), json("[1]"))).code()).isEqualTo(400);
    }

    @Test
    void tooManyOperationsAreRefused() {
        ArrayNode patch = Json.array();
        for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
            patch.add(object("{op: 'add', path: '/a', value: 1}"));
        }
        ApiStatus status = refused(JsonPatch.apply(object("{}"), patch));
        assertThat(status.code()).isEqualTo(413);
        assertThat(status.message())
                .isEqualTo("Request entity too large: The allowed maximum operations in a JSON patch is 10000,"
                        + " got 10001");
        patch.remove(0);
        patched(JsonPatch.apply(object("{}"), patch));
    }

    @Test
    void copiesCannotDoubleAnObjectWithoutEnd() {
        ArrayNode patch = (ArrayNode) json("[{op: 'add', path: '/a', value: ['" + "x".repeat(1000) + "']}]");
        for (int i = 0; i < 40; i++) {
            patch.add(object("{op: 'copy', from: '/a', path: '/a/-'}"));
        }
        assertThat(cause(refused(JsonPatch.apply(object("{}"), patch)))).contains("exceeding the limit 3145728");
    }
}
