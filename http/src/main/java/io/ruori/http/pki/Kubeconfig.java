package io.ruori.http.pki;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A complete kubeconfig with everything inline. */
public final class Kubeconfig {
    private Kubeconfig() {}

    public static String of(String server, String authorityPem, String user, Identity client) {
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: ruori
              cluster:
                server: %s
                certificate-authority-data: %s
            users:
            - name: %s
              user:
                client-certificate-data: %s
                client-key-data: %s
            contexts:
            - name: ruori
              context:
                cluster: ruori
                user: %s
            current-context: ruori
            """.formatted(
                        server,
                        base64(authorityPem),
                        user,
                        base64(Pem.of(client.certificate())),
                        base64(Pem.of(client.key())),
                        user);
    }

    /** What anybody may know who wants to join: where the cluster is, and how to be sure that it is it. */
    public static String withoutUser(String server, String authorityPem) {
        return """
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: %s
                server: %s
              name: ""
            contexts: null
            current-context: ""
            kind: Config
            preferences: {}
            users: null
            """.formatted(base64(authorityPem), server);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
