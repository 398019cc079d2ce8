package io.ruori.kind.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.Deed;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.kind.ConfigMapKind;
import io.ruori.kind.Kind;
import io.ruori.kind.KindCase;
import io.ruori.kind.PodKind;
import io.ruori.kind.ResourceQuotaKind;
import io.ruori.kind.SnapshotView;
import io.ruori.kind.Subresource.Folded;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A quota through promises, writes that come late or never, and counts of views that are behind. */
class QuotaStoryTest {
    private static final String NS = "default";
    private static final ObjectKey QUOTA = new ObjectKey(ResourceQuotaKind.NAME, NS, "q");

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private int counter;

    private Revision next() {
        return Revision.of(now.toEpochMilli(), ++counter, 0);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        counter = 0;
    }

    private SnapshotView view() {
        return new SnapshotView(Revision.of(now.toEpochMilli(), counter, 0), objects);
    }

    private void store(Kind kind, ObjectNode tree) {
        ObjectNode metadata = Json.child(tree, "metadata").put("namespace", NS);
        Json.ifAbsent(metadata, "uid", "uid-" + kind.plural());
        StoredObject stored = kind.store(tree, next());
        objects.put(stored.key(), stored);
    }

    private void quota(String spec) {
        store(ResourceQuotaKind.KIND, KindCase.tree("{metadata:{name:'q'},spec:" + spec + "}"));
        reconcile(view());
    }

    private StoredObject quota() {
        return Objects.requireNonNull(objects.get(QUOTA));
    }

    private String used() {
        return Quota.of(quota()).used().toString();
    }

    private void map(String name) {
        store(ConfigMapKind.KIND, KindCase.tree("{metadata:{name:'" + name + "'}}"));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(ConfigMapKind.NAME, NS, name);
    }

    private String asked(String name) {
        return asked(KindName.core("configmaps"), name, KindCase.tree("{}"), MissingNode.getInstance());
    }

    private String asked(KindName kind, String name, JsonNode after, JsonNode before) {
        return did(new KeepPart(
                "for-" + name,
                new ObjectKey(kind, NS, name),
                after,
                before,
                Revision.ZERO,
                now.plus(QuotaReconciler.PROMISED)));
    }

    private String did(Deed deed) {
        return switch (deed.on(quota().tree(), now)) {
            case Folded.Refused refused -> refused.status().message();
            case Folded.Into into -> {
                store(ResourceQuotaKind.KIND, into.object());
                yield "kept";
            }
        };
    }

    /** Looks until nothing is left to do at once; returns when it wants to look again. */
    private Duration reconcile(SnapshotView seen) {
        for (int round = 0; round < 5; round++) {
            Plan plan = new QuotaReconciler().reconcile(quota(), seen, now);
            if (plan.actions().isEmpty()) {
                return plan.lookAgain().orElse(Duration.ZERO);
            }
            plan.actions().forEach(action -> did(((Action.Do) action).deed()));
        }
        throw new AssertionError("no fixed point");
    }

    @Test
    void whatIsPromisedIsUsedBeforeItIsThere() {
        quota("{hard:{configmaps:'2'}}");
        assertThat(used()).isEqualTo("configmaps=0");
        assertThat(asked("a")).isEqualTo("kept");
        assertThat(asked("b")).isEqualTo("kept");
        assertThat(used()).isEqualTo("configmaps=2");
        assertThat(asked("c"))
                .isEqualTo("configmaps \"c\" is forbidden: exceeded quota: q, requested: configmaps=1, used:"
                        + " configmaps=2, limited: configmaps=2");
    }

    @Test
    void aCountKeepsWhatIsPromisedAndNotYetSeen() {
        quota("{hard:{configmaps:'2'}}");
        asked("a");
        SnapshotView behind = view();
        map("a");
        pass(Duration.ofSeconds(1));
        reconcile(new SnapshotView(behind.revision(), Map.of()));
        assertThat(used()).isEqualTo("configmaps=1");
        assertThat(Quota.of(quota()).promises()).hasSize(1);
        reconcile(view());
        assertThat(used()).isEqualTo("configmaps=1");
        assertThat(Quota.of(quota()).promises()).isEmpty();
        assertThat(quota().tree().path("metadata").has("annotations")).isFalse();
    }

    @Test
    void aPromiseMadeAfterTheCountWasTakenStays() {
        quota("{hard:{configmaps:'5'}}");
        map("a");
        asked("b");
        pass(Duration.ofSeconds(1));
        Plan plan = new QuotaReconciler().reconcile(quota(), view(), now);
        asked("c");
        plan.actions().forEach(action -> did(((Action.Do) action).deed()));
        assertThat(used()).isEqualTo("configmaps=3");
    }

    @Test
    void aWriteThatNeverCameIsForgottenOnlyWhenItCannotComeAnyMore() {
        quota("{hard:{configmaps:'1'}}");
        asked("a");
        pass(QuotaReconciler.PROMISED);
        Duration again = reconcile(view());
        assertThat(used()).isEqualTo("configmaps=1");
        pass(again);
        reconcile(view());
        assertThat(used()).isEqualTo("configmaps=0");
    }

    @Test
    void whatWasRefusedAfterAllIsGivenBack() {
        quota("{hard:{configmaps:'1'}}");
        asked("a");
        did(new GiveBack("for-a"));
        did(new GiveBack("for-a"));
        assertThat(used()).isEqualTo("configmaps=0");
        assertThat(asked("b")).isEqualTo("kept");
    }

    @Test
    void anOldObjectOfTheNameDoesNotStandForThePromisedOne() {
        quota("{hard:{configmaps:'3'}}");
        map("a");
        Revision deleted = next();
        did(new KeepPart(
                "again",
                key("a"),
                KindCase.tree("{}"),
                MissingNode.getInstance(),
                deleted,
                now.plus(QuotaReconciler.PROMISED)));
        pass(Duration.ofSeconds(1));
        objects.remove(key("a"));
        reconcile(view());
        assertThat(used()).isEqualTo("configmaps=1");
        assertThat(Quota.of(quota()).promisedBefore(key("a"), deleted)).isEmpty();
        assertThat(Quota.of(quota()).promisedBefore(key("a"), next())).containsExactly("again");
    }

    @Test
    void promisesAreClearedAwayTogetherAndDeletionsSoon() {
        quota("{hard:{configmaps:'3'}}");
        pass(Duration.ofSeconds(1));
        asked("a");
        map("a");
        Plan soon = new QuotaReconciler().reconcile(quota(), view(), now);
        assertThat(soon).isEqualTo(Plan.lookAgainIn(Duration.ofMillis(300)));
        pass(Duration.ofMillis(300));
        reconcile(view());
        objects.remove(key("a"));
        pass(Duration.ofMillis(100));
        reconcile(view());
        assertThat(used()).isEqualTo("configmaps=0");
    }

    @Test
    void aChangeIsOnlyChargedForWhatItAdds() {
        quota("{hard:{'services.nodeports':'2'}}");
        KindName services = KindName.core("services");
        JsonNode one = KindCase.tree("{spec:{type:'NodePort',ports:[{port:1}]}}");
        JsonNode two = KindCase.tree("{spec:{type:'NodePort',ports:[{port:1},{port:2}]}}");
        assertThat(asked(services, "s", two, one)).isEqualTo("kept");
        assertThat(used()).isEqualTo("services.nodeports=1");
        assertThat(asked(services, "s", one, two)).isEqualTo("kept");
        assertThat(used()).isEqualTo("services.nodeports=1");
    }

    @Test
    void aQuotaOfPodsOnlyKnowsPods() {
        quota("{hard:{pods:'1'},scopes:['BestEffort']}");
        assertThat(asked("a")).isEqualTo("kept");
        assertThat(used()).isEqualTo("pods=0");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        scopes:['Terminating']     => {activeDeadlineSeconds:0}                                => 1
        scopes:['Terminating']     => {}                                                       => 0
        scopes:['NotTerminating']  => {}                                                       => 1
        scopes:['BestEffort']      => {containers:[{name:'c'}]}                                => 1
        scopes:['BestEffort']      => {containers:[{resources:{requests:{cpu:'1'}}}]}          => 0
        scopes:['NotBestEffort']   => {containers:[{resources:{requests:{cpu:'1'}}}]}          => 1
        scopes:['NotBestEffort','Terminating'] => {containers:[{resources:{requests:{cpu:'1'}}}]} => 0
        scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'In',values:['high']}]}  => {priorityClassName:'high'} => 1
        scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'In',values:['high']}]}  => {priorityClassName:'low'}  => 0
        scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'NotIn',values:['high']}]} => {}                       => 1
        scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'Exists'}]}              => {}                         => 0
        scopeSelector:{matchExpressions:[{scopeName:'PriorityClass',operator:'DoesNotExist'}]}        => {}                         => 1
        scopeSelector:{matchExpressions:[{scopeName:'CrossNamespacePodAffinity',operator:'Exists'}]}  => {affinity:{podAntiAffinity:{requiredDuringSchedulingIgnoredDuringExecution:[{topologyKey:'a',namespaces:['b']}]}}} => 1
        scopeSelector:{matchExpressions:[{scopeName:'CrossNamespacePodAffinity',operator:'Exists'}]}  => {affinity:{podAffinity:{preferredDuringSchedulingIgnoredDuringExecution:[{weight:1,podAffinityTerm:{topologyKey:'a'}}]}}}  => 0
        """)
    void scopesSayWhichPodsCount(String scope, String spec, String counted) {
        quota("{hard:{pods:'9'}," + scope + "}");
        store(PodKind.KIND, KindCase.tree("{metadata:{name:'p'},spec:" + spec + "}"));
        pass(Duration.ofSeconds(1));
        reconcile(view());
        assertThat(used()).isEqualTo("pods=" + counted);
        assertThat(asked(PodKind.NAME, "new", KindCase.tree("{spec:" + spec + "}"), MissingNode.getInstance()))
                .isEqualTo("kept");
        assertThat(used()).isEqualTo("pods=" + 2 * Integer.parseInt(counted));
    }

    @Test
    void containersMustSayWhatAQuotaSharesOut() {
        quota("{hard:{'limits.cpu':'1',memory:'1Gi'}}");
        JsonNode pod = KindCase.tree("{spec:{initContainers:[{name:'z'}],containers:[{name:'b'},"
                + "{name:'a',resources:{limits:{cpu:'1'}}},{name:'c',resources:{limits:{cpu:'1',memory:'1'}}}]}}");
        assertThat(asked(PodKind.NAME, "p", pod, MissingNode.getInstance()))
                .isEqualTo("pods \"p\" is forbidden: failed quota: q: must specify limits.cpu for: b,z; memory for:"
                        + " a,b,z");
        JsonNode whole =
                KindCase.tree("{spec:{resources:{limits:{cpu:'1',memory:'1Gi'}},containers:[{name:'b'},{name:'a'}]}}");
        assertThat(asked(PodKind.NAME, "whole", whole, MissingNode.getInstance()))
                .isEqualTo("kept");
    }

    @Test
    void aQuotaWhoseUseNobodyKnowsRefuses() {
        store(
                ResourceQuotaKind.KIND,
                KindCase.tree("{metadata:{name:'q'},spec:{hard:{configmaps:'2'}},status:{hard:{configmaps:'2'}}}"));
        assertThat(asked("a"))
                .isEqualTo("configmaps \"a\" is forbidden: status unknown for quota: q, resources: configmaps");
    }

    @Test
    void aCountForAnotherSpecIsNoCount() {
        quota("{hard:{configmaps:'2'}}");
        ObjectNode changed = quota().tree();
        Json.child(changed, "spec").set("hard", KindCase.tree("{configmaps:'3',secrets:'1'}"));
        Plan old = new QuotaReconciler().reconcile(quota(), view(), now);
        assertThat(old.actions()).isEmpty();
        store(ResourceQuotaKind.KIND, changed);
        did(new Recount(Amounts.of(KindCase.tree("{configmaps:'2'}")), Amounts.NONE, Set.of()));
        assertThat(Quota.of(quota()).counted().toString()).isEqualTo("configmaps=2");
        reconcile(view());
        assertThat(Quota.of(quota()).counted().toString()).isEqualTo("configmaps=3,secrets=1");
        assertThat(used()).isEqualTo("configmaps=0,secrets=0");
    }

    @Test
    void onlyTheQuotaItselfWritesItsPromises() {
        quota("{hard:{configmaps:'2'}}");
        asked("a");
        ObjectNode stored = quota().tree();
        ObjectNode wanted = stored.deepCopy();
        Json.child(wanted, "metadata").remove("annotations");
        ResourceQuotaKind.KIND.rules().prepareUpdate(wanted, stored);
        assertThat(wanted).isEqualTo(stored);
        ResourceQuotaKind.KIND.rules().prepareCreate(wanted);
        assertThat(wanted.path("metadata").has("annotations")).isFalse();
    }
}
