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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A range is kept while an address needs it, and says so. */
class ServiceCidrReconcilerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
    private static final String ENDING = ",deletionTimestamp:'2026-01-01T00:00:00Z',deletionGracePeriodSeconds:0";
    private static final String KEPT = ",finalizers:['example.com/x','networking.k8s.io/service-cidr-finalizer']";
    private static final String READY = ",status:{conditions:[{type:'Ready',status:'True',reason:'Mine'}]}";

    private final Map<ObjectKey, StoredObject> objects = new TreeMap<>();

    private StoredObject store(Kind kind, ObjectNode tree) {
        StoredObject stored = kind.store(tree, Revision.of(NOW.toEpochMilli(), objects.size(), 0));
        objects.put(stored.key(), stored);
        return stored;
    }

    private StoredObject cidr(String name, String ranges, String metadata, String status) {
        return store(
                ServiceCidrKind.KIND,
                KindCase.tree("{metadata:{name:'" + name + "',uid:'u'" + metadata + "},spec:{cidrs:[" + ranges + "]}"
                        + status + "}"));
    }

    private void taken(String address) {
        ObjectKey key = Claim.address(IpAddress.parse(address).orElseThrow());
        ObjectNode body = Claim.body(key, new ObjectKey(ServiceKind.NAME, "default", "web"));
        Json.child(body, "metadata").put("name", key.name()).put("uid", "u-" + key.name());
        store(IpAddressKind.KIND, body);
    }

    private Plan plan(StoredObject cidr, Instant now) {
        return new ServiceCidrReconciler().reconcile(cidr, new SnapshotView(Revision.ZERO, objects), now);
    }

    /** The patches, without times. */
    private List<String> done(StoredObject cidr) {
        List<String> patches = new ArrayList<>();
        plan(cidr, NOW).actions().forEach(action -> {
            Action.Patch patch = (Action.Patch) action;
            patches.add(patch.subresource()
                    + patch.mergePatch().toString().replaceAll(",\"lastTransitionTime\":\"[^\"]*\"", ""));
        });
        return patches;
    }

    @Test
    void oneInUseHasItsFinalizerAndIsReady() {
        assertThat(done(cidr("a", "'10.1.0.0/16'", "", "")))
                .containsExactly("{\"metadata\":{\"finalizers\":[\"networking.k8s.io/service-cidr-finalizer\"]}}");
        assertThat(done(cidr("a", "'10.1.0.0/16'", KEPT, "")))
                .containsExactly("status{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                        + "\"reason\":\"\",\"message\":\"Kubernetes Service CIDR is ready\"}]}}");
        assertThat(plan(cidr("a", "'10.1.0.0/16'", KEPT, READY), NOW)).isEqualTo(Plan.NOTHING);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "|", nullValues = "-", textBlock = """
        '10.1.0.0/16'                 | -                   | -            | false
        '10.1.0.0/16'                 | -                   | 10.2.0.1     | false
        '10.1.0.0/16'                 | -                   | 10.1.0.1     | true
        '10.1.0.0/16'                 | '10.1.0.0/24'       | 10.1.0.1     | false
        '10.1.0.0/16'                 | '10.1.0.0/24'       | 10.1.1.1     | true
        '10.1.0.0/16'                 | '10.0.0.0/8'        | 10.1.1.1     | false
        '10.1.0.0/16'                 | 'fd00::/64'         | 10.1.1.1     | true
        '10.1.0.0/16','fd00::/64'     | '10.0.0.0/8'        | fd00::1      | true
        """, quoteCharacter = '`')
    void oneThatIsDeletedWaitsForAddressesThatNoOtherHas(
            String own, @Nullable String other, @Nullable String address, boolean waits) {
        StoredObject cidr = cidr("a", own, KEPT + ENDING, READY);
        if (other != null) {
            cidr("b", other, KEPT, READY);
        }
        if (address != null) {
            taken(address);
        }
        if (waits) {
            assertThat(done(cidr))
                    .containsExactly("status{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\","
                            + "\"reason\":\"Terminating\",\"message\":\"There are still IPAddresses referencing the"
                            + " ServiceCIDR, please remove them or create a new ServiceCIDR\"}]}}");
        } else {
            assertThat(done(cidr)).containsExactly("{\"metadata\":{\"finalizers\":[\"example.com/x\"]}}");
        }
    }

    @Test
    void oneThatIsDeletedTooHoldsNothing() {
        cidr("b", "'10.0.0.0/8'", KEPT + ENDING, READY);
        taken("10.1.0.1");
        assertThat(done(cidr("a", "'10.1.0.0/16'", KEPT + ENDING, READY)).toString())
                .startsWith("[status");
    }

    @Test
    void whatOthersMadeIsNotWaitedFor() {
        store(IpAddressKind.KIND, KindCase.tree("{metadata:{name:'10.1.0.1',uid:'x'},spec:{parentRef:{}}}"));
        assertThat(done(cidr("a", "'10.1.0.0/16'", KEPT + ENDING, READY)))
                .containsExactly("{\"metadata\":{\"finalizers\":[\"example.com/x\"]}}");
    }

    @Test
    void whoeverTookAnAddressAMomentBeforeIsWaitedFor() {
        StoredObject cidr = cidr("a", "'10.1.0.0/16'", KEPT + ENDING, READY);
        Instant deleted = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(plan(cidr, deleted.plusMillis(500))).isEqualTo(Plan.lookAgainIn(Duration.ofMillis(1500)));
    }
}
