package io.ruori.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.networking.MissingClaims;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Services: one address for many Pods. What only one of them can have is given out while they are written (ADR 0012); nothing
 * carries traffic to them yet.
 */
public final class ServiceKind {
    public static final KindName NAME = KindName.core("services");

    public static final Kind KIND = Kind.of("", "v1", "Service", "services", "io.k8s.api.core.v1.Service")
            .shortNames("svc")
            .categories("all")
            .status()
            .answersWithDeleted()
            .createdByUpdate()
            .rules(new ServiceRules())
            .wokenBy(MissingClaims.wakes())
            .reconciler(MissingClaims.COMPONENT, new MissingClaims())
            .columns(
                    Columns.name(),
                    Columns.text("Type", "How it is exposed.", service -> Json.text(service, "spec", "type")),
                    Columns.text("Cluster-IP", "Its address in the cluster.", ServiceKind::clusterIp),
                    Columns.text("External-IP", "Its addresses outside.", ServiceKind::external),
                    Columns.text("Port(s)", "Its ports.", ServiceKind::ports),
                    Columns.age(),
                    Columns.wide(
                            "Selector",
                            "Which Pods it is for.",
                            service -> Columns.labels(Json.at(service, "spec", "selector"))))
            .selectable("spec.clusterIP", service -> Json.text(service, "spec", "clusterIP"))
            .selectable(
                    "spec.type", service -> Json.text(service, "spec", "type").intern())
            .build();

    private ServiceKind() {}

    private static String clusterIp(JsonNode service) {
        JsonNode addresses = Json.at(service, "spec", "clusterIPs");
        return addresses.isEmpty() ? Columns.NONE : addresses.get(0).asText();
    }

    private static String external(JsonNode service) {
        List<String> addresses = new ArrayList<>();
        String type = Json.text(service, "spec", "type");
        if (type.equals("ExternalName")) {
            return Json.text(service, "spec", "externalName");
        }
        if (type.equals("LoadBalancer")) {
            addresses.addAll(balancers(service));
        }
        Json.at(service, "spec", "externalIPs").forEach(ip -> addresses.add(ip.asText()));
        if (addresses.isEmpty()) {
            return type.equals("LoadBalancer") ? "<pending>" : Columns.NONE;
        }
        return String.join(",", addresses);
    }

    private static Set<String> balancers(JsonNode service) {
        Set<String> points = new TreeSet<>();
        for (JsonNode point : Json.at(service, "status", "loadBalancer", "ingress")) {
            String ip = Json.text(point, "ip");
            String shown = ip.isEmpty() ? Json.text(point, "hostname") : ip;
            if (!shown.isEmpty()) {
                points.add(shown);
            }
        }
        return points;
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        for (JsonNode port : Json.at(service, "spec", "ports")) {
            long node = Json.number(port, 0, "nodePort");
            ports.add(Json.number(port, 0, "port") + (node > 0 ? ":" + node : "") + "/" + Json.text(port, "protocol"));
        }
        return ports.isEmpty() ? Columns.NONE : String.join(",", ports);
    }
}
