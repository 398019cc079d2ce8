package io.ruori.core.patch;

import static io.ruori.core.patch.PatchAssertions.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.core.schema.Schema.Schemas;
import io.ruori.core.schema.Schema.Struct;
import io.ruori.schema.BuiltInSchemas;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Prints what the bookkeeping of an ordinary write of a Pod costs. Run as a program; the figures belong into a bench
 * report, not into an assertion.
 */
final class ManagedFieldsTiming {
    private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

    private static final Schemas SCHEMAS = BuiltInSchemas.load();
    private static final Struct POD = SCHEMAS.ofKind("", "v1", "Pod").orElseThrow();

    /** CPU time, so that a busy machine does not show. */
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private ManagedFieldsTiming() {}

    public static void main(String[] args) {
        ObjectNode pod = pod();
        ObjectNode created = write(null, pod, "replicaset-controller", "");
        ObjectNode running = created.deepCopy();
        running.set("status", status());
        ObjectNode reported = write(created, running, "agent", "status");
        ObjectNode ready = reported.deepCopy();
        ready.withObject("/status").withArray("conditions").get(1);
        ((ObjectNode) ready.at("/status/conditions/1")).put("status", "True").put("reason", "Ready");
        System.out.println(
                "Pod with managedFields: " + ready.toString().getBytes(StandardCharsets.UTF_8).length + " bytes");
        ObjectNode sharing = Json.object();
        sharing.setAll(reported);
        sharing.set("status", ready.get("status"));
        measure("create", () -> write(null, pod, "replicaset-controller", ""));
        measure("status patch, all trees new", () -> write(reported, ready, "agent", "status"));
        measure("status patch, shared subtrees", () -> write(reported, sharing, "agent", "status"));
        measure("no change, shared", () -> write(reported, reported, "agent", "status"));
        ObjectNode copy = reported.deepCopy();
        measure("no change, all trees new", () -> write(reported, copy, "agent", "status"));
    }

    private static ObjectNode write(ObjectNode before, ObjectNode after, String manager, String subresource) {
        Manager writer = new Manager(manager, Manager.Operation.UPDATE, "v1", subresource, NOW);
        return ManagedFields.updated(before, after, POD, SCHEMAS, writer);
    }

    private static void measure(String what, Supplier<ObjectNode> write) {
        long sink = 0;
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 12; round++) {
            int writes = 20_000;
            long start = THREAD.getCurrentThreadCpuTime();
            for (int i = 0; i < writes; i++) {
                sink += write.get().size();
            }
            best = Math.min(best, (THREAD.getCurrentThreadCpuTime() - start) / 1000.0 / writes);
        }
        System.out.printf("%-32s %6.2f µs%s%n", what, best, sink == 0 ? "!" : "");
    }

    private static ObjectNode status() {
        return object("""
            {observedGeneration: 1, conditions: [
               {type: 'PodReadyToStartContainers', status: 'True', reason: 'x'},
               {type: 'Ready', status: 'False', reason: 'ContainersNotReady'},
               {type: 'ContainersReady', status: 'False', reason: 'ContainersNotReady'},
               {type: 'PodScheduled', status: 'True', reason: 'x'}]}
            """);
    }

    private static ObjectNode pod() {
        ObjectNode pod = object("""
            {apiVersion: 'v1', kind: 'Pod',
             metadata: {name: 'web-5d4f8c7b9-x2x4z', namespace: 'default', uid: '0b7e6f6e-8c3e-4a53-9d0e-0a0000000001',
                        generation: 1, creationTimestamp: '2026-11-23T06:00:00Z', resourceVersion: '12345678901234',
                        labels: {app: 'web', 'pod-template-hash': '5d4f8c7b9', tier: 'front', env: 'prod'},
                        annotations: {'example.com/a': 'some value', 'example.com/b': 'another value'},
                        ownerReferences: [{uid: 'u1', name: 'web-5d4f8c7b9', kind: 'ReplicaSet'}]},
             spec: {dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler',
                    terminationGracePeriodSeconds: 30, securityContext: {},
                    nodeSelector: {disk: 'ssd'},
                    tolerations: [{key: 'node.kubernetes.io/not-ready', operator: 'Exists'},
                                  {key: 'node.kubernetes.io/unreachable', operator: 'Exists'}],
                    volumes: [{name: 'tmp', emptyDir: {}}, {name: 'config', configMap: {name: 'web'}}],
                    containers: []}}
            """);
        for (String name : new String[] {"web", "sidecar"}) {
            ObjectNode container = object(
                    "{name: '" + name + "', image: 'registry.example.com/team/" + name + ":1.2.3', imagePullPolicy:"
                            + " 'IfNotPresent',"
                            + " terminationMessagePath:"
                            + " '/dev/termination-log',"
                            + " terminationMessagePolicy:"
                            + " 'File', command:"
                            + " ['/bin/serve'], args:"
                            + " ['--port', '8080'],"
                            + " resources: {limits: {cpu:"
                            + " '500m', memory: '256Mi'}},"
                            + " ports: [{containerPort:"
                            + " 8080, protocol: 'TCP'},"
                            + " {containerPort: 9090,"
                            + " protocol: 'TCP'}]}");
            for (int i = 0; i < 6; i++) {
                container
                        .withArray("env")
                        .addObject()
                        .put("name", "SETTING_" + i)
                        .put("value", "value-" + i);
            }
            pod.withObject("/spec").withArray("containers").add(container);
        }
        return pod;
    }
}
