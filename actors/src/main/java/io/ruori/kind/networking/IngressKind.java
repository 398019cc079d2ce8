package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.AddressRules;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.IpAddress;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Ingresses: which requests from outside go to which Service. */
public final class IngressKind {
    public static final KindName NAME = new KindName("networking.k8s.io", "ingresses");

    public static final Kind KIND = Kind.of(
                    "networking.k8s.io", "v1", "Ingress", "ingresses", "io.k8s.api.networking.v1.Ingress")
            .shortNames("ing")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Class", "Its ingress class.", IngressKind::ingressClass),
                    Columns.text("Hosts", "For which hosts it is.", IngressKind::hosts),
                    Columns.text("Address", "Where it is reached.", IngressKind::address),
                    Columns.text(
                            "Ports",
                            "The ports it listens on.",
                            i -> Json.at(i, "spec", "tls").isEmpty() ? "80" : "80, 443"),
                    Columns.age())
            .build();

    private IngressKind() {}

    private static String ingressClass(JsonNode ingress) {
        JsonNode name = Json.at(ingress, "spec", "ingressClassName");
        return name.isTextual() ? name.textValue() : Columns.NONE;
    }

    private static String hosts(JsonNode ingress) {
        JsonNode rules = Json.at(ingress, "spec", "rules");
        List<String> hosts = new ArrayList<>();
        boolean more = false;
        for (JsonNode rule : rules) {
            more |= hosts.size() == 3;
            if (!more && !Json.text(rule, "host").isEmpty()) {
                hosts.add(Json.text(rule, "host"));
            }
        }
        String shown = hosts.isEmpty() ? "*" : String.join(",", hosts);
        return more ? shown + " + " + (rules.size() - 3) + " more..." : shown;
    }

    private static String address(JsonNode ingress) {
        TreeSet<String> addresses = new TreeSet<>();
        for (JsonNode point : Json.at(ingress, "status", "loadBalancer", "ingress")) {
            String ip = Json.text(point, "ip");
            String shown = ip.isEmpty() ? Json.text(point, "hostname") : ip;
            if (!shown.isEmpty()) {
                addresses.add(shown);
            }
        }
        return String.join(",", addresses);
    }

    private static final class Rules implements KindRules {
        private static final String OLD_CLASS = "kubernetes.io/ingress.class";
        private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");
        private static final List<String> WRONG_IN_PATHS = List.of("//", "/./", "/../", "%2f", "%2F");
        private static final List<String> WRONG_ENDS = List.of("/..", "/.");

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void validateCreate(JsonNode ingress, FieldErrors errors) {
            spec(ingress.path("spec"), errors);
            JsonNode old = Json.at(ingress, "metadata", "annotations", OLD_CLASS);
            JsonNode name = Json.at(ingress, "spec", "ingressClassName");
            if (old.isTextual() && name.isTextual() && !old.equals(name)) {
                errors.invalid(
                        "annotations." + OLD_CLASS, old, "must match `ingressClassName` when both are specified");
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            spec(updated.path("spec"), errors);
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            AddressRules.loadBalancer(
                    Json.at(updated, "status", "loadBalancer"),
                    Json.at(old, "status", "loadBalancer"),
                    "status.loadBalancer",
                    errors);
        }

        @Override
        public List<String> warnings(JsonNode ingress) {
            return Json.at(ingress, "metadata", "annotations", OLD_CLASS).isTextual()
                    ? List.of("annotation \"" + OLD_CLASS
                            + "\" is deprecated, please use 'spec.ingressClassName' instead")
                    : List.of();
        }

        @Override
        public List<String> warnings(JsonNode updated, JsonNode old) {
            return List.of();
        }

        private static void spec(JsonNode spec, FieldErrors errors) {
            JsonNode rules = spec.path("rules");
            JsonNode otherwise = spec.path("defaultBackend");
            if (rules.isEmpty() && !otherwise.isObject()) {
                errors.invalid(
                        "spec", rules.isArray() ? rules : null, "either `defaultBackend` or `rules` must be specified");
            }
            if (otherwise.isObject()) {
                backend(otherwise, "spec.defaultBackend", errors);
            }
            for (int i = 0; i < rules.size(); i++) {
                rule(rules.get(i), "spec.rules[" + i + "]", errors);
            }
            JsonNode tls = spec.path("tls");
            for (int i = 0; i < tls.size(); i++) {
                tls(tls.get(i), "spec.tls[" + i + "]", errors);
            }
            if (spec.hasNonNull("ingressClassName")) {
                String name = Json.text(spec, "ingressClassName");
                Checks.each(Syntax.dnsSubdomain(name), "spec.ingressClassName", name, errors);
            }
        }

        private static void host(String host, String path, FieldErrors errors) {
            Checks.each(
                    host.contains("*") ? Syntax.wildcardSubdomain(host) : Syntax.dnsSubdomain(host),
                    path,
                    host,
                    errors);
        }

        private static void tls(JsonNode tls, String path, FieldErrors errors) {
            JsonNode hosts = tls.path("hosts");
            for (int i = 0; i < hosts.size(); i++) {
                host(hosts.get(i).asText(), path + ".hosts[" + i + "]", errors);
            }
            String secret = Json.text(tls, "secretName");
            if (!secret.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(secret), path + ".secretName", secret, errors);
            }
        }

        private static void rule(JsonNode rule, String path, FieldErrors errors) {
            String host = Json.text(rule, "host");
            if (!host.isEmpty()) {
                if (IpAddress.parse(host).isPresent()) {
                    errors.invalid(path + ".host", host, "must be a DNS name, not an IP address");
                }
                host(host, path + ".host", errors);
            }
            if (rule.path("http").isObject()) {
                JsonNode paths = rule.path("http").path("paths");
                if (paths.isEmpty()) {
                    errors.required(path + ".http.paths", "");
                }
                for (int i = 0; i < paths.size(); i++) {
                    path(paths.get(i), path + ".http.paths[" + i + "]", errors);
                }
            }
        }

        private static void path(JsonNode entry, String path, FieldErrors errors) {
            if (!entry.hasNonNull("pathType")) {
                errors.required(path + ".pathType", "pathType must be specified");
                return;
            }
            String type = Json.text(entry, "pathType");
            String value = Json.text(entry, "path");
            switch (type) {
                case "Exact", "Prefix" -> exact(value, path + ".path", errors);
                case "ImplementationSpecific" -> {
                    if (!value.isEmpty() && !value.startsWith("/")) {
                        errors.invalid(path + ".path", value, "must be an absolute path");
                    }
                }
                default -> errors.notSupported(path + ".pathType", type, PATH_TYPES);
            }
            backend(entry.path("backend"), path + ".backend", errors);
        }

        private static void exact(String value, String path, FieldErrors errors) {
            if (!value.startsWith("/")) {
                errors.invalid(path, value, "must be an absolute path");
            }
            for (String wrong : WRONG_IN_PATHS) {
                if (value.contains(wrong)) {
                    errors.invalid(path, value, "must not contain '" + wrong + "'");
                }
            }
            for (String wrong : WRONG_ENDS) {
                if (value.endsWith(wrong)) {
                    errors.invalid(path, value, "cannot end with '" + wrong + "'");
                }
            }
        }

        private static void backend(JsonNode backend, String path, FieldErrors errors) {
            JsonNode service = backend.path("service");
            JsonNode resource = backend.path("resource");
            if (resource.isObject() && service.isObject()) {
                errors.invalid(path, "", "cannot set both resource and service backends");
            } else if (resource.isObject()) {
                References.typed(resource, path + ".resource", errors);
            } else if (service.isObject()) {
                service(service, path, errors);
            } else {
                errors.invalid(path, "", "resource or service backend is required");
            }
        }

        private static void service(JsonNode service, String path, FieldErrors errors) {
            String name = Json.text(service, "name");
            if (name.isEmpty()) {
                errors.required(path + ".service.name", "");
            } else {
                Checks.each(Syntax.dnsLabel(name), path + ".service.name", name, errors);
            }
            String port = Json.text(service, "port", "name");
            long number = Json.number(service, 0, "port", "number");
            if (!port.isEmpty() && number != 0) {
                errors.invalid(path, "", "cannot set both port name & port number");
            } else if (!port.isEmpty()) {
                Checks.each(Syntax.portName(port), path + ".service.port.name", port, errors);
            } else if (number != 0) {
                Checks.each(Syntax.portNumber(number), path + ".service.port.number", number, errors);
            } else {
                errors.required(path, "port name or number is required");
            }
        }
    }
}
