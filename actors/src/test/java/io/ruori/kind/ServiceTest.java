package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services: many fields that depend on each other. */
class ServiceTest {
    private static final KindCase SERVICE =
            KindCase.of(ServiceKind.KIND, "{spec:{selector:{app:'web'},ports:[{port:80}]}}");
    private static final KindCase NODE_PORT =
            SERVICE.but("{spec:{type:'NodePort',clusterIP:'10.96.0.9',ports:[{name:'a',port:80,nodePort:30080}]}}");

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {type:'Some'}                                       => spec.type: Unsupported value: "Some": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"
        {ports:[{port:0,targetPort:1}]}                     => spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive
        {ports:[{port:80},{port:81,name:'b'}]}              => spec.ports[0].name: Required value
        {ports:[{port:80,name:'b'},{port:81,name:'b'}]}     => spec.ports[1].name: Duplicate value: "b"
        {ports:[{port:80,name:'a'},{port:80,name:'b'}]}     => spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}
        {ports:[{port:80,protocol:'ICMP'}]}                 => spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"
        {ports:[{port:80,targetPort:'--'}]}                 => spec.ports[0].targetPort: Invalid value: "--": must contain at least one letter (a-z);spec.ports[0].targetPort: Invalid value: "--": must not contain consecutive hyphens;spec.ports[0].targetPort: Invalid value: "--": must not begin or end with a hyphen
        {ports:[{port:80,nodePort:30080}]}                  => spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'
        {type:'NodePort',ports:[{port:80,nodePort:80}]}     => spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767
        {sessionAffinity:'Cookie'}                          => spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"
        {sessionAffinity:'ClientIP',sessionAffinityConfig:{clientIP:{timeoutSeconds:86401}}} => spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400
        {clusterIP:'10.96.0.09'}                            => spec.clusterIPs[0]: Invalid value: "10.96.0.09": must not have leading 0s
        {clusterIP:'10.96.0.9',clusterIPs:['10.96.0.8']}    => spec.clusterIPs: Invalid value: ["10.96.0.8"]: first value must match `clusterIP`
        {clusterIPs:['10.96.0.8']}                          => spec.clusterIPs: Invalid value: ["10.96.0.8"]: must be empty when `clusterIP` is not specified
        {clusterIP:'None',type:'NodePort'}                  => spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services
        {ipFamilies:['IPv5']}                               => spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"
        {ipFamilies:['IPv6']}                               => spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster
        {ipFamilyPolicy:'RequireDualStack'}                 => spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services
        {externalIPs:['127.0.0.1']}                         => spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
        {type:'ExternalName'}                               => spec.externalName: Required value
        {type:'ExternalName',externalName:'a b'}            => spec.externalName: Invalid value: "a b": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
        {loadBalancerSourceRanges:['10.0.0.0/8']}           => spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'
        {loadBalancerClass:'a.b/c'}                         => spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'
        {allocateLoadBalancerNodePorts:true}                => spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'
        {externalTrafficPolicy:'Local'}                     => spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services
        {healthCheckNodePort:30000}                         => spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'
        {internalTrafficPolicy:'Some'}                      => spec.internalTrafficPolicy: Unsupported value: "Some": supported values: "Cluster", "Local"
        {trafficDistribution:'Far'}                         => spec.trafficDistribution: Unsupported value: "Far": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"
        """)
    void services(String spec, String errors) {
        assertThat(SERVICE.created("{spec:" + spec + "}")).containsExactly(errors.split(";"));
    }

    @Test
    void aServiceHasManyDefaults() {
        assertThat(SERVICE.created("{}")).isEmpty();
        assertThat(SERVICE.stored())
                .isEqualTo(KindCase.tree("{metadata:{name:'example',namespace:'default'},spec:{type:'ClusterIP',"
                        + "selector:{app:'web'},ports:[{port:80,protocol:'TCP',targetPort:80}],sessionAffinity:'None',"
                        + "internalTrafficPolicy:'Cluster',ipFamilyPolicy:'SingleStack',ipFamilies:['IPv4']},"
                        + "status:{loadBalancer:{}}}"));
        JsonNode balanced = SERVICE.stored("{spec:{type:'LoadBalancer'}}").path("spec");
        assertThat(balanced.path("allocateLoadBalancerNodePorts").asBoolean()).isTrue();
        assertThat(balanced.path("externalTrafficPolicy").asText()).isEqualTo("Cluster");
        assertThat(SERVICE.stored("{spec:{clusterIP:'None',selector:null}}")
                        .at("/spec/ipFamilies")
                        .toString())
                .isEqualTo("[\"IPv4\",\"IPv6\"]");
        assertThat(SERVICE.stored("{spec:{sessionAffinity:'ClientIP'}}")
                        .at("/spec/sessionAffinityConfig/clientIP/timeoutSeconds")
                        .asInt())
                .isEqualTo(10800);
    }

    @Test
    void anUpdateKeepsWhatWasGivenOut() {
        assertThat(NODE_PORT.created("{}")).isEmpty();
        JsonNode kept = NODE_PORT
                .replaced("{spec:{clusterIP:null,clusterIPs:null,ports:[{name:'a',port:81}]}}")
                .path("spec");
        assertThat(kept.path("clusterIP").asText()).isEqualTo("10.96.0.9");
        assertThat(kept.path("clusterIPs").toString()).isEqualTo("[\"10.96.0.9\"]");
        assertThat(kept.at("/ports/0/nodePort").asInt()).isEqualTo(30080);
        assertThat(NODE_PORT.updated("{spec:{clusterIP:'10.96.0.10'}}"))
                .containsExactly("spec.clusterIPs[0]: Invalid value: [\"10.96.0.10\"]: may not change once set");
        assertThat(NODE_PORT.updated("{spec:{ipFamilies:['IPv6'],ipFamilyPolicy:'SingleStack'}}"))
                .isNotEmpty();
    }

    @Test
    void aNewTypeDropsWhatItHasNot() {
        assertThat(NODE_PORT.updated("{spec:{type:'ClusterIP'}}")).isEmpty();
        JsonNode inner = NODE_PORT.replaced("{spec:{type:'ClusterIP'}}").path("spec");
        assertThat(inner.at("/ports/0").has("nodePort")).isFalse();
        assertThat(inner.has("externalTrafficPolicy")).isFalse();
        JsonNode named = NODE_PORT
                .replaced("{spec:{type:'ExternalName',externalName:'example.com',selector:null}}")
                .path("spec");
        for (String field : new String[] {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
            assertThat(named.has(field)).as(field).isFalse();
        }
        assertThat(NODE_PORT.updated("{spec:{type:'ExternalName',externalName:'example.com'}}"))
                .isEmpty();
        assertThat(SERVICE.but("{spec:{type:'ExternalName',externalName:'example.com'}}")
                        .updated("{spec:{type:'ClusterIP',externalName:null}}"))
                .isEmpty();
    }

    @Test
    void aBalancersAddressIsForBalancedServices() {
        assertThat(SERVICE.statusUpdated("{loadBalancer:{ingress:[{ip:'1.2.3.4'}]}}"))
                .containsExactly("status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is"
                        + " \"LoadBalancer\"");
        KindCase balanced = SERVICE.but("{spec:{type:'LoadBalancer'}}");
        assertThat(balanced.statusUpdated("{loadBalancer:{ingress:[{ip:'1.2.3.4'}]}}"))
                .isEmpty();
        assertThat(balanced.statusUpdated("{loadBalancer:{ingress:[{hostname:'a',ipMode:'VIP'}]}}"))
                .containsExactly(
                        "status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set");
        assertThat(balanced.cells("{status:{loadBalancer:{ingress:[{ip:'1.2.3.4'}]}}}"))
                .containsExactly("example", "LoadBalancer", "<none>", "1.2.3.4", "80/TCP", "60m", "app=web");
    }

    @Test
    void tables() {
        assertThat(SERVICE.titles())
                .containsExactly("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "(Selector)");
        assertThat(NODE_PORT.cells("{}"))
                .containsExactly("example", "NodePort", "10.96.0.9", "<none>", "80:30080/TCP", "60m", "app=web");
        assertThat(SERVICE.warnings("{spec:{clusterIP:'None',externalName:'x',sessionAffinity:'ClientIP'}}"))
                .containsExactly(
                        "spec.SessionAffinity is ignored for headless services",
                        "spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
}
