package io.ruori.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.kind.Kind;

/** Writes into a Service what it was promised. */
final class ServiceGrants implements Admitter {
    private static final KindName SERVICES = KindName.core("services");

    @Override
    public void mutateCreate(Kind kind, ObjectNode object, Facts facts) {
        if (kind.name().equals(SERVICES)) {
            fill(Json.child(object, "spec"), facts.grant());
        }
    }

    @Override
    public void mutateUpdate(Kind kind, ObjectNode object, Facts facts) {
        mutateCreate(kind, object, facts);
    }

    private static void fill(ObjectNode spec, Grant grant) {
        if (!grant.clusterIp().isEmpty()) {
            spec.put("clusterIP", grant.clusterIp());
            spec.putArray("clusterIPs").add(grant.clusterIp());
        }
        JsonNode ports = spec.path("ports");
        grant.nodePorts()
                .forEach((place, number) -> ((ObjectNode) ports.get(place)).set("nodePort", Json.number(number)));
        if (grant.healthPort() != 0) {
            spec.set("healthCheckNodePort", Json.number(grant.healthPort()));
        }
    }
}
