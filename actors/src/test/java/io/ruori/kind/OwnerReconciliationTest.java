package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Plan;
import io.ruori.kind.scheduling.PriorityClassKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
    void aDependentWithAnotherOwnerLivesOnWithoutTheOneThatIsGone() {
        StoredObject account = object("ServiceAccount", "", "a");
        object("ConfigMap", "", "m", account, "Secret gone none");

        cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
        assertThat(cluster.get(ConfigMapKind.NAME, "m").owners())
                .extracting(o -> o.kind())
                .containsExactly("ServiceAccount");
        assertThat(collector.sweep(cluster.view())).isEmpty();
    }

    @Test
    void nothingIsDecidedWhileAnOwnersPresenceCannotBeTold() {
        StoredObject account = object("ServiceAccount", "", "a");
        object("ConfigMap", "", "m", account, "Secret gone none", "Unknown x y");
        StoredObject wide = object("PriorityClass", null, "p", account);
        assertThat(collector.sweep(cluster.view())).isEmpty();
        assertThat(collector.isKept(cluster.view(), wide)).isFalse();
    }

    // ---- new objects

    @Test
    void ofANewObjectWithLivingOwnersNothingIsAsked() {
        StoredObject node = object("PriorityClass", null, "p");
        assertThat(collector.isKept(cluster.view(), object("ConfigMap", "", "m", web(), node)))
                .isTrue();
        assertThat(collector.isKept(cluster.view(), object("PriorityClass", null, "q", node)))
                .isTrue();
    }

    @Test
    void aNewObjectWhoseOwnerIsGoneGoes() {
        cluster.told.clear();
        for (String gone : new String[] {"Deployment web another-uid", "Deployment none u", "Node none u"}) {
            StoredObject late = object("ConfigMap", "", "late", gone);
            assertThat(collector.isKept(cluster.view(), late)).isFalse();
            cluster.carryOut(Plan.of(collector.onNewOwners(cluster.view(), late)));
            assertThat(cluster.exists(ConfigMapKind.NAME, "late")).isFalse();
        }
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void anOwnerInAnotherNamespaceIsToldOfAndDoesNotCount() {
        object("Namespace", null, "other");
        StoredObject owner = object("ConfigMap", "other", "o");
        StoredObject late = object("ConfigMap", "", "late", owner);
        cluster.told.clear();
        cluster.carryOut(Plan.of(collector.onNewOwners(cluster.view(), late)));
        assertThat(cluster.told)
                .containsExactly("OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: default, name: o, uid: "
                        + owner.uid() + "] does not exist in namespace \"default\"");
        assertThat(cluster.exists(ConfigMapKind.NAME, "late")).isFalse();
    }

    @Test
    void anObjectWithoutNamespaceIsToldOfItsOwnerInOneAndStays() {
        object("Namespace", null, "other");
        StoredObject owner = object("ConfigMap", "other", "o");
        StoredObject late = object("PriorityClass", null, "late", owner);
        cluster.told.clear();
        cluster.carryOut(Plan.of(collector.onNewOwners(cluster.view(), late)));
        assertThat(cluster.told)
                .containsExactly("OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: , name: o, uid: "
                        + owner.uid() + "] does not exist in namespace \"\"");
        assertThat(cluster.list(PriorityClassKind.NAME))
                .extracting(o -> o.key().name())
                .contains("late");
    }

    // ---- in the foreground

    /** One step for an owner on its way out. */
    private void step(StoredObject owner) {
        StoredObject live = cluster.view().get(owner.key());
        cluster.carryOut(collector.onTerminating(Objects.requireNonNull(live), cluster.view()));
    }

    @Test
    void aDependentThatDoesNotBlockIsNotWaitedFor() {
        StoredObject owner = object("ConfigMap", "", "owner");
        StoredObject held = held("held", owner, false);
        cluster.delete(owner.key(), -1, "Foreground");
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isFalse();
        assertThat(cluster.get(ConfigMapKind.NAME, held.key().name()).isTerminating())
                .isTrue();
    }

    @Test
    void anOwnerWaitsForADependentThatBlocksUntilItIsGone() {
        StoredObject owner = object("ConfigMap", "", "owner");
        StoredObject held = held("held", owner, true);
        cluster.delete(owner.key(), -1, "Foreground");
        step(owner);
        assertThat(cluster.get(ConfigMapKind.NAME, "held").isTerminating()).isTrue();
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isTrue();
        cluster.forget(held.key());
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isFalse();
    }

    @Test
    void aDependentWithASecondLivingOwnerIsLetGoByTheOneThatWaits() {
        StoredObject owner = object("ConfigMap", "", "owner");
        StoredObject second = object("ConfigMap", "", "second");
        object("ConfigMap", "", "shared", owner, second);
        block("shared");
        cluster.delete(owner.key(), -1, "Foreground");
        step(owner);
        assertThat(cluster.get(ConfigMapKind.NAME, "shared").owners())
                .extracting(o -> o.name())
                .containsExactly("second");
        assertThat(cluster.get(ConfigMapKind.NAME, "shared").isTerminating()).isFalse();
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isFalse();
    }

    @Test
    void aDependentWithOwnersWaitingAndGoneGoes() {
        StoredObject owner = object("ConfigMap", "", "owner");
        object("ConfigMap", "", "shared", owner, "ConfigMap gone u");
        block("shared");
        cluster.delete(owner.key(), -1, "Foreground");
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "shared")).isFalse();
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isFalse();
    }

    @Test
    void twoThatOwnEachOtherDoNotWaitForEver() {
        StoredObject one = object("ConfigMap", "", "one");
        StoredObject two = object("ConfigMap", "", "two", one);
        block("two");
        refer("one", two);
        block("one");
        cluster.delete(one.key(), -1, "Foreground");
        for (int round = 0; round < 6; round++) {
            for (StoredObject map : cluster.list(ConfigMapKind.NAME)) {
                cluster.carryOut(collector.onTerminating(map, cluster.view()));
                cluster.carryOut(Plan.of(collector.sweep(cluster.view())));
            }
        }
        assertThat(cluster.list(ConfigMapKind.NAME)).isEmpty();
    }

    @Test
    void anOrphanThatAnotherOwnsKeepsThatOwner() {
        StoredObject owner = object("ConfigMap", "", "owner");
        StoredObject second = object("ConfigMap", "", "second");
        object("ConfigMap", "", "shared", owner, second);
        cluster.delete(owner.key(), -1, "Orphan");
        step(owner);
        step(owner);
        assertThat(cluster.exists(ConfigMapKind.NAME, "owner")).isFalse();
        assertThat(cluster.get(ConfigMapKind.NAME, "shared").owners())
                .extracting(o -> o.name())
                .containsExactly("second");
    }

    // ---- objects

    /** One with an owner, and a finalizer of somebody else's. */
    private StoredObject held(String name, StoredObject owner, boolean blocking) {
        StoredObject made = object("ConfigMap", "", name, owner);
        cluster.patch(made.key(), null, null, "", Json.read("{\"metadata\":{\"finalizers\":[\"example.com/held\"]}}"));
        if (blocking) {
            block(name);
        }
        return made;
    }

    private void block(String name) {
        StoredObject map = cluster.get(ConfigMapKind.NAME, name);
        ObjectNode tree = map.tree();
        Json.at(tree, "metadata", "ownerReferences")
                .forEach(reference -> ((ObjectNode) reference).put("blockOwnerDeletion", true));
        ObjectNode patch = Json.object();
        patch.putObject("metadata").set("ownerReferences", Json.at(tree, "metadata", "ownerReferences"));
        cluster.patch(map.key(), null, null, "", patch);
    }

    private void refer(String name, StoredObject owner) {
        ObjectNode patch = Json.object();
        reference(Json.list(Json.child(patch, "metadata"), "ownerReferences"), owner);
        cluster.patch(cluster.get(ConfigMapKind.NAME, name).key(), null, null, "", patch);
    }

    /**
     * @param namespace null for kinds without, empty for the default one
     * @param owners objects, or kind, name and uid of what there is not
     */
    private StoredObject object(String kind, @Nullable String namespace, String name, Object... owners) {
        Kind descriptor = MiniCluster.kinds().all().stream()
                .filter(k -> k.kind().equals(kind))
                .findFirst()
                .orElseThrow();
        ObjectNode body =
                Json.object().put("apiVersion", descriptor.apiVersion()).put("kind", kind);
        ObjectNode metadata = body.putObject("metadata").put("name", name);
        if (namespace != null && !namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        for (Object owner : owners) {
            reference(Json.list(metadata, "ownerReferences"), owner);
        }
        return cluster.create(descriptor.name(), body);
    }

    private static void reference(ArrayNode references, Object owner) {
        ObjectNode reference = references.addObject();
        if (owner instanceof StoredObject live) {
            Kind kind = MiniCluster.kinds().get(live.key().kind());
            reference
                    .put("apiVersion", kind.apiVersion())
                    .put("kind", kind.kind())
                    .put("name", live.key().name())
                    .put("uid", live.uid().value());
        } else {
            String[] parts = ((String) owner).split(" ", -1);
            String apiVersion = switch (parts[0]) {
                case "Deployment" -> "apps/v1";
                case "Unknown" -> "example.com/v1";
                default -> "v1";
            };
            reference
                    .put("apiVersion", apiVersion)
                    .put("kind", parts[0])
                    .put("name", parts[1])
                    .put("uid", parts[2]);
        }
    }
}
