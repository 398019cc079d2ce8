package io.ruori.kind.networking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.ObjectKey;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.core.reconcile.Action;
import io.ruori.core.reconcile.Plan;
import io.ruori.kind.IpAddress;
import io.ruori.kind.Kind;
import io.ruori.kind.KindCase;
import io.ruori.kind.ServiceKind;
import io.ruori.kind.SnapshotView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Claims end with their Services, and not a moment too early; Services get back what somebody took. */
class ClaimReconcilerTest {
    private static final ObjectKey WEB = new ObjectKey(ServiceKind.NAME, "default", "web");
    private static final ObjectKey ADDRESS =
            Claim.address(IpAddress.parse("10.96.0.9").orElseThrow());
    private static final ObjectKey PORT = Claim.port(30_001);

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Revision revision() {
        return Revision.of(now.toEpochMilli(), objects.size(), 0);
    }

    private StoredObject store(Kind kind, ObjectNode tree) {
        StoredObject stored = kind.store(tree, revision());
        objects.put(stored.key(), stored);
        return stored;
    }

    private StoredObject claim(ObjectKey key) {
        ObjectNode body = Claim.body(key, WEB);
        Json.child(body, "metadata").put("name", key.name()).put("uid", "u-" + key.name());
        return store(key.equals(PORT) ? NodePortKind.KIND : IpAddressKind.KIND, body);
    }

    private StoredObject service(String spec) {
        return store(
                ServiceKind.KIND,
                KindCase.tree("{metadata:{name:'web',namespace:'default',uid:'u'},spec:" + spec + "}"));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Plan plan(StoredObject claim) {
        return new ClaimReconciler().reconcile(claim, new SnapshotView(revision(), objects), now);
    }

    private static List<String> deleted(Plan plan) {
        List<String> names = new ArrayList<>();
        plan.actions().forEach(action -> {
            Action.Delete delete = (Action.Delete) action;
            names.add(delete.key().name() + " " + delete.uid());
        });
        return names;
    }

    @Test
    void aClaimInUseStays() {
        StoredObject address = claim(ADDRESS);
        StoredObject port = claim(PORT);
        service("{type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30001}]}");
        pass(Duration.ofHours(1));
        assertThat(plan(address)).isEqualTo(Plan.NOTHING);
        assertThat(plan(port)).isEqualTo(Plan.NOTHING);
    }

    @Test
    void oneThatNothingCameOfGoesWhenNothingCanComeOfIt() {
        StoredObject claim = claim(ADDRESS);
        Duration wait = plan(claim).lookAgain().orElseThrow();
        pass(Claim.PROMISED);
        assertThat(deleted(plan(claim))).isEmpty();
        pass(wait.minus(Claim.PROMISED));
        assertThat(deleted(plan(claim))).containsExactly("10.96.0.9 u-10.96.0.9");
    }

    @Test
    void oneThatItsServiceHasNoMoreGoes() {
        StoredObject address = claim(ADDRESS);
        StoredObject port = claim(PORT);
        service("{type:'ClusterIP',clusterIPs:['10.96.0.10'],ports:[{port:1}]}");
        pass(Duration.ofMinutes(1));
        assertThat(deleted(plan(address))).containsExactly("10.96.0.9 u-10.96.0.9");
        assertThat(deleted(plan(port))).containsExactly("30001 u-30001");
    }

    @Test
    void whatOthersMadeIsTheirs() {
        StoredObject claim = store(
                IpAddressKind.KIND,
                KindCase.tree("{metadata:{name:'10.96.0.9',uid:'u'},spec:{parentRef:{resource:'services',"
                        + "namespace:'default',name:'web'}}}"));
        pass(Duration.ofMinutes(1));
        assertThat(plan(claim)).isEqualTo(Plan.NOTHING);
    }

    @Test
    void aServiceGetsBackWhatSomebodyTook() {
        claim(PORT);
        StoredObject web = service("{type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30001}]}");
        Plan plan = new MissingClaims().reconcile(web, new SnapshotView(revision(), objects), now);
        assertThat(plan.actions()).singleElement().isInstanceOfSatisfying(Action.Create.class, create -> {
            assertThat(create.key()).isEqualTo(ADDRESS);
            assertThat(Claim.holder(create.body())).contains(WEB);
        });
        claim(ADDRESS);
        assertThat(new MissingClaims().reconcile(web, new SnapshotView(revision(), objects), now))
                .isEqualTo(Plan.of(List.of()));
    }
}
