package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.SampleSchemas.DEPLOYMENT;
import static io.ruori.core.patch.SampleSchemas.POD;
import static io.ruori.core.patch.SampleSchemas.SCHEMAS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ordinary writes own what they change, and the entries read as upstream's. */
class ManagedFieldsTest {
    private static final Instant T0 = Instant.parse("2026-11-23T06:00:00.5Z");

    private static final ObjectNode WEB = object("""
        {apiVersion: 'apps/v1', kind: 'Deployment',
         metadata: {name: 'web', namespace: 'default', uid: 'u', creationTimestamp: '2026-11-23T06:00:00Z',
                    generation: 1, labels: {app: 'web'}},
         spec: {replicas: 2, selector: {matchLabels: {app: 'web'}},
                strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%'}},
                template: {metadata: {labels: {app: 'web'}},
                           spec: {containers: [{name: 'web', image: 'web:1', resources: {},
                                                ports: [{containerPort: 80, protocol: 'TCP'}]}],
                                  securityContext: {}}}},
         status: {}}
        """);

    @Test
    void aCreatedObjectBelongsToItsCreator() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        assertThat((Object) entries(created)).isEqualTo(json("""
            [{manager: 'kubectl-create', operation: 'Update', apiVersion: 'apps/v1',
              time: '2026-11-23T06:00:00Z', fieldsType: 'FieldsV1',
              fieldsV1: {
                'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
                'f:spec': {
                  'f:replicas': {},
                  'f:selector': {},
                  'f:strategy': {'f:rollingUpdate': {'.': {}, 'f:maxSurge': {}}, 'f:type': {}},
                  'f:template': {
                    'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
                    'f:spec': {
                      'f:containers': {
                        'k:{"name":"web"}': {
                          '.': {}, 'f:image': {}, 'f:name': {},
                          'f:ports': {
                            '.': {},
                            'k:{"containerPort":80,"protocol":"TCP"}': {
                              '.': {}, 'f:containerPort': {}, 'f:protocol': {}}},
                          'f:resources': {}}},
                      'f:securityContext': {}}}}}}]
            """));
        assertThat(fieldNames(created))
                .as("Kubernetes' order")
                .isEqualTo("[manager, operation, apiVersion, time, fieldsType, fieldsV1]");
        assertThat(created.toString()).contains("{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:app\":{}}},\"f:spec\":");
    }

    @Test
    void aChangedFieldGoesToWhoeverChangedIt() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode scaled = write(created, changed(created, "{spec: {replicas: 3}}"), "kubectl-scale", 10);
        assertThat(owned(scaled, "kubectl-scale")).isEqualTo(FieldSet.of("f:spec", "f:replicas"));
        assertThat(owned(scaled, "kubectl-create").contains("f:spec", "f:replicas"))
                .isFalse();
        assertThat(owned(scaled, "kubectl-create").contains("f:spec", "f:selector"))
                .isTrue();
        assertThat(time(scaled, "kubectl-create")).isEqualTo("2026-11-23T06:00:00Z");
        assertThat(time(scaled, "kubectl-scale")).isEqualTo("2026-11-23T06:00:10Z");

        ObjectNode again = write(scaled, changed(scaled, "{spec: {replicas: 4}}"), "kubectl-scale", 20);
        assertThat(time(again, "kubectl-scale")).as("its own value changed").isEqualTo("2026-11-23T06:00:20Z");
        assertThat(owned(again, "kubectl-scale")).isEqualTo(FieldSet.of("f:spec", "f:replicas"));
    }

    @Test
    void aManagerKeepsWhatItOwnedBefore() {
        ObjectNode created = write(null, WEB, "m", 0);
        ObjectNode changed = write(created, changed(created, "{spec: {paused: true, replicas: 9}}"), "m", 10);
        assertThat(entries(changed)).hasSize(1);
        assertThat(owned(changed, "m")).isEqualTo(owned(created, "m").union(FieldSet.of("f:spec", "f:paused")));
    }

    @Test
    void removedFieldsAreDroppedFromEverybodyAndResetNoTime() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode changed = write(created, changed(created, "{metadata: {labels: null}}"), "other", 10);
        assertThat(entries(changed)).hasSize(1);
        assertThat(owned(changed, "kubectl-create").contains("f:metadata", "f:labels", "f:app"))
                .isFalse();
        assertThat(owned(changed, "kubectl-create").contains("f:metadata", "f:labels"))
                .isFalse();
        assertThat(time(changed, "kubectl-create")).isEqualTo("2026-11-23T06:00:00Z");
    }

    @Test
    void whoLosesEverythingLosesTheEntry() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode labelled = write(created, changed(created, "{metadata: {labels: {x: '1'}}}"), "one", 10);
        ObjectNode taken = write(labelled, changed(labelled, "{metadata: {labels: {x: '2'}}}"), "two", 20);
        assertThat(owned(taken, "one")).isEqualTo(FieldSet.EMPTY);
        assertThat(owned(taken, "two")).isEqualTo(FieldSet.of("f:metadata", "f:labels", "f:x"));
        assertThat(entries(taken)).hasSize(2);
    }

    @Test
    void aWriteWithoutChangeTouchesNothing() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        assertThat((Object) write(created, created, "other", 10)).isSameAs(created);
        ObjectNode copy = created.deepCopy();
        copy.withObject("/metadata").put("resourceVersion", "77").put("generation", 2);
        assertThat((Object) entries(write(created, copy, "other", 10))).isEqualTo(entries(created));
        copy.withObject("/metadata").remove("managedFields");
        assertThat((Object) entries(write(created, copy, "other", 10)))
                .as("a client that does not send them does not lose them")
                .isSameAs(entries(created));
    }

    @Test
    void statusIsTrackedUnderItsSubresource() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode after = changed(
                created, "{status: {replicas: 2, conditions: [{type: 'Available', status: 'True', reason: 'R'}]}}");
        ((ObjectNode) after.get("metadata")).putArray("managedFields");
        Manager controller =
                new Manager("controller", Manager.Operation.UPDATE, "apps/v1", "status", T0.plusSeconds(5));
        ObjectNode updated = ManagedFields.updated(created, after, DEPLOYMENT, SCHEMAS, controller);
        assertThat(entries(updated)).as("a subresource cannot reset").hasSize(2);
        JsonNode entry = entries(updated).get(1);
        assertThat(entry.get("subresource").asText()).isEqualTo("status");
        assertThat((Object) entry.get("fieldsV1")).isEqualTo(json("""
            {'f:status': {'f:conditions': {'.': {}, 'k:{"type":"Available"}':
               {'.': {}, 'f:reason': {}, 'f:status': {}, 'f:type': {}}}, 'f:replicas': {}}}
            """));
    }

    @Test
    void theSameNameOnASubresourceIsAnotherManager() {
        ObjectNode created = write(null, WEB, "m", 0);
        Manager status = new Manager("m", Manager.Operation.UPDATE, "apps/v1", "status", T0);
        ObjectNode updated = ManagedFields.updated(
                created, changed(created, "{status: {replicas: 1}}"), DEPLOYMENT, SCHEMAS, status);
        assertThat(entries(updated)).hasSize(2);
    }

    @Test
    void elementsOfListsAndSetsAreOwnedOneByOne() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode with = write(
                created,
                changed(created, "{metadata: {finalizers: ['a/b', 'c/d'], ownerReferences: [{uid: 'u1', name: 'n'}]}}"),
                "gc",
                10);
        assertThat((Object) fields(with, "gc")).isEqualTo(json("""
            {'f:metadata': {'f:finalizers': {'.': {}, 'v:"a/b"': {}, 'v:"c/d"': {}},
             'f:ownerReferences': {'.': {}, 'k:{"uid":"u1"}': {}}}}
            """));
        ObjectNode less = write(with, changed(with, "{metadata: {finalizers: ['c/d', 'e/f']}}"), "other", 20);
        assertThat(owned(less, "gc").contains("f:metadata", "f:finalizers", "v:\"a/b\""))
                .isFalse();
        assertThat(owned(less, "other")).isEqualTo(FieldSet.of("f:metadata", "f:finalizers", "v:\"e/f\""));
    }

    @Test
    void elementsWithOneKeyAreOwnedTogether() {
        ObjectNode pod = object("{kind: 'Pod', metadata: {name: 'p'}, spec: {containers: ["
                + "{name: 'a', env: [{name: 'X', value: '1'}, {name: 'X', value: '2'}, {name: 'Y', value: '3'}]}]}}");
        ObjectNode created = ManagedFields.updated(null, pod, POD, SCHEMAS, Manager.update("m", "v1", T0));
        assertThat((Object) fields(created, "m")
                        .at("/f:spec/f:containers")
                        .get("k:{\"name\":\"a\"}")
                        .get("f:env"))
                .isEqualTo(json("""
                    {'.': {}, 'k:{"name":"X"}': {}, 'k:{"name":"Y"}': {'.': {}, 'f:name': {}, 'f:value': {}}}
                    """));
    }

    @Test
    void theOldestUpdatesMergeAboveTen() {
        ObjectNode object = write(null, WEB, "m0", 0);
        for (int i = 1; i <= 14; i++) {
            object = write(object, changed(object, "{metadata: {labels: {l" + i + ": 'x'}}}"), "m" + i, i);
        }
        assertThat(entries(object)).hasSize(10);
        assertThat(entries(object).get(0).get("manager").asText()).isEqualTo("ancient-changes");
        assertThat(entries(object).get(0).get("time").asText()).isEqualTo("2026-11-23T06:00:05Z");
        FieldSet ancient = owned(object, "ancient-changes");
        assertThat(ancient.contains("f:metadata", "f:labels", "f:l5")).isTrue();
        assertThat(ancient.contains("f:spec", "f:replicas")).isTrue();
        assertThat(ancient.contains("f:metadata", "f:labels", "f:l6")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{}]"})
    void aClientCanResetOwnershipAndThenNothingIsTracked(String reset) {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode after = changed(created, "{spec: {replicas: 7}}");
        after.withObject("/metadata").set("managedFields", json(reset));
        ObjectNode untracked = write(created, after, "m", 10);
        assertThat(untracked.get("metadata").has("managedFields")).isFalse();
        ObjectNode later = write(untracked, changed(untracked, "{spec: {replicas: 8}}"), "m", 20);
        assertThat(later.get("metadata").has("managedFields")).isFalse();
    }

    @Test
    void aClientCanEditOwnership() {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode after = created.deepCopy();
        ((ObjectNode) entries(after).get(0)).put("manager", "renamed").put("operation", "Apply");
        ObjectNode edited = write(created, after, "m", 10);
        assertThat(owned(edited, "renamed")).isEqualTo(owned(created, "kubectl-create"));
        assertThat(owned(edited, "kubectl-create")).isEqualTo(FieldSet.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{manager: 'x', operation: 'Steal', apiVersion: 'v1', fieldsType: 'FieldsV1'}]",
                "[{manager: 'x', operation: 'Update', apiVersion: '', fieldsType: 'FieldsV1'}]",
                "[{manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV2'}]",
                "[{manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', time: 'noon'}]",
                "[{manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {x: {}}}]",
                "[1]"
            })
    void unreadableOwnershipFromAClientIsIgnored(String entries) {
        ObjectNode created = write(null, WEB, "kubectl-create", 0);
        ObjectNode after = created.deepCopy();
        after.withObject("/metadata").set("managedFields", json(entries));
        assertThat((Object) entries(write(created, after, "m", 10))).isSameAs(entries(created));
    }

    @Test
    void settlingTakesBackTimesOnly() {
        ObjectNode created = write(null, WEB, "m", 0);
        ObjectNode later = created.deepCopy();
        ((ObjectNode) entries(later).get(0)).put("time", "2030-01-01T00:00:00Z");
        assertThat((Object) ManagedFields.settled(created, later)).isSameAs(created);
        later.withObject("/spec").put("replicas", 9);
        assertThat((Object) ManagedFields.settled(created, later)).isSameAs(later);
    }

    static ObjectNode write(@Nullable ObjectNode before, ObjectNode after, String manager, int second) {
        ObjectNode untouched = after.deepCopy();
        Manager writer = Manager.update(manager, "apps/v1", T0.plusSeconds(second));
        ObjectNode result = ManagedFields.updated(before, after, DEPLOYMENT, SCHEMAS, writer);
        assertThat((Object) after).as("what comes in is left alone").isEqualTo(untouched);
        return result;
    }

    static ObjectNode changed(ObjectNode object, String mergePatch) {
        return patched(MergePatch.apply(object, json(mergePatch))).deepCopy();
    }

    static JsonNode json(String text) {
        return PatchAssertions.json(text);
    }

    static JsonNode entries(ObjectNode object) {
        return Json.at(object, "metadata", "managedFields");
    }

    static FieldSet owned(ObjectNode object, String manager) {
        JsonNode fields = fields(object, manager);
        return fields.isMissingNode() ? FieldSet.EMPTY : FieldSet.decode(fields);
    }

    private static JsonNode fields(ObjectNode object, String manager) {
        return entry(object, manager).path("fieldsV1");
    }

    private static String time(ObjectNode object, String manager) {
        return entry(object, manager).path("time").asText();
    }

    private static JsonNode entry(ObjectNode object, String manager) {
        for (JsonNode entry : entries(object)) {
            if (entry.get("manager").asText().equals(manager)) {
                return entry;
            }
        }
        return Json.object().path("none");
    }

    private static String fieldNames(ObjectNode object) {
        List<String> names = new ArrayList<>();
        entries(object).get(0).fieldNames().forEachRemaining(names::add);
        return names.toString();
    }
}
