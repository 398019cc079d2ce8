package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Plan;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces: furnished while they live, cleared Pods first when they go. */
class NamespaceStoryTest {
    private MiniCluster cluster = new MiniCluster();

    @BeforeEach
    void start() {
        cluster = new MiniCluster();
        ObjectNode namespace =
                Json.read("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"default\"}}");
        cluster.create(NamespaceKind.NAME, namespace);
    }

    private StoredObject namespace() {
        return cluster.get(NamespaceKind.NAME, "default");
    }

    @Test
    void aNewNamespaceIsActiveLabelledAndFurnished() {
        assertThat(namespace().field("status.phase")).isEqualTo("Active");
        assertThat(namespace().labels()).containsEntry("kubernetes.io/metadata.name", "default");
        assertThat(namespace().tree().at("/spec/finalizers/0").asText()).isEqualTo("kubernetes");

        cluster.reconcile(NamespaceKind.NAME);
        assertThat(cluster.exists(ServiceAccountKind.NAME, "default")).isTrue();
        assertThat(cluster.tree(ConfigMapKind.NAME, "kube-root-ca.crt")
                        .path("data")
                        .path("ca.crt")
                        .asText())
                .isEqualTo("PEM");
        assertThat(cluster.reconcile(NamespaceKind.NAME)).isFalse();
    }

    @Test
    void theClustersCaIsRestored() {
        cluster.reconcile(NamespaceKind.NAME);
        StoredObject map = cluster.get(ConfigMapKind.NAME, "kube-root-ca.crt");
        cluster.patch(map.key(), null, null, "", Json.read("{\"data\":{\"ca.crt\":\"forged\",\"more\":\"x\"}}"));
        cluster.reconcile(NamespaceKind.NAME);
        assertThat(cluster.tree(ConfigMapKind.NAME, "kube-root-ca.crt").path("data"))
                .isEqualTo(Json.read("{\"ca.crt\":\"PEM\"}"));
    }

    @Test
    void aDeletedNamespaceIsClearedPodsFirst() {
        cluster.reconcile(NamespaceKind.NAME);
        cluster.create(DeploymentKind.NAME, MiniCluster.deployment("web", 2, "v1"));
        cluster.settle();
        cluster.delete(namespace().key(), -1);
        assertThat(namespace().field("status.phase")).isEqualTo("Terminating");

        cluster.reconcile(NamespaceKind.NAME);
        assertThat(cluster.list(PodKind.NAME)).hasSize(2).allMatch(StoredObject::isTerminating);
        assertThat(cluster.exists(DeploymentKind.NAME, "web")).isTrue();
        Conditions conditions = new Conditions(namespace().tree().path("status"));
        assertThat(conditions.reason("NamespaceContentRemaining")).isEqualTo("SomeResourcesRemain");
        assertThat(conditions.reason("NamespaceDeletionContentFailure")).isEqualTo("ContentDeleted");

        cluster.kubelets();
        cluster.reconcile(NamespaceKind.NAME);
        assertThat(cluster.list(DeploymentKind.NAME)).isEmpty();
        assertThat(cluster.list(ConfigMapKind.NAME)).isEmpty();

        Plan plan = cluster.plan(namespace(), cluster.view());
        assertThat(plan.actions()).isEmpty();
        cluster.pass(plan.lookAgain().orElseThrow());
        cluster.reconcile(NamespaceKind.NAME);
        assertThat(cluster.exists(NamespaceKind.NAME, "default")).isFalse();
    }

    @Test
    void aFinalizerInTheContentsHoldsTheNamespaceAndIsNamed() {
        cluster.create(ConfigMapKind.NAME, Json.read("""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.com/hold"]}}\
            """));
        cluster.delete(namespace().key(), -1);
        for (int i = 0; i < 5; i++) {
            cluster.reconcile(NamespaceKind.NAME);
            cluster.pass(Duration.ofSeconds(2));
        }
        Conditions conditions = new Conditions(namespace().tree().path("status"));
        assertThat(Json.text(
                        java.util.Objects.requireNonNull(conditions.get("NamespaceFinalizersRemaining")), "message"))
                .isEqualTo("Some content in the namespace has finalizers remaining: example.com/hold in 1 resource"
                        + " instances");
    }
}
