package io.ruori.node.runtime;

import java.time.Instant;
import java.util.List;

/**
 * A sandbox as it is now.
 *
 * @param ip empty while it has none (not running, or on the host's network: then the node's address)
 * @param containers its members, running or not, oldest first
 */
public record SandboxState(
        String id,
        String podNamespace,
        String podName,
        String podUid,
        int attempt,
        boolean running,
        String ip,
        Instant createdAt,
        List<ContainerState> containers) {}
