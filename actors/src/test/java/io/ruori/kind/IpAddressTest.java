package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are read leniently and written canonically. */
class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.9.8.7,10.9.8.7,IPv4",
        "010.9.8.07,10.9.8.7,IPv4",
        "::,::,IPv6",
        "::1,::1,IPv6",
        "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1,IPv6",
        "2001:DB8::0:FFFF,2001:db8::ffff,IPv6",
        "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0,IPv6",
        "fe80::1.2.3.4,fe80::102:304,IPv6",
        "::ffff:1.2.3.4,1.2.3.4,IPv4",
        "::ffff:102:304,1.2.3.4,IPv4"
    })
    void addresses(String given, String canonical, String family) {
        IpAddress address = IpAddress.parse(given).orElseThrow();
        assertThat(address).hasToString(canonical);
        assertThat(address.family()).isEqualTo(family);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4.5",
                "a.b.c.d",
                "1::2::3",
                ":1",
                "1:2:3:4:5:6:7:8:9",
                "12345::",
                "1.2.3.-4",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1%eth0",
                " 1.2.3.4"
            })
    void others(String given) {
        assertThat(IpAddress.parse(given)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,10.255.1.1,true",
        "10.0.0.0/8,11.0.0.0,false",
        "10.0.0.0/0,1.2.3.4,true",
        "fd00::/12,fd0f::1,true",
        "fd00::/12,fd10::1,false",
        "10.0.0.0/8,::1,false"
    })
    void ranges(String range, String address, boolean inside) {
        assertThat(IpRange.parse(range)
                        .orElseThrow()
                        .contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(inside);
    }
}
