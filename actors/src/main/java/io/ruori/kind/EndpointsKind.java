package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Endpoints: all addresses behind a Service, in the form slices have taken the place of. */
public final class EndpointsKind {
    public static final KindName NAME = KindName.core("endpoints");
    private static final int SHOWN = 3;

    public static final Kind KIND = Kind.of("", "v1", "Endpoints", "endpoints", "io.k8s.api.core.v1.Endpoints")
            .shortNames("ep")
            .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
            .createdByUpdate()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Endpoints", "Addresses that are ready.", EndpointsKind::shown),
                    Columns.age())
            .build();

    private EndpointsKind() {}

    private static String shown(JsonNode endpoints) {
        if (endpoints.path("subsets").isEmpty()) {
            return Columns.NONE;
        }
        List<String> all = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            if (subset.path("ports").isEmpty()) {
                subset.path("addresses").forEach(address -> all.add(Json.text(address, "ip")));
            }
            for (JsonNode port : subset.path("ports")) {
                for (JsonNode address : subset.path("addresses")) {
                    String ip = Json.text(address, "ip");
                    all.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + Json.number(port, 0, "port"));
                }
            }
        }
        return all.size() > SHOWN
                ? String.join(",", all.subList(0, SHOWN)) + " + " + (all.size() - SHOWN) + " more..."
                : String.join(",", all);
    }

    private static final class Rules implements KindRules {
        private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

        @Override
        public void applyDefaults(ObjectNode endpoints) {
            for (JsonNode subset : endpoints.path("subsets")) {
                for (JsonNode port : subset.path("ports")) {
                    Json.ifAbsent((ObjectNode) port, "protocol", "TCP");
                }
            }
        }

        @Override
        public void validateCreate(JsonNode endpoints, FieldErrors errors) {
            validate(endpoints, Set.of(), errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Set<String> before = new HashSet<>();
            for (JsonNode subset : old.path("subsets")) {
                before.addAll(AddressRules.values(subset.path("addresses"), "ip"));
                before.addAll(AddressRules.values(subset.path("notReadyAddresses"), "ip"));
            }
            validate(updated, before, errors);
        }

        private static void validate(JsonNode endpoints, Set<String> before, FieldErrors errors) {
            Checks.eachOf(endpoints, "subsets", "", (subset, path) -> {
                if (subset.path("addresses").isEmpty()
                        && subset.path("notReadyAddresses").isEmpty()) {
                    errors.required(path, "must specify `addresses` or `notReadyAddresses`");
                }
                for (String list : List.of("addresses", "notReadyAddresses")) {
                    Checks.eachOf(subset, list, path, (address, at) -> address(address, at, before, errors));
                }
                boolean named = subset.path("ports").size() > 1;
                Checks.eachOf(subset, "ports", path, (port, at) -> port(port, named, at, errors));
            });
        }

        private static void address(JsonNode address, String path, Set<String> before, FieldErrors errors) {
            String ip = Json.text(address, "ip");
            AddressRules.address(ip, path + ".ip", before, errors);
            String host = Json.text(address, "hostname");
            if (!host.isEmpty()) {
                Checks.each(Syntax.dnsLabel(host), path + ".hostname", host, errors);
            }
            if (address.hasNonNull("nodeName")) {
                String node = Json.text(address, "nodeName");
                Checks.each(Syntax.dnsSubdomain(node), path + ".nodeName", node, errors);
            }
            AddressRules.endpoint(ip, path + ".ip", errors);
        }

        private static void port(JsonNode port, boolean named, String path, FieldErrors errors) {
            String name = Json.text(port, "name");
            if (named && name.isEmpty()) {
                errors.required(path + ".name", "");
            } else if (!name.isEmpty()) {
                Checks.each(Syntax.dnsLabel(name), path + ".name", name, errors);
            }
            long number = Json.number(port, 0, "port");
            Checks.each(Syntax.portNumber(number), path + ".port", number, errors);
            Checks.oneOf(port, "protocol", path, PROTOCOLS, true, errors);
            if (port.hasNonNull("appProtocol")) {
                String protocol = Json.text(port, "appProtocol");
                Checks.each(Syntax.qualifiedName(protocol), path + ".appProtocol", protocol, errors);
            }
        }

        @Override
        public List<String> warnings(JsonNode endpoints) {
            List<String> warnings = new ArrayList<>();
            Checks.eachOf(endpoints, "subsets", "", (subset, path) -> {
                for (String list : List.of("addresses", "notReadyAddresses")) {
                    Checks.eachOf(
                            subset,
                            list,
                            path,
                            (address, at) ->
                                    warnings.addAll(AddressRules.warnings(Json.text(address, "ip"), at + ".ip")));
                }
            });
            return warnings;
        }
    }
}
