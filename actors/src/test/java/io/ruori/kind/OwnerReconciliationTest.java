package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Plan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dependents follow their owners: in the background, in the foreground, or not at all. */
class OwnerReconciliationTest {
    private final OwnerReconciliation collector = new OwnerReconciliation(MiniCluster.kinds());
    private MiniCluster cluster = new MiniCluster();

    @BeforeEach
    void start() {
        cluster = new MiniCluster();
        cluster.create(DeploymentKind.NAME, MiniCluster.deployment("web", 2, "v1"));
        cluster.settle();
    }

    private StoredObject web() {
        return cluster.get(DeploymentKind.NAME, "web");
    }

    private void afterDeletionOf(StoredObject gone) {
        cluster.carryOut(Plan.of(collector.onOwnerGone(cluster.view(), gone.uid(), gone.revision())));
    }

    @Test
    void inTheBackgroundDependentsGoOnceTheirOwnerIsGone() {
        StoredObject web = web();
        StoredObject set = cluster.setOf("v1");
        assertThat(collector.onOwnerGone(cluster.view(), set.uid(), set.revision()))
                .isEmpty();
        cluster.delete(web.key(), -1);
        afterDeletionOf(web);
        assertThat(cluster.list(ReplicaSetKind.NAME)).isEmpty();
        afterDeletionOf(set);
        assertThat(cluster.list(PodKind.NAME)).allMatch(StoredObject::isTerminating);
    }

    @Test
    void aSweepFindsWhatWasMissed() {
        cluster.delete(web().key(), -1);
        cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
        cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
        assertThat(cluster.list(ReplicaSetKind.NAME)).isEmpty();
        assertThat(cluster.list(PodKind.NAME)).allMatch(StoredObject::isTerminating);
        assertThat(collector.sweep(cluster.view())).isEmpty();
    }

    @Test
    void aSweepLooksPastThoseWithLivingOwners() {
        StoredObject web = web();
        for (int i = 0; i < 600; i++) {
            ownedMap("a" + i, "web", web.uid().value());
        }
        ownedMap("z", "web", "gone");
        assertThat(collector.sweep(cluster.view()))
                .extracting(action -> action.key().name())
                .containsExactly("z");
    }

    private void ownedMap(String name, String owner, String uid) {
        ObjectNode map =
                Json.read("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"}}");
        Json.list(Json.child(map, "metadata"), "ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", owner)
                .put("uid", uid);
        cluster.create(ConfigMapKind.NAME, map);
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        cluster.delete(web().key(), -1, "Foreground");
        for (int round = 0; round < 4; round++) {
            for (var kind : new io.ruori.api.KindName[] {DeploymentKind.NAME, ReplicaSetKind.NAME}) {
                for (StoredObject owner : cluster.list(kind)) {
                    assertThat(OwnerReconciliation.concerns(owner)).isTrue();
                    cluster.carryOut(collector.onTerminating(owner, cluster.view()));
                }
            }
            if (round == 1) {
                assertThat(cluster.list(DeploymentKind.NAME)).hasSize(1);
                assertThat(cluster.list(ReplicaSetKind.NAME)).hasSize(1);
                assertThat(cluster.list(PodKind.NAME)).hasSize(2).allMatch(StoredObject::isTerminating);
                cluster.kubelets();
            }
        }
        assertThat(cluster.list(PodKind.NAME)).isEmpty();
        assertThat(cluster.list(ReplicaSetKind.NAME)).isEmpty();
        assertThat(cluster.list(DeploymentKind.NAME)).isEmpty();
    }

    @Test
    void orphansAreLetGoBeforeTheOwnerGoes() {
        cluster.delete(web().key(), -1, "Orphan");
        cluster.carryOut(collector.onTerminating(web(), cluster.view()));
        assertThat(cluster.setOf("v1").owners()).isEmpty();
        cluster.carryOut(collector.onTerminating(web(), cluster.view()));
        assertThat(cluster.list(DeploymentKind.NAME)).isEmpty();
        assertThat(cluster.activePods()).hasSize(2);
        assertThat(collector.sweep(cluster.view())).isEmpty();
    }

    @Test
    void anOwnerOfTheSameNameIsNotTheSameOwner() {
        cluster.forget(web().key());
        cluster.create(DeploymentKind.NAME, MiniCluster.deployment("web", 2, "v1"));
        cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
        assertThat(cluster.list(ReplicaSetKind.NAME)).isEmpty();
    }

    @Test
    void aDependentWithAnotherOwnerLivesOn() {
        StoredObject account = cluster.create(
                ServiceAccountKind.NAME,
                Json.read("{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"a\"}}"));
        ObjectNode map = Json.read("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}");
        var owners = Json.list(Json.child(map, "metadata"), "ownerReferences");
        owners.addObject()
                .put("apiVersion", "v1")
                .put("kind", "ServiceAccount")
                .put("name", "a")
                .put("uid", account.uid().value());
        owners.addObject()
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("name", "gone")
                .put("uid", "none");
        owners.addObject()
                .put("apiVersion", "example.com/v1")
                .put("kind", "Unknown")
                .put("name", "x")
                .put("uid", "y");
        cluster.create(ConfigMapKind.NAME, map);

        cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
        assertThat(cluster.get(ConfigMapKind.NAME, "m").owners())
                .extracting(o -> o.kind())
                .containsExactly("ServiceAccount", "Unknown");
    }
}
