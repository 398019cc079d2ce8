package io.ruori.kind.networking;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.Write;
import io.ruori.kind.EndpointsKind;
import io.ruori.kind.IpAddress;
import io.ruori.kind.ServiceKind;
import io.ruori.kind.discovery.EndpointSliceKind;
import io.ruori.view.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Service {@code default/kubernetes}, by which Pods find the API, and its endpoints, as upstream makes them: the Service once,
 * the endpoints whenever they are not as they should be.
 *
 * @param addresses where the API is to be found
 */
public record WayToTheApi(List<String> addresses, int port) {
    /** The first of {@link ServiceCidrKind#FIRST_RANGE}. */
    private static final String CLUSTER_IP = "10.96.0.1";

    private static final String NAMESPACE = "default";
    private static final String NAME = "kubernetes";

    /** What is to be written, by object; empty when all is well. */
    public Map<ObjectKey, Write> missing(View view) {
        Map<ObjectKey, Write> writes = new LinkedHashMap<>();
        ObjectKey service = new ObjectKey(ServiceKind.NAME, NAMESPACE, NAME);
        if (view.get(service) == null) {
            writes.put(service, create(service()));
        }
        keep(new ObjectKey(EndpointsKind.NAME, NAMESPACE, NAME), endpoints(), view, writes);
        keep(new ObjectKey(EndpointSliceKind.NAME, NAMESPACE, NAME), slice(), view, writes);
        return writes;
    }

    private static void keep(ObjectKey key, ObjectNode wanted, View view, Map<ObjectKey, Write> writes) {
        StoredObject live = view.get(key);
        if (live == null) {
            writes.put(key, create(wanted));
        } else if (differs(wanted, live.tree())) {
            wanted.remove("addressType");
            writes.put(
                    key,
                    new Write.Patch(
                            Write.PatchType.MERGE,
                            wanted,
                            "",
                            false,
                            new Write.Precondition(live.uid(), null),
                            Write.FieldValidation.IGNORE));
        }
    }

    private static boolean differs(ObjectNode wanted, ObjectNode live) {
        JsonNode labels = Json.at(wanted, "metadata", "labels");
        return !labels.equals(Json.at(live, "metadata", "labels"))
                || wanted.properties().stream()
                        .filter(field -> !field.getKey().equals("metadata"))
                        .anyMatch(field -> Json.isPresent(field.getValue())
                                ? !field.getValue().equals(live.path(field.getKey()))
                                : Json.isPresent(live.get(field.getKey())));
    }

    private static Write create(ObjectNode body) {
        return new Write.Create(body, Write.FieldValidation.IGNORE);
    }

    private ObjectNode service() {
        return Json.read("""
            {"metadata":{"labels":{"component":"apiserver","provider":"kubernetes"}},
             "spec":{"type":"ClusterIP","clusterIP":"%s","ipFamilyPolicy":"SingleStack","sessionAffinity":"None",
              "ports":[{"name":"https","port":443,"protocol":"TCP","targetPort":%d}]}}
            """.formatted(CLUSTER_IP, port));
    }

    private ObjectNode endpoints() {
        String found = reachable().map(ip -> "{\"ip\":\"" + ip + "\"}").collect(joining(","));
        String subsets = isReachable() ? """
            [{"addresses":[%s],"ports":[{"name":"https","port":%d,"protocol":"TCP"}]}]\
            """.formatted(found, port) : "null";
        return Json.read("""
            {"metadata":{"labels":{"endpointslice.kubernetes.io/skip-mirror":"true"}},"subsets":%s}
            """.formatted(subsets));
    }

    private ObjectNode slice() {
        String endpoints = reachable()
                .map(ip -> "{\"addresses\":[\"" + ip + "\"],\"conditions\":{\"ready\":true}}")
                .collect(joining(",", "[", "]"));
        return Json.read("""
            {"metadata":{"labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4","endpoints":%s,
             "ports":[{"name":"https","port":%d,"protocol":"TCP"}]}
            """.formatted(NAME, endpoints, port));
    }

    /** Whether others can get to it. They cannot get to a loopback address, and endpoints may not have one; then there are none. */
    public boolean isReachable() {
        return reachable().findAny().isPresent();
    }

    private Stream<String> reachable() {
        return addresses.stream()
                .filter(address -> IpAddress.parse(address)
                        .filter(ip -> ip.isV4() && !ip.isLoopback() && !ip.isUnspecified() && !ip.isLinkLocal())
                        .isPresent())
                .sorted();
    }
}
