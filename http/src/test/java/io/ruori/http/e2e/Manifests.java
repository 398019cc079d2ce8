package io.ruori.http.e2e;

/** YAML that the stories apply. */
final class Manifests {
    private Manifests() {}

    static String deployment(String name, String image, int replicas) {
        return """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: %1$s
              labels: {app: %1$s}
            spec:
              replicas: %3$d
              selector:
                matchLabels: {app: %1$s}
              template:
                metadata:
                  labels: {app: %1$s}
                spec:
                  terminationGracePeriodSeconds: 2
                  containers:
                  - name: web
                    image: %2$s
                    ports:
                    - containerPort: 8080
            """.formatted(name, image, replicas);
    }

    /** A Pod of one shell. */
    static String pod(String name, String script, String more) {
        return """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %1$s
              labels: {app: %1$s}
            spec:
              terminationGracePeriodSeconds: 2
              containers:
              - name: main
                image: ruori/web:1
                command: ["/bin/sh", "-c", %2$s]
            %3$s
            """.formatted(name, quoted(script), more);
    }

    static String configMap(String name, String colour) {
        return """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: %s
            data:
              colour: %s
            """.formatted(name, colour);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
