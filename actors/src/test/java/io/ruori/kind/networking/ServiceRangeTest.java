package io.ruori.kind.networking;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.IpAddress;
import io.ruori.kind.IpRange;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses and ports are tried, and in what order. */
class ServiceRangeTest {
    private static ServiceRange range(String cidr) {
        return ServiceRange.of(IpRange.parse(cidr).orElseThrow());
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    void everyAddressOnceFromTheSeedOnTheReservedOnesLast() {
        List<String> all =
                range("10.0.0.0/27").from(20).map(IpAddress::toString).toList();
        assertThat(all).hasSize(30).doesNotHaveDuplicates().doesNotContain("10.0.0.0", "10.0.0.31");
        // 14 that are not reserved, from the seventh on.
        assertThat(all.getFirst()).isEqualTo("10.0.0.23");
        assertThat(all.subList(8, 14))
                .containsExactly("10.0.0.17", "10.0.0.18", "10.0.0.19", "10.0.0.20", "10.0.0.21", "10.0.0.22");
        assertThat(all.subList(14, 30)).contains("10.0.0.1", "10.0.0.16");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/28,0",
        "10.0.0.0/27,16",
        "10.0.0.0/23,32",
        "10.96.0.0/12,256",
        "10.0.0.0/31,0",
        "10.0.0.0/32,0"
    })
    void howManyAreReserved(String cidr, long reserved) {
        assertThat(range(cidr).addresses().reserved()).isEqualTo(reserved);
    }

    @Test
    void theNetworkAndItsBroadcastAreNobodys() {
        ServiceRange range = range("10.96.0.0/12");
        assertThat(List.of("10.96.0.1", "10.111.255.254")).allMatch(text -> range.contains(ip(text)));
        assertThat(List.of("10.96.0.0", "10.111.255.255", "10.95.255.255", "10.112.0.0", "::1"))
                .noneMatch(text -> range.contains(ip(text)));
        assertThat(range("10.0.0.0/32").from(3)).isEmpty();
    }

    @Test
    void portsOfNodesToo() {
        assertThat(Band.nodePorts().from(-5).boxed().toList())
                .hasSize(2768)
                .doesNotHaveDuplicates()
                .startsWith(32_763L)
                .contains(30_000L, 32_767L);
        assertThat(Band.nodePorts().reserved()).isEqualTo(86);
    }
}
