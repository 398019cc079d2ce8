package io.ruori.http.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.ruori.http.contract.TestMaster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** fabric8's client: typed and generic resources, patches, server-side apply, informers, leader election. */
@Timeout(60)
class Fabric8ClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path data;

    private static TestMaster master;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(data.resolve("data"));
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(master.kubeconfig().toFile()))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        master.close();
    }

    private static String namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    private static ConfigMap settings(String namespace, String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("app", "test")
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    private static Deployment web(String namespace, int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("web:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void objectsAreMadeReadChangedAndDeleted() {
        String ns = namespace("fabric8-crud");
        ConfigMap made = client.resource(settings(ns, "one", "1")).create();
        assertThat(made.getMetadata().getUid()).isNotEmpty();

        ConfigMap edited = client.configMaps()
                .inNamespace(ns)
                .withName("one")
                .edit(map -> new ConfigMapBuilder(map).addToData("more", "2").build());
        assertThat(edited.getData()).containsEntry("key", "1").containsEntry("more", "2");

        made.getData().put("key", "stale");
        assertThatThrownBy(() -> client.resource(made)
                        .lockResourceVersion(made.getMetadata().getResourceVersion())
                        .update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));

        List<StatusDetails> deleted =
                client.configMaps().inNamespace(ns).withName("one").delete();
        assertThat(deleted).singleElement().extracting(StatusDetails::getName).isEqualTo("one");
        assertThat(client.configMaps().inNamespace(ns).withName("one").get()).isNull();
    }

    @Test
    void listsAreChunkedAndSelected() {
        String ns = namespace("fabric8-lists");
        for (int i = 0; i < 7; i++) {
            client.resource(settings(ns, "map-" + i, "x")).create();
        }
        var selected = client.configMaps().inNamespace(ns).withLabel("app", "test");
        var page = selected.list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                .withLimit(3L)
                .build());
        assertThat(page.getItems()).hasSize(3);
        // As upstream: how many are left is not known where a selector leaves some out.
        assertThat(page.getMetadata().getRemainingItemCount()).isNull();
        var rest = selected.list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                .withContinue(page.getMetadata().getContinue())
                .build());
        assertThat(rest.getItems()).hasSize(4);
        assertThat(client.configMaps()
                        .inNamespace(ns)
                        .withField("metadata.name", "map-5")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    void patchesOfEveryTypeAndServerSideApply() {
        String ns = namespace("fabric8-patches");
        client.resource(web(ns, 1)).create();
        var web = client.apps().deployments().inNamespace(ns).withName("web");
        assertThat(web.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":2}}")
                        .getSpec()
                        .getReplicas())
                .isEqualTo(2);
        assertThat(web.patch(
                                PatchContext.of(PatchType.JSON),
                                "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]")
                        .getSpec()
                        .getReplicas())
                .isEqualTo(3);
        assertThat(web.patch(
                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"side:1\"}]}}}}")
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers())
                .hasSize(2);
        assertThat(web.scale(5).getSpec().getReplicas()).isEqualTo(5);

        ConfigMap applied = client.resource(settings(ns, "applied", "mine"))
                .fieldManager("first")
                .serverSideApply();
        assertThat(applied.getMetadata().getManagedFields())
                .anySatisfy(entry -> assertThat(entry.getManager()).isEqualTo("first"));
        ConfigMap other = settings(ns, "applied", "theirs");
        assertThatThrownBy(() -> client.resource(other).fieldManager("second").serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThat(client.resource(other)
                        .fieldManager("second")
                        .forceConflicts()
                        .serverSideApply()
                        .getData())
                .containsEntry("key", "theirs");
    }

    @Test
    void informersSeeWhatHappensInOrder() {
        String ns = namespace("fabric8-informers");
        client.resource(settings(ns, "before", "1")).create();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        try (SharedIndexInformer<ConfigMap> informer =
                client.configMaps().inNamespace(ns).withLabel("app", "test").inform(new Told(seen))) {
            await().atMost(PATIENCE).until(() -> seen.contains("added before"));
            client.resource(settings(ns, "later", "1")).create();
            client.configMaps()
                    .inNamespace(ns)
                    .withName("later")
                    .edit(map -> new ConfigMapBuilder(map).addToData("key", "2").build());
            client.configMaps().inNamespace(ns).withName("later").delete();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(seen)
                            .containsSubsequence("added before", "added later", "updated later 2", "deleted later"));
            assertThat(informer.getStore().list()).hasSize(1);
        }
    }

    private record Told(Queue<String> seen) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            seen.add("added " + map.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            seen.add("updated " + after.getMetadata().getName() + " "
                    + after.getData().get("key"));
        }

        @Override
        public void onDelete(ConfigMap map, boolean stale) {
            seen.add("deleted " + map.getMetadata().getName());
        }
    }

    @Test
    void aWatchWithoutAnObjectToBeginWithSeesItMadeAndWaitsForIt() throws Exception {
        String ns = namespace("fabric8-waits");
        Queue<Action> actions = new ConcurrentLinkedQueue<>();
        try (var watch = client.configMaps().inNamespace(ns).withName("late").watch(new Noted(actions))) {
            client.resource(settings(ns, "late", "1")).create();
            assertThat(client.configMaps()
                            .inNamespace(ns)
                            .withName("late")
                            .waitUntilCondition(map -> map != null && map.getData() != null, 20, TimeUnit.SECONDS))
                    .isNotNull();
            await().atMost(PATIENCE).until(() -> actions.contains(Action.ADDED));
        }
    }

    private record Noted(Queue<Action> actions) implements io.fabric8.kubernetes.client.Watcher<ConfigMap> {
        @Override
        public void eventReceived(Action action, ConfigMap map) {
            actions.add(action);
        }

        @Override
        public void onClose(io.fabric8.kubernetes.client.WatcherException cause) {
            throw new AssertionError(cause);
        }
    }

    @Test
    void oneOfTwoLeadsAndTheOtherTakesOver() {
        String ns = namespace("fabric8-leases");
        Queue<String> leaders = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            var first = elector(ns, "a", leaders, threads).start();
            await().atMost(PATIENCE).until(() -> leaders.contains("a"));
            var second = elector(ns, "b", leaders, threads).start();
            first.cancel(true);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(leaders).containsExactly("a", "b"));
            second.cancel(true);
        } finally {
            threads.shutdownNow();
        }
    }

    private static LeaderElector elector(String ns, String name, Queue<String> leaders, ExecutorService threads) {
        return new LeaderElector(
                client,
                new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withLock(new LeaseLock(ns, "election", name))
                        .withLeaseDuration(Duration.ofSeconds(3))
                        .withRenewDeadline(Duration.ofSeconds(2))
                        .withRetryPeriod(Duration.ofMillis(200))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(() -> leaders.add(name), () -> {}, leader -> {}))
                        .build(),
                threads);
    }

    @Test
    void dependentsGoInTheForegroundBeforeTheirOwner() {
        String ns = namespace("fabric8-deletes");
        client.resource(web(ns, 2)).create();
        await().atMost(PATIENCE)
                .until(() -> client.pods().inNamespace(ns).list().getItems().size() == 2);
        client.apps()
                .deployments()
                .inNamespace(ns)
                .withName("web")
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
        await().atMost(PATIENCE)
                .until(() -> client.apps()
                                .deployments()
                                .inNamespace(ns)
                                .withName("web")
                                .get()
                        == null);
        assertThat(client.apps().replicaSets().inNamespace(ns).list().getItems())
                .isEmpty();
        assertThat(client.pods().inNamespace(ns).list().getItems()).isEmpty();
    }

    @Test
    void genericResourcesNeedNoClass() {
        String ns = namespace("fabric8-generic");
        var secret = new io.fabric8.kubernetes.api.model.GenericKubernetesResource();
        secret.setApiVersion("v1");
        secret.setKind("Secret");
        secret.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withName("token")
                .withNamespace(ns)
                .build());
        secret.setAdditionalProperties(Map.of("stringData", Map.of("password", "hush")));
        client.resource(secret).create();
        assertThat(client.secrets().inNamespace(ns).withName("token").get().getData())
                .containsEntry("password", "aHVzaA==");
    }
}
