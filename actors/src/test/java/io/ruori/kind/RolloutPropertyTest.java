package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Plan;
import io.ruori.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What a rolling update promises, however reconcilers, kubelets and stale views interleave. */
class RolloutPropertyTest {

    private static ObjectNode deployment(int replicas, int surge, int unavailable) {
        ObjectNode web = MiniCluster.deployment("web", replicas, "v1");
        ObjectNode rolling = Json.child(Json.child(Json.child(web, "spec"), "strategy"), "rollingUpdate");
        rolling.put("maxSurge", surge).put("maxUnavailable", unavailable);
        return web;
    }

    /** Steps in random order; each reconciler looks at a view no older than its own last write, as its host promises. */
    private static final class Interleaving {
        private final MiniCluster cluster;
        private final Random random;
        private final List<View> past = new ArrayList<>();
        private final Map<ObjectKey, Integer> seen = new HashMap<>();

        Interleaving(MiniCluster cluster, long seed) {
            this.cluster = cluster;
            this.random = new Random(seed);
            past.add(cluster.view());
        }

        void step() {
            switch (random.nextInt(5)) {
                case 0, 1 -> reconcile(DeploymentKind.NAME);
                case 2, 3 -> reconcile(ReplicaSetKind.NAME);
                default -> kubelet();
            }
            cluster.pass(Duration.ofMillis(random.nextInt(400)));
            past.add(cluster.view());
        }

        private void reconcile(KindName kind) {
            List<StoredObject> objects = cluster.list(kind);
            if (objects.isEmpty()) {
                return;
            }
            ObjectKey key = objects.get(random.nextInt(objects.size())).key();
            int newest = past.size() - 1;
            int oldest = seen.getOrDefault(key, 0);
            View view = past.get(random.nextBoolean() ? newest : oldest + random.nextInt(newest - oldest + 1));
            StoredObject self = view.get(key);
            if (self != null) {
                Plan plan = cluster.plan(self, view);
                cluster.carryOut(plan);
                if (!plan.actions().isEmpty()) {
                    seen.put(key, past.size());
                }
            }
        }

        private void kubelet() {
            List<StoredObject> pods = cluster.list(PodKind.NAME);
            if (!pods.isEmpty()) {
                cluster.kubelet(pods.get(random.nextInt(pods.size())).key());
            }
        }
    }

    @Property(tries = 60)
    void neverTooManyPodsNorTooFewAvailable(
            @ForAll @IntRange(min = 1, max = 8) int replicas,
            @ForAll @IntRange(max = 4) int surge,
            @ForAll @IntRange(max = 4) int unavailable,
            @ForAll long seed) {
        int least = Math.max(0, replicas - (surge == 0 ? Math.max(1, unavailable) : unavailable));
        MiniCluster cluster = new MiniCluster();
        cluster.create(
                DeploymentKind.NAME, deployment(replicas, surge, surge == 0 ? Math.max(1, unavailable) : unavailable));
        cluster.settle();
        Interleaving interleaving = new Interleaving(cluster, seed);
        for (int version = 2; version <= 3; version++) {
            cluster.image("web", "v" + version);
            for (int step = 0; step < 120; step++) {
                interleaving.step();
                assertThat(cluster.activePods().size())
                        .as("Pods, seed %d", seed)
                        .isLessThanOrEqualTo(replicas + surge);
                assertThat(cluster.readyPods()).as("available, seed %d", seed).isGreaterThanOrEqualTo(least);
            }
        }
        cluster.settle();
        assertThat(cluster.readyPods()).isEqualTo(replicas);
        assertThat(cluster.activePods()).hasSize(replicas);
        assertThat(cluster.sizes()).containsEntry("v3", (long) replicas).containsEntry("v1", 0L);
    }

    /** Random changes by users in between: in the end there is what was asked for last, and nothing more to do. */
    @Property(tries = 40)
    void aFixedPointIsReachedAfterAnyChanges(@ForAll long seed) {
        Random random = new Random(seed);
        MiniCluster cluster = new MiniCluster();
        cluster.create(DeploymentKind.NAME, deployment(3, 1, 1));
        Interleaving interleaving = new Interleaving(cluster, seed);
        int replicas = 3;
        String image = "v1";
        for (int change = 0; change < 6; change++) {
            switch (random.nextInt(5)) {
                case 0 -> cluster.apply("web", "{\"spec\":{\"replicas\":" + (replicas = random.nextInt(7)) + "}}");
                case 1 -> cluster.image("web", image = "v" + (1 + random.nextInt(3)));
                case 2 -> cluster.apply("web", "{\"spec\":{\"paused\":true}}");
                case 3 -> cluster.apply("web", "{\"spec\":{\"paused\":null}}");
                default -> cluster.activePods().stream().findFirst().ifPresent(pod -> cluster.forget(pod.key()));
            }
            for (int step = 0; step < 30; step++) {
                interleaving.step();
            }
        }
        cluster.apply("web", "{\"spec\":{\"paused\":null}}");
        cluster.settle();
        assertThat(cluster.readyPods()).isEqualTo(replicas);
        assertThat(cluster.activePods()).hasSize(replicas);
        assertThat(cluster.sizes()).containsEntry(image, (long) replicas);
        assertThat(cluster.reconcile(DeploymentKind.NAME)).isFalse();
        assertThat(cluster.reconcile(ReplicaSetKind.NAME)).isFalse();
    }

    /** A ReplicaSet whose plans are made again from any view since its last loss never has a Pod too many. */
    @Property(tries = 40)
    void staleReplicaSetsNeverDuplicate(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int replicas) {
        Random random = new Random(seed);
        MiniCluster cluster = new MiniCluster();
        cluster.create(DeploymentKind.NAME, deployment(replicas, 1, 1));
        cluster.reconcile(DeploymentKind.NAME);
        ObjectKey key = cluster.setOf("v1").key();
        List<View> past = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            past.add(cluster.view());
            View view = past.get(random.nextInt(past.size()));
            Plan plan = cluster.plan(java.util.Objects.requireNonNull(view.get(key)), view);
            List<io.ruori.core.reconcile.Action> part = new ArrayList<>(plan.actions());
            part.removeIf(action -> random.nextInt(3) == 0);
            cluster.carryOut(Plan.of(part));
            assertThat(cluster.activePods().size()).as("seed %d", seed).isLessThanOrEqualTo(replicas);
            cluster.kubelets();
        }
        cluster.settle();
        assertThat(cluster.readyPods()).isEqualTo(replicas);
    }
}
