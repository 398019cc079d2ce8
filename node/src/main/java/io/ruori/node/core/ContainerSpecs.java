package io.ruori.node.core;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.node.runtime.ContainerSpec;
import io.ruori.node.runtime.SandboxSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** From a Pod to what the runtime is asked to make, with all references resolved. */
public final class ContainerSpecs {
    private static final int MOST_HOSTNAME = 63;

    private ContainerSpecs() {}

    /** The Pod's sandbox. */
    public static SandboxSpec sandbox(PodSpec pod, int attempt) {
        JsonNode spec = pod.spec();
        String hostname = Json.text(spec, "hostname");
        if (hostname.isEmpty()) {
            hostname = pod.name();
        }
        if (hostname.length() > MOST_HOSTNAME) {
            hostname = hostname.substring(0, MOST_HOSTNAME).replaceAll("[-.]+$", "");
        }
        return new SandboxSpec(
                pod.namespace(),
                pod.name(),
                pod.uid().value(),
                attempt,
                hostname,
                pod.hostNetwork(),
                dns(spec.path("dnsConfig")),
                pod.labels());
    }

    private static SandboxSpec.Dns dns(JsonNode config) {
        List<String> options = new ArrayList<>();
        for (JsonNode option : config.path("options")) {
            String value = Json.text(option, "value");
            options.add(Json.text(option, "name") + (value.isEmpty() ? "" : ":" + value));
        }
        return new SandboxSpec.Dns(texts(config.path("nameservers")), texts(config.path("searches")), options);
    }

    /**
     * A container of the Pod.
     *
     * @param mounts volumes made ready already
     * @throws ConfigProblem when something it refers to is missing
     */
    public static ContainerSpec container(
            PodSpec pod,
            ContainerTemplate container,
            int attempt,
            FieldPaths fields,
            References references,
            List<ContainerSpec.Mount> mounts)
            throws ConfigProblem {
        JsonNode tree = container.tree();
        Map<String, String> env = new EnvResolver(pod, references, fields).environment(tree);
        env.putIfAbsent("HOSTNAME", sandbox(pod, 0).hostname());
        JsonNode security = tree.path("securityContext");
        JsonNode podSecurity = pod.spec().path("securityContext");
        JsonNode capabilities = security.path("capabilities");
        String messagePath = Json.text(tree, "terminationMessagePath");
        return new ContainerSpec(
                container.name(),
                container.image(),
                attempt,
                container.hash(),
                EnvResolver.expandAll(tree.path("command"), env),
                EnvResolver.expandAll(tree.path("args"), env),
                env,
                Json.text(tree, "workingDir"),
                user(security, podSecurity),
                ContainerLimits.of(tree, QosClass.of(pod.spec()), fields.node().memoryBytes()),
                mounts,
                security.path("privileged").asBoolean(false),
                security.path("readOnlyRootFilesystem").asBoolean(false),
                texts(capabilities.path("add")),
                texts(capabilities.path("drop")),
                tree.path("stdin").asBoolean(false),
                tree.path("stdinOnce").asBoolean(false),
                tree.path("tty").asBoolean(false),
                messagePath.isEmpty() ? "/dev/termination-log" : messagePath);
    }

    private static String user(JsonNode own, JsonNode pods) throws ConfigProblem {
        String user = either(own, pods, "runAsUser");
        String group = either(own, pods, "runAsGroup");
        if (user.equals("0") && either(own, pods, "runAsNonRoot").equals("true")) {
            throw new ConfigProblem("container's runAsUser breaks non-root policy");
        }
        if (group.isEmpty()) {
            return user;
        }
        return (user.isEmpty() ? "0" : user) + ":" + group;
    }

    private static String either(JsonNode own, JsonNode pods, String field) {
        String text = Json.text(own, field);
        return text.isEmpty() ? Json.text(pods, field) : text;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
