package io.ruori.http.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.ruori.http.contract.TestMaster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Kubernetes project's own Java client: generated calls, patches, watches, informers, generic and dynamic APIs. */
@Timeout(60)
class OfficialJavaClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path data;

    private static TestMaster master;
    private static ApiClient client;
    private static CoreV1Api core;

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(data.resolve("data"));
        client = Config.fromConfig(master.kubeconfig().toString());
        client.setReadTimeout(0);
        core = new CoreV1Api(client);
    }

    @AfterAll
    static void stop() {
        client.getHttpClient().connectionPool().evictAll();
        master.close();
    }

    private static String namespace(String name) throws ApiException {
        core.createNamespace(new V1Namespace().metadata(new V1ObjectMeta().name(name)))
                .execute();
        return name;
    }

    private static V1ConfigMap settings(String name, String value) {
        return new V1ConfigMap()
                .metadata(new V1ObjectMeta().name(name).putLabelsItem("app", "test"))
                .putDataItem("key", value);
    }

    @Test
    void theVersionIsThatOfKubernetes() throws ApiException {
        var version = new VersionApi(client).getCode().execute();
        assertThat(version.getMajor()).isEqualTo("1");
        assertThat(version.getMinor()).isEqualTo("36");
    }

    @Test
    void objectsAreMadeReadChangedAndDeleted() throws ApiException {
        String ns = namespace("official-crud");
        V1ConfigMap made =
                core.createNamespacedConfigMap(ns, settings("one", "1")).execute();
        made.putDataItem("key", "2");
        V1ConfigMap changed = core.replaceNamespacedConfigMap("one", ns, made).execute();
        assertThat(changed.getData()).containsEntry("key", "2");
        assertThatThrownBy(
                        () -> core.replaceNamespacedConfigMap("one", ns, made).execute())
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(409));
        core.deleteNamespacedConfigMap("one", ns).execute();
        assertThatThrownBy(() -> core.readNamespacedConfigMap("one", ns).execute())
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    }

    @Test
    void patchesAndServerSideApply() throws ApiException {
        String ns = namespace("official-patches");
        core.createNamespacedConfigMap(ns, settings("one", "1")).execute();
        V1ConfigMap merged = PatchUtils.patch(
                V1ConfigMap.class,
                () -> core.patchNamespacedConfigMap("one", ns, new V1Patch("{\"data\":{\"more\":\"2\"}}"))
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH,
                client);
        assertThat(merged.getData()).containsEntry("key", "1").containsEntry("more", "2");
        V1ConfigMap applied = PatchUtils.patch(
                V1ConfigMap.class,
                () -> core.patchNamespacedConfigMap("applied", ns, new V1Patch("""
                    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{"a":"b"}}\
                    """))
                        .fieldManager("tester")
                        .force(true)
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_APPLY_YAML,
                client);
        assertThat(applied.getData()).containsEntry("a", "b");
        // This client's models lose managedFields, so a patch by somebody else must tell.
        assertThatThrownBy(() -> PatchUtils.patch(
                        V1ConfigMap.class,
                        () -> core.patchNamespacedConfigMap("applied", ns, new V1Patch("""
                            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{"a":"c"}}\
                            """))
                                .fieldManager("other")
                                .buildCall(null),
                        V1Patch.PATCH_FORMAT_APPLY_YAML,
                        client))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.getResponseBody()).contains("conflict with", "tester", ".data.a"));
    }

    @Test
    void aWatchBeginsWhereTheListEnded() throws Exception {
        String ns = namespace("official-watches");
        V1ConfigMapList list =
                core.listNamespacedConfigMap(ns).labelSelector("app=test").execute();
        core.createNamespacedConfigMap(ns, settings("one", "1")).execute();
        try (Watch<V1ConfigMap> watch = Watch.createWatch(
                client,
                core.listNamespacedConfigMap(ns)
                        .watch(true)
                        .labelSelector("app=test")
                        .resourceVersion(list.getMetadata().getResourceVersion())
                        .buildCall(null),
                new com.google.gson.reflect.TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
            Watch.Response<V1ConfigMap> first = watch.next();
            assertThat(first.type).isEqualTo("ADDED");
            assertThat(first.object.getMetadata().getName()).isEqualTo("one");
        }
    }

    @Test
    void informersSeeWhatHappensInOrder() throws ApiException {
        String ns = namespace("official-informers");
        core.createNamespacedConfigMap(ns, settings("before", "1")).execute();
        SharedInformerFactory informers = new SharedInformerFactory(client);
        GenericKubernetesApi<V1ConfigMap, V1ConfigMapList> maps =
                new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
        SharedIndexInformer<V1ConfigMap> informer = informers.sharedIndexInformerFor(maps, V1ConfigMap.class, 0, ns);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        informer.addEventHandler(new Told(seen));
        informers.startAllRegisteredInformers();
        try {
            await().atMost(PATIENCE).until(() -> seen.contains("added before"));
            core.createNamespacedConfigMap(ns, settings("later", "1")).execute();
            core.replaceNamespacedConfigMap("later", ns, settings("later", "2")).execute();
            core.deleteNamespacedConfigMap("later", ns).execute();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .containsSubsequence("added before", "added later", "updated later 2", "deleted later"));
        } finally {
            informers.stopAllRegisteredInformers();
        }
    }

    private record Told(Queue<String> seen) implements ResourceEventHandler<V1ConfigMap> {
        @Override
        public void onAdd(V1ConfigMap map) {
            seen.add("added " + map.getMetadata().getName());
        }

        @Override
        public void onUpdate(V1ConfigMap before, V1ConfigMap after) {
            seen.add("updated " + after.getMetadata().getName() + " "
                    + after.getData().get("key"));
        }

        @Override
        public void onDelete(V1ConfigMap map, boolean stale) {
            seen.add("deleted " + map.getMetadata().getName());
        }
    }

    @Test
    void theDynamicApiNeedsNoClass() throws ApiException {
        String ns = namespace("official-dynamic");
        core.createNamespacedConfigMap(ns, settings("one", "1")).execute();
        DynamicKubernetesApi maps = new DynamicKubernetesApi("", "v1", "configmaps", client);
        var one = maps.get(ns, "one").throwsApiException().getObject();
        assertThat(one.getRaw().getAsJsonObject("data").get("key").getAsString())
                .isEqualTo("1");
        assertThat(new AppsV1Api(client)
                        .listNamespacedDeployment(ns)
                        .labelSelector("a in (b,c)")
                        .execute()
                        .getItems())
                .isEmpty();
    }
}
