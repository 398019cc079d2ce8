package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.AddressRules;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.IpRange;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.LabelSelector;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Network policies: which Pods may be reached by whom, and may reach whom. */
public final class NetworkPolicyKind {
    public static final KindName NAME = new KindName("networking.k8s.io", "networkpolicies");

    public static final Kind KIND = Kind.of(
                    "networking.k8s.io",
                    "v1",
                    "NetworkPolicy",
                    "networkpolicies",
                    "io.k8s.api.networking.v1.NetworkPolicy")
            .shortNames("netpol")
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text(
                            "Pod-Selector",
                            "Which Pods it is about.",
                            p -> LabelSelector.format(Json.at(p, "spec", "podSelector"))),
                    Columns.age())
            .build();

    private NetworkPolicyKind() {}

    private static final class Rules implements KindRules {
        private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");
        private static final List<String> TYPES = List.of("Ingress", "Egress");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void applyDefaults(ObjectNode policy) {
            ObjectNode spec = Json.child(policy, "spec");
            if (!Json.isPresent(spec.get("podSelector"))) {
                spec.putObject("podSelector");
            }
            if (spec.path("policyTypes").isEmpty()) {
                ArrayNode types = spec.putArray("policyTypes").add("Ingress");
                if (!spec.path("egress").isEmpty()) {
                    types.add("Egress");
                }
            }
            ports(spec.path("ingress"));
            ports(spec.path("egress"));
        }

        private static void ports(JsonNode rules) {
            for (JsonNode rule : rules) {
                for (JsonNode port : rule.path("ports")) {
                    if (port instanceof ObjectNode object) {
                        Json.ifAbsent(object, "protocol", "TCP");
                    }
                }
            }
        }

        @Override
        public void validateCreate(JsonNode policy, FieldErrors errors) {
            spec(policy.path("spec"), Set.of(), errors);
        }

        /** Ranges that were there may stay as they are, wherever in the policy they are now. */
        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Set<String> before = new HashSet<>();
            for (String direction : List.of("ingress", "egress")) {
                for (JsonNode rule : Json.at(old, "spec", direction)) {
                    for (JsonNode peer : rule.path(direction.equals("ingress") ? "from" : "to")) {
                        before.add(Json.text(peer, "ipBlock", "cidr"));
                        Json.at(peer, "ipBlock", "except").forEach(except -> before.add(except.asText()));
                    }
                }
            }
            spec(updated.path("spec"), before, errors);
        }

        private static void spec(JsonNode spec, Set<String> before, FieldErrors errors) {
            Checks.selector(spec.path("podSelector"), "spec.podSelector", errors);
            rules(spec.path("ingress"), "spec.ingress", "from", before, errors);
            rules(spec.path("egress"), "spec.egress", "to", before, errors);
            JsonNode types = spec.path("policyTypes");
            if (types.size() > TYPES.size()) {
                errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
                return;
            }
            for (int i = 0; i < types.size(); i++) {
                if (!TYPES.contains(types.get(i).asText())) {
                    errors.notSupported("spec.policyTypes[" + i + "]", types.get(i), TYPES);
                }
            }
        }

        private static void rules(JsonNode rules, String path, String peers, Set<String> before, FieldErrors errors) {
            for (int i = 0; i < rules.size(); i++) {
                JsonNode ports = rules.get(i).path("ports");
                for (int p = 0; p < ports.size(); p++) {
                    port(ports.get(p), path + "[" + i + "].ports[" + p + "]", errors);
                }
                JsonNode others = rules.get(i).path(peers);
                for (int p = 0; p < others.size(); p++) {
                    peer(others.get(p), path + "[" + i + "]." + peers + "[" + p + "]", before, errors);
                }
            }
        }

        private static void port(JsonNode entry, String path, FieldErrors errors) {
            if (entry.hasNonNull("protocol") && !PROTOCOLS.contains(Json.text(entry, "protocol"))) {
                errors.notSupported(path + ".protocol", entry.path("protocol"), PROTOCOLS);
            }
            JsonNode port = entry.path("port");
            JsonNode end = entry.path("endPort");
            if (port.isNumber()) {
                Checks.each(Syntax.portNumber(port.longValue()), path + ".port", port, errors);
                if (end.isNumber()) {
                    if (end.longValue() < port.longValue()) {
                        errors.invalid(path + ".endPort", end, "must be greater than or equal to `port`");
                    }
                    Checks.each(Syntax.portNumber(end.longValue()), path + ".endPort", end, errors);
                }
            } else if (port.isTextual()) {
                if (end.isNumber()) {
                    errors.invalid(path + ".endPort", end, "may not be specified when `port` is non-numeric");
                }
                Checks.each(Syntax.portName(port.textValue()), path + ".port", port, errors);
            } else if (end.isNumber()) {
                errors.invalid(path + ".endPort", end, "may not be specified when `port` is not specified");
            }
        }

        private static void peer(JsonNode peer, String path, Set<String> before, FieldErrors errors) {
            List<String> kinds = new ArrayList<>();
            for (String selector : List.of("podSelector", "namespaceSelector")) {
                if (peer.path(selector).isObject()) {
                    kinds.add(selector);
                    Checks.selector(peer.path(selector), path + "." + selector, errors);
                }
            }
            boolean block = peer.path("ipBlock").isObject();
            if (block) {
                ipBlock(peer.path("ipBlock"), path + ".ipBlock", before, errors);
            }
            if (kinds.isEmpty() && !block) {
                errors.required(path, "must specify a peer");
            } else if (!kinds.isEmpty() && block) {
                errors.forbidden(path, "may not specify both ipBlock and another peer");
            }
        }

        private static void ipBlock(JsonNode block, String path, Set<String> before, FieldErrors errors) {
            String cidr = Json.text(block, "cidr");
            if (cidr.isEmpty()) {
                errors.required(path + ".cidr", "");
                return;
            }
            Optional<IpRange> whole = AddressRules.range(cidr, path + ".cidr", before, errors);
            JsonNode excepts = block.path("except");
            for (int i = 0; whole.isPresent() && i < excepts.size(); i++) {
                String at = path + ".except[" + i + "]";
                String except = excepts.get(i).asText();
                Optional<IpRange> part = AddressRules.range(except, at, before, errors);
                if (part.isPresent() && !isStrictPart(part.get(), whole.get())) {
                    errors.invalid(at, except, "must be a strict subset of `cidr`");
                }
            }
        }

        private static boolean isStrictPart(IpRange part, IpRange whole) {
            return whole.contains(part.first()) && whole.prefix() < part.prefix();
        }

        @Override
        public List<String> warnings(JsonNode policy) {
            List<String> warnings = new ArrayList<>();
            JsonNode spec = policy.path("spec");
            Checks.eachOf(spec, "ingress", "spec", (rule, at) -> blocks(rule, "from", at, warnings));
            Checks.eachOf(spec, "egress", "spec", (rule, at) -> blocks(rule, "to", at, warnings));
            return warnings;
        }

        private static void blocks(JsonNode rule, String peers, String path, List<String> warnings) {
            Checks.eachOf(rule, peers, path, (peer, at) -> {
                JsonNode block = peer.path("ipBlock");
                String range = Json.text(block, "cidr");
                warnings.addAll(AddressRules.rangeWarnings(range, at + ".ipBlock.cidr"));
                Checks.eachOf(
                        block,
                        "except",
                        at + ".ipBlock",
                        (except, exceptAt) -> warnings.addAll(AddressRules.rangeWarnings(except.asText(), exceptAt)));
            });
        }
    }
}
