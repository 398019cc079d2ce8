package io.ruori.kind.apiregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.Origin;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindBuilder;
import io.ruori.kind.KindRules;
import io.ruori.kind.StatusRules;
import io.ruori.kind.Syntax;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** APIServices: a group and version, served here or by somebody else. Those of others are stored, and not asked yet. */
public final class ApiServiceKind {
    public static final KindName NAME = new KindName("apiregistration.k8s.io", "apiservices");

    /** The order of groups in discovery, as upstream has it. */
    private static final Map<String, Integer> GROUP_PRIORITIES = Map.ofEntries(
            Map.entry("", 18000),
            Map.entry("apps", 17800),
            Map.entry("events.k8s.io", 17750),
            Map.entry("authentication.k8s.io", 17700),
            Map.entry("authorization.k8s.io", 17600),
            Map.entry("autoscaling", 17500),
            Map.entry("batch", 17400),
            Map.entry("certificates.k8s.io", 17300),
            Map.entry("networking.k8s.io", 17200),
            Map.entry("policy", 17100),
            Map.entry("rbac.authorization.k8s.io", 17000),
            Map.entry("storage.k8s.io", 16800),
            Map.entry("apiextensions.k8s.io", 16700),
            Map.entry("admissionregistration.k8s.io", 16700),
            Map.entry("scheduling.k8s.io", 16600),
            Map.entry("coordination.k8s.io", 16500),
            Map.entry("node.k8s.io", 16300),
            Map.entry("discovery.k8s.io", 16200),
            Map.entry("flowcontrol.apiserver.k8s.io", 16100),
            Map.entry("resource.k8s.io", 15900));

    private static final int OTHER_GROUP = 15000;
    private static final Map<String, Integer> VERSION_PRIORITIES = Map.of("v1", 15, "v2", 30);

    private ApiServiceKind() {}

    /** With an object for every group and version that these kinds are served in. */
    public static Kind with(List<Kind> served) {
        KindBuilder kind = Kind.of(
                        NAME.group(),
                        "v1",
                        "APIService",
                        NAME.resource(),
                        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService")
                .clusterScoped()
                .categories("api-extensions")
                .status()
                .revisionRequired()
                .rules(new Rules())
                .columns(
                        Columns.name(),
                        Columns.text("Service", "Who serves it.", ApiServiceKind::service),
                        Columns.text("Available", "Whether it answers.", ApiServiceKind::available),
                        Columns.age());
        Set<String> names = new TreeSet<>();
        for (Kind one : served) {
            for (Kind version : one.versions()) {
                if (version.isServed() && names.add(version.version() + "." + version.group())) {
                    kind.firstObject(local(version.group(), version.version()));
                }
            }
        }
        return kind.build();
    }

    private static ObjectNode local(String group, String version) {
        ObjectNode object = Json.object();
        // The legacy group has no name, and its object ends with a dot.
        ObjectNode metadata = object.putObject("metadata").put("name", version + "." + group);
        metadata.putObject("labels").put("kube-aggregator.kubernetes.io/automanaged", "onstart");
        ObjectNode spec = object.putObject("spec").put("version", version);
        if (!group.isEmpty()) {
            spec.put("group", group);
        }
        spec.put("groupPriorityMinimum", GROUP_PRIORITIES.getOrDefault(group, OTHER_GROUP));
        spec.put("versionPriority", group.isEmpty() ? 1 : VERSION_PRIORITIES.getOrDefault(version, 9));
        return object;
    }

    private static String service(JsonNode api) {
        JsonNode service = Json.at(api, "spec", "service");
        return service.isObject() ? Json.text(service, "namespace") + "/" + Json.text(service, "name") : "Local";
    }

    private static String available(JsonNode api) {
        for (JsonNode condition : Json.at(api, "status", "conditions")) {
            if (Json.text(condition, "type").equals("Available")) {
                String status = Json.text(condition, "status");
                return status.equals("True") ? status : status + " (" + Json.text(condition, "reason") + ")";
            }
        }
        return "Unknown";
    }

    private static final class Rules implements KindRules {
        private static final int LARGEST_GROUP_PRIORITY = 20_000;
        private static final int LARGEST_VERSION_PRIORITY = 1_000;

        @Override
        public Set<String> metadataOutsideStatus() {
            return WRITABLE_METADATA;
        }

        @Override
        public NameRule nameRule() {
            return NameRule.PATH_SEGMENT;
        }

        @Override
        public void prepareCreate(ObjectNode api, Origin by, Instant now) {
            ObjectNode status = api.putObject("status");
            if (!Json.at(api, "spec", "service").isObject()) {
                status.putArray("conditions")
                        .addObject()
                        .put("type", "Available")
                        .put("status", "True")
                        .put(
                                "lastTransitionTime",
                                now.truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("reason", "Local")
                        .put("message", "Local APIServices are always available");
            }
        }

        @Override
        public void applyDefaults(ObjectNode api) {
            if (Json.child(api, "spec").get("service") instanceof ObjectNode service) {
                Json.ifAbsent(service, "port", 443);
            }
        }

        @Override
        public void validateCreate(JsonNode api, FieldErrors errors) {
            JsonNode spec = api.path("spec");
            String group = Json.text(spec, "group");
            String version = Json.text(spec, "version");
            String wanted = version + "." + group;
            String name = Json.text(api, "metadata", "name");
            if (!name.equals(wanted) && Syntax.pathSegment(name).isEmpty()) {
                errors.invalid("metadata.name", name, "must be `spec.version+\".\"+spec.group`: \"" + wanted + "\"");
            }
            if (!group.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(group), "spec.group", group, errors);
            } else if (!version.equals("v1")) {
                errors.required("spec.group", "only v1 may have an empty group and it better be legacy kube");
            }
            Checks.each(Syntax.dns1035Label(version), "spec.version", version, errors);
            priority(spec, "groupPriorityMinimum", LARGEST_GROUP_PRIORITY, errors);
            priority(spec, "versionPriority", LARGEST_VERSION_PRIORITY, errors);
            if (spec.path("service").isObject()) {
                remote(spec, errors);
            } else {
                local(spec, errors);
            }
        }

        private static void priority(JsonNode spec, String field, long most, FieldErrors errors) {
            long value = Json.number(spec, 0, field);
            if (value <= 0 || value > most) {
                errors.invalid("spec." + field, value, "must be positive and less than " + most);
            }
        }

        private static void local(JsonNode spec, FieldErrors errors) {
            String bundle = Json.text(spec, "caBundle");
            if (!bundle.isEmpty()) {
                int size = Base64.getMimeDecoder().decode(bundle).length;
                errors.invalid("spec.caBundle", size + " bytes", "local APIServices may not have a caBundle");
            }
            if (spec.path("insecureSkipTLSVerify").asBoolean()) {
                errors.invalid(
                        "spec.insecureSkipTLSVerify", true, "local APIServices may not have insecureSkipTLSVerify");
            }
        }

        private static void remote(JsonNode spec, FieldErrors errors) {
            JsonNode service = spec.path("service");
            for (String field : List.of("namespace", "name")) {
                Checks.required(service, field, "spec.service", errors);
            }
            long port = Json.number(service, 0, "port");
            List<String> wrong = Syntax.portNumber(port);
            if (!wrong.isEmpty()) {
                errors.invalid("spec.service.port", port, "port is not valid: " + String.join(",", wrong));
            }
            if (spec.path("insecureSkipTLSVerify").asBoolean()
                    && !Json.text(spec, "caBundle").isEmpty()) {
                errors.invalid("spec.insecureSkipTLSVerify", true, "may not be true if caBundle is present");
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            StatusRules.namedConditions(updated.path("status"), errors);
        }
    }
}
