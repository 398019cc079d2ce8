package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a Pod's spec must satisfy, in a Pod and in a template. */
public final class PodSpecRules {
    private static final Set<String> RESTART_POLICIES = Set.of("Always", "OnFailure", "Never");
    private static final Set<String> DNS_POLICIES =
            Set.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
    private static final Set<String> PREEMPTION = Set.of("Never", "PreemptLowerPriority");
    private static final Set<String> OPERATING_SYSTEMS = Set.of("linux", "windows");
    private static final Set<String> FS_GROUP_CHANGE = Set.of("Always", "OnRootMismatch");
    private static final Pattern SYSCTL = Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9][-_a-z0-9/.]*");
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;

    private PodSpecRules() {}

    public static void validate(JsonNode spec, String path, FieldErrors errors) {
        Map<String, JsonNode> volumes = VolumeRules.validate(spec.path("volumes"), path + ".volumes", errors);
        ContainerRules.validate(spec, path, volumes, errors);
        policies(spec, path, errors);
        names(spec, path, errors);
        security(spec.path("securityContext"), path + ".securityContext", errors);
        hosts(spec, path, errors);
        dns(spec, path, errors);
        gates(spec, path, errors);
        SchedulingRules.validate(spec, path, errors);
    }

    private static void policies(JsonNode spec, String path, FieldErrors errors) {
        Checks.oneOf(spec, "restartPolicy", path, RESTART_POLICIES, true, errors);
        Checks.oneOf(spec, "dnsPolicy", path, DNS_POLICIES, true, errors);
        Checks.oneOf(spec, "preemptionPolicy", path, PREEMPTION, false, errors);
        if (spec.path("os").isObject()) {
            Checks.oneOf(spec.path("os"), "name", path + ".os", OPERATING_SYSTEMS, true, errors);
        }
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber() && (deadline.longValue() < 1 || deadline.longValue() > Integer.MAX_VALUE)) {
            errors.invalid(path + ".activeDeadlineSeconds", deadline, "must be between 1 and 2147483647, inclusive");
        }
    }

    private static void names(JsonNode spec, String path, FieldErrors errors) {
        subdomain(spec, "serviceAccountName", path, errors);
        subdomain(spec, "nodeName", path, errors);
        subdomain(spec, "priorityClassName", path, errors);
        subdomain(spec, "runtimeClassName", path, errors);
        label(spec, "hostname", path, errors);
        label(spec, "subdomain", path, errors);
        String scheduler = Json.text(spec, "schedulerName");
        if (!scheduler.isEmpty()) {
            Checks.each(Syntax.qualifiedName(scheduler), path + ".schedulerName", scheduler, errors);
        }
    }

    private static void subdomain(JsonNode spec, String field, String path, FieldErrors errors) {
        String value = Json.text(spec, field);
        if (!value.isEmpty()) {
            Checks.each(Syntax.dnsSubdomain(value), path + "." + field, value, errors);
        }
    }

    private static void label(JsonNode spec, String field, String path, FieldErrors errors) {
        String value = Json.text(spec, field);
        if (!value.isEmpty()) {
            Checks.each(Syntax.dnsLabel(value), path + "." + field, value, errors);
        }
    }

    private static void security(JsonNode context, String path, FieldErrors errors) {
        for (String id : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            JsonNode value = context.path(id);
            if (value.isNumber()) {
                Checks.each(Syntax.userId(value.longValue()), path + "." + id, value, errors);
            }
        }
        JsonNode groups = context.path("supplementalGroups");
        for (int i = 0; i < groups.size(); i++) {
            Checks.each(
                    Syntax.userId(groups.get(i).longValue()),
                    path + ".supplementalGroups[" + i + "]",
                    groups.get(i),
                    errors);
        }
        Checks.oneOf(context, "fsGroupChangePolicy", path, FS_GROUP_CHANGE, false, errors);
        sysctls(context.path("sysctls"), path + ".sysctls", errors);
        ContainerRules.profile(context.path("seccompProfile"), path + ".seccompProfile", errors);
        ContainerRules.profile(context.path("appArmorProfile"), path + ".appArmorProfile", errors);
    }

    private static void sysctls(JsonNode sysctls, String path, FieldErrors errors) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < sysctls.size(); i++) {
            String name = Json.text(sysctls.get(i), "name");
            String at = path + "[" + i + "].name";
            if (name.isEmpty()) {
                errors.required(at, "");
            } else if (name.length() > 253 || !SYSCTL.matcher(name).matches()) {
                errors.invalid(
                        at,
                        name,
                        "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*"
                                + "[a-z0-9]([-_a-z0-9]*[a-z0-9])?$");
            } else if (!seen.add(name.replace('/', '.'))) {
                errors.duplicate(at, name);
            }
        }
    }

    private static void hosts(JsonNode spec, String path, FieldErrors errors) {
        JsonNode aliases = spec.path("hostAliases");
        for (int i = 0; i < aliases.size(); i++) {
            String at = path + ".hostAliases[" + i + "]";
            String ip = Json.text(aliases.get(i), "ip");
            AddressRules.address(ip, at + ".ip", Set.of(), errors);
            JsonNode names = aliases.get(i).path("hostnames");
            for (int n = 0; n < names.size(); n++) {
                String name = names.get(n).asText();
                Checks.each(Syntax.dnsSubdomain(name), at + ".hostnames", name, errors);
            }
        }
        boolean sharesPids = spec.path("shareProcessNamespace").asBoolean();
        if (sharesPids && spec.path("hostPID").asBoolean()) {
            errors.invalid(
                    path + ".shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }
    }

    private static void dns(JsonNode spec, String path, FieldErrors errors) {
        JsonNode config = spec.path("dnsConfig");
        String at = path + ".dnsConfig";
        boolean none = Json.text(spec, "dnsPolicy").equals("None");
        if (none && config.path("nameservers").isEmpty()) {
            if (config.isObject()) {
                errors.required(
                        at + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
            } else {
                errors.required(at, "must provide `dnsConfig` when `dnsPolicy` is None");
            }
        }
        JsonNode servers = config.path("nameservers");
        if (servers.size() > MAX_NAMESERVERS) {
            errors.invalid(at + ".nameservers", servers, "must not have more than 3 nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            AddressRules.address(servers.get(i).asText(), at + ".nameservers[" + i + "]", Set.of(), errors);
        }
        JsonNode searches = config.path("searches");
        if (searches.size() > MAX_SEARCHES) {
            errors.invalid(at + ".searches", searches, "must not have more than 32 search paths");
        }
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.get(i).asText();
            String checked =
                    search.endsWith(".") && search.length() > 1 ? search.substring(0, search.length() - 1) : search;
            Checks.each(
                    search.equals(".") ? List.of() : Syntax.dnsSubdomain(checked),
                    at + ".searches[" + i + "]",
                    search,
                    errors);
        }
        JsonNode options = config.path("options");
        for (int i = 0; i < options.size(); i++) {
            if (Json.text(options.get(i), "name").isEmpty()) {
                errors.required(at + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    private static void gates(JsonNode spec, String path, FieldErrors errors) {
        JsonNode readiness = spec.path("readinessGates");
        for (int i = 0; i < readiness.size(); i++) {
            String type = Json.text(readiness.get(i), "conditionType");
            Checks.each(Syntax.qualifiedName(type), path + ".readinessGates[" + i + "].conditionType", type, errors);
        }
        JsonNode scheduling = spec.path("schedulingGates");
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < scheduling.size(); i++) {
            String name = Json.text(scheduling.get(i), "name");
            Checks.each(Syntax.qualifiedName(name), path + ".schedulingGates[" + i + "]", name, errors);
            if (!seen.add(name)) {
                errors.duplicate(path + ".schedulingGates[" + i + "]", name);
            }
        }
        if (!scheduling.isEmpty() && !Json.text(spec, "nodeName").isEmpty()) {
            errors.forbidden(path + ".nodeName", "cannot be set until all schedulingGates have been cleared");
        }
        JsonNode secrets = spec.path("imagePullSecrets");
        for (int i = 0; i < secrets.size(); i++) {
            String name = Json.text(secrets.get(i), "name");
            if (!name.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(name), path + ".imagePullSecrets[" + i + "].name", name, errors);
            }
        }
    }
}
