package io.ruori.kind.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.kind.Kind;
import io.ruori.kind.KindCase;
import io.ruori.kind.KindRegistry;
import io.ruori.kind.Kinds;
import io.ruori.kind.PodKind;
import io.ruori.kind.SnapshotView;
import io.ruori.kind.Subresource.Folded;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A budget while its Pods come, fall ill, are evicted and go. */
class DisruptionStoryTest {
    private static final KindRegistry KINDS = new KindRegistry(Kinds.all());
    private static final ObjectKey BUDGET = new ObjectKey(PodDisruptionBudgetKind.NAME, "default", "b");
    private static final KindName SETS = new KindName("apps", "replicasets");

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private int counter;

    private void store(KindName name, ObjectNode tree) {
        Kind kind = KINDS.get(name);
        ObjectNode metadata = Json.child(tree, "metadata").put("namespace", "default");
        Json.ifAbsent(metadata, "uid", "uid-" + Json.text(metadata, "name"));
        StoredObject stored = kind.store(tree, Revision.of(now.toEpochMilli(), ++counter, 0));
        objects.put(stored.key(), stored);
    }

    private void budget(String spec) {
        store(
                PodDisruptionBudgetKind.NAME,
                KindCase.tree(
                        "{metadata:{name:'b',generation:1},spec:{selector:{matchLabels:{app:'a'}}," + spec + "}}"));
    }

    private void set(String name, int replicas, String owner) {
        store(
                SETS,
                KindCase.tree("{metadata:{name:'" + name + "'" + owner(owner) + "},spec:{replicas:" + replicas + "}}"));
    }

    private static String owner(String kindAndName) {
        if (kindAndName.isEmpty()) {
            return "";
        }
        String[] parts = kindAndName.split("/");
        String version = parts[0].equals("Job") ? "batch/v1" : "apps/v1";
        return ",ownerReferences:[{apiVersion:'%s',kind:'%s',name:'%s',uid:'uid-%s',controller:true}]"
                .formatted(version, parts[0], parts[1], parts[1]);
    }

    private void pod(String name, boolean ready, String owner, String more) {
        store(
                PodKind.NAME,
                KindCase.tree("{metadata:{name:'" + name + "',labels:{app:'a'}" + owner(owner) + more
                        + "},status:{phase:'Running',conditions:[{type:'Ready',status:'" + (ready ? "True" : "False")
                        + "'}]}}"));
    }

    private StoredObject budget() {
        return Objects.requireNonNull(objects.get(BUDGET));
    }

    private JsonNode status() {
        return budget().tree().path("status");
    }

    private String counts() {
        JsonNode status = status();
        return "%d expected, %d healthy, %d desired, %d allowed"
                .formatted(
                        Json.number(status, -1, "expectedPods"),
                        Json.number(status, -1, "currentHealthy"),
                        Json.number(status, -1, "desiredHealthy"),
                        Json.number(status, -1, "disruptionsAllowed"));
    }

    private Plan plan() {
        return KINDS.get(PodDisruptionBudgetKind.NAME)
                .reconciler()
                .orElseThrow()
                .reconcile(budget(), new SnapshotView(Revision.of(now.toEpochMilli(), counter, 0), objects), now);
    }

    /** Carries out what is planned; then nothing is left to do. */
    private Plan reconcile() {
        Plan plan = plan();
        for (Action action : plan.actions()) {
            ObjectNode tree = budget().tree();
            merge(tree, ((Action.Patch) action).mergePatch());
            store(PodDisruptionBudgetKind.NAME, tree);
        }
        assertThat(plan().actions()).isEmpty();
        return plan;
    }

    private static void merge(ObjectNode into, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue() instanceof ObjectNode child) {
                merge(Json.child(into, field.getKey()), child);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private String evict(String pod) {
        return switch (new SpendDisruption(pod).on(budget().tree(), now)) {
            case Folded.Refused refused ->
                refused.status().code() + " "
                        + refused.status().causes().getFirst().message();
            case Folded.Into into -> {
                store(PodDisruptionBudgetKind.NAME, into.object());
                yield "may go";
            }
        };
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
        minAvailable:2       => 3 expected, 2 healthy, 2 desired, 0 allowed
        minAvailable:1       => 3 expected, 2 healthy, 1 desired, 1 allowed
        minAvailable:9       => 3 expected, 2 healthy, 9 desired, 0 allowed
        minAvailable:'30%'   => 4 expected, 2 healthy, 2 desired, 0 allowed
        minAvailable:'25%'   => 4 expected, 2 healthy, 1 desired, 1 allowed
        maxUnavailable:1     => 4 expected, 2 healthy, 3 desired, 0 allowed
        maxUnavailable:'60%' => 4 expected, 2 healthy, 1 desired, 1 allowed
        maxUnavailable:9     => 4 expected, 2 healthy, 0 desired, 2 allowed
        maxUnavailable:0     => 4 expected, 2 healthy, 4 desired, 0 allowed
        """)
    void sharesAreOfWhatIsWantedAndRoundedUp(String spec, String counts) {
        set("web", 4, "");
        pod("one", true, "ReplicaSet/web", "");
        pod("two", true, "ReplicaSet/web", "");
        pod("ill", false, "ReplicaSet/web", "");
        budget(spec);
        reconcile();
        assertThat(counts()).isEqualTo(counts);
        assertThat(Json.number(status(), 0, "observedGeneration")).isEqualTo(1);
        boolean allowed = !counts.endsWith(" 0 allowed");
        assertThat(Disruptions.condition(status()))
                .isEqualTo(KindCase.tree("{lastTransitionTime:'2026-01-01T12:00:00Z',type:'DisruptionAllowed',status:'"
                        + (allowed ? "True" : "False") + "',reason:'"
                        + (allowed ? "SufficientPods" : "InsufficientPods") + "',message:'',observedGeneration:1}"));
    }

    @Test
    void theSetsOfADeploymentAreOneApplication() {
        store(new KindName("apps", "deployments"), KindCase.tree("{metadata:{name:'shop'},spec:{replicas:3}}"));
        set("old", 2, "Deployment/shop");
        set("new", 2, "Deployment/shop");
        pod("a", true, "ReplicaSet/old", "");
        pod("b", true, "ReplicaSet/new", "");
        pod("c", true, "ReplicaSet/new", "");
        pod("lone", true, "", "");
        budget("maxUnavailable:1");
        reconcile();
        assertThat(counts()).isEqualTo("3 expected, 4 healthy, 2 desired, 2 allowed");
    }

    @Test
    void withoutPodsNothingMayBeDisrupted() {
        budget("minAvailable:0");
        Plan plan = reconcile();
        assertThat(counts()).isEqualTo("0 expected, 0 healthy, 0 desired, 0 allowed");
        assertThat(plan.actions().getFirst().because().notes().getFirst().message())
                .isEqualTo("No matching pods found");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        Job/batch      => jobs.batch does not implement the scale subresource
        ReplicaSet/no  => found no controllers for pod "p"
        Wonder/w       => found no controllers for pod "p"
        """)
    void whereNobodySaysHowManyThereShouldBeNothingMayGo(String owner, String why) {
        pod("p", true, owner, "");
        budget("maxUnavailable:1");
        reconcile();
        assertThat(Json.number(status(), -1, "disruptionsAllowed")).isZero();
        assertThat(Json.text(Disruptions.condition(status()), "reason")).isEqualTo("SyncFailed");
        assertThat(Json.text(Disruptions.condition(status()), "message")).isEqualTo(why);
        assertThat(evict("p")).isEqualTo("429 The disruption budget b is still being processed by the server.");
    }

    @Test
    void anEvictionIsSpentOnceAndThePodCountsAsGone() {
        pod("a", true, "", "");
        pod("b", true, "", "");
        budget("minAvailable:1");
        assertThat(evict("a")).isEqualTo("429 The disruption budget b is still being processed by the server.");
        reconcile();
        assertThat(evict("a")).isEqualTo("may go");
        assertThat(evict("b")).isEqualTo("429 The disruption budget b needs 1 healthy pods and has 2 currently");
        assertThat(Json.text(Disruptions.condition(status()), "reason")).isEqualTo("InsufficientPods");
        reconcile();
        assertThat(counts()).isEqualTo("2 expected, 1 healthy, 1 desired, 0 allowed");
        assertThat(status().path("disruptedPods")).isEqualTo(KindCase.tree("{a:'2026-01-01T12:00:00Z'}"));
        pod("a", true, "", ",deletionTimestamp:'2026-01-01T12:00:30Z'");
        pod("c", true, "", "");
        reconcile();
        assertThat(counts()).isEqualTo("3 expected, 2 healthy, 1 desired, 1 allowed");
        assertThat(status().has("disruptedPods")).isFalse();
    }

    @Test
    void aPodThatWasNotDeletedAfterAllCountsAgain() {
        pod("a", true, "", "");
        budget("minAvailable:0");
        reconcile();
        evict("a");
        assertThat(reconcile().lookAgain()).contains(Duration.ofSeconds(121));
        assertThat(counts()).isEqualTo("1 expected, 0 healthy, 0 desired, 0 allowed");
        now = now.plusSeconds(121);
        reconcile();
        assertThat(counts()).isEqualTo("1 expected, 1 healthy, 0 desired, 1 allowed");
        assertThat(status().has("disruptedPods")).isFalse();
    }

    @Test
    void aChangedBudgetIsLookedAtBeforeAnybodyGoes() {
        pod("a", true, "", "");
        budget("minAvailable:0");
        reconcile();
        ObjectNode changed = budget().tree();
        Json.child(changed, "metadata").put("generation", 2);
        store(PodDisruptionBudgetKind.NAME, changed);
        assertThat(evict("a")).isEqualTo("429 The disruption budget b is still being processed by the server.");
    }
}
