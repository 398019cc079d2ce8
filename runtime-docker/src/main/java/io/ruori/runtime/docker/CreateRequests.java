package io.ruori.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.AttachSpec;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.ExecSpec;
import io.ruori.node.runtime.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The bodies of the Engine's create calls. */
final class CreateRequests {
    /**
     * Docker takes these keys out of a terminal's input. There is no way to switch that off, so they are ones that
     * nobody types in a row.
     */
    static final String DETACH_KEYS = "ctrl-@,ctrl-^,ctrl-@,ctrl-^,ctrl-@";

    /** As kubelet: of all the processes of a Pod the sandbox dies last. */
    private static final int SANDBOX_OOM_SCORE = -998;

    private CreateRequests() {}

    static ObjectNode network(String name, String subnet) {
        ObjectNode request =
                Json.object().put("Name", name).put("CheckDuplicate", true).put("Driver", "bridge");
        request.putObject("IPAM")
                .put("Driver", "default")
                .putArray("Config")
                .addObject()
                .put("Subnet", subnet);
        request.putObject("Options")
                .put("com.docker.network.bridge.name", name)
                .put("com.docker.network.bridge.enable_icc", "true")
                .put("com.docker.network.bridge.enable_ip_masquerade", "true");
        return request;
    }

    /** @param protectedFromOom an Engine without CAP_SYS_RESOURCE cannot lower a score, and fails to start what asks */
    static ObjectNode sandbox(DockerSettings settings, SandboxSpec spec, boolean protectedFromOom) {
        ObjectNode request = Json.object().put("Image", settings.pauseImage());
        if (!spec.hostNetwork()) {
            request.put("Hostname", spec.hostname());
        }
        request.set("Labels", Labels.ofSandbox(settings.nodeName(), spec));
        ObjectNode host = request.putObject("HostConfig");
        host.put("NetworkMode", spec.hostNetwork() ? "host" : settings.network())
                .put("IpcMode", "shareable")
                .put("OomScoreAdj", protectedFromOom ? SANDBOX_OOM_SCORE : 0)
                .putObject("LogConfig")
                .put("Type", "none");
        return request;
    }

    /**
     * @param sandbox as inspected
     * @param resolvConf mounted when the Pod has its own; otherwise Docker's resolver answers
     * @param terminationMessage an existing file, mounted where the container leaves its last words
     */
    static ObjectNode container(
            DockerSettings settings,
            JsonNode sandbox,
            ContainerSpec spec,
            Optional<Path> resolvConf,
            Optional<Path> terminationMessage) {
        String sandboxId = Json.text(sandbox, "Id");
        JsonNode sandboxLabels = Json.at(sandbox, "Config", "Labels");
        ObjectNode request = Json.object()
                .put("Image", spec.image())
                .put("User", spec.user())
                .put("WorkingDir", spec.workingDir())
                .put("OpenStdin", spec.stdin())
                .put("StdinOnce", spec.stdinOnce())
                .put("Tty", spec.tty());
        ArrayNode env = request.putArray("Env");
        spec.env().forEach((name, value) -> env.add(name + "=" + value));
        putStrings(request, "Entrypoint", spec.command());
        putStrings(request, "Cmd", spec.args());
        request.set("Labels", Labels.ofContainer(settings.nodeName(), sandboxId, sandboxLabels, spec));
        ObjectNode host = request.putObject("HostConfig")
                .put("NetworkMode", "container:" + sandboxId)
                .put("IpcMode", "container:" + sandboxId)
                .put("Privileged", spec.privileged())
                .put("ReadonlyRootfs", spec.readOnlyRoot());
        putStrings(host, "CapAdd", spec.addCapabilities());
        putStrings(host, "CapDrop", spec.dropCapabilities());
        putLimits(host, spec.limits());
        // The sandbox shows whether this Engine can lower a score.
        int lowest = Json.at(sandbox, "HostConfig", "OomScoreAdj").asInt() < 0 ? SANDBOX_OOM_SCORE : 0;
        spec.limits().oomScoreAdj().ifPresent(score -> host.put("OomScoreAdj", Math.max(score, lowest)));
        host.putObject("LogConfig")
                .put("Type", "json-file")
                .putObject("Config")
                .put("max-size", Long.toString(settings.logFileBytes()))
                .put("max-file", Integer.toString(settings.logFiles()));
        ArrayNode mounts = host.putArray("Mounts");
        spec.mounts().forEach(mount -> bind(mounts, mount.hostPath(), mount.containerPath(), mount.readOnly()));
        terminationMessage.ifPresent(file -> bind(mounts, file.toString(), spec.terminationMessagePath(), false));
        resolvConf
                .filter(file ->
                        spec.mounts().stream().noneMatch(m -> m.containerPath().equals("/etc/resolv.conf")))
                .ifPresent(file -> bind(mounts, file.toString(), "/etc/resolv.conf", false));
        return request;
    }

    static ObjectNode exec(ExecSpec spec) {
        ObjectNode request = Json.object()
                .put("AttachStdin", spec.stdin())
                .put("AttachStdout", spec.stdout() || spec.tty())
                .put("AttachStderr", spec.stderr() && !spec.tty())
                .put("Tty", spec.tty())
                .put("DetachKeys", DETACH_KEYS);
        putStrings(request, "Cmd", spec.command());
        return request;
    }

    static String attachQuery(AttachSpec spec) {
        return "?stream=1&stdin=" + flag(spec.stdin()) + "&stdout=" + flag(spec.stdout()) + "&stderr="
                + flag(spec.stderr()) + "&detachKeys=" + EngineClient.encode(DETACH_KEYS);
    }

    private static int flag(boolean wanted) {
        return wanted ? 1 : 0;
    }

    private static void putLimits(ObjectNode host, ContainerSpec.Limits limits) {
        if (limits.memoryBytes() > 0) {
            // Equal values mean no swap on top, as Kubernetes promises.
            host.put("Memory", limits.memoryBytes()).put("MemorySwap", limits.memoryBytes());
        }
        if (limits.cpuShares() > 0) {
            host.put("CpuShares", limits.cpuShares());
        }
        if (limits.cpuQuotaMicros() > 0) {
            host.put("CpuQuota", limits.cpuQuotaMicros());
        }
        if (limits.cpuPeriodMicros() > 0) {
            host.put("CpuPeriod", limits.cpuPeriodMicros());
        }
    }

    private static void putStrings(ObjectNode parent, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = parent.putArray(field);
            values.forEach(array::add);
        }
    }

    private static void bind(ArrayNode mounts, String source, String target, boolean readOnly) {
        mounts.addObject()
                .put("Type", "bind")
                .put("Source", source)
                .put("Target", target)
                .put("ReadOnly", readOnly);
    }
}
