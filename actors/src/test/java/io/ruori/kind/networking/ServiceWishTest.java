package io.ruori.kind.networking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ruori.api.ObjectKey;
import io.ruori.kind.KindCase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a write of a Service needs that it does not have, and what it gives up. */
class ServiceWishTest {
    private static String wish(String after, String before) {
        JsonNode old = before.isEmpty() ? MissingNode.getInstance() : KindCase.tree("{spec:" + before + "}");
        ServiceWish wish = ServiceWish.of(KindCase.tree("{spec:" + after + "}"), old);
        List<String> parts = new ArrayList<>();
        wish.chosen().forEach(one -> parts.add(one.path() + "=" + one.claim().name()));
        if (wish.address()) {
            parts.add("address");
        }
        wish.ports().forEach(places -> parts.add("port" + places));
        wish.shared().forEach((place, port) -> parts.add(place + "->" + port));
        if (wish.healthPort()) {
            parts.add("health");
        }
        wish.released().stream().map(ObjectKey::name).sorted().forEach(name -> parts.add("-" + name));
        return String.join(" ", parts);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {}                                                       => address
        {clusterIP:'None',clusterIPs:['None']}                   => ``
        {type:'ExternalName'}                                    => ``
        {clusterIP:'10.96.0.9',clusterIPs:['10.96.0.9']}         => spec.clusterIPs=10.96.0.9
        {ports:[{port:1}]}                                       => address
        {type:'NodePort',ports:[{port:1}]}                       => address port[0]
        {type:'NodePort',ports:[{port:1},{port:2,nodePort:30001}]} => spec.ports[1].nodePort=30001 address port[0]
        {type:'NodePort',ports:[{port:1,protocol:'TCP'},{port:1,protocol:'UDP'}]} => address port[0, 1]
        {type:'NodePort',ports:[{port:1,protocol:'TCP'},{port:1,protocol:'UDP',nodePort:30001}]} => spec.ports[1].nodePort=30001 address 0->30001
        {type:'NodePort',ports:[{port:1,protocol:'TCP',nodePort:30001},{port:1,protocol:'UDP',nodePort:30001}]} => spec.ports[0].nodePort=30001 address
        {type:'NodePort',ports:[{port:1,protocol:'TCP',nodePort:30001},{port:2,protocol:'UDP',nodePort:30001},{port:1,protocol:'UDP'}]} => spec.ports[0].nodePort=30001 address port[2]
        {type:'LoadBalancer',ports:[{port:1}]}                   => address port[0]
        {type:'LoadBalancer',allocateLoadBalancerNodePorts:false,ports:[{port:1},{port:2,nodePort:30001}]} => spec.ports[1].nodePort=30001 address
        {type:'LoadBalancer',externalTrafficPolicy:'Local'}      => address health
        {type:'NodePort',externalTrafficPolicy:'Local'}          => address
        {type:'LoadBalancer',externalTrafficPolicy:'Local',healthCheckNodePort:30001} => =30001 address
        {type:'LoadBalancer',externalTrafficPolicy:'Local',healthCheckNodePort:30001,ports:[{port:1,nodePort:30001}]} => spec.ports[0].nodePort=30001 =30001 address
        """)
    void whatIsNewIsWanted(String service, String wish) {
        assertThat(wish(service, "")).isEqualTo(wish);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {clusterIPs:['10.96.0.9']} => {clusterIPs:['10.96.0.9']}  => ``
        {clusterIPs:['10.96.0.9']} => {type:'ExternalName'}       => -10.96.0.9
        {type:'ExternalName'}      => {}                          => address
        {clusterIPs:['10.96.0.9']} => {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1}]} => port[0]
        {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30001}]} => {clusterIPs:['10.96.0.9'],ports:[{port:1}]} => -30001
        {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30001}]} => {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30002}]} => spec.ports[0].nodePort=30002 -30001
        {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:1,nodePort:30001}]} => {type:'NodePort',clusterIPs:['10.96.0.9'],ports:[{port:2,nodePort:30001}]} => ``
        {type:'LoadBalancer',clusterIPs:['10.96.0.9'],externalTrafficPolicy:'Local',healthCheckNodePort:30001} => {type:'LoadBalancer',clusterIPs:['10.96.0.9'],externalTrafficPolicy:'Cluster'} => -30001
        """)
    void whatAChangeNeedsAndGivesUp(String before, String after, String wish) {
        assertThat(wish(after, before)).isEqualTo(wish);
    }
}
