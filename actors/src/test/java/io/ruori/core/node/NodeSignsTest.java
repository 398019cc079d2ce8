package io.ruori.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.Json;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import io.ruori.kind.LeaseKind;
import io.ruori.kind.NodeKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a node may be silent depends on how it gives its signs of life. */
class NodeSignsTest {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private final NodeSigns signs = new NodeSigns(GRACE, 0);

    private static long at(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private static StoredObject lease(String annotations) {
        return LeaseKind.KIND.store(Json.read("""
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
             "metadata":{"name":"n","namespace":"kube-node-lease","uid":"l","annotations":%s},
             "spec":{"leaseDurationSeconds":20}}\
            """.formatted(annotations)), new Revision(1));
    }

    private static StoredObject node(String ready) {
        return NodeKind.KIND.store(Json.read("""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"n","uid":"u"},
             "status":{"conditions":[{"type":"Ready","status":"%s"}]}}\
            """.formatted(ready)), new Revision(1));
    }

    @Test
    void anAgentThatHeldASessionIsMissedSoon() {
        signs.session("n", at(100));
        assertThat(signs.isLost("n", null, at(105))).isFalse();
        assertThat(signs.isLost("n", null, at(106))).isTrue();
    }

    @Test
    void aKubeletOfThePlainApiHasAsLongAsItsLease() {
        signs.lease(lease("{}"), at(100));
        assertThat(signs.isLost("n", null, at(120))).isFalse();
        assertThat(signs.isLost("n", null, at(121))).isTrue();
    }

    @Test
    void aLeaseThatASessionRenewsIsNoSignOfItsOwn() {
        signs.session("n", at(100));
        signs.lease(lease("{\"ruori.io/agent-session\":\"true\"}"), at(109));
        assertThat(signs.isLost("n", null, at(110))).isTrue();
    }

    @Test
    void aNodesStatusIsASignUnlessWeWroteIt() {
        signs.node(node("True"), null, at(100));
        assertThat(signs.isLost("n", null, at(150))).isFalse();
        signs.node(node("Unknown"), node("True"), at(140));
        signs.node(node("True"), node("True"), at(140));
        assertThat(signs.isLost("n", null, at(151))).isTrue();
    }

    @Test
    void whoWasNotHeardYetIsGivenWhatItsLeaseAsksFor() {
        signs.deafUntil(at(50));
        assertThat(signs.isLost("n", lease("{}"), at(70))).isFalse();
        assertThat(signs.isLost("n", lease("{}"), at(71))).isTrue();
        assertThat(signs.isLost("n", lease("{\"ruori.io/agent-session\":\"true\"}"), at(56)))
                .isTrue();
        assertThat(signs.isLost("n", null, at(100))).isFalse();
    }

    @Test
    void nobodyIsLostWhileWeWereDeaf() {
        signs.session("n", at(100));
        signs.deafUntil(at(200));
        assertThat(signs.isLost("n", null, at(204))).isFalse();
    }
}
