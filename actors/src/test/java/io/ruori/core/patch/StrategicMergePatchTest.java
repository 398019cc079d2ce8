package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.PatchAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.core.schema.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists merge by the schema's keys, directives do what they say, and the order of elements is upstream's. */
class StrategicMergePatchTest {

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {restartPolicy: 'Always'}                | {dnsPolicy: 'Default'}                         | {restartPolicy: 'Always', dnsPolicy: 'Default'}
        {restartPolicy: 'Always'}                | {restartPolicy: null}                          | {}
        {nodeSelector: {a: 'b'}}                 | {nodeSelector: {c: 'd'}}                       | {nodeSelector: {a: 'b', c: 'd'}}
        {nodeSelector: {a: 'b', c: 'd'}}         | {nodeSelector: {a: null}}                      | {nodeSelector: {c: 'd'}}
        {nodeSelector: {a: 'b'}}                 | {nodeSelector: {$patch: 'replace', c: 'd'}}    | {nodeSelector: {c: 'd'}}
        {nodeSelector: {a: 'b'}}                 | {nodeSelector: {$patch: 'delete'}}             | {nodeSelector: {}}
        {nodeSelector: {a: 'b'}}                 | {nodeSelector: {$patch: 'merge', c: 'd'}}      | {nodeSelector: {a: 'b', c: 'd'}}
        {}                                       | {nodeSelector: {$patch: 'delete'}}             | {}
        {}                                       | {nodeSelector: {a: null, c: 'd'}}              | {nodeSelector: {c: 'd'}}
        {tolerations: [{key: 'a'}]}              | {tolerations: [{key: 'b'}]}                    | {tolerations: [{key: 'b'}]}
        {containers: [{name: 'a', image: 'x'}]}  | {containers: [{name: 'a', image: 'y'}]}        | {containers: [{name: 'a', image: 'y'}]}
        {containers: [{name: 'a', image: 'x'}]}  | {containers: [{name: 'a', image: null}]}       | {containers: [{name: 'a'}]}
        {containers: [{name: 'a'}]}              | {containers: [{name: 'b'}]}                    | {containers: [{name: 'b'}, {name: 'a'}]}
        {containers: [{name: 'a'}, {name: 'b'}]} | {containers: [{name: 'a', $patch: 'delete'}]}  | {containers: [{name: 'b'}]}
        {containers: [{name: 'a'}, {name: 'b'}]} | {containers: [{name: 'z', $patch: 'delete'}]}  | {containers: [{name: 'a'}, {name: 'b'}]}
        {containers: [{name: 'a'}]}              | {containers: [{$patch: 'replace'}, {name: 'b'}]} | {containers: [{name: 'b'}]}
        {}                                       | {containers: [{name: 'a', $patch: 'delete'}, {name: 'b', image: null}]} | {containers: [{name: 'b'}]}
        {containers: []}                         | {containers: []}                               | {containers: []}
        """)
    void podSpecs(String live, String patch, String expected) {
        ObjectNode before = object(live);
        assertThat((Object) patched(strategic("PodSpec", live, patch))).isEqualTo(object(expected));
        assertThat((Object) before).isEqualTo(object(live));
    }

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(delimiter = '|', textBlock = """
        # elements the patch does not name keep their place before those they preceded
        a b c   | c b    |       | a c b
        a b c   | b d    |       | a b d c
        a b c   | d      |       | d a b c
        # the order directive rules, with and without changes
        a b c   |        | c a b | c a b
        a b c   |        | c a   | b c a
        a b c   | b      | c b a | c b a
        a b     | c      | a b c | a b c
        a b     | c      | c a b | c a b
        a x b   | c      | a b c | a x b c
        a x     | c      | c a   | c a x
        x a y b | c      | b a c | x y b a c
                | b a    | b a   | b a
        """)
    void elementOrder(String live, String patch, String order, String expected) {
        ObjectNode changes = Json.object();
        if (patch != null) {
            changes.set("containers", named(patch));
        }
        if (order != null) {
            changes.set("$setElementOrder/containers", named(order));
        }
        ObjectNode before = Json.object();
        if (live != null) {
            before.set("containers", named(live));
        }
        ObjectNode result = patched(StrategicMergePatch.apply(
                before, changes, SampleSchemas.SCHEMAS.struct("PodSpec"), SampleSchemas.SCHEMAS));
        assertThat((Object) result.get("containers")).isEqualTo(named(expected));
    }

    private static JsonNode named(String names) {
        ArrayNode list = Json.array();
        for (String name : names.split(" ")) {
            list.addObject().put("name", name);
        }
        return list;
    }

    @ParameterizedTest(name = "{0} + {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ['a', 'b'] | {finalizers: ['c', 'a']}                                                              | ['c', 'a', 'b']
        ['a', 'b'] | {finalizers: ['b', 'c']}                                                              | ['a', 'b', 'c']
        ['a', 'b'] | {'$deleteFromPrimitiveList/finalizers': ['a', 'z']}                                   | ['b']
        ['a', 'b'] | {'$deleteFromPrimitiveList/finalizers': ['a'], '$setElementOrder/finalizers': ['c', 'b'], finalizers: ['c']} | ['c', 'b']
        ['a', 'b'] | {'$setElementOrder/finalizers': ['b', 'a']}                                           | ['b', 'a']
        """)
    void listsOfPrimitives(String live, String patch, String expected) {
        ObjectNode result = patched(strategic("ObjectMeta", "{finalizers: " + live + "}", patch));
        assertThat((Object) result).isEqualTo(object("{finalizers: " + expected + "}"));
    }

    @Test
    void retainKeysDropsTheRest() {
        String live = "{strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: 1}}}";
        assertThat((Object) patched(
                        strategic("DeploymentSpec", live, "{strategy: {$retainKeys: ['type'], type: 'Recreate'}}")))
                .isEqualTo(object("{strategy: {type: 'Recreate'}}"));
        assertThat(refused(strategic("DeploymentSpec", live, "{strategy: {$retainKeys: [], type: 'Recreate'}}")))
                .isEqualTo(ApiStatus.badRequest("invalid patch format of retainKeys"));
        assertThat((Object) patched(strategic(
                        "PodSpec",
                        "{volumes: [{name: 'v', emptyDir: {}}]}",
                        "{'$setElementOrder/volumes': [{name: 'v'}], volumes: [{$retainKeys:"
                                + " ['name', 'hostPath'], name: 'v', hostPath: {path: '/p'}}]}")))
                .isEqualTo(object("{volumes: [{name: 'v', hostPath: {path: '/p'}}]}"));
    }

    @Test
    void kubectlSetImageChangesOneContainer() {
        String live = "{kind: 'Deployment', spec: {replicas: 3, template: {spec: {containers:"
                + " [{name: 'web', image: 'web:1', ports: [{containerPort: 80}]}, {name: 'log', image: 'log:1'}]}}}}";
        String patch = "{spec: {template: {spec: {'$setElementOrder/containers': [{name: 'web'}, {name: 'log'}],"
                + " containers: [{name: 'web', image: 'web:2'}]}}}}";
        assertThat((Object) patched(strategic("Deployment", live, patch)))
                .isEqualTo(object(live.replace("web:1", "web:2")));
    }

    @Test
    void portsMergeByNumber() {
        assertThat((Object) patched(strategic(
                        "Container",
                        "{ports: [{containerPort: 80}, {containerPort: 443, name: 's'}]}",
                        "{ports: [{containerPort: 443, name: 't'}, {containerPort: 80, $patch: 'delete'}]}")))
                .isEqualTo(object("{ports: [{containerPort: 443, name: 't'}]}"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {containers: [{image: 'x'}]}                                       | 500 | map: map[image:x] does not contain declared merge key: name
        {containers: [{$patch: 'delete'}]}                                 | 500 | map: map[$patch:delete] does not contain declared merge key: name
        {containers: [{name: 'a', $patch: 'merge'}]}                       | 500 | merging lists cannot yet be specified in the patch
        {nodeSelector: {$patch: 'burn'}}                                   | 500 | unknown patch type: burn in map: map[$patch:burn]
        {containers: [['a']]}                                              | 422 | the server rejected our request due to an error in our request
        {'$setElementOrder/containers': 1}                                 | 400 | invalid patch format of setElementOrder list
        {'$setElementOrder': []}                                           | 400 | invalid patch format of setElementOrder list
        {'$deleteFromPrimitiveList/x': 1}                                  | 400 | invalid patch format of primitive list
        {'$setElementOrder/none': [{name: 'a'}]}                           | 500 | unable to find api field in struct PodSpec for the json field "none"
        """)
    void malformedPatchesAreRefused(String patch, int code, String message) {
        ApiStatus status = refused(strategic("PodSpec", "{containers: [{name: 'a'}], nodeSelector: {x: 'y'}}", patch));
        assertThat(status.message()).isEqualTo(message);
        assertThat(status.code()).isEqualTo(code);
    }

    @Test
    void thePatchMustFollowItsOwnOrder() {
        assertThat(refused(strategic(
                                "PodSpec",
                                "{containers: [{name: 'a'}]}",
                                "{'$setElementOrder/containers': [{name: 'a'}], containers: [{name: 'b'}]}"))
                        .message())
                .startsWith("The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:");
    }

    @Test
    @Timeout(30)
    void largeListsMergeInReasonableTime() {
        ObjectNode live = Json.object();
        ObjectNode patch = Json.object();
        for (int i = 0; i < 50_000; i++) {
            live.withArrayProperty("finalizers").add("a" + i);
            patch.withArrayProperty("finalizers").add("b" + i);
        }
        patched(StrategicMergePatch.apply(
                live, patch, SampleSchemas.SCHEMAS.struct("ObjectMeta"), SampleSchemas.SCHEMAS));
    }

    private static PatchResult strategic(String type, String live, String patch) {
        Schema.Struct schema = SampleSchemas.SCHEMAS.struct(type);
        return StrategicMergePatch.apply(object(live), json(patch), schema, SampleSchemas.SCHEMAS);
    }
}
