package io.ruori.http.e2e;

/** One object of every kind, named {@code sample}. */
final class KindSamples {
    private KindSamples() {}

    static String yaml(String kind) {
        return switch (kind) {
            case "configmap" -> Manifests.configMap("sample", "red");
            case "secret" -> head("v1", "Secret") + "stringData: {password: geheim}\n";
            case "serviceaccount" -> head("v1", "ServiceAccount");
            case "pod" -> Manifests.pod("sample", "sleep 1000", "");
            case "replicaset" -> replicaSet("sample", "sample", 1);
            case "deployment" -> Manifests.deployment("sample", "ruori/web:1", 1);
            case "lease" ->
                head("coordination.k8s.io/v1", "Lease") + "spec: {holderIdentity: me, leaseDurationSeconds: 10}\n";
            case "event" ->
                head("v1", "Event")
                        + "involvedObject: {kind: Pod, name: p, namespace: kind-event}\n"
                        + "reason: Seen\n"
                        + "message: something\n"
                        + "type: Normal\n";
            case "controllerrevision" -> head("apps/v1", "ControllerRevision") + "revision: 1\ndata: {a: b}\n";
            default -> throw new IllegalArgumentException(kind);
        };
    }

    static String replicaSet(String name, String app, int replicas) {
        return """
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: %1$s
            spec:
              replicas: %3$d
              selector:
                matchLabels: {app: %2$s}
              template:
                metadata:
                  labels: {app: %2$s}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: main
                    image: ruori/web:1
            """.formatted(name, app, replicas);
    }

    private static String head(String apiVersion, String kind) {
        return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: sample\n";
    }
}
