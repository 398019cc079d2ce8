package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deployments from creation to the end, told on virtual time. */
class DeploymentStoryTest {
    private MiniCluster cluster = new MiniCluster();

    @BeforeEach
    void start() {
        cluster = new MiniCluster();
    }

    private void deploy(int replicas) {
        cluster.create(DeploymentKind.NAME, MiniCluster.deployment("web", replicas, "v1"));
        cluster.settle();
    }

    private JsonNode status() {
        return cluster.tree(DeploymentKind.NAME, "web").path("status");
    }

    private String progressing(String field) {
        return Json.text(java.util.Objects.requireNonNull(cluster.condition("web", "Progressing")), field);
    }

    @Test
    void aNewDeploymentIsRolledOutAndSaysSo() {
        deploy(3);

        assertThat(cluster.readyPods()).isEqualTo(3);
        StoredObject set = cluster.setOf("v1");
        assertThat(set.key().name()).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5,10}");
        String hash = set.labels().get("pod-template-hash");
        assertThat(set.key().name()).isEqualTo("web-" + hash);
        assertThat(set.tree()
                        .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText())
                .isEqualTo("1");
        assertThat(set.tree()
                        .at("/metadata/annotations/deployment.kubernetes.io~1desired-replicas")
                        .asText())
                .isEqualTo("3");
        assertThat(set.tree()
                        .at("/metadata/annotations/deployment.kubernetes.io~1max-replicas")
                        .asText())
                .isEqualTo("4");
        for (StoredObject pod : cluster.activePods()) {
            assertThat(pod.key().name()).matches(set.key().name() + "-[bcdfghjklmnpqrstvwxz2456789]{5}");
            assertThat(pod.labels()).containsEntry("app", "web").containsEntry("pod-template-hash", hash);
            assertThat(pod.tree().at("/metadata/generateName").asText())
                    .isEqualTo(set.key().name() + "-");
            assertThat(pod.isControlledBy(set.uid())).isTrue();
        }
        assertThat(cluster.tree(DeploymentKind.NAME, "web")
                        .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText())
                .isEqualTo("1");
        assertThat(status().path("readyReplicas").asInt()).isEqualTo(3);
        assertThat(status().path("observedGeneration").asInt()).isEqualTo(1);
        assertThat(status().has("unavailableReplicas")).isFalse();
        assertThat(progressing("reason")).isEqualTo("NewReplicaSetAvailable");
        assertThat(progressing("message"))
                .isEqualTo("ReplicaSet \"" + set.key().name() + "\" has successfully progressed.");
        assertThat(cluster.told)
                .contains(
                        "ScalingReplicaSet: Scaled up replica set " + set.key().name() + " from 0 to 3");
        assertThat(cluster.told.stream().filter(t -> t.startsWith("SuccessfulCreate: Created pod: web-")))
                .hasSize(3);
    }

    @Test
    void aNewImageRollsInSmallStepsAndKeepsTheOldSetForUndo() {
        deploy(4);
        cluster.told.clear();
        cluster.image("web", "v2");
        cluster.reconcileAll();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 3L, "v2", 2L));

        cluster.settle();

        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L, "v2", 4L));
        assertThat(cluster.readyPods()).isEqualTo(4);
        String v1 = cluster.setOf("v1").key().name();
        String v2 = cluster.setOf("v2").key().name();
        assertThat(cluster.told.stream()
                        .filter(t -> t.startsWith("ScalingReplicaSet"))
                        .toList())
                .startsWith(
                        "ScalingReplicaSet: Scaled up replica set " + v2 + " from 0 to 1",
                        "ScalingReplicaSet: Scaled down replica set " + v1 + " from 4 to 3",
                        "ScalingReplicaSet: Scaled up replica set " + v2 + " from 1 to 2")
                .contains("ScalingReplicaSet: Scaled down replica set " + v1 + " from 1 to 0");
        assertThat(status().path("updatedReplicas").asInt()).isEqualTo(4);
    }

    @Test
    void undoReusesTheOldSetAndMovesTheRevisionOn() {
        deploy(2);
        cluster.image("web", "v2");
        cluster.settle();
        String before = cluster.setOf("v1").key().name();

        cluster.image("web", "v1");
        cluster.settle();

        assertThat(cluster.list(ReplicaSetKind.NAME)).hasSize(2);
        StoredObject set = cluster.setOf("v1");
        assertThat(set.key().name()).isEqualTo(before);
        assertThat(ReplicaSetDigest.of(set).annotations())
                .containsEntry(ReplicaSetEdit.REVISION, "3")
                .containsEntry(ReplicaSetEdit.REVISION_HISTORY, "1");
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 2L, "v2", 0L));
        assertThat(ReplicaSetDigest.annotations(cluster.tree(DeploymentKind.NAME, "web")))
                .containsEntry(ReplicaSetEdit.REVISION, "3");
        assertThat(progressing("message")).contains(before);
    }

    @Test
    void aThirdImageInMidRollSupersedesTheSecond() {
        deploy(4);
        cluster.image("web", "broken-v2");
        cluster.settle();
        assertThat(cluster.readyPods()).isEqualTo(3);

        cluster.image("web", "v3");
        cluster.settle();

        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L, "broken-v2", 0L, "v3", 4L));
        assertThat(cluster.readyPods()).isEqualTo(4);
    }

    @Test
    void aStuckRollOutIsReportedAfterItsDeadlineAndRecovers() {
        cluster.create(DeploymentKind.NAME, MiniCluster.deployment("web", 2, "v1"));
        cluster.apply("web", "{\"spec\":{\"progressDeadlineSeconds\":60}}");
        cluster.settle();
        cluster.image("web", "broken-v2");
        cluster.settle();
        assertThat(progressing("status")).isEqualTo("True");
        Duration wait = cluster.plan(cluster.get(DeploymentKind.NAME, "web"), cluster.view())
                .lookAgain()
                .orElseThrow();
        assertThat(wait).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(62));

        cluster.pass(wait);
        cluster.settle();

        assertThat(progressing("status")).isEqualTo("False");
        assertThat(progressing("reason")).isEqualTo("ProgressDeadlineExceeded");
        assertThat(progressing("message"))
                .isEqualTo("ReplicaSet \"" + cluster.setOf("broken-v2").key().name() + "\" has timed out progressing.");

        cluster.image("web", "v1");
        cluster.settle();
        assertThat(progressing("reason")).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void scalingInMidRollKeepsTheProportions() {
        ObjectNode web = MiniCluster.deployment("web", 10, "v1");
        Json.child(Json.child(Json.child(web, "spec"), "strategy"), "rollingUpdate")
                .put("maxSurge", 3)
                .put("maxUnavailable", 2);
        cluster.create(DeploymentKind.NAME, web);
        cluster.settle();
        cluster.image("web", "broken-v2");
        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 8L, "broken-v2", 5L));

        cluster.apply("web", "{\"spec\":{\"replicas\":15}}");
        cluster.reconcile(DeploymentKind.NAME);

        // As in the Kubernetes documentation: three of the five more go to the larger set, two to the smaller.
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 11L, "broken-v2", 7L));
        cluster.settle();
        cluster.image("web", "v3");
        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L, "broken-v2", 0L, "v3", 15L));
    }

    @Test
    void whilePausedChangesWaitButScalingDoesNot() {
        deploy(2);
        cluster.apply("web", "{\"spec\":{\"paused\":true}}");
        cluster.image("web", "v2");
        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 2L));
        assertThat(progressing("reason")).isEqualTo("DeploymentPaused");
        assertThat(progressing("status")).isEqualTo("Unknown");

        cluster.apply("web", "{\"spec\":{\"replicas\":3}}");
        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 3L));

        cluster.apply("web", "{\"spec\":{\"paused\":null}}");
        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L, "v2", 3L));
        assertThat(progressing("reason")).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void recreateStartsNothingNewBeforeTheLastOldPodIsGone() {
        ObjectNode web = MiniCluster.deployment("web", 3, "v1");
        Json.child(Json.child(web, "spec"), "strategy").put("type", "Recreate");
        cluster.create(DeploymentKind.NAME, web);
        cluster.settle();

        cluster.image("web", "v2");
        cluster.reconcileAll();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L));
        assertThat(cluster.list(PodKind.NAME)).hasSize(3).allMatch(StoredObject::isTerminating);

        cluster.settle();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L, "v2", 3L));
        assertThat(cluster.readyPods()).isEqualTo(3);
    }

    @Test
    void minReadySecondsHoldTheRollOutBack() {
        ObjectNode web = MiniCluster.deployment("web", 2, "v1");
        Json.child(web, "spec").put("minReadySeconds", 10);
        cluster.create(DeploymentKind.NAME, web);
        cluster.settle();
        assertThat(status().path("availableReplicas").asInt()).isZero();
        StoredObject set = cluster.setOf("v1");
        Duration wait = cluster.plan(set, cluster.view()).lookAgain().orElseThrow();
        assertThat(wait).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));

        cluster.pass(wait);
        cluster.settle();
        assertThat(status().path("availableReplicas").asInt()).isEqualTo(2);
    }

    @Test
    void oldSetsBeyondTheHistoryLimitAreDeleted() {
        ObjectNode web = MiniCluster.deployment("web", 1, "v1");
        Json.child(web, "spec").put("revisionHistoryLimit", 2);
        cluster.create(DeploymentKind.NAME, web);
        cluster.settle();
        for (int version = 2; version <= 5; version++) {
            cluster.image("web", "v" + version);
            cluster.settle();
        }
        assertThat(cluster.sizes()).isEqualTo(Map.of("v3", 0L, "v4", 0L, "v5", 1L));
    }

    @Test
    void setsAreAdoptedAndReleasedBySelector() {
        deploy(1);
        StoredObject set = cluster.setOf("v1");
        cluster.patch(set.key(), null, null, "", Json.read("{\"metadata\":{\"ownerReferences\":null}}"));
        cluster.settle();
        StoredObject web = cluster.get(DeploymentKind.NAME, "web");
        assertThat(cluster.setOf("v1").isControlledBy(web.uid())).isTrue();

        cluster.patch(set.key(), null, null, "", Json.read("{\"metadata\":{\"labels\":{\"app\":\"other\"}}}"));
        cluster.reconcile(DeploymentKind.NAME);
        assertThat(cluster.setOf("v1").owners()).isEmpty();
    }

    @Test
    void aForeignSetOfTheSameNameMakesTheHashChange() {
        ObjectNode web = MiniCluster.deployment("web", 1, "v1");
        Kind kind = DeploymentKind.KIND;
        ObjectNode defaulted = web.deepCopy();
        kind.rules().applyDefaults(defaulted);
        String hash = TemplateHash.of(Json.at(defaulted, "spec", "template"), 0);
        cluster.create(ReplicaSetKind.NAME, Json.read("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-%s","labels":{"app":"foreign"}},
             "spec":{"replicas":0,"selector":{"matchLabels":{"app":"foreign"}},
              "template":{"metadata":{"labels":{"app":"foreign"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}
            """.formatted(hash)));
        cluster.create(DeploymentKind.NAME, web);
        cluster.settle();
        assertThat(status().path("collisionCount").asInt()).isEqualTo(1);
        assertThat(cluster.readyPods()).isEqualTo(1);
    }

    @Test
    void aDeploymentOfNoneNeedsNoPods() {
        deploy(0);
        assertThat(cluster.list(PodKind.NAME)).isEmpty();
        assertThat(cluster.sizes()).isEqualTo(Map.of("v1", 0L));
        assertThat(progressing("reason")).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void aTerminatingDeploymentStartsNothing() {
        ObjectNode web = MiniCluster.deployment("web", 2, "v1");
        Json.child(web, "metadata").putArray("finalizers").add("example.com/hold");
        cluster.create(DeploymentKind.NAME, web);
        cluster.delete(cluster.get(DeploymentKind.NAME, "web").key(), 0);
        cluster.settle();
        assertThat(cluster.list(ReplicaSetKind.NAME)).isEmpty();
    }

    @Test
    void lostPodsAreReplacedUnderNewNames() {
        deploy(3);
        java.util.Set<ObjectKey> ever = new java.util.HashSet<>();
        cluster.activePods().forEach(pod -> ever.add(pod.key()));
        for (int loss = 0; loss < 20; loss++) {
            List<StoredObject> pods = cluster.activePods();
            cluster.forget(pods.get(loss % 3).key());
            cluster.settle();
            assertThat(cluster.readyPods()).isEqualTo(3);
            cluster.activePods().forEach(pod -> ever.add(pod.key()));
            assertThat(ever).hasSize(4 + loss);
        }
        assertThat(cluster.collisions).isZero();
    }
}
