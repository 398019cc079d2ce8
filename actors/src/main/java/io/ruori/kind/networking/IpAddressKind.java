package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Checks;
import io.ruori.kind.Columns;
import io.ruori.kind.Kind;
import io.ruori.kind.KindRules;
import io.ruori.kind.Syntax;

/** Addresses that are taken, named by the address, so that no two can have the same. */
public final class IpAddressKind {
    public static final KindName NAME = new KindName("networking.k8s.io", "ipaddresses");

    public static final Kind KIND = Kind.of(
                    "networking.k8s.io", "v1", "IPAddress", "ipaddresses", "io.k8s.api.networking.v1.IPAddress")
            .clusterScoped()
            .shortNames("ip")
            .rules(new Rules())
            .wokenBy(ClaimReconciler.wakes(NAME))
            .reconciler(ClaimReconciler.COMPONENT, new ClaimReconciler())
            .columns(Columns.name(), Columns.text("ParentRef", "Who has it.", IpAddressKind::parent))
            .build();

    private IpAddressKind() {}

    /** {@code services/default/web}: what there is of group and resource, namespace and name. */
    private static String parent(JsonNode address) {
        JsonNode parent = Json.at(address, "spec", "parentRef");
        if (!parent.isObject()) {
            return Columns.NONE;
        }
        String group = Json.text(parent, "group");
        String namespace = Json.text(parent, "namespace");
        return Json.text(parent, "resource") + (group.isEmpty() ? "" : "." + group) + "/"
                + (namespace.isEmpty() ? "" : namespace + "/") + Json.text(parent, "name");
    }

    private static final class Rules implements KindRules {
        @Override
        public NameRule nameRule() {
            return NameRule.IP_ADDRESS;
        }

        @Override
        public boolean hasGeneration() {
            return true;
        }

        @Override
        public void validateCreate(JsonNode address, FieldErrors errors) {
            JsonNode parent = Json.at(address, "spec", "parentRef");
            String path = "spec.parentRef";
            if (!parent.isObject()) {
                errors.required(path, "");
                return;
            }
            String group = Json.text(parent, "group");
            if (!group.isEmpty()) {
                Checks.each(Syntax.dnsSubdomain(group), path + ".group", group, errors);
            }
            References.segment(parent, "resource", path, errors);
            References.segment(parent, "name", path, errors);
            String namespace = Json.text(parent, "namespace");
            if (!namespace.isEmpty()) {
                Checks.each(Syntax.pathSegment(namespace), path + ".namespace", namespace, errors);
            }
        }

        @Override
        public void validateUpdate(JsonNode updated, JsonNode old, FieldErrors errors) {
            Checks.immutable(
                    Json.at(updated, "spec", "parentRef"), Json.at(old, "spec", "parentRef"), "spec.parentRef", errors);
        }
    }
}
