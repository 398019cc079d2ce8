package io.ruori.node.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.RuntimeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** The Node object as its agent wants it. */
public final class NodeObject {
    /** Kubernetes' version that we keep to, and our mark. */
    public static final String KUBELET_VERSION = "v1.36.0-ruori";

    private static final long RESERVED_MEMORY = 100L << 20;

    private NodeObject() {}

    /**
     * @param labels beside the ones every node has
     * @param maxPods how many Pods it takes
     */
    public static ObjectNode of(
            String name,
            String hostIp,
            RuntimeInfo info,
            Map<String, String> labels,
            int maxPods,
            boolean ready,
            Instant now) {
        ObjectNode node = Json.object();
        node.put("apiVersion", "v1");
        node.put("kind", "Node");
        ObjectNode meta = node.putObject("metadata");
        meta.put("name", name);
        ObjectNode all = meta.putObject("labels");
        all.put("beta.kubernetes.io/arch", info.architecture());
        all.put("beta.kubernetes.io/os", "linux");
        all.put("kubernetes.io/arch", info.architecture());
        all.put("kubernetes.io/hostname", name);
        all.put("kubernetes.io/os", "linux");
        labels.forEach(all::put);
        node.putObject("spec");
        node.set("status", status(name, hostIp, info, maxPods, ready, now));
        return node;
    }

    /** {@code status} alone. */
    public static ObjectNode status(
            String name, String hostIp, RuntimeInfo info, int maxPods, boolean ready, Instant now) {
        ObjectNode status = Json.object();
        resources(status.putObject("capacity"), info, maxPods, 0, info.diskBytes());
        resources(status.putObject("allocatable"), info, maxPods, RESERVED_MEMORY, info.diskBytes() / 10 * 9);
        conditions(status.putArray("conditions"), ready, PodStatusView.time(now));
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", hostIp);
        addresses.addObject().put("type", "Hostname").put("address", name);
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 10250);
        ObjectNode system = status.putObject("nodeInfo");
        // Told apart by name, since several nodes may share a machine.
        String id = UUID.nameUUIDFromBytes(("ruori/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
        system.put("machineID", id.replace("-", ""));
        system.put("systemUUID", id);
        system.put("bootID", id);
        system.put("kernelVersion", info.kernelVersion());
        system.put("osImage", info.osImage());
        system.put("containerRuntimeVersion", info.name() + "://" + info.version());
        system.put("kubeletVersion", KUBELET_VERSION);
        system.put("kubeProxyVersion", "");
        system.put("operatingSystem", "linux");
        system.put("architecture", info.architecture());
        return status;
    }

    private static void resources(ObjectNode into, RuntimeInfo info, int maxPods, long reserved, long diskBytes) {
        into.put("cpu", Integer.toString(info.cpus()));
        into.put("ephemeral-storage", diskBytes / 1024 + "Ki");
        into.put("hugepages-1Gi", "0");
        into.put("hugepages-2Mi", "0");
        into.put("memory", Math.max(0, info.memoryBytes() - reserved) / 1024 + "Ki");
        into.put("pods", Integer.toString(maxPods));
    }

    private static void conditions(ArrayNode into, boolean ready, String now) {
        add(
                into,
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
                now);
        add(into, "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now);
        add(into, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now);
        if (ready) {
            add(into, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now);
        } else {
            add(into, "Ready", "False", "KubeletNotReady", "container runtime is down", now);
        }
    }

    private static void add(ArrayNode into, String type, String status, String reason, String message, String now) {
        into.addObject()
                .put("type", type)
                .put("status", status)
                .put("lastHeartbeatTime", now)
                .put("lastTransitionTime", now)
                .put("reason", reason)
                .put("message", message);
    }
}
