package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.json;
import static io.ruori.core.patch.PatchAssertions.object;
import static io.ruori.core.patch.PatchAssertions.patched;
import static io.ruori.core.patch.PatchAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.schema.BuiltInSchemas;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Patches and ownership with the real types: the tables carry what the walks need. */
class BuiltInTypesTest {
    private static final Schemas SCHEMAS = BuiltInSchemas.load();
    private static final Struct POD = SCHEMAS.ofKind("", "v1", "Pod").orElseThrow();
    private static final Struct SERVICE = SCHEMAS.ofKind("", "v1", "Service").orElseThrow();
    private static final Instant T0 = Instant.parse("2026-11-23T06:00:00Z");

    @Test
    void aPodReadsAsUpstreamWritesIt() {
        ObjectNode pod = object("""
            {apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', labels: {run: 'p'}},
             spec: {containers: [{name: 'p', image: 'i', imagePullPolicy: 'Always', resources: {},
                                  terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File'}],
                    dnsPolicy: 'ClusterFirst', enableServiceLinks: true, restartPolicy: 'Always',
                    schedulerName: 'default-scheduler', securityContext: {}, terminationGracePeriodSeconds: 30},
             status: {}}
            """);
        ObjectNode created = ManagedFields.updated(null, pod, POD, SCHEMAS, Manager.update("kubectl-run", "v1", T0));
        assertThat((Object) ManagedFieldsTest.entries(created).get(0).get("fieldsV1"))
                .isEqualTo(json("""
                    {'f:metadata': {'f:labels': {'.': {}, 'f:run': {}}},
                     'f:spec': {'f:containers': {'k:{"name":"p"}': {'.': {}, 'f:image': {},
                                  'f:imagePullPolicy': {}, 'f:name': {}, 'f:resources': {},
                                  'f:terminationMessagePath': {}, 'f:terminationMessagePolicy': {}}},
                                'f:dnsPolicy': {}, 'f:enableServiceLinks': {}, 'f:restartPolicy': {},
                                'f:schedulerName': {}, 'f:securityContext': {},
                                'f:terminationGracePeriodSeconds': {}}}
                    """));
    }

    @Test
    void anAgentsStatusIsOwnedByCondition() {
        ObjectNode pod = object("{apiVersion: 'v1', kind: 'Pod', metadata: {name: 'p', labels: {a: 'b'}}, status: {}}");
        ObjectNode created = ManagedFields.updated(null, pod, POD, SCHEMAS, Manager.update("m", "v1", T0));
        ObjectNode running = created.deepCopy();
        running.set(
                "status",
                object("{phase: 'Running', hostIP: '10.0.0.1', podIPs: [{ip: '10.1.0.1'}], conditions:"
                        + " [{type: 'Ready', status: 'True', lastProbeTime: null}],"
                        + " containerStatuses: [{name: 'p', ready: true}]}"));
        Manager agent = new Manager("kubelet", Manager.Operation.UPDATE, "v1", "status", T0);
        ObjectNode updated = ManagedFields.updated(created, running, POD, SCHEMAS, agent);
        assertThat((Object) ManagedFieldsTest.entries(updated).get(0).get("fieldsV1"))
                .isEqualTo(json("""
                    {'f:status': {'f:conditions': {'.': {}, 'k:{"type":"Ready"}':
                                    {'.': {}, 'f:lastProbeTime': {}, 'f:status': {}, 'f:type': {}}},
                                  'f:containerStatuses': {}, 'f:hostIP': {}, 'f:phase': {},
                                  'f:podIPs': {'.': {}, 'k:{"ip":"10.1.0.1"}': {'.': {}, 'f:ip': {}}}}}
                    """));
    }

    @Test
    void servicePortsMergeStrategicallyByPort() {
        ObjectNode service = object("{spec: {ports: [{port: 80, name: 'http'}, {port: 443, name: 'https'}]}}");
        assertThat((Object) patched(StrategicMergePatch.apply(
                        service, json("{spec: {ports: [{port: 443, nodePort: 30443}]}}"), SERVICE, SCHEMAS)))
                .isEqualTo(object("{spec: {ports: [{port: 80, name: 'http'},"
                        + " {port: 443, name: 'https', nodePort: 30443}]}}"));
    }

    @Test
    void anAppliedSelectorIsOneValue() {
        Manager alice = Manager.apply("alice", "v1", T0);
        String config = "{apiVersion: 'v1', kind: 'Service', metadata: {name: 's'}, spec: {selector: {a: '%s'}}}";
        ObjectNode created = patched(Apply.apply(
                null, json(config.formatted("1")), SERVICE, SCHEMAS, alice, false, FieldSet.of("f:status")));
        assertThat(ManagedFieldsTest.owned(created, "alice")).isEqualTo(FieldSet.of("f:spec", "f:selector"));
        Manager bob = Manager.apply("bob", "v1", T0);
        assertThat(refused(Apply.apply(
                                created,
                                json(config.formatted("2")),
                                SERVICE,
                                SCHEMAS,
                                bob,
                                false,
                                FieldSet.of("f:status")))
                        .message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"alice\": .spec.selector");
    }
}
