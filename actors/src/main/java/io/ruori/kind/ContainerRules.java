package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The containers of a Pod, init containers included. */
public final class ContainerRules {
    private static final Set<String> PULL_POLICIES = Set.of("Always", "IfNotPresent", "Never");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final Set<String> SCHEMES = Set.of("HTTP", "HTTPS");
    private static final Set<String> ENV_FIELDS = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Set<String> RESOURCE_FIELDS = Set.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final Pattern SUBSCRIPTED = Pattern.compile("(metadata\\.(?:annotations|labels))\\['(.*)'\\]");
    private static final Set<String> PROFILES = Set.of("Localhost", "RuntimeDefault", "Unconfined");
    private static final Set<String> PROPAGATIONS = Set.of("Bidirectional", "HostToContainer", "None");

    private ContainerRules() {}

    public static void validate(JsonNode spec, String path, Map<String, JsonNode> volumes, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        Set<String> hostPorts = new HashSet<>();
        JsonNode containers = spec.path("containers");
        if (containers.isEmpty()) {
            errors.required(path + ".containers", "");
        }
        for (int i = 0; i < containers.size(); i++) {
            String at = path + ".containers[" + i + "]";
            container(containers.get(i), at, spec, volumes, names, errors);
            probesAndHooks(containers.get(i), at, errors);
            hostPorts(containers.get(i), at, hostPorts, errors);
        }
        JsonNode init = spec.path("initContainers");
        for (int i = 0; i < init.size(); i++) {
            String at = path + ".initContainers[" + i + "]";
            container(init.get(i), at, spec, volumes, names, errors);
            initContainer(init.get(i), at, errors);
        }
    }

    private static void container(
            JsonNode container,
            String path,
            JsonNode spec,
            Map<String, JsonNode> volumes,
            Set<String> names,
            FieldErrors errors) {
        name(container, path, names, errors);
        String image = Json.text(container, "image");
        if (image.isEmpty()) {
            errors.required(path + ".image", "");
        } else if (!image.equals(image.strip())) {
            errors.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
        Checks.oneOf(container, "imagePullPolicy", path, PULL_POLICIES, true, errors);
        message(container, path, errors);
        ports(container.path("ports"), path + ".ports", spec.path("hostNetwork").asBoolean(), errors);
        env(container.path("env"), path + ".env", errors);
        envFrom(container.path("envFrom"), path + ".envFrom", errors);
        mounts(container, path, volumes, errors);
        ResourceRules.validate(container.path("resources"), path + ".resources", errors);
        security(container.path("securityContext"), path + ".securityContext", errors);
    }

    private static void name(JsonNode container, String path, Set<String> names, FieldErrors errors) {
        String name = Json.text(container, "name");
        if (name.isEmpty()) {
            errors.required(path + ".name", "");
            return;
        }
        Checks.each(Syntax.dnsLabel(name), path + ".name", name, errors);
        if (!names.add(name)) {
            errors.duplicate(path + ".name", name);
        }
    }

    private static void message(JsonNode container, String path, FieldErrors errors) {
        String policy = Json.text(container, "terminationMessagePolicy");
        if (policy.isEmpty()) {
            errors.required(path + ".terminationMessagePolicy", "");
        } else if (!policy.equals("File") && !policy.equals("FallbackToLogsOnError")) {
            errors.notSupported(path + ".terminationMessagePolicy", policy, List.of("File", "FallbackToLogsOnError"));
        }
    }

    // ---- ports

    private static void ports(JsonNode ports, String path, boolean hostNetwork, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String at = path + "[" + i + "]";
            String name = Json.text(port, "name");
            if (!name.isEmpty()) {
                List<String> wrong = Syntax.portName(name);
                Checks.each(wrong, at + ".name", name, errors);
                if (wrong.isEmpty() && !names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
            }
            long number = Json.number(port, 0, "containerPort");
            if (number == 0) {
                errors.required(at + ".containerPort", "");
            } else {
                Checks.each(Syntax.portNumber(number), at + ".containerPort", number, errors);
            }
            long host = Json.number(port, 0, "hostPort");
            if (host != 0) {
                Checks.each(Syntax.portNumber(host), at + ".hostPort", host, errors);
                if (hostNetwork && host != number) {
                    errors.invalid(at + ".containerPort", number, "must match `hostPort` when `hostNetwork` is true");
                }
            }
            String hostIp = Json.text(port, "hostIP");
            if (!hostIp.isEmpty()) {
                AddressRules.address(hostIp, at + ".hostIP", Set.of(), errors);
            }
            Checks.oneOf(port, "protocol", at, PROTOCOLS, true, errors);
        }
    }

    /** Two containers of a Pod cannot have the same port of the node. */
    private static void hostPorts(JsonNode container, String path, Set<String> taken, FieldErrors errors) {
        JsonNode ports = container.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            long number = Json.number(port, 0, "hostPort");
            if (number != 0) {
                String key = Json.text(port, "protocol") + "/" + Json.text(port, "hostIP") + "/" + number;
                if (!taken.add(key)) {
                    errors.duplicate(path + ".ports[" + i + "].hostPort", key);
                }
            }
        }
    }

    // ---- environment

    private static void env(JsonNode variables, String path, FieldErrors errors) {
        for (int i = 0; i < variables.size(); i++) {
            JsonNode variable = variables.get(i);
            String at = path + "[" + i + "]";
            String name = Json.text(variable, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            } else {
                Checks.each(Syntax.envName(name), at + ".name", name, errors);
            }
            if (variable.path("valueFrom").isObject()) {
                valueFrom(variable, at + ".valueFrom", errors);
            }
        }
    }

    private static void valueFrom(JsonNode variable, String path, FieldErrors errors) {
        JsonNode from = variable.path("valueFrom");
        int sources = 0;
        if (from.path("fieldRef").isObject()) {
            sources++;
            fieldRef(from.path("fieldRef"), path + ".fieldRef", ENV_FIELDS, errors);
        }
        if (from.path("resourceFieldRef").isObject()) {
            sources++;
            resourceFieldRef(from.path("resourceFieldRef"), path + ".resourceFieldRef", false, errors);
        }
        for (String reference : List.of("configMapKeyRef", "secretKeyRef")) {
            if (from.path(reference).isObject()) {
                sources++;
                keyRef(from.path(reference), path + "." + reference, errors);
            }
        }
        if (from.path("fileKeyRef").isObject()) {
            sources++;
        }
        if (sources == 0) {
            errors.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`");
        } else if (!Json.text(variable, "value").isEmpty()) {
            errors.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (sources > 1) {
            errors.invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void keyRef(JsonNode reference, String path, FieldErrors errors) {
        String name = Json.text(reference, "name");
        Checks.each(Syntax.dnsSubdomain(name), path + ".name", name, errors);
        String key = Json.text(reference, "key");
        if (key.isEmpty()) {
            errors.required(path + ".key", "");
        } else {
            Checks.each(Syntax.configKey(key), path + ".key", key, errors);
        }
    }

    public static void fieldRef(JsonNode reference, String path, Set<String> supported, FieldErrors errors) {
        Checks.required(reference, "apiVersion", path, errors);
        String field = Json.text(reference, "fieldPath");
        if (field.isEmpty()) {
            errors.required(path + ".fieldPath", "");
            return;
        }
        Matcher subscript = SUBSCRIPTED.matcher(field);
        if (subscript.matches()) {
            String key = subscript.group(2);
            Checks.each(Syntax.qualifiedName(key.toLowerCase(Locale.ROOT)), path + ".fieldPath", key, errors);
        } else if (!supported.contains(field)) {
            boolean known = ENV_FIELDS.contains(field)
                    || field.equals("metadata.labels")
                    || field.equals("metadata.annotations");
            if (known) {
                errors.notSupported(path + ".fieldPath", field, supported);
            } else {
                errors.invalid(
                        path + ".fieldPath", field, "error converting fieldPath: field label not supported: " + field);
            }
        }
    }

    public static void resourceFieldRef(JsonNode reference, String path, boolean inVolume, FieldErrors errors) {
        if (inVolume) {
            Checks.required(reference, "containerName", path, errors);
        }
        String resource = Json.text(reference, "resource");
        if (resource.isEmpty()) {
            errors.required(path + ".resource", "");
        } else if (!RESOURCE_FIELDS.contains(resource)
                && !resource.startsWith("limits.hugepages-")
                && !resource.startsWith("requests.hugepages-")) {
            errors.notSupported(path + ".resource", resource, RESOURCE_FIELDS);
        }
    }

    private static void envFrom(JsonNode sources, String path, FieldErrors errors) {
        for (int i = 0; i < sources.size(); i++) {
            JsonNode source = sources.get(i);
            String at = path + "[" + i + "]";
            String prefix = Json.text(source, "prefix");
            if (!prefix.isEmpty()) {
                Checks.each(Syntax.envName(prefix), at + ".prefix", prefix, errors);
            }
            int count = 0;
            for (String reference : List.of("configMapRef", "secretRef")) {
                if (source.path(reference).isObject()) {
                    count++;
                    String name = Json.text(source.path(reference), "name");
                    if (name.isEmpty()) {
                        errors.required(at + "." + reference + ".name", "");
                    } else {
                        Checks.each(Syntax.dnsSubdomain(name), at + "." + reference + ".name", name, errors);
                    }
                }
            }
            if (count == 0) {
                errors.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`");
            } else if (count > 1) {
                errors.invalid(at, "", "may not have more than one field specified at a time");
            }
        }
    }

    // ---- mounts

    private static void mounts(JsonNode container, String path, Map<String, JsonNode> volumes, FieldErrors errors) {
        JsonNode mounts = container.path("volumeMounts");
        Set<String> targets = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            JsonNode mount = mounts.get(i);
            String at = path + ".volumeMounts[" + i + "]";
            String name = Json.text(mount, "name");
            if (name.isEmpty()) {
                errors.required(at + ".name", "");
            }
            if (!volumes.containsKey(name)) {
                errors.notFound(at + ".name", name);
            }
            String target = Json.text(mount, "mountPath");
            if (target.isEmpty()) {
                errors.required(at + ".mountPath", "");
            }
            if (!targets.add(target)) {
                errors.invalid(at + ".mountPath", target, "must be unique");
            }
            subPath(mount, at, errors);
            Checks.oneOf(mount, "mountPropagation", at, PROPAGATIONS, false, errors);
            boolean privileged =
                    container.path("securityContext").path("privileged").asBoolean();
            if (Json.text(mount, "mountPropagation").equals("Bidirectional") && !privileged) {
                errors.forbidden(
                        at + ".mountPropagation",
                        "Bidirectional mount propagation is available only to privileged containers");
            }
        }
    }

    private static void subPath(JsonNode mount, String path, FieldErrors errors) {
        String plain = Json.text(mount, "subPath");
        String expression = Json.text(mount, "subPathExpr");
        if (!plain.isEmpty()) {
            VolumeRules.localPath(plain, path + ".subPath", errors);
        }
        if (!expression.isEmpty()) {
            if (!plain.isEmpty()) {
                errors.invalid(path + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
            }
            VolumeRules.localPath(expression, path + ".subPathExpr", errors);
        }
    }

    // ---- probes and hooks

    private static void initContainer(JsonNode container, String path, FieldErrors errors) {
        String policy = Json.text(container, "restartPolicy");
        if (!policy.isEmpty() && !policy.equals("Always")) {
            errors.notSupported(path + ".restartPolicy", policy, List.of("Always"));
        }
        if (PodResources.isSidecar(container)) {
            probesAndHooks(container, path, errors);
            return;
        }
        for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(field).isObject()) {
                errors.forbidden(path + "." + field, "may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    private static void probesAndHooks(JsonNode container, String path, FieldErrors errors) {
        probe(container.path("livenessProbe"), path + ".livenessProbe", true, errors);
        probe(container.path("readinessProbe"), path + ".readinessProbe", false, errors);
        probe(container.path("startupProbe"), path + ".startupProbe", true, errors);
        for (String hook : List.of("postStart", "preStop")) {
            JsonNode handler = container.path("lifecycle").path(hook);
            if (handler.isObject()) {
                handler(handler, path + ".lifecycle." + hook, errors);
            }
        }
    }

    /**
     * @param kills failing it restarts the container, so one success must be enough
     */
    private static void probe(JsonNode probe, String path, boolean kills, FieldErrors errors) {
        if (!probe.isObject()) {
            return;
        }
        handler(probe, path, errors);
        for (String field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            Checks.nonNegative(probe.path(field), path + "." + field, errors);
        }
        JsonNode grace = probe.path("terminationGracePeriodSeconds");
        if (kills) {
            if (Json.number(probe, 1, "successThreshold") != 1) {
                errors.invalid(path + ".successThreshold", probe.path("successThreshold"), "must be 1");
            }
            Checks.positive(grace, path + ".terminationGracePeriodSeconds", errors);
        } else if (grace.isNumber()) {
            errors.invalid(path + ".terminationGracePeriodSeconds", grace, "must not be set for readinessProbes");
        }
    }

    private static void handler(JsonNode handler, String path, FieldErrors errors) {
        int types = 0;
        for (String type : List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep")) {
            JsonNode action = handler.path(type);
            if (action.isObject()) {
                if (types++ > 0) {
                    errors.forbidden(path + "." + type, "may not specify more than 1 handler type");
                } else {
                    action(type, action, path + "." + type, errors);
                }
            }
        }
        if (types == 0) {
            errors.required(path, "must specify a handler type");
        }
    }

    private static void action(String type, JsonNode action, String path, FieldErrors errors) {
        switch (type) {
            case "exec" -> {
                if (action.path("command").isEmpty()) {
                    errors.required(path + ".command", "");
                }
            }
            case "httpGet" -> {
                Checks.required(action, "path", path, errors);
                port(action.path("port"), path + ".port", errors);
                Checks.oneOf(action, "scheme", path, SCHEMES, true, errors);
                JsonNode headers = action.path("httpHeaders");
                for (int i = 0; i < headers.size(); i++) {
                    String name = Json.text(headers.get(i), "name");
                    Checks.each(Syntax.httpHeader(name), path + ".httpHeaders", name, errors);
                }
            }
            case "tcpSocket", "grpc" -> port(action.path("port"), path + ".port", errors);
            default -> Checks.nonNegative(action.path("seconds"), path + ".seconds", errors);
        }
    }

    private static void port(JsonNode port, String path, FieldErrors errors) {
        if (port.isTextual()) {
            Checks.each(Syntax.portName(port.textValue()), path, port, errors);
        } else {
            Checks.each(Syntax.portNumber(port.asLong()), path, port.asLong(), errors);
        }
    }

    // ---- security

    private static void security(JsonNode context, String path, FieldErrors errors) {
        for (String id : List.of("runAsUser", "runAsGroup")) {
            if (context.path(id).isNumber()) {
                Checks.each(Syntax.userId(context.path(id).longValue()), path + "." + id, context.path(id), errors);
            }
        }
        profile(context.path("seccompProfile"), path + ".seccompProfile", errors);
        profile(context.path("appArmorProfile"), path + ".appArmorProfile", errors);
        JsonNode escalation = context.path("allowPrivilegeEscalation");
        if (escalation.isBoolean() && !escalation.booleanValue()) {
            if (context.path("privileged").asBoolean()) {
                errors.invalid(
                        path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }
            for (JsonNode capability : context.path("capabilities").path("add")) {
                if (capability.asText().equals("CAP_SYS_ADMIN")) {
                    errors.invalid(
                            path,
                            context,
                            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
                }
            }
        }
    }

    public static void profile(JsonNode profile, String path, FieldErrors errors) {
        if (!profile.isObject()) {
            return;
        }
        Checks.oneOf(profile, "type", path, PROFILES, true, errors);
        boolean local = Json.text(profile, "type").equals("Localhost");
        boolean named = !Json.text(profile, "localhostProfile").isEmpty();
        if (local && !named) {
            errors.required(path + ".localhostProfile", "must be set when " + kind(path) + " type is Localhost");
        } else if (!local && named) {
            errors.invalid(
                    path + ".localhostProfile",
                    profile.path("localhostProfile"),
                    "can only be set when " + kind(path) + " type is Localhost");
        }
    }

    private static String kind(String path) {
        return path.endsWith("seccompProfile") ? "seccomp" : "AppArmor";
    }
}
