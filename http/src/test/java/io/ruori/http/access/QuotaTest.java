package io.ruori.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Nobody gets more than a quota allows, however many ask at once, and what has gone is free again. */
final class QuotaTest extends OneMaster {
    @Test
    void fiftyAtOnceGetWhatThereIsForTen() throws IOException {
        namespace("crowd", "{\"hard\":{\"configmaps\":\"11\",\"count/configmaps\":\"30\"}}");
        List<Integer> codes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            List<CompletableFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                ObjectNode body = named("ConfigMap", "c" + i);
                all.add(CompletableFuture.supplyAsync(
                        () -> admin.post(path("crowd", "configmaps"), body).code(), threads));
            }
            all.forEach(one -> codes.add(one.join()));
        }
        // One of the eleven is the cluster's own.
        assertThat(codes).filteredOn(code -> code == 201).hasSize(10);
        assertThat(codes).filteredOn(code -> code == 403).hasSize(40);
        assertThat(admin.get(path("crowd", "configmaps")).json().path("items")).hasSize(11);
        assertThat(used("crowd", "configmaps")).isEqualTo("11");
        assertThat(used("crowd", "count/configmaps")).isEqualTo("11");
        admin.post(path("crowd", "configmaps"), named("ConfigMap", "more"))
                .forbidden("configmaps \"more\" is forbidden: exceeded quota: q, requested: configmaps=1, used:"
                        + " configmaps=11, limited: configmaps=11");
    }

    @Test
    void whatHasGoneIsFreeAgain() throws IOException {
        namespace("room", "{\"hard\":{\"secrets\":\"1\"}}");
        for (int i = 0; i < 5; i++) {
            admin.post(path("room", "secrets"), named("Secret", "s" + i)).is(201);
            assertThat(used("room", "secrets")).isEqualTo("1");
            admin.delete(path("room", "secrets") + "/s" + i).is(200);
            eventuallyUsed("room", "secrets", "0");
        }
        admin.post(path("room", "secrets"), named("Secret", "last")).is(201);
        admin.post(path("room", "secrets"), named("Secret", "last")).is(409);
        assertThat(used("room", "secrets")).isEqualTo("1");
        eventually("nothing is promised any more", "room", quota -> Json.text(quota, "metadata", "annotations"), "");
    }

    @Test
    void podsMustSayWhatTheyWantAndEndedOnesAreFree() throws IOException {
        namespace("shared", "{\"hard\":{\"limits.cpu\":\"1\",\"pods\":\"1\",\"requests.memory\":\"1Gi\"}}");
        admin.post(path("shared", "pods"), pod("p", "{}"))
                .forbidden("pods \"p\" is forbidden: failed quota: q: must specify limits.cpu for: c;"
                        + " requests.memory for: c");
        String resources = "{\"limits\":{\"cpu\":\"700m\",\"memory\":\"512Mi\"}}";
        admin.post(path("shared", "pods") + "?dryRun=All", pod("p", resources)).is(201);
        assertThat(used("shared", "pods")).isEqualTo("0");
        admin.post(path("shared", "pods"), pod("p", resources)).is(201);
        assertThat(used("shared", "limits.cpu")).isEqualTo("700m");
        assertThat(used("shared", "requests.memory")).isEqualTo("512Mi");
        admin.post(path("shared", "pods"), pod("second", resources))
                .forbidden("pods \"second\" is forbidden: exceeded quota: q, requested: limits.cpu=700m,pods=1, used:"
                        + " limits.cpu=700m,pods=1, limited: limits.cpu=1,pods=1");
        admin.merge(path("shared", "pods") + "/p/status", Json.read("{\"status\":{\"phase\":\"Succeeded\"}}"))
                .is(200);
        eventuallyUsed("shared", "limits.cpu", "0");
        admin.post(path("shared", "pods"), pod("second", resources)).is(201);
    }

    @Test
    void changesThatUseMoreAreRefusedToo() throws IOException {
        namespace("growing", "{\"hard\":{\"services.nodeports\":\"1\"}}");
        ObjectNode service = named("Service", "s");
        ObjectNode spec = service.putObject("spec");
        spec.putArray("ports").addObject().put("port", 80).put("name", "a");
        admin.post(path("growing", "services"), service).is(201);
        String one = path("growing", "services") + "/s";
        admin.merge(one, Json.read("{\"spec\":{\"type\":\"NodePort\"}}")).is(200);
        assertThat(used("growing", "services.nodeports")).isEqualTo("1");
        admin.merge(
                        one,
                        Json.read("{\"spec\":{\"ports\":[{\"port\":80,\"name\":\"a\"},{\"port\":81,\"name\":\"b\"}]}}"))
                .forbidden("services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used:"
                        + " services.nodeports=1, limited: services.nodeports=1");
        admin.merge(one, Json.read("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")).is(200);
        admin.merge(one, Json.read("{\"spec\":{\"type\":\"ClusterIP\"}}")).is(200);
        eventuallyUsed("growing", "services.nodeports", "0");
    }

    @Test
    void aQuotaThatComesLaterOrChangesCountsWhatIsThere() throws IOException {
        master.namespace("before");
        admin.post(path("before", "secrets"), named("Secret", "a")).is(201);
        admin.post(path("before", "secrets"), named("Secret", "b")).is(201);
        quota("before", "{\"hard\":{\"secrets\":\"1\"}}");
        eventuallyUsed("before", "secrets", "2");
        admin.post(path("before", "secrets"), named("Secret", "c")).is(403);
        admin.merge(
                        path("before", "resourcequotas") + "/q",
                        Json.read("{\"spec\":{\"hard\":{\"secrets\":\"3\",\"resourcequotas\":\"1\"}}}"))
                .is(200);
        eventually("enforced", "before", quota -> Json.at(quota, "status", "hard", "secrets"), "\"3\"");
        assertThat(used("before", "resourcequotas")).isEqualTo("1");
        admin.post(path("before", "secrets"), named("Secret", "c")).is(201);
        assertThat(used("before", "secrets")).isEqualTo("3");
    }

    // ---- what there is

    private static void namespace(String name, String spec) throws IOException {
        master.namespace(name);
        await("the namespace is furnished")
                .until(() -> admin.get(path(name, "configmaps") + "/kube-root-ca.crt")
                                .code()
                        == 200);
        quota(name, spec);
        eventually(
                "it is counted",
                name,
                quota -> Json.at(quota, "status", "hard"),
                Json.read(spec).path("hard").toString());
    }

    private static void quota(String namespace, String spec) {
        ObjectNode quota = named("ResourceQuota", "q");
        quota.set("spec", Json.read(spec));
        admin.post(path(namespace, "resourcequotas"), quota).is(201);
    }

    private static String path(String namespace, String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }

    private static String used(String namespace, String name) {
        return Json.text(admin.get(path(namespace, "resourcequotas") + "/q").json(), "status", "used", name);
    }

    private static void eventuallyUsed(String namespace, String name, String expected) {
        await(name)
                .atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> used(namespace, name).equals(expected));
    }

    private static void eventually(
            String what, String namespace, java.util.function.Function<JsonNode, Object> of, String expected) {
        await(what)
                .atMost(Duration.ofSeconds(8))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> of.apply(admin.get(path(namespace, "resourcequotas") + "/q")
                                .json())
                        .toString()
                        .equals(expected));
    }

    private static ObjectNode named(String kind, String name) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", kind);
        body.putObject("metadata").put("name", name);
        return body;
    }

    private static ObjectNode pod(String name, String resources) {
        ObjectNode pod = named("Pod", name);
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "c")
                .put("image", "i")
                .set("resources", Json.read(resources));
        return pod;
    }
}
