package io.ruori.core.patch;

import static io.ruori.core.patch.ManagedFieldsTest.changed;
import static io.ruori.core.patch.ManagedFieldsTest.entries;
import static io.ruori.core.patch.ManagedFieldsTest.owned;
import static io.ruori.core.patch.ManagedFieldsTest.write;
import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.PatchAssertions.refused;
import static io.ruori.core.patch.SampleSchemas.DEPLOYMENT;
import static io.ruori.core.patch.SampleSchemas.SCHEMAS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stories of several managers applying to one Deployment, with Kubernetes' outcomes and words. */
class ApplyTest {
    private static final Instant T0 = Instant.parse("2026-11-23T06:00:00Z");
    private static final String HEAD = "apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web'";

    @Test
    void applyingToNothingCreatesAndOwnsWhatIsMentioned() {
        ObjectNode created = applied(
                null,
                "{" + HEAD + ", labels: {app: 'web'}}, spec: {replicas: 2, template: {spec:"
                        + " {containers: [{name: 'web', image: 'web:1', ports: [{containerPort: 80}]}]}}}}",
                "alice",
                0);
        assertThat((Object) entries(created)).isEqualTo(json("""
            [{manager: 'alice', operation: 'Apply', apiVersion: 'apps/v1',
              time: '2026-11-23T06:00:00Z', fieldsType: 'FieldsV1',
              fieldsV1: {
                'f:metadata': {'f:labels': {'f:app': {}}},
                'f:spec': {
                  'f:replicas': {},
                  'f:template': {'f:spec': {'f:containers': {'k:{"name":"web"}': {
                     '.': {}, 'f:image': {}, 'f:name': {},
                     'f:ports': {'k:{"containerPort":80,"protocol":"TCP"}':
                        {'.': {}, 'f:containerPort': {}}}}}}}}}}]
            """));
    }

    @Test
    void applyingTwiceChangesNothing() {
        String config = "{" + HEAD + "}, spec: {replicas: 2, strategy: {}}}";
        ObjectNode created = applied(null, config, "alice", 0);
        assertThat((Object) applied(created, config, "alice", 60)).isSameAs(created);
    }

    @Test
    void whatIsNoLongerMentionedGoesAway() {
        ObjectNode created = applied(
                null,
                "{" + HEAD + ", labels: {a: '1', b: '2'}}, spec: {replicas: 2, paused: true,"
                        + " strategy: {type: 'Recreate'}, template: {spec: {containers:"
                        + " [{name: 'a', image: 'x'}, {name: 'b', image: 'y'}]}}}}",
                "alice",
                0);
        ObjectNode less = applied(
                created,
                "{" + HEAD + ", labels: {a: '1'}}, spec: {replicas: 2,"
                        + " template: {spec: {containers: [{name: 'b', image: 'y'}]}}}}",
                "alice",
                10);
        assertThat((Object) content(less))
                .isEqualTo(object("{" + HEAD + ", labels: {a: '1'}}, spec: {replicas: 2,"
                        + " template: {spec: {containers: [{name: 'b', image: 'y'}]}}}}"));
        assertThat(entries(less)).hasSize(1);
        assertThat(entries(less).get(0).get("time").asText()).isEqualTo("2026-11-23T06:00:10Z");
    }

    @Test
    void whatOthersSetStays() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {replicas: 2, paused: true}}", "alice", 0);
        ObjectNode defaulted =
                write(created, changed(created, "{spec: {strategy: {type: 'RollingUpdate'}}}"), "controller", 5);
        ObjectNode shared = applied(defaulted, "{" + HEAD + "}, spec: {paused: true}}", "bob", 10);
        ObjectNode less = applied(shared, "{" + HEAD + "}, spec: {replicas: 2}}", "alice", 20);
        assertThat((Object) less.get("spec"))
                .as("bob owns paused, the controller the strategy")
                .isEqualTo(object("{replicas: 2, paused: true, strategy: {type: 'RollingUpdate'}}"));
        ObjectNode none = applied(less, "{" + HEAD + "}}", "bob", 30);
        assertThat((Object) none.get("spec")).isEqualTo(object("{replicas: 2, strategy: {type: 'RollingUpdate'}}"));
        assertThat(owned(none, "bob")).isEqualTo(FieldSet.EMPTY);
        assertThat(entries(none)).hasSize(2);
    }

    @Test
    void fieldsNobodyOwnsStayWhenASiblingGoes() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {replicas: 2, paused: true}}", "alice", 0);
        ObjectNode defaulted = created.deepCopy();
        defaulted
                .withObject("/spec")
                .putObject("selector")
                .putObject("matchLabels")
                .put("a", "b");
        ObjectNode less = applied(defaulted, "{" + HEAD + "}, spec: {replicas: 2}}", "alice", 10);
        assertThat((Object) less.get("spec")).isEqualTo(object("{replicas: 2, selector: {matchLabels: {a: 'b'}}}"));
    }

    @Test
    void anotherValueForAnothersFieldIsAConflict() {
        ObjectNode created =
                write(null, object("{" + HEAD + "}, spec: {replicas: 2}}"), "kubectl-client-side-apply", 0);
        ApiStatus status = refused(apply(created, "{" + HEAD + "}, spec: {replicas: 3}}", "alice", 10, false));
        assertThat(status)
                .isEqualTo(new ApiStatus(
                        409,
                        "Conflict",
                        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1:"
                                + " .spec.replicas",
                        "",
                        "",
                        "",
                        "",
                        List.of(new ApiStatus.Cause(
                                "FieldManagerConflict",
                                "conflict with \"kubectl-client-side-apply\" using apps/v1",
                                ".spec.replicas")),
                        0,
                        ""));
    }

    @Test
    void severalConflictsAreListedByManager() {
        ObjectNode created = applied(
                null,
                "{" + HEAD + "}, spec: {replicas: 2, paused: true, template: {spec: {containers:"
                        + " [{name: 'a', image: 'x'}]}}}}",
                "alice",
                0);
        Manager status = new Manager("ctl", Manager.Operation.UPDATE, "apps/v1", "status", T0);
        ObjectNode live = ManagedFields.updated(
                created, changed(created, "{status: {replicas: 1}}"), DEPLOYMENT, SCHEMAS, status);
        ApiStatus refused = refused(apply(
                live,
                "{" + HEAD + "}, spec: {replicas: 3, paused: false, template: {spec: {containers:"
                        + " [{name: 'a', image: 'y'}]}}}, status: {replicas: 9}}",
                "bob",
                10,
                false));
        assertThat(refused.message())
                .isEqualTo("Apply failed with 4 conflicts: conflicts with \"alice\":\n"
                        + "- .spec.paused\n"
                        + "- .spec.replicas\n"
                        + "- .spec.template.spec.containers[name=\"a\"].image\n"
                        + "conflicts with \"ctl\" with subresource \"status\" using apps/v1:\n"
                        + "- .status.replicas");
        assertThat(refused.causes()).hasSize(4).allMatch(cause -> cause.reason().equals("FieldManagerConflict"));
    }

    @Test
    void forceTakesTheFields() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {replicas: 2, paused: true}}", "alice", 0);
        ObjectNode forced = patched(apply(created, "{" + HEAD + "}, spec: {replicas: 3}}", "bob", 10, true));
        assertThat(forced.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(owned(forced, "bob")).isEqualTo(FieldSet.of("f:spec", "f:replicas"));
        assertThat(owned(forced, "alice")).isEqualTo(FieldSet.of("f:spec", "f:paused"));
        assertThat(forced.at("/metadata/managedFields/0/time").asText())
                .as("alice's entry keeps its time")
                .isEqualTo("2026-11-23T06:00:00Z");
    }

    @Test
    void equalValuesAreOwnedTogether() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {replicas: 2}}", "alice", 0);
        ObjectNode shared = applied(created, "{" + HEAD + "}, spec: {replicas: 2}}", "bob", 10);
        assertThat(owned(shared, "alice")).isEqualTo(owned(shared, "bob"));
        assertThat((Object) content(shared)).isEqualTo(content(created));
        assertThat(entries(shared)).hasSize(2);
        assertThat(refused(apply(shared, "{" + HEAD + "}, spec: {replicas: 3}}", "alice", 20, false))
                        .causes())
                .hasSize(1);
        ObjectNode left = applied(shared, "{" + HEAD + "}}", "alice", 20);
        assertThat(left.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(owned(left, "alice")).isEqualTo(FieldSet.EMPTY);
    }

    @Test
    void atomicValuesAreOwnedAsAWhole() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {selector: {matchLabels: {a: 'b'}}}}", "alice", 0);
        assertThat(owned(created, "alice")).isEqualTo(FieldSet.of("f:spec", "f:selector"));
        assertThat(refused(apply(
                                created, "{" + HEAD + "}, spec: {selector: {matchLabels: {c: 'd'}}}}", "bob", 1, false))
                        .causes()
                        .getFirst()
                        .field())
                .isEqualTo(".spec.selector");
    }

    @Test
    void keyedListsMergeByKeyInTheAppliedOrder() {
        ObjectNode created = applied(null, containers("a b"), "alice", 0);
        ObjectNode injected = write(
                created,
                object(containers("a b s")).setAll(object("{metadata: " + created.get("metadata") + "}")),
                "injector",
                1);
        ObjectNode more = applied(injected, containers("c a"), "bob", 2);
        assertThat(names(more)).isEqualTo("c a b s");
        ObjectNode less = applied(more, containers("b"), "alice", 3);
        assertThat(names(less)).as("bob keeps a, the injector s").isEqualTo("c a b s");
        assertThat(names(applied(less, containers("c"), "bob", 4))).isEqualTo("c b s");
    }

    @ParameterizedTest(name = "live {0}, applied {1}")
    @CsvSource({
        "a b c, c b a, c b a",
        "a b c, b, a b c",
        "a b c, d, a b c d",
        "a b c, d a, d a b c",
        "a x b, b a, x b a",
        "a b x, b a, b x a",
        "a b c d, d b, a c d b",
        "a, a b, a b",
    })
    void elementOrder(String live, String applied, String expected) {
        ObjectNode created = write(null, object(containers(live)), "m", 0);
        assertThat(names(applied(created, containers(applied), "alice", 1))).isEqualTo(expected);
    }

    @Test
    void portsWithoutAProtocolAreTcp() {
        String config =
                "{" + HEAD + "}, spec: {template: {spec: {containers: [{name: 'a', ports: [{containerPort: 80}]}]}}}}";
        ObjectNode created = applied(null, config, "alice", 0);
        ObjectNode defaulted = created.deepCopy();
        ((ObjectNode) defaulted.at("/spec/template/spec/containers/0/ports/0")).put("protocol", "TCP");
        assertThat((Object) applied(defaulted, config, "alice", 1)).isSameAs(defaulted);
    }

    @Test
    void anUntrackedObjectBelongsToSomebodyFromBefore() {
        ObjectNode live = object("{" + HEAD + "}, spec: {replicas: 2, paused: true}}");
        ApiStatus status = refused(apply(live, "{" + HEAD + "}, spec: {replicas: 3}}", "alice", 0, false));
        assertThat(status.message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1:"
                        + " .spec.replicas");
        ObjectNode forced = patched(apply(live, "{" + HEAD + "}, spec: {replicas: 3}}", "alice", 0, true));
        assertThat(owned(forced, "before-first-apply")).isEqualTo(FieldSet.of("f:spec", "f:paused"));
    }

    @Test
    void kubectlTakesOverWhatItAppliedFromTheClient() {
        String last = "{\\\"apiVersion\\\":\\\"apps/v1\\\",\\\"spec\\\":{\\\"replicas\\\":2}}";
        ObjectNode live = write(
                null,
                object("{" + HEAD + ", annotations: {'" + Apply.LAST_APPLIED + "': \"" + last
                        + "\"}}, spec: {replicas: 2, paused: true}}"),
                "kubectl-client-side-apply",
                0);
        ObjectNode taken = applied(live, "{" + HEAD + "}, spec: {replicas: 3}}", "kubectl", 10);
        assertThat(taken.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(taken.get("metadata")
                        .get("annotations")
                        .get(Apply.LAST_APPLIED)
                        .asText())
                .isEqualTo("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\"},"
                        + "\"spec\":{\"replicas\":3}}\n");
        assertThat(refused(apply(live, "{" + HEAD + "}, spec: {paused: false, replicas: 3}}", "kubectl", 10, false))
                        .message())
                .as("only what it applied")
                .endsWith("using apps/v1: .spec.paused");
        assertThat(refused(apply(live, "{" + HEAD + "}, spec: {replicas: 3}}", "alice", 10, false))
                        .causes())
                .hasSize(1);
    }

    @Test
    void resetFieldsAreNotOwned() {
        Manager alice = Manager.apply("alice", "apps/v1", T0);
        ObjectNode created = patched(Apply.apply(
                null,
                json("{" + HEAD + "}, spec: {replicas: 1}, status: {replicas: 9}}"),
                DEPLOYMENT,
                SCHEMAS,
                alice,
                false,
                FieldSet.of("f:status")));
        assertThat(owned(created, "alice")).isEqualTo(FieldSet.of("f:spec", "f:replicas"));
    }

    @Test
    void nullInAConfigurationIsOwnedAndMeansAbsent() {
        ObjectNode created = applied(null, "{" + HEAD + "}, spec: {replicas: null, paused: true}}", "alice", 0);
        assertThat((Object) created.get("spec")).isEqualTo(object("{paused: true}"));
        assertThat(owned(created, "alice").contains("f:spec", "f:replicas")).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {apiVersion: 'apps/v1beta1', kind: 'Deployment'}                     | 400 | invalid object type: apps/v1beta1, Kind=Deployment
        {}                                                                   | 400 | invalid object type: /, Kind=
        []                                                                   | 400 | error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}
        {apiVersion: 'apps/v1', kind: 'D', metadata: {managedFields: []}}    | 400 | metadata.managedFields must be nil
        {apiVersion: 'apps/v1', kind: 'D', spec: {x: 1}}                     | 500 | failed to create typed patch object (/; apps/v1, Kind=D): .spec.x: field not declared in schema
        {apiVersion: 'apps/v1', kind: 'D', spec: {replicas: '1'}}            | 500 | failed to create typed patch object (/; apps/v1, Kind=D): .spec.replicas: expected numeric (int or float), got string
        {apiVersion: 'apps/v1', kind: 'D', metadata: {name: 'n', namespace: 's'}, spec: {template: {spec: {containers: [{name: 'a'}, {name: 'a'}]}}}} | 500 | failed to create typed patch object (s/n; apps/v1, Kind=D): .spec.template.spec.containers: duplicate entries for key [name="a"]
        {apiVersion: 'apps/v1', kind: 'D', spec: {template: {spec: {containers: [{image: 'a'}]}}}} | 500 | failed to create typed patch object (/; apps/v1, Kind=D): .spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)
        """)
    void whatCannotBeAppliedIsRefused(String config, int code, String message) {
        ApiStatus status = refused(Apply.apply(
                null, json(config), DEPLOYMENT, SCHEMAS, Manager.apply("alice", "apps/v1", T0), false, FieldSet.EMPTY));
        assertThat(status.message()).isEqualTo(message);
        assertThat(status.code()).isEqualTo(code);
    }

    private static String containers(String names) {
        return "{" + HEAD + "}, spec: {template: {spec: {containers: ["
                + String.join(
                        ", ",
                        Arrays.stream(names.split(" "))
                                .map(n -> "{name: '" + n + "'}")
                                .toList())
                + "]}}}}";
    }

    private static String names(ObjectNode deployment) {
        StringBuilder names = new StringBuilder();
        for (JsonNode container : Json.at(deployment, "spec", "template", "spec", "containers")) {
            names.append(names.isEmpty() ? "" : " ")
                    .append(container.get("name").asText());
        }
        return names.toString();
    }

    private static ObjectNode content(ObjectNode object) {
        ObjectNode content = object.deepCopy();
        content.withObject("/metadata").remove("managedFields");
        return content;
    }

    private static ObjectNode applied(@Nullable ObjectNode live, String config, String manager, int second) {
        return patched(apply(live, config, manager, second, false));
    }

    static PatchResult apply(@Nullable ObjectNode live, String config, String manager, int second, boolean force) {
        ObjectNode untouched = live == null ? Json.object() : live.deepCopy();
        PatchResult result = Apply.apply(
                live,
                json(config),
                DEPLOYMENT,
                SCHEMAS,
                Manager.apply(manager, "apps/v1", T0.plusSeconds(second)),
                force,
                FieldSet.EMPTY);
        if (live != null) {
            assertThat((Object) live).as("the live object is left alone").isEqualTo(untouched);
        }
        return result;
    }
}
