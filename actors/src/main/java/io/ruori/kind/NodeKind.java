package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Nodes: the machines Pods run on. */
public final class NodeKind {
    public static final KindName NAME = KindName.core("nodes");
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE = "kubernetes.io/role";

    public static final Kind KIND = Kind.of("", "v1", "Node", "nodes", "io.k8s.api.core.v1.Node")
            .clusterScoped()
            .shortNames("no")
            .status()
            .rules(new Rules())
            .columns(
                    Columns.name(),
                    Columns.text("Status", "Whether it is ready for Pods.", NodeKind::status),
                    Columns.text("Roles", "Its roles, from its labels.", NodeKind::roles),
                    Columns.age(),
                    Columns.text("Version", "Of its agent.", n -> Json.text(n, "status", "nodeInfo", "kubeletVersion")),
                    Columns.wide("Internal-IP", "Its address in the cluster.", n -> address(n, "InternalIP")),
                    Columns.wide("External-IP", "Its address outside.", n -> address(n, "ExternalIP")),
                    Columns.wide("OS-Image", "Its operating system.", n -> info(n, "osImage")),
                    Columns.wide("Kernel-Version", "Its kernel.", n -> info(n, "kernelVersion")),
                    Columns.wide(
                            "Container-Runtime", "What runs its containers.", n -> info(n, "containerRuntimeVersion")))
            .selectable(
                    "spec.unschedulable",
                    n -> n.path("spec").path("unschedulable").asBoolean() ? "true" : "false")
            .build();

    private NodeKind() {}

    private static String status(JsonNode node) {
        String ready = Json.text(PodDigest.condition(node.path("status"), "Ready"), "status");
        String status = ready.isEmpty() ? "Unknown" : ready.equals("True") ? "Ready" : "NotReady";
        return node.path("spec").path("unschedulable").asBoolean() ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(JsonNode node) {
        Set<String> roles = new TreeSet<>();
        Json.at(node, "metadata", "labels").properties().forEach(label -> {
            String key = label.getKey();
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals(ROLE) && !label.getValue().asText().isEmpty()) {
                roles.add(label.getValue().asText());
            }
        });
        return roles.isEmpty() ? Columns.NONE : String.join(",", roles);
    }

    private static String address(JsonNode node, String type) {
        for (JsonNode address : Json.at(node, "status", "addresses")) {
            if (Json.text(address, "type").equals(type)) {
                return Json.text(address, "address");
            }
        }
        return Columns.NONE;
    }

    private static String info(JsonNode node, String field) {
        String value = Json.text(node, "status", "nodeInfo", field);
        return value.isEmpty() ? HumanDuration.UNKNOWN : value;
    }

    private static final class Rules implements KindRules {
        private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

        /** As upstream: a kubelet registers its node whole. */
        @Override
        public boolean createdWithStatus() {
            return true;
        }

        /** What a node has can be given without saying how much of it Pods may use: then all of it. */
        @Override
        public void applyDefaults(ObjectNode node) {
            if (node.get("status") instanceof ObjectNode status
                    && status.path("allocatable").isEmpty()
                    && !status.path("capacity").isEmpty()) {
                status.set("allocatable", status.path("capacity").deepCopy());
            }
        }

        @Override
        public void validateCreate(JsonNode node, FieldErrors errors) {
            JsonNode taints = Json.at(node, "spec", "taints");
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < taints.size(); i++) {
                JsonNode taint = taints.get(i);
                String path = "spec.taints[" + i + "]";
                taint(taint, path, errors);
                if (!seen.add(Json.text(taint, "key") + ":" + Json.text(taint, "effect"))) {
                    errors.add(
                            FieldError.Reason.DUPLICATE,
                            path,
                            "Duplicate value: " + taint + ": taints must be unique by key and effect pair");
                }
            }
        }

        private static void taint(JsonNode taint, String path, FieldErrors errors) {
            String key = Json.text(taint, "key");
            Checks.each(Syntax.qualifiedName(key), path + ".key", key, errors);
            String value = Json.text(taint, "value");
            Checks.each(Syntax.labelValue(value), path + ".value", value, errors);
            Checks.oneOf(taint, "effect", path, EFFECTS, true, errors);
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            validateCreate(updated, errors);
            JsonNode spec = updated.path("spec");
            JsonNode before = old.path("spec");
            if (!before.path("podCIDRs").isEmpty() && !spec.path("podCIDRs").equals(before.path("podCIDRs"))) {
                errors.forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
            }
            String provider = Json.text(before, "providerID");
            if (!provider.isEmpty() && !provider.equals(Json.text(spec, "providerID"))) {
                errors.forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
            }
        }

        @Override
        public void validateStatus(JsonNode updated, JsonNode old, FieldErrors errors) {
            for (String list : new String[] {"capacity", "allocatable"}) {
                Json.at(updated, "status", list)
                        .properties()
                        .forEach(e -> Checks.quantity(e.getValue(), "status." + list + "[" + e.getKey() + "]", errors));
            }
        }

        @Override
        public List<String> warnings(JsonNode node) {
            List<String> warnings = new ArrayList<>();
            if (Json.isPresent(node.path("spec").get("configSource"))) {
                warnings.add("spec.configSource: the feature is removed");
            }
            if (!Json.text(node, "spec", "externalID").isEmpty()) {
                warnings.add("spec.externalID: this field is deprecated, and is unused by Kubernetes");
            }
            Checks.eachOf(
                    node.path("spec"),
                    "podCIDRs",
                    "spec",
                    (range, at) -> warnings.addAll(AddressRules.rangeWarnings(range.asText(), at)));
            return warnings;
        }
    }
}
