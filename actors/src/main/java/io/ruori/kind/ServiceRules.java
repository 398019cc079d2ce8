package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.kind.networking.NodePortKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Defaults and checks of Services. This cluster has one family of addresses, IPv4. */
final class ServiceRules implements KindRules {
    private static final String LOAD_BALANCER = "LoadBalancer";
    private static final String NO_BALANCER = "may only be used when `type` is 'LoadBalancer'";
    private static final String RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String OLD_HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final List<String> TYPES = List.of("ClusterIP", "ExternalName", LOAD_BALANCER, "NodePort");
    private static final List<String> AFFINITIES = List.of("ClientIP", "None");
    private static final List<String> POLICIES = List.of("Cluster", "Local");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final List<String> MODES = List.of("Proxy", "VIP");
    private static final List<String> DISTRIBUTIONS = List.of("PreferClose", "PreferSameZone", "PreferSameNode");
    private static final long LONGEST_AFFINITY = 86_400;
    private static final long DEFAULT_AFFINITY = 10_800;
    private static final long FIRST_NODE_PORT = NodePortKind.FIRST;
    private static final long LAST_NODE_PORT = NodePortKind.LAST;

    @Override
    public NameRule nameRule() {
        return NameRule.DNS_LABEL;
    }

    // ---- completion

    @Override
    public void prepareCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
        ServiceEdit.bothAddressFields(Json.child(service, "spec"));
    }

    @Override
    public void prepareUpdate(ObjectNode updated, JsonNode old) {
        ServiceEdit.apply(Json.child(updated, "spec"), old.path("spec"));
    }

    @Override
    public void prepareStatus(ObjectNode updated, JsonNode old, Instant now) {
        for (JsonNode point : Json.at(updated, "status", "loadBalancer", "ingress")) {
            if (point instanceof ObjectNode object && !Json.text(object, "ip").isEmpty()) {
                Json.ifAbsent(object, "ipMode", "VIP");
            }
        }
    }

    @Override
    public void applyDefaults(ObjectNode service) {
        ObjectNode spec = Json.child(service, "spec");
        if (Json.text(spec, "type").isEmpty()) {
            spec.put("type", "ClusterIP");
        }
        affinity(spec);
        for (JsonNode port : spec.path("ports")) {
            port((ObjectNode) port);
        }
        if (ServiceEdit.isReachedFromOutside(spec)
                && Json.text(spec, "externalTrafficPolicy").isEmpty()) {
            spec.put("externalTrafficPolicy", "Cluster");
        }
        if (ServiceEdit.hasAddress(spec)) {
            Json.ifAbsent(spec, "internalTrafficPolicy", "Cluster");
            families(spec);
        }
        if (ServiceEdit.type(spec).equals(LOAD_BALANCER)) {
            Json.ifAbsent(spec, "allocateLoadBalancerNodePorts", true);
        }
    }

    private static void affinity(ObjectNode spec) {
        if (Json.text(spec, "sessionAffinity").isEmpty()) {
            spec.put("sessionAffinity", "None");
        }
        switch (Json.text(spec, "sessionAffinity")) {
            case "None" -> spec.remove("sessionAffinityConfig");
            case "ClientIP" ->
                Json.ifAbsent(
                        Json.child(Json.child(spec, "sessionAffinityConfig"), "clientIP"),
                        "timeoutSeconds",
                        DEFAULT_AFFINITY);
            default -> {
                // Validation will refuse it.
            }
        }
    }

    private static void port(ObjectNode port) {
        if (Json.text(port, "protocol").isEmpty()) {
            port.put("protocol", "TCP");
        }
        JsonNode target = port.path("targetPort");
        boolean unset = !Json.isPresent(target)
                || (target.isNumber() && target.longValue() == 0)
                || (target.isTextual() && target.textValue().isEmpty());
        if (unset) {
            port.set("targetPort", port.path("port").isNumber() ? port.get("port") : Json.number(0));
        }
    }

    /** A headless Service without a selector may have endpoints of both families, wherever they come from. */
    private static void families(ObjectNode spec) {
        boolean free = ServiceEdit.isHeadless(spec) && spec.path("selector").isEmpty();
        Json.ifAbsent(spec, "ipFamilyPolicy", free ? "RequireDualStack" : "SingleStack");
        if (spec.path("ipFamilies").isEmpty()) {
            ArrayNode families = spec.putArray("ipFamilies");
            for (JsonNode address : spec.path("clusterIPs")) {
                IpAddress.parse(address.asText()).ifPresent(ip -> families.add(ip.family()));
            }
            if (families.isEmpty()) {
                families.add("IPv4");
            }
        }
        ArrayNode families = Json.list(spec, "ipFamilies");
        if (free && families.size() == 1 && !Json.text(spec, "ipFamilyPolicy").equals("SingleStack")) {
            families.add(families.get(0).asText().equals("IPv4") ? "IPv6" : "IPv4");
        }
    }

    // ---- checks

    @Override
    public void validateCreate(JsonNode service, FieldErrors errors) {
        validate(service, Json.object(), errors);
    }

    @Override
    public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
        JsonNode spec = updated.path("spec");
        JsonNode before = old.path("spec");
        ServiceAddressRules.update(spec, before, errors);
        if (type(spec).equals(LOAD_BALANCER)
                && type(before).equals(LOAD_BALANCER)
                && !Checks.same(spec.path("loadBalancerClass"), before.path("loadBalancerClass"))) {
            errors.invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set");
        }
        boolean both = ServiceEdit.hasHealthPort(spec) && ServiceEdit.hasHealthPort(before);
        if (both && Json.number(spec, 0, "healthCheckNodePort") != Json.number(before, 0, "healthCheckNodePort")) {
            errors.forbidden("spec.healthCheckNodePort", "field is immutable");
        }
        validate(updated, before, errors);
    }

    private static String type(JsonNode spec) {
        return Json.text(spec, "type");
    }

    private static void validate(JsonNode service, JsonNode before, FieldErrors errors) {
        JsonNode spec = service.path("spec");
        byType(spec, errors);
        ports(spec, before, errors);
        MetaRules.labels(spec.path("selector"), "spec.selector", errors);
        sessions(spec, errors);
        ServiceAddressRules.addresses(spec, before, errors);
        external(spec, before, errors);
        if (!TYPES.contains(type(spec))) {
            errors.notSupported("spec.type", type(spec), TYPES);
        }
        nodePorts(spec, errors);
        ranges(service, before, errors);
        balancer(spec, errors);
        traffic(spec, errors);
    }

    private static void byType(JsonNode spec, FieldErrors errors) {
        switch (type(spec)) {
            case LOAD_BALANCER, "NodePort" -> {
                if (ServiceEdit.isHeadless(spec)) {
                    errors.invalid(
                            "spec.clusterIPs[0]", "None", "may not be set to 'None' for " + type(spec) + " services");
                }
            }
            case "ExternalName" -> {
                for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
                    if (spec.path(field).isValueNode() || !spec.path(field).isEmpty()) {
                        errors.forbidden("spec." + field, "may not be set for ExternalName services");
                    }
                }
                String name = Json.text(spec, "externalName");
                String checked = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
                if (checked.isEmpty()) {
                    errors.required("spec.externalName", "");
                } else {
                    Checks.each(Syntax.dnsSubdomain(checked), "spec.externalName", checked, errors);
                }
            }
            default -> {
                // Nothing is special about the others.
            }
        }
    }

    private static void ports(JsonNode spec, JsonNode before, FieldErrors errors) {
        Set<String> names = new HashSet<>();
        boolean named = spec.path("ports").size() > 1;
        Set<String> old = AddressRules.values(before.path("ports"), "nodePort");
        Checks.eachOf(spec, "ports", "spec", (port, path) -> {
            String name = Json.text(port, "name");
            if (named && name.isEmpty()) {
                errors.required(path + ".name", "");
            } else if (!name.isEmpty()) {
                Checks.each(Syntax.dnsLabel(name), path + ".name", name, errors);
                if (!names.add(name)) {
                    errors.duplicate(path + ".name", name);
                }
            }
            long number = Json.number(port, 0, "port");
            Checks.each(Syntax.portNumber(number), path + ".port", number, errors);
            Checks.oneOf(port, "protocol", path, PROTOCOLS, true, errors);
            target(port.path("targetPort"), path + ".targetPort", errors);
            if (port.hasNonNull("appProtocol")) {
                String protocol = Json.text(port, "appProtocol");
                Checks.each(Syntax.qualifiedName(protocol), path + ".appProtocol", protocol, errors);
            }
            long node = Json.number(port, 0, "nodePort");
            boolean outside = node != 0 && (node < FIRST_NODE_PORT || node > LAST_NODE_PORT);
            if (outside && !old.contains(Json.text(port, "nodePort"))) {
                errors.invalid(
                        path + ".nodePort",
                        node,
                        "provided port is not in the valid range. The range of valid ports is " + FIRST_NODE_PORT + "-"
                                + LAST_NODE_PORT);
            }
        });
    }

    private static void target(JsonNode target, String path, FieldErrors errors) {
        Checks.each(
                target.isNumber() ? Syntax.portNumber(target.longValue()) : Syntax.portName(target.asText()),
                path,
                target,
                errors);
    }

    private static void nodePorts(JsonNode spec, FieldErrors errors) {
        Set<String> onNodes = new HashSet<>();
        Checks.eachOf(spec, "ports", "spec", (port, path) -> {
            long node = Json.number(port, 0, "nodePort");
            if (node != 0 && type(spec).equals("ClusterIP")) {
                errors.forbidden(path + ".nodePort", "may not be used when `type` is 'ClusterIP'");
            }
            if (node != 0 && !onNodes.add(Json.text(port, "protocol") + node)) {
                errors.duplicate(path + ".nodePort", node);
            }
        });
        Set<String> seen = new HashSet<>();
        Checks.eachOf(spec, "ports", "spec", (port, path) -> {
            String protocol = Json.text(port, "protocol");
            long number = Json.number(port, 0, "port");
            if (!seen.add(protocol + number)) {
                errors.duplicate(
                        path,
                        Json.read("{\"Name\":\"\",\"Protocol\":\"" + protocol + "\",\"AppProtocol\":null,\"Port\":"
                                + number + ",\"TargetPort\":0,\"NodePort\":0}"));
            }
        });
    }

    private static void sessions(JsonNode spec, FieldErrors errors) {
        Checks.oneOf(spec, "sessionAffinity", "spec", AFFINITIES, true, errors);
        JsonNode seconds = Json.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds");
        if (Json.text(spec, "sessionAffinity").equals("ClientIP")
                && seconds.isNumber()
                && (seconds.longValue() <= 0 || seconds.longValue() > LONGEST_AFFINITY)) {
            errors.invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                    seconds,
                    "must be greater than 0 and less than " + LONGEST_AFFINITY);
        }
    }

    private static void external(JsonNode spec, JsonNode before, FieldErrors errors) {
        Set<String> old = new HashSet<>();
        before.path("externalIPs").forEach(ip -> old.add(ip.asText()));
        Checks.eachOf(spec, "externalIPs", "spec", (ip, path) -> {
            if (AddressRules.address(ip.asText(), path, old, errors)) {
                AddressRules.endpoint(ip.asText(), path, errors);
            }
        });
    }

    private static void ranges(JsonNode service, JsonNode before, FieldErrors errors) {
        JsonNode spec = service.path("spec");
        JsonNode annotation = Json.at(service, "metadata", "annotations", RANGES);
        boolean balanced = type(spec).equals(LOAD_BALANCER);
        Set<String> old = new HashSet<>();
        before.path("loadBalancerSourceRanges").forEach(range -> old.add(range.asText()));
        if (!spec.path("loadBalancerSourceRanges").isEmpty()) {
            String path = "spec.LoadBalancerSourceRanges";
            if (!balanced) {
                errors.forbidden(path, NO_BALANCER);
            }
            for (int i = 0; i < spec.path("loadBalancerSourceRanges").size(); i++) {
                String range = spec.path("loadBalancerSourceRanges").get(i).asText();
                AddressRules.range(range.strip(), path + "[" + i + "]", old, errors);
            }
        } else if (annotation.isTextual()) {
            String path = "metadata.annotations[" + RANGES + "]";
            if (!balanced) {
                errors.forbidden(path, NO_BALANCER);
            }
            if (!annotation.textValue().isBlank()) {
                for (String range : annotation.textValue().split(",", -1)) {
                    AddressRules.range(range.strip(), path, Set.of(), errors);
                }
            }
        }
    }

    private static void balancer(JsonNode spec, FieldErrors errors) {
        boolean balanced = type(spec).equals(LOAD_BALANCER);
        for (String field : List.of("allocateLoadBalancerNodePorts", "loadBalancerClass")) {
            if (spec.hasNonNull(field) && !balanced) {
                errors.forbidden("spec." + field, NO_BALANCER);
            }
        }
        if (balanced && spec.hasNonNull("loadBalancerClass")) {
            String name = Json.text(spec, "loadBalancerClass");
            Checks.each(Syntax.qualifiedName(name), "spec.loadBalancerClass", name, errors);
        }
    }

    private static void traffic(JsonNode spec, FieldErrors errors) {
        String outer = Json.text(spec, "externalTrafficPolicy");
        if (!ServiceEdit.isReachedFromOutside(spec)) {
            if (!outer.isEmpty()) {
                errors.invalid(
                        "spec.externalTrafficPolicy", outer, "may only be set for externally-accessible services");
            }
        } else if (!POLICIES.contains(outer)) {
            errors.notSupported("spec.externalTrafficPolicy", outer, POLICIES);
        }
        long health = Json.number(spec, 0, "healthCheckNodePort");
        if (health != 0 && !ServiceEdit.hasHealthPort(spec)) {
            errors.invalid(
                    "spec.healthCheckNodePort",
                    health,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        } else if (health != 0) {
            Checks.each(Syntax.portNumber(health), "spec.healthCheckNodePort", health, errors);
        }
        String inner = Json.text(spec, "internalTrafficPolicy");
        if (spec.hasNonNull("internalTrafficPolicy") && !POLICIES.contains(inner)) {
            errors.notSupported("spec.internalTrafficPolicy", inner, POLICIES);
        }
        String distribution = Json.text(spec, "trafficDistribution");
        if (spec.hasNonNull("trafficDistribution") && !DISTRIBUTIONS.contains(distribution)) {
            errors.notSupported("spec.trafficDistribution", distribution, DISTRIBUTIONS);
        }
    }

    @Override
    public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
        String path = "status.loadBalancer";
        JsonNode balancer = Json.at(updated, "status", "loadBalancer");
        boolean wasThere = !Json.at(old, "status", "loadBalancer", "ingress").isEmpty();
        if (!type(updated.path("spec")).equals(LOAD_BALANCER)
                && !balancer.path("ingress").isEmpty()
                && !wasThere) {
            errors.forbidden(path + ".ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
            return;
        }
        AddressRules.loadBalancer(balancer, Json.at(old, "status", "loadBalancer"), path, errors);
        Checks.eachOf(balancer, "ingress", path, (point, at) -> {
            boolean hasIp = !Json.text(point, "ip").isEmpty();
            if (point.hasNonNull("ipMode") && !hasIp) {
                errors.forbidden(at + ".ipMode", "may not be specified when `ip` is not set");
            } else if (hasIp && !MODES.contains(Json.text(point, "ipMode"))) {
                errors.notSupported(at + ".ipMode", Json.text(point, "ipMode"), MODES);
            }
        });
    }

    // ---- warnings

    @Override
    public List<String> warnings(JsonNode service) {
        List<String> warnings = new ArrayList<>();
        JsonNode spec = service.path("spec");
        if (Json.at(service, "metadata", "annotations", OLD_HINTS).isTextual()) {
            warnings.add("annotation " + OLD_HINTS
                    + " is deprecated, please use service.kubernetes.io/topology-mode instead");
        }
        Checks.eachOf(
                spec, "clusterIPs", "spec", (ip, path) -> warnings.addAll(AddressRules.warnings(ip.asText(), path)));
        boolean isHeadless =
                type(spec).equals("ClusterIP") && Json.text(spec, "clusterIP").equals("None");
        if (isHeadless) {
            headless(spec, warnings);
        }
        Checks.eachOf(
                spec, "externalIPs", "spec", (ip, path) -> warnings.addAll(AddressRules.warnings(ip.asText(), path)));
        boolean elsewhere = type(spec).equals("ExternalName");
        if (!elsewhere && !isHeadless && !spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        }
        warnings.addAll(AddressRules.warnings(Json.text(spec, "loadBalancerIP"), "spec.loadBalancerIP"));
        Checks.eachOf(
                spec,
                "loadBalancerSourceRanges",
                "spec",
                (range, path) -> warnings.addAll(AddressRules.rangeWarnings(range.asText(), path)));
        if (elsewhere && !spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        }
        if (!elsewhere && !Json.text(spec, "externalName").isEmpty()) {
            warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
        }
        if (Json.text(spec, "trafficDistribution").equals("PreferClose")) {
            warnings.add("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
        }
        return warnings;
    }

    private static void headless(JsonNode spec, List<String> warnings) {
        if (!Json.text(spec, "loadBalancerIP").isEmpty()) {
            warnings.add("spec.loadBalancerIP is ignored for headless services");
        }
        if (!spec.path("externalIPs").isEmpty()) {
            warnings.add("spec.externalIPs is ignored for headless services");
        }
        if (!Json.text(spec, "sessionAffinity").equals("None")) {
            warnings.add("spec.SessionAffinity is ignored for headless services");
        }
    }
}
