package io.ruori.node.runtime;

import java.util.List;
import java.util.Map;

/**
 * A Pod's sandbox.
 *
 * @param attempt counts sandboxes of the same Pod, so that names never collide
 * @param hostNetwork joins the machine's network instead of having an address of its own
 * @param dns nameservers, search domains and options for {@code /etc/resolv.conf}
 * @param labels the Pod's labels; the runtime adds its own to find the sandbox again
 */
public record SandboxSpec(
        String podNamespace,
        String podName,
        String podUid,
        int attempt,
        String hostname,
        boolean hostNetwork,
        Dns dns,
        Map<String, String> labels) {

    /** Contents of {@code /etc/resolv.conf}; all empty means the machine's own. */
    public record Dns(List<String> nameservers, List<String> searches, List<String> options) {}
}
