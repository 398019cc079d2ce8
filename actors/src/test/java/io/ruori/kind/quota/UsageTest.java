package io.ruori.kind.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.ruori.api.KindName;
import io.ruori.kind.KindCase;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What objects use, and which of a quota's names speak of them. */
class UsageTest {
    private static String of(String kind, String object) {
        return Usage.of(KindName.core(kind), KindCase.tree(object), KindCase.NOW)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {spec:{containers:[{name:'a'}]}}                                  => count/pods=1,pods=1
        {status:{phase:'Failed'},spec:{containers:[{name:'a',resources:{requests:{cpu:'1'}}}]}} => count/pods=1
        {metadata:{deletionTimestamp:'2026-01-01T11:59:00Z',deletionGracePeriodSeconds:30}} => count/pods=1
        {metadata:{deletionTimestamp:'2026-01-01T11:59:50Z',deletionGracePeriodSeconds:30}} => count/pods=1,pods=1
        {spec:{containers:[{resources:{requests:{cpu:'200m'},limits:{cpu:'1',memory:'1Gi'}}},{resources:{requests:{cpu:'300m'}}}]}} => count/pods=1,cpu=500m,limits.cpu=1,limits.memory=1Gi,memory=1Gi,pods=1,requests.cpu=500m,requests.memory=1Gi
        {spec:{overhead:{cpu:'100m'},initContainers:[{resources:{limits:{cpu:'2'}}}],containers:[{resources:{limits:{cpu:'1'}}}]}} => count/pods=1,cpu=2100m,limits.cpu=2100m,pods=1,requests.cpu=2100m
        {spec:{containers:[{resources:{limits:{'example.com/gpu':'2','hugepages-2Mi':'4Mi','ephemeral-storage':'1Gi'}}}]}} => count/pods=1,ephemeral-storage=1Gi,hugepages-2Mi=4Mi,limits.ephemeral-storage=1Gi,pods=1,requests.ephemeral-storage=1Gi,requests.example.com/gpu=2,requests.hugepages-2Mi=4Mi
        """)
    void podsUseWhatTheirContainersAskForUntilTheyEnd(String pod, String amounts) {
        assertThat(of("pods", pod)).isEqualTo(amounts);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '`', textBlock = """
        {spec:{type:'ClusterIP',ports:[{port:1},{port:2}]}}    => count/services=1,services=1
        {spec:{type:'NodePort',ports:[{port:1},{port:2}]}}     => count/services=1,services=1,services.nodeports=2
        {spec:{type:'LoadBalancer',ports:[{port:1},{port:2}]}} => count/services=1,services=1,services.loadbalancers=1,services.nodeports=2
        {spec:{type:'LoadBalancer',allocateLoadBalancerNodePorts:false,ports:[{port:1,nodePort:30001},{port:2}]}} => count/services=1,services=1,services.loadbalancers=1,services.nodeports=1
        """)
    void servicesUsePortsOfNodesAndLoadBalancers(String service, String amounts) {
        assertThat(of("services", service)).isEqualTo(amounts);
    }

    @Test
    void claimsUseStorageOfTheirClass() {
        assertThat(of("persistentvolumeclaims", "{spec:{resources:{requests:{storage:'2Gi'}}}}"))
                .isEqualTo("count/persistentvolumeclaims=1,persistentvolumeclaims=1,requests.storage=2Gi");
        assertThat(of(
                        "persistentvolumeclaims",
                        "{spec:{storageClassName:'fast',resources:{requests:{storage:'2Gi'}}},"
                                + "status:{allocatedResources:{storage:'3Gi'}}}"))
                .isEqualTo("count/persistentvolumeclaims=1,fast.storageclass.storage.k8s.io/persistentvolumeclaims=1,"
                        + "fast.storageclass.storage.k8s.io/requests.storage=3Gi,persistentvolumeclaims=1,"
                        + "requests.storage=3Gi");
    }

    @Test
    void everythingElseIsCounted() {
        assertThat(of("secrets", "{}")).isEqualTo("count/secrets=1,secrets=1");
        assertThat(Usage.of(new KindName("apps", "deployments"), KindCase.tree("{}"), KindCase.NOW)
                        .toString())
                .isEqualTo("count/deployments.apps=1");
    }

    @Test
    void namesTellTheirKinds() {
        assertThat(Usage.kindsOf(Set.of(
                        "count/deployments.apps",
                        "count/events",
                        "requests.cpu",
                        "requests.example.com/gpu",
                        "requests.storage",
                        "services.nodeports",
                        "resourcequotas",
                        "nobody/knows")))
                .containsExactlyInAnyOrder(
                        new KindName("apps", "deployments"),
                        KindName.core("pods"),
                        KindName.core("persistentvolumeclaims"),
                        KindName.core("services"),
                        KindName.core("resourcequotas"));
        assertThat(Usage.isOf(KindName.core("pods"), "requests.storage")).isFalse();
        assertThat(Usage.isOf(new KindName("example.com", "pods"), "pods")).isFalse();
        assertThat(Usage.isOf(new KindName("example.com", "pods"), "count/pods.example.com"))
                .isTrue();
    }
}
