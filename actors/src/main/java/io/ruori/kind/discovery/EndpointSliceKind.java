package io.ruori.kind.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.AddressRules;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.IpAddress;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.MetaRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Endpoint slices: some of the addresses behind a Service. */
public final class EndpointSliceKind {
    public static final KindName NAME = new KindName("discovery.k8s.io", "endpointslices");
    private static final int SHOWN = 3;

    public static final Kind KIND = Kind.of(
                    "discovery.k8s.io",
                    "v1",
                    "EndpointSlice",
                    "endpointslices",
                    "io.k8s.api.discovery.v1.EndpointSlice")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("AddressType", "What its addresses are.", s -> Json.text(s, "addressType")),
                    Columns.text("Ports", "Ports of all of them.", EndpointSliceKind::ports),
                    Columns.text("Endpoints", "Their addresses.", EndpointSliceKind::addresses),
                    Columns.age())
            .build();

    private EndpointSliceKind() {}

    private static String ports(JsonNode slice) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : slice.path("ports")) {
            if (port.path("port").isNumber()) {
                ports.add(port.path("port").asText());
            } else {
                ports.add(port.hasNonNull("name") ? Json.text(port, "name") : "*");
            }
        }
        return shown(ports);
    }

    private static String addresses(JsonNode slice) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode endpoint : slice.path("endpoints")) {
            endpoint.path("addresses").forEach(address -> addresses.add(address.asText()));
        }
        return shown(addresses);
    }

    private static String shown(List<String> all) {
        if (all.size() > SHOWN) {
            return String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more...";
        }
        String text = String.join(",", all);
        return text.isEmpty() ? "<unset>" : text;
    }

    private static final class Rules implements KindRules {
        private static final Set<String> CONTROLLERS =
                Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");
        private static final List<String> TYPES = List.of("FQDN", "IPv4", "IPv6");
        private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
        private static final int MOST_ENDPOINTS = 1000;
        private static final int MOST_ADDRESSES = 100;
        private static final int MOST_PORTS = 20_000;
        private static final int MOST_LABELS = 16;
        private static final int MOST_HINTS = 8;

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode slice) {
            for (JsonNode port : slice.path("ports")) {
                if (port instanceof ObjectNode object) {
                    Json.ifAbsent(object, "name", "");
                    Json.ifAbsent(object, "protocol", "TCP");
                }
            }
        }

        @Override
        public void validateCreate(JsonNode slice, FieldErrors errors) {
            validate(slice, Set.of(), errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Set<String> before = new HashSet<>();
            for (JsonNode endpoint : old.path("endpoints")) {
                endpoint.path("addresses").forEach(address -> before.add(address.asText()));
            }
            validate(updated, before, errors);
            Checks.immutable(updated.path("addressType"), old.path("addressType"), "addressType", errors);
        }

        private static void validate(JsonNode slice, Set<String> before, FieldErrors errors) {
            String type = Json.text(slice, "addressType");
            if (type.isEmpty()) {
                errors.required("addressType", "");
            } else if (!TYPES.contains(type)) {
                errors.notSupported("addressType", type, TYPES);
            }
            if (slice.path("endpoints").size() > MOST_ENDPOINTS) {
                errors.tooMany("endpoints", slice.path("endpoints").size(), MOST_ENDPOINTS);
            } else {
                Checks.eachOf(
                        slice, "endpoints", "", (endpoint, path) -> endpoint(endpoint, type, path, before, errors));
            }
            ports(slice, errors);
        }

        private static void endpoint(
                JsonNode endpoint, String type, String path, Set<String> before, FieldErrors errors) {
            JsonNode addresses = endpoint.path("addresses");
            if (addresses.isEmpty()) {
                errors.required(path + ".addresses", "must contain at least 1 address");
            } else if (addresses.size() > MOST_ADDRESSES) {
                errors.tooMany(path + ".addresses", addresses.size(), MOST_ADDRESSES);
            }
            Checks.eachOf(endpoint, "addresses", path, (address, at) -> {
                switch (type) {
                    case "IPv4", "IPv6" -> address(address.asText(), type, at, before, errors);
                    case "FQDN" -> Syntax.domain(address.asText(), at, errors);
                    default -> {
                        // The type has been refused already.
                    }
                }
            });
            if (endpoint.hasNonNull("nodeName")) {
                String node = Json.text(endpoint, "nodeName");
                Checks.each(Syntax.dnsSubdomain(node), path + ".nodeName", node, errors);
            }
            JsonNode topology = endpoint.path("deprecatedTopology");
            if (topology.size() > MOST_LABELS) {
                errors.tooMany(path + ".deprecatedTopology", topology.size(), MOST_LABELS);
            }
            MetaRules.labels(topology, path + ".deprecatedTopology", errors);
            if (endpoint.hasNonNull("hostname")) {
                String host = Json.text(endpoint, "hostname");
                Checks.each(Syntax.dnsLabel(host), path + ".hostname", host, errors);
            }
            hints(endpoint.path("hints"), "forZones", path + ".hints", errors);
            hints(endpoint.path("hints"), "forNodes", path + ".hints", errors);
        }

        private static void address(String value, String type, String path, Set<String> before, FieldErrors errors) {
            if (!AddressRules.address(value, path, before, errors)) {
                return;
            }
            Optional<IpAddress> address = IpAddress.parse(value);
            if (address.isPresent() && !address.get().family().equals(type)) {
                errors.invalid(path, value, "must be an " + type + " address");
            }
            AddressRules.endpoint(value, path, errors);
        }

        private static void hints(JsonNode hints, String list, String path, FieldErrors errors) {
            if (hints.path(list).size() > MOST_HINTS) {
                errors.tooMany(path + "." + list, hints.path(list).size(), MOST_HINTS);
                return;
            }
            Set<String> names = new HashSet<>();
            Checks.eachOf(hints, list, path, (hint, at) -> {
                String name = Json.text(hint, "name");
                if (!names.add(name)) {
                    errors.duplicate(at + ".name", name);
                }
                Checks.each(
                        list.equals("forZones") ? Syntax.labelValue(name) : Syntax.dnsSubdomain(name),
                        at + ".name",
                        name,
                        errors);
            });
        }

        private static void ports(JsonNode slice, FieldErrors errors) {
            if (slice.path("ports").size() > MOST_PORTS) {
                errors.tooMany("ports", slice.path("ports").size(), MOST_PORTS);
                return;
            }
            Set<String> names = new HashSet<>();
            Checks.eachOf(slice, "ports", "", (port, path) -> {
                String name = Json.text(port, "name");
                if (!name.isEmpty()) {
                    Checks.each(Syntax.dnsLabel(name), path + ".name", name, errors);
                }
                if (!names.add(name)) {
                    errors.duplicate(path + ".name", name);
                }
                Checks.oneOf(port, "protocol", path, PROTOCOLS, true, errors);
                if (port.hasNonNull("appProtocol")) {
                    String protocol = Json.text(port, "appProtocol");
                    Checks.each(Syntax.qualifiedName(protocol), path + ".appProtocol", protocol, errors);
                }
            });
        }

        @Override
        public List<String> warnings(JsonNode slice) {
            List<String> warnings = new ArrayList<>();
            if (Json.text(slice, "addressType").equals("FQDN")) {
                warnings.add("spec.addressType: FQDN endpoints are deprecated");
            }
            warnings.addAll(addresses(slice));
            return warnings;
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return addresses(updated);
        }

        /** The controllers write addresses as they should be. */
        private static List<String> addresses(JsonNode slice) {
            List<String> warnings = new ArrayList<>();
            if (!CONTROLLERS.contains(
                    Json.text(slice.path("metadata").path("labels"), "endpointslice.kubernetes.io/managed-by"))) {
                Checks.eachOf(
                        slice,
                        "endpoints",
                        "",
                        (endpoint, path) -> Checks.eachOf(
                                endpoint,
                                "addresses",
                                path,
                                (address, at) -> warnings.addAll(AddressRules.warnings(address.asText(), at))));
            }
            return warnings;
        }
    }
}
