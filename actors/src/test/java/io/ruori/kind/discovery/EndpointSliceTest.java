package io.ruori.kind.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The addresses behind a Service. */
class EndpointSliceTest {
    private static final KindCase SLICE = KindCase.of(
            EndpointSliceKind.KIND,
            "{addressType:'IPv4',endpoints:[{addresses:['10.1.2.3']}],ports:[{name:'http',port:80}]}");

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {addressType:null}                            => addressType: Required value
        {addressType:'MAC'}                           => addressType: Unsupported value: "MAC": supported values: "FQDN", "IPv4", "IPv6"
        {endpoints:[{addresses:[]}]}                  => endpoints[0].addresses: Required value: must contain at least 1 address
        {endpoints:[{addresses:['ten']}]}             => endpoints[0].addresses[0]: Invalid value: "ten": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
        {endpoints:[{addresses:['::2']}]}             => endpoints[0].addresses[0]: Invalid value: "::2": must be an IPv4 address
        {endpoints:[{addresses:['127.0.0.1']}]}       => endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
        {endpoints:[{addresses:['0.0.0.0']}]}         => endpoints[0].addresses[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)
        {endpoints:[{addresses:['1.1.1.1'],hints:{forZones:[{name:'a'},{name:'a'}]}}]} => endpoints[0].hints.forZones[1].name: Duplicate value: "a"
        {addressType:'FQDN',endpoints:[{addresses:['host']}]} => endpoints[0].addresses[0]: Invalid value: "host": should be a domain with at least two segments separated by dots
        {ports:[{name:'a'},{name:'a'}]}               => ports[1].name: Duplicate value: "a"
        {ports:[{name:'a',protocol:'ICMP'}]}          => ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"
        """)
    void slices(String change, String error) {
        assertThat(SLICE.created(change)).containsExactly(error);
    }

    @Test
    void aSliceKeepsItsTypeOfAddresses() {
        assertThat(SLICE.created("{}")).isEmpty();
        assertThat(SLICE.updated("{addressType:'FQDN',endpoints:[]}"))
                .containsExactly("addressType: Invalid value: \"FQDN\": field is immutable");
        assertThat(SLICE.titles()).containsExactly("Name", "AddressType", "Ports", "Endpoints", "Age");
        assertThat(SLICE.cells("{endpoints:[{addresses:['a','b']},{addresses:['c','d','e']}],ports:[]}"))
                .containsExactly("example", "IPv4", "<unset>", "a,b,c + 2 more...", "60m");
    }
}
