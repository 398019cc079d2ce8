package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.ApiStatus;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.api.Uid;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ReplicaSet alone: names, adoption, order of deletion, status, size. */
class ReplicaSetTest {
    private MiniCluster cluster = new MiniCluster();

    @BeforeEach
    void start() {
        cluster = new MiniCluster();
    }

    private static ObjectNode set(int replicas) {
        return Json.read("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},
             "spec":{"replicas":%d,"selector":{"matchLabels":{"app":"web"}},
              "template":{"metadata":{"labels":{"app":"web"},"annotations":{"note":"x"}},
               "spec":{"containers":[{"name":"web","image":"v1"}]}}}}\
            """.formatted(replicas));
    }

    private StoredObject web() {
        return cluster.get(ReplicaSetKind.NAME, "web");
    }

    private void scale(int replicas) {
        cluster.patch(web().key(), null, null, "", Json.read("{\"spec\":{\"replicas\":" + replicas + "}}"));
    }

    private Set<ObjectKey> pods() {
        Set<ObjectKey> keys = new HashSet<>();
        cluster.activePods().forEach(pod -> keys.add(pod.key()));
        return keys;
    }

    @Test
    void aPlanRepeatedFromAStaleViewMeetsItsOwnPods() {
        cluster.create(ReplicaSetKind.NAME, set(5));
        View stale = cluster.view();
        StoredObject self = web();
        Plan first = cluster.plan(self, stale);
        assertThat(first.actions()).hasSize(5);
        cluster.carryOut(first);
        Set<ObjectKey> made = pods();

        cluster.carryOut(cluster.plan(self, stale));
        assertThat(pods()).isEqualTo(made);
        assertThat(cluster.collisions).isEqualTo(5);
    }

    @Test
    void aPlanCarriedOutInPartIsFinishedWithTheSameNames() {
        cluster.create(ReplicaSetKind.NAME, set(6));
        Plan whole = cluster.plan(web(), cluster.view());
        cluster.carryOut(Plan.of(List.of(whole.actions().get(1), whole.actions().get(4))));
        Plan rest = cluster.plan(web(), cluster.view());
        assertThat(rest.actions()).hasSize(4);
        cluster.carryOut(rest);
        cluster.carryOut(whole);
        assertThat(pods()).hasSize(6);
    }

    @Test
    void aLossIsRecordedBeforeItIsMadeGood() {
        cluster.create(ReplicaSetKind.NAME, set(3));
        cluster.settle();
        cluster.forget(cluster.activePods().getFirst().key());
        Plan record = cluster.plan(web(), cluster.view());
        assertThat(record.actions()).singleElement().isInstanceOf(Action.Patch.class);
        cluster.carryOut(record);
        Plan replace = cluster.plan(web(), cluster.view());
        assertThat(replace.actions()).singleElement().isInstanceOf(Action.Create.class);
    }

    @Test
    void aLossIsBecauseOfWhatHappenedToThePod() {
        cluster.create(ReplicaSetKind.NAME, set(3));
        cluster.settle();
        StoredObject pod = cluster.activePods().getFirst();
        cluster.delete(pod.key(), 30);
        StoredObject ending = cluster.get(PodKind.NAME, pod.key().name());
        assertThat(ending.isTerminating()).isTrue();
        assertThat(cluster.plan(web(), cluster.view()).actions())
                .singleElement()
                .extracting(action -> action.because().cause())
                .isEqualTo(ending.revision());
    }

    @Test
    void matchingOrphansAreAdoptedInsteadOfMakingMore() {
        cluster.create(PodKind.NAME, Json.read("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"alone","labels":{"app":"web"}},
             "spec":{"containers":[{"name":"a","image":"b"}]}}\
            """));
        cluster.create(ReplicaSetKind.NAME, set(2));
        cluster.settle();
        assertThat(pods()).hasSize(2);
        assertThat(cluster.get(PodKind.NAME, "alone").isControlledBy(web().uid()))
                .isTrue();

        cluster.patch(
                cluster.get(PodKind.NAME, "alone").key(),
                null,
                null,
                "",
                Json.read("{\"metadata\":{\"labels\":{\"app\":\"other\"}}}"));
        cluster.settle();
        assertThat(cluster.get(PodKind.NAME, "alone").owners()).isEmpty();
        assertThat(pods()).hasSize(3);
    }

    @Test
    void finishedPodsAreReplacedAndNotCounted() {
        cluster.create(ReplicaSetKind.NAME, set(2));
        cluster.settle();
        cluster.phase(cluster.activePods().getFirst().key(), "Failed");
        cluster.settle();
        assertThat(pods()).hasSize(2);
        assertThat(cluster.list(PodKind.NAME)).hasSize(3);
        assertThat(ReplicaSetDigest.of(web()).status()).isEqualTo(new ReplicaSetDigest.Counts(2, 2, 2, 2));
    }

    @Test
    void statusIsOmittedWhereItIsZeroAndFollowsReadiness() {
        cluster.create(ReplicaSetKind.NAME, set(1));
        cluster.settle();
        cluster.ready(cluster.activePods().getFirst().key(), false);
        cluster.reconcileAll();
        assertThat(web().tree().path("status"))
                .isEqualTo(Json.read("{\"replicas\":1,\"fullyLabeledReplicas\":1,\"observedGeneration\":1}"));
    }

    @Test
    void podsCarryTheTemplate() {
        cluster.create(ReplicaSetKind.NAME, set(1));
        cluster.reconcileAll();
        ObjectNode pod = cluster.activePods().getFirst().tree();
        assertThat(pod.at("/metadata/annotations/note").asText()).isEqualTo("x");
        assertThat(pod.at("/metadata/ownerReferences/0")).isEqualTo(Json.read("""
            {"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"%s","controller":true,
             "blockOwnerDeletion":true}\
            """.formatted(web().uid())));
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Pending");
        assertThat(pod.at("/status/qosClass").asText()).isEqualTo("BestEffort");
    }

    @Test
    void longNamesAreCut() {
        String name = "x".repeat(100);
        assertThat(new PodNames(name, new Uid("u"), Revision.ZERO).at(0)).hasSize(63);
    }

    // ---- what goes first

    private StoredObject pod(String name, String metadata, String spec, String status) {
        ObjectNode tree = Json.read("""
            {"metadata":{"name":"%s","namespace":"n","uid":"uid-%s","creationTimestamp":"2026-01-01T00:00:00Z"%s},
             "spec":{"containers":[]%s},"status":{%s}}\
            """.formatted(name, name, metadata, spec, status));
        return PodKind.KIND.store(tree, new Revision(1));
    }

    private static String ready(String since) {
        return "\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastTransitionTime\":\""
                + since + "\"}]";
    }

    @Test
    void podsAreGivenUpInUpstreamsOrder() {
        String node = ",\"nodeName\":\"n1\"";
        String other = ",\"nodeName\":\"n2\"";
        String old = ready("2026-01-01T00:00:00Z");
        List<StoredObject> inOrder = List.of(
                pod("unassigned", "", "", "\"phase\":\"Pending\""),
                pod("pending", "", other, "\"phase\":\"Pending\""),
                pod("unknown", "", other, "\"phase\":\"Unknown\""),
                pod("unready", "", other, "\"phase\":\"Running\""),
                pod("cheap", ",\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"-5\"}", other, old),
                pod("crowded", "", node, ready("2026-01-01T11:00:00Z")),
                pod("crowded-older", "", node, old),
                pod("young", "", ",\"nodeName\":\"n3\"", ready("2026-01-01T11:59:00Z")),
                pod("restarted", "", ",\"nodeName\":\"n4\"", old + ",\"containerStatuses\":[{\"restartCount\":3}]"),
                pod("dear", ",\"annotations\":{\"controller.kubernetes.io/pod-deletion-cost\":\"5\"}", node, old));
        List<StoredObject> shuffled = new ArrayList<>(inOrder);
        java.util.Collections.reverse(shuffled);
        List<StoredObject> kin = inOrder.stream()
                .filter(p -> p.field("spec.nodeName").equals("n1"))
                .toList();
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        List<StoredObject> order = new DeletionOrder(kin, noon).first(shuffled, inOrder.size() - 1);
        assertThat(order).isEqualTo(inOrder.subList(0, inOrder.size() - 1));
    }

    @Test
    void scalingDownDeletesTheUselessFirst() {
        cluster.create(ReplicaSetKind.NAME, set(4));
        cluster.settle();
        ObjectKey unready = cluster.activePods().get(2).key();
        cluster.ready(unready, false);
        scale(3);
        cluster.reconcileAll();
        assertThat(pods()).hasSize(3).doesNotContain(unready);
        assertThat(cluster.told).contains("SuccessfulDelete: Deleted pod: " + unready.name());
    }

    // ---- size

    @Test
    void manyPodsAreCountedQuickly() {
        int count = 5000;
        ObjectNode tree = set(count);
        MiniCluster one = new MiniCluster();
        StoredObject self = one.create(ReplicaSetKind.NAME, tree);
        Map<ObjectKey, StoredObject> objects = new TreeMap<>();
        objects.put(self.key(), self);
        for (int i = 0; i < count; i++) {
            ObjectNode pod = Json.read("""
                {"metadata":{"name":"web-%05d","namespace":"default","uid":"u%d","labels":{"app":"web"},
                  "creationTimestamp":"2026-01-01T00:00:00Z",
                  "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"%s","controller":true}]},
                 "spec":{"nodeName":"n","containers":[{"name":"web","image":"v1"}]},"status":{%s}}\
                """.formatted(i, i, self.uid(), ready("2026-01-01T00:00:00Z")));
            StoredObject stored = PodKind.KIND.store(pod, new Revision(i + 1));
            objects.put(stored.key(), stored);
        }
        View view = new SnapshotView(new Revision(count), objects);
        ReplicaSetReconciler reconciler = new ReplicaSetReconciler();
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < 200; i++) {
            long start = System.nanoTime();
            Plan plan = reconciler.reconcile(self, view, Instant.parse("2026-01-01T01:00:00Z"));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            best = took.compareTo(best) < 0 ? took : best;
            assertThat(plan.actions()).hasSize(1);
        }
        assertThat(best).isLessThan(Duration.ofMillis(5));
    }

    @Test
    void whyPodsCannotBeMadeIsToldUntilTheyCan() {
        cluster.create(ReplicaSetKind.NAME, set(3));
        ApiStatus quota = ApiStatus.forbidden(web().key(), "exceeded quota: few");
        cluster.refuse(web(), quota);
        JsonNode failure = Json.at(web().tree(), "status", "conditions").path(0);
        assertThat(Json.text(failure, "type")).isEqualTo("ReplicaFailure");
        assertThat(Json.text(failure, "reason")).isEqualTo("FailedCreate");
        assertThat(Json.text(failure, "message")).isEqualTo(quota.message());
        assertThat(cluster.told).containsExactly("FailedCreate: Error creating: " + quota.message());

        Revision told = web().revision();
        cluster.refuse(web(), quota);
        assertThat(web().revision()).isEqualTo(told);

        assertThat(cluster.plan(web(), cluster.view()).actions()).hasSize(1);
        cluster.settle();
        assertThat(pods()).hasSize(3);
        assertThat(web().tree().path("status").has("conditions")).isFalse();
    }

    @Test
    void aNamespaceThatGoesAwayIsNoFailure() {
        cluster.create(ReplicaSetKind.NAME, set(3));
        cluster.refuse(
                web(),
                ApiStatus.forbidden(
                        web().key(),
                        "unable to create new content in namespace default because it is being terminated"));
        assertThat(web().tree().path("status").has("conditions")).isFalse();
        assertThat(cluster.told).isEmpty();
    }
}
