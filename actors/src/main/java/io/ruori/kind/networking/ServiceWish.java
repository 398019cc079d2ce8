package io.ruori.kind.networking;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.kind.IpAddress;
import io.ruori.kind.ServiceEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a write of a Service needs that it does not have, and what it gives up.
 *
 * @param chosen addresses and ports that the Service names itself
 * @param address whether it is to be given an address
 * @param ports places in {@code spec.ports} that are to be given a port; those of one list share theirs
 * @param shared ports it has already that further places get too
 * @param healthPort whether it is to be given a port to ask for its health
 * @param released what it had and has no more
 */
public record ServiceWish(
        List<Chosen> chosen,
        boolean address,
        List<List<Integer>> ports,
        Map<Integer, Long> shared,
        boolean healthPort,
        Set<ObjectKey> released) {
    public static final ServiceWish NONE = new ServiceWish(List.of(), false, List.of(), Map.of(), false, Set.of());

    /**
     * An address or port that the Service names itself.
     *
     * @param path where; empty for the port that health is asked for at, whose refusal upstream words as a fault
     * @param value as it stands there
     */
    public record Chosen(ObjectKey claim, String path, JsonNode value) {
        /** Why it cannot be had. */
        public void refuse(String why, FieldErrors errors) {
            boolean isAddress = claim.kind().equals(IpAddressKind.NAME);
            errors.invalid(path, value, isAddress ? "failed to allocate IP " + claim.name() + ": " + why : why);
        }

        public long number() {
            return Long.parseLong(claim.name());
        }
    }

    /**
     * @param after as the write would leave it, if it were given nothing
     * @param before as it is; a missing node where it does not exist
     */
    public static ServiceWish of(JsonNode after, JsonNode before) {
        JsonNode spec = after.path("spec");
        Set<ObjectKey> had = Claim.of(before);
        Set<ObjectKey> released = new HashSet<>(had);
        released.removeAll(Claim.of(after));
        boolean address =
                ServiceEdit.hasAddress(spec) && spec.path("clusterIPs").isEmpty();
        boolean health = ServiceEdit.hasHealthPort(spec) && Json.number(spec, 0, "healthCheckNodePort") == 0;
        Map<Integer, Long> shared = new HashMap<>();
        List<List<Integer>> ports = ServiceEdit.hasNodePorts(spec) ? ports(spec.path("ports"), shared) : List.of();
        return new ServiceWish(chosen(after, had), address, ports, shared, health, released);
    }

    private static List<Chosen> chosen(JsonNode after, Set<ObjectKey> had) {
        JsonNode spec = after.path("spec");
        Set<ObjectKey> has = Claim.of(after);
        Set<ObjectKey> seen = new HashSet<>(had);
        List<Chosen> chosen = new ArrayList<>();
        for (JsonNode ip : spec.path("clusterIPs")) {
            IpAddress.parse(ip.asText())
                    .map(Claim::address)
                    .filter(claim -> has.contains(claim) && seen.add(claim))
                    .ifPresent(claim -> chosen.add(new Chosen(claim, "spec.clusterIPs", spec.path("clusterIPs"))));
        }
        JsonNode ports = spec.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            JsonNode number = ports.get(i).path("nodePort");
            ObjectKey claim = Claim.port(number.longValue());
            if (has.contains(claim) && seen.add(claim)) {
                chosen.add(new Chosen(claim, "spec.ports[" + i + "].nodePort", number));
            }
        }
        JsonNode health = spec.path("healthCheckNodePort");
        ObjectKey claim = Claim.port(health.longValue());
        // It cannot be one of the Service's other ports: then it is asked for twice, and refused the second time.
        if (ServiceEdit.hasHealthPort(spec) && health.longValue() != 0 && !had.contains(claim)) {
            chosen.add(new Chosen(claim, "", health));
        }
        return chosen;
    }

    /** Ports of one number and different protocols are reached at one port of the nodes. */
    private static List<List<Integer>> ports(JsonNode ports, Map<Integer, Long> shared) {
        Map<Long, Long> given = new HashMap<>();
        Set<String> used = new HashSet<>();
        for (JsonNode port : ports) {
            long node = Json.number(port, 0, "nodePort");
            if (node != 0) {
                given.putIfAbsent(Json.number(port, 0, "port"), node);
                used.add(Json.text(port, "protocol") + node);
            }
        }
        Map<Long, List<Integer>> wanted = new LinkedHashMap<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            long number = Json.number(port, 0, "port");
            if (Json.number(port, 0, "nodePort") != 0) {
                continue;
            }
            Long with = given.get(number);
            if (with != null && used.add(Json.text(port, "protocol") + with)) {
                shared.put(i, with);
            } else {
                wanted.computeIfAbsent(number, none -> new ArrayList<>()).add(i);
            }
        }
        return List.copyOf(wanted.values());
    }
}
