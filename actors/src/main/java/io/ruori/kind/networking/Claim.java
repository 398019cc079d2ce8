package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.kind.IpAddress;
import io.ruori.kind.ServiceEdit;
import io.ruori.kind.ServiceKind;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What only one Service can have is an object, named by the address or the port: since every name has one writer, whoever makes
 * the object has it. See ADR 0012.
 */
public final class Claim {
    /** How long after its claims a Service may be written. A claim that is older and not in use is nobody's. */
    public static final Duration PROMISED = Duration.ofSeconds(5);

    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";

    private Claim() {}

    public static ObjectKey address(IpAddress address) {
        return new ObjectKey(IpAddressKind.NAME, "", address.toString());
    }

    public static ObjectKey port(long number) {
        return new ObjectKey(NodePortKind.NAME, "", Long.toString(number));
    }

    /** All that a Service has. */
    public static Set<ObjectKey> of(JsonNode service) {
        JsonNode spec = service.path("spec");
        Set<ObjectKey> claims = new LinkedHashSet<>();
        if (ServiceEdit.hasAddress(spec)) {
            // None is no address.
            spec.path("clusterIPs")
                    .forEach(ip -> IpAddress.parse(ip.asText()).ifPresent(parsed -> claims.add(address(parsed))));
        }
        String type = ServiceEdit.type(spec);
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            spec.path("ports").forEach(port -> add(Json.number(port, 0, "nodePort"), claims));
        }
        if (ServiceEdit.hasHealthPort(spec)) {
            add(Json.number(spec, 0, "healthCheckNodePort"), claims);
        }
        return claims;
    }

    private static void add(long number, Set<ObjectKey> claims) {
        if (number != 0) {
            claims.add(port(number));
        }
    }

    /** The object to create. */
    public static ObjectNode body(ObjectKey claim, ObjectKey service) {
        ObjectNode body = Json.object();
        ObjectNode labels = body.putObject("metadata").putObject("labels");
        IpAddress.parse(claim.name()).ifPresent(ip -> labels.put(FAMILY, ip.family()));
        labels.put(MANAGED_BY, ALLOCATOR);
        body.putObject("spec")
                .putObject("parentRef")
                .put("resource", service.kind().resource())
                .put("namespace", service.namespace())
                .put("name", service.name());
        return body;
    }

    /** Whether an address or port was taken for a Service; what others made has no such label. */
    static boolean isOurs(StoredObject claim) {
        return ALLOCATOR.equals(claim.labels().get(MANAGED_BY));
    }

    /** Whose a claim is; empty for objects that others made. */
    public static Optional<ObjectKey> holder(JsonNode claim) {
        JsonNode parent = Json.at(claim, "spec", "parentRef");
        boolean ours = Json.text(claim, "metadata", "labels", MANAGED_BY).equals(ALLOCATOR)
                && Json.text(parent, "group").isEmpty()
                && Json.text(parent, "resource").equals(ServiceKind.NAME.resource());
        return ours
                ? Optional.of(
                        new ObjectKey(ServiceKind.NAME, Json.text(parent, "namespace"), Json.text(parent, "name")))
                : Optional.empty();
    }
}
