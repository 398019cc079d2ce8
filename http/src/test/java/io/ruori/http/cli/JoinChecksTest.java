package io.ruori.http.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ruori.http.join.Handover;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a new master is told before anything begins, each time with what to do. */
final class JoinChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Handover CLUSTER = new Handover(NOW, Map.of(), Map.of("ruori.master.shards", "128"));

    @Test
    void aLoopbackAddressIsGoodForMastersOfOneMachineOnly() {
        assertThatCode(() -> JoinChecks.advertised("127.0.0.3", "127.0.0.2")).doesNotThrowAnyException();
        assertThatCode(() -> JoinChecks.advertised("10.0.0.3", "10.0.0.2")).doesNotThrowAnyException();
        assertThatThrownBy(() -> JoinChecks.advertised("127.0.0.1", "10.0.0.2"))
                .hasMessageContaining("--advertise-address IP");
    }

    @Test
    void clocksMayDifferByFiveSeconds() {
        assertThatCode(() -> JoinChecks.clock(NOW.plusSeconds(5), NOW)).doesNotThrowAnyException();
        assertThatThrownBy(() -> JoinChecks.clock(NOW.plusSeconds(61), NOW))
                .hasMessageContaining("61 s ahead of")
                .hasMessageContaining("synchronise");
        assertThatThrownBy(() -> JoinChecks.clock(NOW.minusSeconds(6), NOW)).hasMessageContaining("6 s behind");
    }

    @Test
    void theClustersShardsAreItsOwn() {
        assertThatCode(() -> JoinChecks.shards(CLUSTER, "")).doesNotThrowAnyException();
        assertThatCode(() -> JoinChecks.shards(CLUSTER, "128")).doesNotThrowAnyException();
        assertThatThrownBy(() -> JoinChecks.shards(CLUSTER, "64"))
                .hasMessageContaining("told to have 64 shards and the cluster has 128")
                .hasMessageContaining("leave out -Druori.master.shards");
    }

    @Test
    void theDatabaseMustAnswerHere() {
        List<String> elsewhere = List.of("10.0.0.7:9042");
        assertThatCode(() -> JoinChecks.database(elsewhere, false, "10.0.0.2", point -> true))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> JoinChecks.database(elsewhere, false, "10.0.0.2", point -> false))
                .hasMessageContaining("no database answers at 10.0.0.7:9042");
        List<String> itsOwn = List.of("127.0.0.1:9042");
        assertThatThrownBy(() -> JoinChecks.database(itsOwn, false, "10.0.0.2", point -> true))
                .hasMessageContaining("on its own machine")
                .hasMessageContaining("--cassandra HOST:PORT");
        assertThatCode(() -> JoinChecks.database(itsOwn, true, "10.0.0.2", point -> true))
                .doesNotThrowAnyException();
        assertThatCode(() -> JoinChecks.database(itsOwn, false, "127.0.0.2", point -> true))
                .doesNotThrowAnyException();
    }

    @Test
    void hostsAreReadFromAddresses() {
        assertThat(MasterJoin.host("10.0.0.1:6443")).isEqualTo("10.0.0.1");
        assertThat(MasterJoin.host("[::1]:6443")).isEqualTo("::1");
        assertThat(MasterJoin.host("master-1.example")).isEqualTo("master-1.example");
        assertThat(MasterJoin.isLoopback("::1")).isTrue();
    }
}
