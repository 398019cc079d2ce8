package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** Services are answered with addresses and ports that no other has, however many ask at once, and give them back. */
final class ServiceAddressesTest extends OneMaster {
    private static final String ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses";
    private static final String NODE_PORT = "NodePort";

    @Test
    void theAnswerOfACreateHasAnAddressWithAnObjectOfItsOwn() throws IOException {
        master.namespace("one");
        JsonNode service = create("one", service("web", "ClusterIP", 80));
        String ip = ip(service);
        assertThat(ip).startsWith("10.");
        assertThat(Json.at(service, "spec", "clusterIPs").toString()).isEqualTo("[\"" + ip + "\"]");
        assertThat(service.toString()).doesNotContain("f:clusterIP").doesNotContain("nodePort");
        JsonNode address = admin.get(ADDRESSES + "/" + ip).is(200).json();
        assertThat(Json.at(address, "spec", "parentRef").toString())
                .isEqualTo("{\"resource\":\"services\",\"namespace\":\"one\",\"name\":\"web\"}");
        assertThat(Json.at(address, "metadata", "labels").toString())
                .isEqualTo("{\"ipaddress.kubernetes.io/ip-family\":\"IPv4\","
                        + "\"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}");
        admin.delete(path("one") + "/web").is(200);
        admin.get(ADDRESSES + "/" + ip).is(404);
        // Retried under its name, it comes to the same place.
        assertThat(ip(create("one", service("web", "ClusterIP", 80)))).isEqualTo(ip);
    }

    @Test
    void whatWantsNoneGetsNone() throws IOException {
        master.namespace("none");
        ObjectNode headless = service("headless", "ClusterIP", 80);
        Json.child(headless, "spec").put("clusterIP", "None");
        assertThat(ip(create("none", headless))).isEqualTo("None");
        ObjectNode elsewhere = service("elsewhere", "ExternalName");
        Json.child(elsewhere, "spec").put("externalName", "example.com");
        assertThat(create("none", elsewhere).path("spec").has("clusterIP")).isFalse();
        assertThat(holders("none")).isEmpty();
    }

    @Test
    void aChangeOfTypeTakesAndGivesBackInItsOwnAnswer() throws IOException {
        master.namespace("types");
        ObjectNode body = service("s", "ExternalName");
        Json.child(body, "spec").put("externalName", "example.com");
        create("types", body);
        JsonNode service = merged(
                "types", "s", "{\"spec\":{\"type\":\"NodePort\",\"externalName\":null,\"ports\":[{\"port\":80}]}}");
        String ip = ip(service);
        assertThat(holders("types")).containsExactly(ip);
        long port = nodePort(service, 0);
        assertThat(port).isBetween(30_000L, 32_767L);
        assertThat(service.toString()).doesNotContain("f:nodePort").doesNotContain("f:clusterIP");
        refused("types", chosenPort("thief", port), portTaken("thief", port));
        service = merged("types", "s", "{\"spec\":{\"type\":\"ClusterIP\"}}");
        assertThat(ip(service)).isEqualTo(ip);
        assertThat(service.toString()).doesNotContain("nodePort");
        create("types", chosenPort("heir", port));
        service = merged("types", "s", "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"example.com\"}}");
        assertThat(service.path("spec").has("clusterIP")).isFalse();
        assertThat(holders("types")).hasSize(1);
        create("types", chosenIp("next", ip));
        assertThat(holders("types")).contains(ip);
    }

    @Test
    void anApplyIsAnsweredWithWhatItWasGivenAndLeavesItAlone() throws IOException {
        master.namespace("applied");
        ObjectNode body = service("s", NODE_PORT, 80);
        String one = path("applied") + "/s";
        JsonNode first = admin.apply(one, body).is(201).json();
        assertThat(nodePort(first, 0)).isPositive();
        Json.child(Json.child(body, "metadata"), "labels").put("a", "b");
        JsonNode second = admin.apply(one, body).is(200).json();
        assertThat(second.path("spec")).isEqualTo(first.path("spec"));
        ObjectNode put = service("s", NODE_PORT, 80, 81);
        JsonNode third = admin.put(one, put).is(200).json();
        assertThat(ip(third)).isEqualTo(ip(first));
        assertThat(nodePort(third, 1)).isPositive().isNotEqualTo(nodePort(third, 0));
    }

    @Test
    void portsOfOneNumberShareOneOfTheNodes() throws IOException {
        master.namespace("shared");
        ObjectNode dns = service("dns", "LoadBalancer", 53, 53, 54);
        ((ObjectNode) Json.at(dns, "spec", "ports").get(1)).put("protocol", "UDP");
        Json.child(dns, "spec").put("externalTrafficPolicy", "Local");
        JsonNode service = create("shared", dns);
        assertThat(nodePort(service, 0)).isPositive().isEqualTo(nodePort(service, 1));
        assertThat(nodePort(service, 2)).isPositive().isNotEqualTo(nodePort(service, 0));
        long health = Json.number(service, 0, "spec", "healthCheckNodePort");
        assertThat(health).isPositive().isNotIn(nodePort(service, 0), nodePort(service, 2));
        ObjectNode bare = service("bare", "LoadBalancer", 80);
        Json.child(bare, "spec").put("allocateLoadBalancerNodePorts", false);
        assertThat(create("shared", bare).toString()).doesNotContain("nodePort");
        ObjectNode sick = service("sick", "LoadBalancer", 80);
        Json.child(sick, "spec").put("externalTrafficPolicy", "Local").put("healthCheckNodePort", health);
        JsonNode refusal = admin.post(path("shared"), sick).is(500).json();
        assertThat(Json.text(refusal, "message"))
                .isEqualTo("Internal error occurred: failed to allocate requested HealthCheck NodePort " + health
                        + ": provided port is already allocated");
    }

    @Test
    void aChosenAddressOfSomebodyElseIsRefusedInUpstreamsWords() throws IOException {
        master.namespace("chosen");
        create("chosen", chosenIp("first", "10.96.0.77"));
        refused(
                "chosen",
                chosenIp("second", "10.96.0.77"),
                "Service \"second\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.77\"]: failed to allocate"
                        + " IP 10.96.0.77: provided IP is already allocated");
        for (String outside : List.of("192.168.1.1", "10.96.0.0", "10.111.255.255")) {
            refused(
                    "chosen",
                    chosenIp("second", outside),
                    "Service \"second\" is invalid: spec.clusterIPs: Invalid value: [\"" + outside
                            + "\"]: failed to allocate IP " + outside + ": the provided IP (" + outside
                            + ") is not in the valid range. The range of valid IPs is 10.96.0.0/12");
        }
        create("chosen", chosenPort("p", 30_777));
        refused("chosen", chosenPort("q", 30_777), portTaken("q", 30_777));
        // What was claimed before the refusal is free again.
        assertThat(holders("chosen")).hasSize(2);
    }

    @Test
    void aDryRunIsAnsweredWithAnAddressAndClaimsNothing() throws IOException {
        master.namespace("dry");
        JsonNode would = admin.post(path("dry") + "?dryRun=All", service("s", NODE_PORT, 80))
                .is(201)
                .json();
        assertThat(ip(would)).startsWith("10.");
        assertThat(nodePort(would, 0)).isPositive();
        assertThat(holders("dry")).isEmpty();
        create("dry", chosenPort("other", nodePort(would, 0)));
        create("dry", chosenIp("taken", "10.96.0.78"));
        admin.post(path("dry") + "?dryRun=All", chosenIp("late", "10.96.0.78")).is(422);
    }

    @Test
    void twentyWhoChooseTheSameAreOneWhoGetsIt() throws IOException {
        master.namespace("race");
        assertThat(codes(
                        20,
                        i -> admin.post(path("race"), chosenIp("ip" + i, "10.96.0.99"))
                                .code()))
                .filteredOn(code -> code == 201)
                .hasSize(1);
        assertThat(codes(
                        20,
                        i -> admin.post(path("race"), chosenPort("port" + i, 30_099))
                                .code()))
                .filteredOn(code -> code == 201)
                .hasSize(1);
        assertThat(codes(
                        20,
                        i -> admin.post(path("race"), service("same", "ClusterIP", 80))
                                .code()))
                .filteredOn(code -> code == 201)
                .hasSize(1);
        assertThat(holders("race")).hasSize(3);
    }

    @Test
    void threeHundredAtOnceAllGetTheirOwn() throws IOException {
        master.namespace("crowd");
        Set<String> ips = new HashSet<>();
        Set<Long> ports = new HashSet<>();
        List<JsonNode> all = atOnce(300, i -> create("crowd", service("s" + i, NODE_PORT, 80)));
        all.forEach(service -> {
            ips.add(ip(service));
            ports.add(nodePort(service, 0));
        });
        assertThat(ips).hasSize(300);
        assertThat(ports).hasSize(300);
        assertThat(holders("crowd")).containsExactlyInAnyOrderElementsOf(ips);
    }

    @Test
    void manyChangesOfOneServiceAreAllDone() throws IOException {
        master.namespace("busy");
        create("busy", service("s", "ClusterIP", 80));
        assertThat(codes(
                        20,
                        i -> admin.merge(
                                        path("busy") + "/s",
                                        Json.read(
                                                i % 2 == 0
                                                        ? "{\"metadata\":{\"labels\":{\"l" + i + "\":\"x\"}}}"
                                                        : "{\"spec\":{\"type\":\""
                                                                + (i % 4 == 1 ? NODE_PORT : "ClusterIP") + "\"}}"))
                                .code()))
                .containsOnly(200);
        JsonNode service = admin.get(path("busy") + "/s").is(200).json();
        assertThat(Json.at(service, "metadata", "labels")).hasSize(10);
        assertThat(nodePort(service, 0) > 0)
                .isEqualTo(Json.text(service, "spec", "type").equals(NODE_PORT));
    }

    @Test
    void anAddressThatSomebodyTakesAwayIsClaimedAnew() throws IOException {
        master.namespace("taken-away");
        JsonNode service = create("taken-away", service("s", "ClusterIP", 80));
        admin.delete(ADDRESSES + "/" + ip(service)).is(200);
        await("the address is claimed anew")
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(holders("taken-away")).containsExactly(ip(service)));
    }

    @Test
    void aQuotaIsAskedToo() throws IOException {
        master.namespace("counted");
        ObjectNode quota = Json.object().put("apiVersion", "v1").put("kind", "ResourceQuota");
        quota.putObject("metadata").put("name", "q");
        quota.putObject("spec").putObject("hard").put("services", "3");
        admin.post("/api/v1/namespaces/counted/resourcequotas", quota).is(201);
        await("counted")
                .atMost(Duration.ofSeconds(8))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> admin.get("/api/v1/namespaces/counted/resourcequotas/q")
                        .json()
                        .path("status")
                        .has("hard"));
        List<Integer> codes = codes(20, i -> {
            Client.Answer answer = admin.post(path("counted"), service("s" + i, NODE_PORT, 80));
            assertThat(answer.code() == 403 || nodePort(answer.json(), 0) > 0).isTrue();
            return answer.code();
        });
        assertThat(codes).filteredOn(code -> code == 201).hasSize(3);
        assertThat(codes).filteredOn(code -> code == 403).hasSize(17);
        assertThat(holders("counted")).hasSize(3);
    }

    @Test
    void portsOfNodesAreNobodysToSee() {
        admin.get("/apis/networking.ruori.io/v1/nodeports").is(404);
        assertThat(admin.get("/apis").text()).doesNotContain("networking.ruori.io");
    }

    @Test
    void aRangeStaysUntilNoAddressNeedsIt() throws IOException {
        String ranges = "/apis/networking.k8s.io/v1/servicecidrs";
        master.namespace("ranged");
        ObjectNode range = Json.object().put("kind", "ServiceCIDR").put("apiVersion", "networking.k8s.io/v1");
        range.putObject("metadata").put("name", "more");
        range.putObject("spec").putArray("cidrs").add("10.77.0.0/24");
        JsonNode created = admin.post(ranges, range).is(201).json();
        assertThat(Json.at(created, "metadata", "finalizers").toString())
                .isEqualTo("[\"networking.k8s.io/service-cidr-finalizer\"]");
        eventually(() -> create("ranged", chosenIp("web", "10.77.0.7")));
        admin.delete(ranges + "/more").is(200);
        eventually(() -> assertThat(Json.at(admin.get(ranges + "/more").is(200).json(), "status", "conditions")
                        .findValuesAsText("reason"))
                .containsExactly("Terminating"));
        refused(
                "ranged",
                chosenIp("late", "10.77.0.8"),
                "Service \"late\" is invalid: spec.clusterIPs: Invalid value: [\"10.77.0.8\"]: failed to allocate IP"
                        + " 10.77.0.8: the provided IP (10.77.0.8) is not in the valid range. The range of valid IPs is"
                        + " 10.96.0.0/12");
        admin.delete(path("ranged") + "/web").is(200);
        eventually(() -> admin.get(ranges + "/more").is(404));
    }

    @Test
    void theApiIsAServiceItselfAndComesBack() {
        String one = path("default") + "/kubernetes";
        eventually(() -> {
            JsonNode service = admin.get(one).is(200).json();
            assertThat(ip(service)).isEqualTo("10.96.0.1");
            assertThat(Json.at(service, "metadata", "labels").toString())
                    .isEqualTo("{\"component\":\"apiserver\",\"provider\":\"kubernetes\"}");
            assertThat(Json.at(service, "spec", "ports").path(0).path("port").asInt())
                    .isEqualTo(443);
        });
        assertThat(holders("default")).containsExactly("10.96.0.1");
        eventually(() ->
                admin.get("/api/v1/namespaces/default/endpoints/kubernetes").is(200));
        eventually(() -> admin.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes")
                .is(200));
        admin.delete(one).is(200);
        eventually(() -> assertThat(ip(admin.get(one).is(200).json())).isEqualTo("10.96.0.1"));
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion);
    }

    // ---- what there is

    private static String path(String namespace) {
        return "/api/v1/namespaces/" + namespace + "/services";
    }

    private static JsonNode create(String namespace, ObjectNode body) {
        return admin.post(path(namespace), body).is(201).json();
    }

    private static JsonNode merged(String namespace, String name, String patch) {
        return admin.merge(path(namespace) + "/" + name, Json.read(patch))
                .is(200)
                .json();
    }

    private static void refused(String namespace, ObjectNode body, String message) {
        JsonNode refusal = admin.post(path(namespace), body).is(422).json();
        assertThat(Json.text(refusal, "message")).isEqualTo(message);
    }

    private static String portTaken(String name, long port) {
        return "Service \"" + name + "\" is invalid: spec.ports[0].nodePort: Invalid value: " + port
                + ": provided port is already allocated";
    }

    private static String ip(JsonNode service) {
        return Json.text(service, "spec", "clusterIP");
    }

    private static long nodePort(JsonNode service, int place) {
        return Json.number(Json.at(service, "spec", "ports").path(place), 0, "nodePort");
    }

    /** The addresses that Services of a namespace have, as their own objects tell. */
    private static List<String> holders(String namespace) {
        List<String> all = new ArrayList<>();
        admin.get(ADDRESSES).json().path("items").forEach(address -> {
            if (Json.text(address, "spec", "parentRef", "namespace").equals(namespace)) {
                all.add(Json.text(address, "metadata", "name"));
            }
        });
        return all;
    }

    private static ObjectNode service(String name, String type, int... ports) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "Service");
        body.putObject("metadata").put("name", name);
        ObjectNode spec = body.putObject("spec").put("type", type);
        if (ports.length > 0) {
            ArrayNode list = spec.putArray("ports");
            for (int i = 0; i < ports.length; i++) {
                list.addObject().put("name", "p" + i).put("port", ports[i]);
            }
        }
        return body;
    }

    private static ObjectNode chosenIp(String name, String ip) {
        ObjectNode body = service(name, "ClusterIP", 80);
        Json.child(body, "spec").put("clusterIP", ip);
        return body;
    }

    private static ObjectNode chosenPort(String name, long port) {
        ObjectNode body = service(name, NODE_PORT, 80);
        ((ObjectNode) Json.at(body, "spec", "ports").get(0)).put("nodePort", port);
        return body;
    }

    private static List<Integer> codes(int clients, IntFunction<Integer> one) {
        return atOnce(clients, one);
    }

    private static <T> List<T> atOnce(int clients, IntFunction<T> one) {
        List<T> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(clients, 50))) {
            List<CompletableFuture<T>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                all.add(CompletableFuture.supplyAsync(() -> one.apply(number), threads));
            }
            all.forEach(answer -> answers.add(answer.join()));
        }
        return answers;
    }
}
