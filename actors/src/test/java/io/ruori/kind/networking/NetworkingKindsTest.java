package io.ruori.kind.networking;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.kind.KindCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What objects of networking.k8s.io may say, and how tables show them. */
class NetworkingKindsTest {
    private static final KindCase CLASS =
            KindCase.of(IngressClassKind.KIND, "{spec:{controller:'acme.io/lb',parameters:{kind:'P',name:'p'}}}");
    private static final KindCase INGRESS = KindCase.of(IngressKind.KIND, """
        {spec:{ingressClassName:'c',rules:[{host:'a.example.com',http:{paths:[
          {path:'/',pathType:'Prefix',backend:{service:{name:'web',port:{number:80}}}}]}}]}}\
        """);
    private static final KindCase POLICY = KindCase.of(NetworkPolicyKind.KIND, """
        {spec:{podSelector:{matchLabels:{app:'db'}},ingress:[{from:[{podSelector:{}}],ports:[{port:5432}]}],egress:[{}]}}\
        """);
    private static final KindCase ADDRESS = KindCase.of(
            IpAddressKind.KIND,
            "{metadata:{name:'10.96.0.7'},spec:{parentRef:{resource:'services',namespace:'default',name:'web'}}}");
    private static final KindCase CIDR = KindCase.of(ServiceCidrKind.KIND, "{spec:{cidrs:['10.1.0.0/16']}}");

    @Test
    void whatIsMeantToBeValidIs() {
        for (KindCase kind : new KindCase[] {CLASS, INGRESS, POLICY, ADDRESS, CIDR}) {
            assertThat(kind.created("{}")).isEmpty();
            assertThat(kind.updated("{metadata:{labels:{a:'b'}}}")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {spec:{controller:null}}                     => spec.controller: Required value
        {spec:{controller:'lb'}}                     => spec.controller: Invalid value: "lb": must be a domain-prefixed path (such as "acme.io/foo")
        {spec:{controller:'acme.io/a b'}}            => spec.controller: Invalid value: "a b": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')
        {spec:{parameters:{kind:null}}}              => spec.parameters.kind: Required value
        {spec:{parameters:{name:'a/b'}}}             => spec.parameters.name: Invalid value: "a/b": may not contain '/'
        {spec:{parameters:{scope:'X'}}}              => spec.parameters.scope: Unsupported value: "X": supported values: "Cluster", "Namespace"
        {spec:{parameters:{scope:'Namespace'}}}      => spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'
        {spec:{parameters:{namespace:'n'}}}          => spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'
        """)
    void ingressClasses(String change, String error) {
        assertThat(CLASS.created(change)).containsExactly(error);
    }

    @Test
    void anIngressClassKeepsItsController() {
        assertThat(CLASS.updated("{spec:{controller:'acme.io/other'}}"))
                .containsExactly("spec.controller: Invalid value: \"acme.io/other\": field is immutable");
        assertThat(CLASS.titles()).containsExactly("Name", "Controller", "Parameters", "Age");
        assertThat(CLASS.cells("{spec:{parameters:{apiGroup:'k.io'}}}"))
                .containsExactly("example", "acme.io/lb", "P.k.io/p", "60m");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {rules:null}                                                     => spec: Invalid value: null: either `defaultBackend` or `rules` must be specified
        {defaultBackend:{}}                                              => spec.defaultBackend: Invalid value: "": resource or service backend is required
        {defaultBackend:{service:{name:'a'}}}                            => spec.defaultBackend: Required value: port name or number is required
        {defaultBackend:{service:{name:'a',port:{name:'x',number:1}}}}   => spec.defaultBackend: Invalid value: "": cannot set both port name & port number
        {defaultBackend:{service:{name:'a',port:{number:70000}}}}        => spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive
        {defaultBackend:{service:{port:{number:1}}}}                     => spec.defaultBackend.service.name: Required value
        {defaultBackend:{resource:{kind:'K',name:'n'},service:{}}}       => spec.defaultBackend: Invalid value: "": cannot set both resource and service backends
        {defaultBackend:{resource:{name:'n'}}}                           => spec.defaultBackend.resource.kind: Required value
        {rules:[{host:'10.1.2.3'}]}                                      => spec.rules[0].host: Invalid value: "10.1.2.3": must be a DNS name, not an IP address
        {rules:[{host:'*.*.x'}]}                                         => spec.rules[0].host: Invalid value: "*.*.x": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
        {rules:[{http:{}}]}                                              => spec.rules[0].http.paths: Required value
        {rules:[{http:{paths:[{path:'/'}]}}]}                            => spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified
        {rules:[{http:{paths:[{path:'a',pathType:'Exact',backend:{service:{name:'a',port:{number:1}}}}]}}]}      => spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path
        {rules:[{http:{paths:[{path:'/a//b',pathType:'Prefix',backend:{service:{name:'a',port:{number:1}}}}]}}]} => spec.rules[0].http.paths[0].path: Invalid value: "/a//b": must not contain '//'
        {rules:[{http:{paths:[{path:'/a/..',pathType:'Prefix',backend:{service:{name:'a',port:{number:1}}}}]}}]} => spec.rules[0].http.paths[0].path: Invalid value: "/a/..": cannot end with '/..'
        {rules:[{http:{paths:[{path:'/',pathType:'Any',backend:{service:{name:'a',port:{number:1}}}}]}}]}        => spec.rules[0].http.paths[0].pathType: Unsupported value: "Any": supported values: "Exact", "ImplementationSpecific", "Prefix"
        """)
    void ingresses(String spec, String error) {
        assertThat(INGRESS.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void anIngressIsShownWithItsHostsAndAddress() {
        assertThat(INGRESS.titles()).containsExactly("Name", "Class", "Hosts", "Address", "Ports", "Age");
        assertThat(INGRESS.cells("{spec:{rules:[{host:'a'},{host:'b'},{host:'c'},{host:'d'}],tls:[{}]},"
                        + "status:{loadBalancer:{ingress:[{ip:'1.2.3.4'},{hostname:'lb'}]}}}"))
                .containsExactly("example", "c", "a,b,c + 1 more...", "1.2.3.4,lb", "80, 443", "60m");
        assertThat(INGRESS.statusUpdated("{loadBalancer:{ingress:[{ip:'1.2.3.04'},{hostname:'1.2.3.4'}]}}"))
                .containsExactly(
                        "status.loadBalancer.ingress[0].ip: Invalid value: \"1.2.3.04\": must not have leading 0s",
                        "status.loadBalancer.ingress[1].hostname: Invalid value: \"1.2.3.4\": must be a DNS name, not"
                                + " an IP address");
        assertThat(INGRESS.created("{metadata:{annotations:{'kubernetes.io/ingress.class':'other'}}}"))
                .containsExactly("annotations.kubernetes.io/ingress.class: Invalid value: \"other\": must match"
                        + " `ingressClassName` when both are specified");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {ingress:[{from:[{}]}]}                                              => spec.ingress[0].from[0]: Required value: must specify a peer
        {ingress:[{from:[{ipBlock:{}}]}]}                                    => spec.ingress[0].from[0].ipBlock.cidr: Required value
        {ingress:[{from:[{ipBlock:{cidr:'10.0.0.1/8'}}]}]}                   => spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length
        {ingress:[{from:[{ipBlock:{cidr:'ten'}}]}]}                          => spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "ten": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
        {egress:[{to:[{ipBlock:{cidr:'10.0.0.0/8',except:['10.0.0.0/8']}}]}]} => spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`
        {egress:[{to:[{podSelector:{},ipBlock:{cidr:'10.0.0.0/8'}}]}]}       => spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer
        {egress:[{ports:[{protocol:'ICMP'}]}]}                               => spec.egress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"
        {egress:[{ports:[{port:80,endPort:70}]}]}                            => spec.egress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to `port`
        {egress:[{ports:[{port:'http',endPort:70}]}]}                        => spec.egress[0].ports[0].endPort: Invalid value: 70: may not be specified when `port` is non-numeric
        {egress:[{ports:[{endPort:70}]}]}                                    => spec.egress[0].ports[0].endPort: Invalid value: 70: may not be specified when `port` is not specified
        {policyTypes:['Both']}                                               => spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"
        {podSelector:{matchExpressions:[{key:'a',operator:'In'}]}}           => spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'
        """)
    void policies(String spec, String error) {
        assertThat(POLICY.created("{spec:" + spec + "}")).containsExactly(error);
    }

    @Test
    void aPolicyHasTheDirectionsItsRulesAreFor() {
        assertThat(POLICY.stored().at("/spec/policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
        assertThat(POLICY.stored("{spec:{egress:null}}").at("/spec/policyTypes").toString())
                .isEqualTo("[\"Ingress\"]");
        assertThat(POLICY.stored().at("/spec/ingress/0/ports/0/protocol").asText())
                .isEqualTo("TCP");
        assertThat(POLICY.titles()).containsExactly("Name", "Pod-Selector", "Age");
        assertThat(POLICY.cells("{}")).containsExactly("example", "app=db", "60m");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {metadata:{name:'10.096.0.1'}}        => metadata.name: Invalid value: "10.096.0.1": must not have leading 0s
        {metadata:{name:'2001:DB8::1'}}       => metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")
        {metadata:{name:'::ffff:1.2.3.4'}}    => metadata.name: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address
        {metadata:{name:'web'}}               => metadata.name: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
        {spec:{parentRef:null}}               => spec.parentRef: Required value
        {spec:{parentRef:{resource:null}}}    => spec.parentRef.resource: Required value
        {spec:{parentRef:{name:'a/b'}}}       => spec.parentRef.name: Invalid value: "a/b": may not contain '/'
        """)
    void addresses(String change, String error) {
        assertThat(ADDRESS.created(change)).containsExactly(error);
    }

    @Test
    void anAddressKeepsItsParent() {
        assertThat(ADDRESS.updated("{spec:{parentRef:{name:'other'}}}"))
                .containsExactly("spec.parentRef: Invalid value:"
                        + " {\"resource\":\"services\",\"namespace\":\"default\",\"name\":\"other\"}: field is"
                        + " immutable");
        assertThat(ADDRESS.titles()).containsExactly("Name", "ParentRef");
        assertThat(ADDRESS.cells("{}")).containsExactly("10.96.0.7", "services/default/web");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        []                                  => spec.cidrs: Required value: at least one CIDR required
        ['a','b','c']                       => spec.cidrs: Invalid value: {"cidrs":["a","b","c"]}: may only hold up to 2 values
        ['10.0.0.0/8','11.0.0.0/8']         => spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64
        ['FD00::/64']                       => spec.cidrs[0]: Invalid value: "FD00::/64": must be in canonical form ("fd00::/64")
        """)
    void ranges(String cidrs, String error) {
        assertThat(CIDR.created("{spec:{cidrs:" + cidrs + "}}")).containsExactly(error);
    }

    @Test
    void aRangeMayGetASecondFamilyAndNothingElse() {
        assertThat(CIDR.updated("{spec:{cidrs:['10.1.0.0/16','fd00::/64']}}")).isEmpty();
        assertThat(CIDR.updated("{spec:{cidrs:['10.2.0.0/16']}}"))
                .containsExactly("spec.cidrs[0]: Invalid value: \"10.2.0.0/16\": field is immutable");
        assertThat(CIDR.cells("{}")).containsExactly("example", "10.1.0.0/16", "60m");
    }
}
