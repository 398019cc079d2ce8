package io.ruori.http.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.http.past.OneMaster.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that {@code history.ruori.io} tells of an object what the journal knows: each change, differences, blame and causes. */
final class HistoryGroupTest {
    private static final String GROUP = "/apis/history.ruori.io/v1";

    @SuppressWarnings("NullAway.Init")
    private static OneMaster master;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        master = OneMaster.start(data);
    }

    @AfterAll
    static void stop() {
        if (master != null) {
            master.close();
        }
    }

    private static String of(String namespace, String object) {
        return GROUP + "/namespaces/" + namespace + "/histories/" + object;
    }

    private static long configMap(String ns, String name, String data) {
        return master.post(ns + "/configmaps", "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":" + data + "}")
                .is(201)
                .revision();
    }

    private static long setData(String ns, String name, String data) {
        return master.merge(ns + "/configmaps/" + name, "{\"data\":" + data + "}")
                .is(200)
                .revision();
    }

    private static List<String> texts(JsonNode list, String... fields) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list) {
            List<String> values = new ArrayList<>();
            for (String field : fields) {
                values.add(
                        each.path(field).isMissingNode()
                                ? "-"
                                : each.path(field).asText());
            }
            texts.add(String.join(" ", values));
        }
        return texts;
    }

    private static String r(long revision) {
        return Long.toString(revision);
    }

    @Test
    void theGroupIsDiscovered() {
        assertThat(master.get("/apis").is(200).body()).contains("\"history.ruori.io/v1\"");
        JsonNode resources = master.get(GROUP).is(200).json().path("resources");
        assertThat(texts(resources, "name", "kind", "namespaced"))
                .contains(
                        "histories History true",
                        "histories/blame Blame true",
                        "histories/diff Diff true",
                        "histories/why Why true",
                        "clusterhistories ClusterHistory false");
        String aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        assertThat(master.get("/apis", aggregated).is(200).body()).contains("\"resource\":\"histories\"");
        JsonNode document =
                master.get("/openapi/v3/apis/history.ruori.io/v1").is(200).json();
        assertThat(document.path("paths")
                        .path(GROUP + "/namespaces/{namespace}/histories/{name}/diff")
                        .path("get"))
                .isNotEmpty();
        assertThat(document.path("components")
                        .path("schemas")
                        .path("io.ruori.history.v1.History")
                        .path("properties"))
                .isNotEmpty();
        assertThat(master.get("/openapi/v2").is(200).body()).contains("io.ruori.history.v1.Blame");
        assertThat(master.get("/").body()).contains("/apis/history.ruori.io");
    }

    @Test
    void everyChangeIsToldWithWhoAndWhat() {
        String ns = master.namespace("told-changes");
        long made = configMap(ns, "c", "{\"a\":\"1\",\"b\":\"1\"}");
        long changed = setData(ns, "c", "{\"a\":\"2\",\"b\":null,\"d\":\"1\"}");
        master.delete(ns + "/configmaps/c").is(200);
        long again = configMap(ns, "c", "{}");
        Answer answer = master.get(of("told-changes", "configmaps:c")).is(200);
        JsonNode changes = answer.json().path("changes");
        assertThat(texts(changes, "event", "user"))
                .containsExactly(
                        "created kubernetes-admin",
                        "updated kubernetes-admin",
                        "deleted kubernetes-admin",
                        "created kubernetes-admin");
        assertThat(texts(changes, "revision")).startsWith(r(made), r(changed)).endsWith(r(again));
        assertThat(Json.text(changes.path(0), "time"))
                .isEqualTo(new Revision(made).instant().toString());
        assertThat(texts(changes.path(1).path("fields"), "path", "before", "after"))
                .containsExactly("data.a 1 2", "data.b 1 -", "data.d - 1");
        assertThat(answer.text("kind")).isEqualTo("History");
        assertThat(answer.text("metadata", "name")).isEqualTo("configmaps:c");
        assertThat(answer.text("object", "kind")).isEqualTo("ConfigMap");
        // One of the two that had the name.
        String first = Json.text(changes.path(0), "uid");
        assertThat(texts(
                        master.get(of("told-changes", "cm:c?uid=" + first))
                                .json()
                                .path("changes"),
                        "event"))
                .containsExactly("created", "updated", "deleted");
        // A part of it.
        String some = of("told-changes", "ConfigMap:c?from=" + made + "&to=" + changed);
        assertThat(texts(master.get(some).is(200).json().path("changes"), "revision"))
                .containsExactly(r(changed));
        Answer newest = master.get(of("told-changes", "configmaps:c?limit=1")).is(200);
        assertThat(texts(newest.json().path("changes"), "revision")).containsExactly(r(again));
        Answer older = master.get(of("told-changes", "configmaps:c?limit=2&to=" + newest.text("olderUntil")));
        assertThat(texts(older.json().path("changes"), "event")).containsExactly("updated", "deleted");
        assertThat(texts(older.json().path("changes").path(0).path("fields"), "path"))
                .contains("data.a");
        Answer oldest = master.get(of("told-changes", "configmaps:c?limit=2&to=" + older.text("olderUntil")));
        assertThat(texts(oldest.json().path("changes"), "event")).containsExactly("created");
        assertThat(oldest.json().has("olderUntil")).isFalse();
    }

    @Test
    void theSameThroughThePast() {
        String ns = master.namespace("told-then");
        long made = configMap(ns, "c", "{\"a\":\"1\"}");
        setData(ns, "c", "{\"a\":\"2\"}");
        String then = "/asof/" + made + of("told-then", "configmaps:c");
        assertThat(texts(master.get(then).is(200).json().path("changes"), "event"))
                .containsExactly("created");
        master.get(then + "?to=" + (made + 1)).is(504);
    }

    @Test
    void twoMomentsAreCompared() {
        String ns = master.namespace("compared");
        long made = configMap(ns, "c", "{\"a\":\"1\"}");
        long changed = setData(ns, "c", "{\"a\":\"2\"}");
        setData(ns, "c", "{\"b\":\"3\"}");
        String diff = of("compared", "configmaps:c/diff");
        Answer last = master.get(diff).is(200);
        assertThat(last.text("kind")).isEqualTo("Diff");
        assertThat(texts(last.json().path("fields"), "path", "before", "after")).containsExactly("data.b - 3");
        Answer both = master.get(diff + "?from=" + made + "&to=" + changed).is(200);
        assertThat(texts(both.json().path("fields"), "path", "before", "after")).containsExactly("data.a 1 2");
        assertThat(both.text("from", "changed")).isEqualTo(r(made));
        String time = new Revision(changed).instant().plusMillis(1).toString();
        assertThat(texts(master.get(diff + "?from=" + time).is(200).json().path("fields"), "path"))
                .containsExactly("data.b");
        Answer made1 = master.get(diff + "?from=" + (made - 1) + "&to=" + made).is(200);
        assertThat(made1.json().path("from").path("exists").asBoolean()).isFalse();
        assertThat(texts(made1.json().path("fields"), "path", "after")).contains("data.a 1", "metadata.name c");
        master.delete(ns + "/configmaps/c").is(200);
        Answer gone = master.get(diff).is(200);
        assertThat(gone.json().path("to").path("exists").asBoolean()).isFalse();
        assertThat(texts(gone.json().path("fields"), "path", "before", "after")).contains("data.b 3 -");
    }

    @Test
    void everyFieldIsBlamedOnItsLastChange() {
        String ns = master.namespace("blamed");
        long made = configMap(ns, "c", "{\"a\":\"1\",\"b\":\"1\"}");
        long changed = setData(ns, "c", "{\"b\":\"2\"}");
        String blame = of("blamed", "configmaps:c/blame");
        assertThat(texts(master.get(blame).is(200).json().path("fields"), "path", "value", "revision", "user"))
                .contains("data.a 1 " + made + " kubernetes-admin", "data.b 2 " + changed + " kubernetes-admin");
        assertThat(texts(master.get(blame + "?at=" + made).is(200).json().path("fields"), "path", "revision"))
                .contains("data.b " + made);
        master.delete(ns + "/configmaps/c").is(200);
        Answer gone = master.get(blame).is(200);
        assertThat(gone.text("deleted", "event")).isEqualTo("deleted");
        assertThat(texts(gone.json().path("fields"), "path", "revision")).contains("data.b " + changed);
    }

    @Test
    void aPodIsThereBecauseOfACommand() {
        String ns = master.namespace("because");
        String labels = "{\"app\":\"web\"}";
        master.post(
                        "/apis/apps/v1/namespaces/because/deployments",
                        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":"
                                + labels
                                + "},\"template\":{\"metadata\":{\"labels\":" + labels
                                + "},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"ruori/web:1\"}]}}}}")
                .is(201);
        await().until(() -> !master.get(ns + "/pods").names().isEmpty());
        String pod = master.get(ns + "/pods").names().getFirst();
        JsonNode chain =
                master.get(of("because", "pods:" + pod + "/why")).is(200).json().path("chain");
        assertThat(Json.text(chain.path(0), "object", "kind")).isEqualTo("Deployment");
        assertThat(Json.text(chain.path(0), "user")).isEqualTo("kubernetes-admin");
        assertThat(texts(chain, "event")).endsWith("created");
        List<String> kinds = new ArrayList<>();
        chain.forEach(step -> kinds.add(Json.text(step, "object", "kind")));
        assertThat(kinds).containsSubsequence("Deployment", "ReplicaSet", "Pod");
        JsonNode effects =
                master.get(of("because", "deploy:web/effects")).is(200).json().path("changes");
        List<String> told = new ArrayList<>();
        effects.forEach(e -> told.add(Json.text(e, "event") + " " + Json.text(e, "object", "kind")));
        assertThat(told)
                .startsWith("created Deployment")
                .containsSubsequence("created Deployment", "created ReplicaSet", "created Pod");
        assertThat(texts(effects, "revision")).isSorted();
        // Of one field.
        master.merge("/apis/apps/v1/namespaces/because/deployments/web", "{\"spec\":{\"paused\":true}}")
                .is(200);
        master.merge("/apis/apps/v1/namespaces/because/deployments/web", "{\"spec\":{\"minReadySeconds\":3}}")
                .is(200);
        JsonNode why = master.get(of("because", "deploy:web/why?field=.spec.paused"))
                .is(200)
                .json();
        assertThat(texts(why.path("chain").path(0).path("fields"), "path")).contains("spec.paused");
        master.get(of("because", "deploy:web/why?field=spec.nothing")).is(400);
    }

    @Test
    void valuesOfSecretsAreNotRepeated() {
        String ns = master.namespace("masked");
        master.create(ns, "s", "x", "hidden");
        master.change(ns, "s", "y", "other");
        for (String part : List.of("", "/diff", "/blame", "/why", "/effects")) {
            Answer answer = master.get(of("masked", "secrets:s" + part)).is(200);
            assertThat(answer.body())
                    .contains("data.v")
                    .doesNotContain("aGlkZGVu")
                    .doesNotContain("b3RoZXI=");
        }
    }

    @Test
    void kubectlIsGivenTables() {
        String ns = master.namespace("tabled");
        configMap(ns, "c", "{\"a\":\"1\"}");
        setData(ns, "c", "{\"a\":\"2\"}");
        for (String part : List.of("", "/diff", "/blame", "/why", "/effects")) {
            JsonNode table = master.get(of("tabled", "configmaps:c" + part), OneMaster.TABLE)
                    .is(200)
                    .json();
            assertThat(Json.text(table, "kind")).isEqualTo("Table");
            assertThat(table.path("rows")).isNotEmpty();
            assertThat(table.path("rows").path(0).path("cells")).hasSameSizeAs(table.path("columnDefinitions"));
        }
        JsonNode rows =
                master.get(of("tabled", "configmaps:c"), OneMaster.TABLE).json().path("rows");
        assertThat(rows.path(1).path("cells").path(5).asText()).isEqualTo("data.a: 1 → 2");
        assertThat(master.get(of("tabled", "configmaps:c"), OneMaster.PARTIAL)
                        .is(200)
                        .text("metadata", "name"))
                .isEqualTo("configmaps:c");
    }

    @Test
    void objectsOfTheClusterHaveTheirs() {
        master.namespace("one-of-many");
        Answer answer = master.get(GROUP + "/clusterhistories/ns:one-of-many").is(200);
        assertThat(texts(answer.json().path("changes"), "event")).startsWith("created");
        assertThat(answer.text("kind")).isEqualTo("ClusterHistory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces/default/histories/configmaps:none | 404 | configmaps \"none\" not found",
                "namespaces/default/histories/widgets.example.com:w | 404 | widgets.example.com \"w\" not found",
                "namespaces/default/histories/configmaps:kube-root?uid=7 | 404 | with uid \"7\" not found",
                "namespaces/default/histories/configmaps:none/diff | 404 | not found",
                "namespaces/default/histories/configmaps:none/blame | 404 | not found",
                "namespaces/default/histories/configmaps:none/why | 404 | not found",
                "namespaces/default/histories/configmaps:none/more | 404 | could not find the requested resource",
                "namespaces/default/histories/web | 400 | is not RESOURCE:NAME",
                "namespaces/default/histories/things:web | 400 | doesn't have a resource type \"things\"",
                "namespaces/default/histories/nodes:n | 400 | ask for clusterhistories/nodes:n",
                "clusterhistories/pods:p | 400 | ask for namespaces/NAMESPACE/histories/pods:p",
                "histories/pods:p | 400 | namespaces/NAMESPACE/histories",
                "clusterhistories/namespaces:default?from=yesterday | 400 | is no moment",
                "clusterhistories/namespaces:default?to=2020-01-02T00:00:00Z | 410 | the journal begins at",
                "clusterhistories/namespaces:default?from=2020-01-02T00:00:00Z | 410 | the journal begins at",
                "clusterhistories/namespaces:default/blame?at=2020-01-02T00:00:00Z | 410 | the journal begins at",
                "clusterhistories/namespaces:default?to=2100-01-01T00:00:00Z | 504 | Too large resource version",
                "clusterhistories/namespaces:default?from=0s&to=0h0m0s | 200 |",
                "clusterhistories/namespaces:default?limit=0 | 400 | limit: must be between 1 and",
                "clusterhistories/namespaces:default?limit=x | 400 | limit: \"x\" is no number",
                "clusterhistories/namespaces:default?since=1m | 400 | unknown parameter \"since\"",
                "clusterhistories/namespaces:default/blame?from=1m | 400 | unknown parameter \"from\"",
                "namespaces/default/histories | 405 | histories are only read",
            })
    void whatCannotBeAnsweredSaysWhy(String path, int code, String message) {
        Answer answer = master.get(GROUP + "/" + path).is(code);
        if (message != null) {
            assertThat(answer.text("message")).contains(message);
            assertThat(answer.text("kind")).isEqualTo("Status");
            assertThat(answer.json().path("code").asInt()).isEqualTo(code);
        }
    }

    @Test
    void nothingCanBeWritten() {
        String path = GROUP + "/clusterhistories/namespaces:default";
        master.delete(path).is(405);
        master.put(path, "{}").is(405);
        master.post(of("default", ""), "{}").is(405);
        long now = configMap(master.namespace("later"), "c", "{}");
        String diff = of("later", "configmaps:c/diff?to=" + (now - 1) + "&from=" + now);
        assertThat(master.get(diff).is(400).text("message")).contains("lies after");
    }

    @Test
    void kindsThatAreGoneAreRemembered() {
        master.post(
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        "{\"metadata\":{\"name\":\"toys.example.com\"},\"spec\":{\"group\":\"example.com\",\"scope\":\"Namespaced\","
                            + "\"names\":{\"plural\":\"toys\",\"singular\":\"toy\",\"kind\":\"Toy\"},\"versions\":[{\"name\":\"v1\","
                            + "\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\","
                            + "\"x-kubernetes-preserve-unknown-fields\":true}}}]}}")
                .is(201);
        String toys = "/apis/example.com/v1/namespaces/default/toys";
        await().until(() -> master.get(toys).code() == 200);
        master.post(
                        toys,
                        "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Toy\",\"metadata\":{\"name\":\"t\"},\"size\":1}")
                .is(201);
        master.merge(toys + "/t", "{\"size\":2}").is(200);
        String history = of("default", "toys.example.com:t");
        assertThat(master.get(history).is(200).body()).contains("\"path\":\"size\"");
        master.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/toys.example.com")
                .is(200);
        await().until(() -> master.get(toys).code() == 404);
        assertThat(texts(master.get(history).is(200).json().path("changes"), "event"))
                .startsWith("created", "updated")
                .endsWith("deleted");
    }
}
