package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.api.Quantity;
import io.ruori.api.Revision;
import io.ruori.api.StoredObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Defaults, quality of service, requests, quantities, binding and scale. */
class DefaultsTest {

    @Test
    void aPodIsCompletedAsUpstreamCompletesIt() {
        ObjectNode pod = Json.read("""
            {"spec":{"containers":[{"name":"a","image":"web","ports":[{"containerPort":80}],
               "resources":{"limits":{"cpu":"1"},"requests":{"memory":"1Gi"}},
               "livenessProbe":{"httpGet":{"port":80}},
               "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}],
              "volumes":[{"name":"scratch"},{"name":"conf","configMap":{"name":"c"}}],"serviceAccountName":"me"}}\
            """);
        PodKind.KIND.rules().applyDefaults(pod);
        assertThat(Json.read(pod.toString())).isEqualTo(Json.read("""
            {"spec":{"containers":[{"name":"a","image":"web","ports":[{"containerPort":80,"protocol":"TCP"}],
               "resources":{"limits":{"cpu":"1"},"requests":{"memory":"1Gi","cpu":"1"}},
               "livenessProbe":{"httpGet":{"port":80,"path":"/","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,
                 "successThreshold":1,"failureThreshold":3},
               "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name","apiVersion":"v1"}}}],
               "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"Always"}],
              "volumes":[{"name":"scratch","emptyDir":{}},{"name":"conf","configMap":{"name":"c","defaultMode":420}}],
              "serviceAccountName":"me","serviceAccount":"me","enableServiceLinks":true,"restartPolicy":"Always",
              "terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
              "schedulerName":"default-scheduler"}}\
            """));
        ObjectNode again = pod.deepCopy();
        PodKind.KIND.rules().applyDefaults(again);
        assertThat(again).isEqualTo(pod);
    }

    @Test
    void aDeploymentsDefaultsAreUpstreams() {
        ObjectNode web = MiniCluster.deployment("web", 1, "nginx:1.27");
        ((ObjectNode) web.path("spec")).remove("replicas");
        DeploymentKind.KIND.rules().applyDefaults(web);
        assertThat(web.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(web.at("/spec/strategy"))
                .isEqualTo(
                        Json.read(
                                "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}"));
        assertThat(web.at("/spec/revisionHistoryLimit").asInt()).isEqualTo(10);
        assertThat(web.at("/spec/progressDeadlineSeconds").asInt()).isEqualTo(600);
        assertThat(web.at("/spec/template/spec/restartPolicy").asText()).isEqualTo("Always");
        assertThat(web.at("/spec/template/spec/enableServiceLinks").isMissingNode())
                .isTrue();
        assertThat(web.at("/spec/template/spec/containers/0/imagePullPolicy").asText())
                .isEqualTo("IfNotPresent");
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,Always",
        "nginx:latest,Always",
        "nginx:1,IfNotPresent",
        "host:5000/nginx,Always",
        "host:5000/nginx:1,IfNotPresent",
        "nginx@sha256:abc,IfNotPresent"
    })
    void imagesThatMayMoveArePulledEachTime(String image, String policy) {
        assertThat(PodDefaults.pullPolicy(image)).isEqualTo(policy);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{};BestEffort",
                "{'requests':{'cpu':'1'}};Burstable",
                "{'limits':{'cpu':'1','memory':'1Gi'}};Guaranteed",
                "{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}};Burstable",
                "{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'1000m','memory':'1024Mi'}};Guaranteed",
                "{'limits':{'cpu':'1'}};Burstable",
                "{'requests':{'ephemeral-storage':'1Gi'}};BestEffort"
            })
    void qualityFollowsFromResources(String resources, String quality) {
        String spec = "{'containers':[{'resources':" + resources + "}]}";
        assertThat(PodResources.qosClass(Json.read(spec.replace('\'', '"')))).isEqualTo(quality);
    }

    @Test
    void aPodAsksForWhatItNeedsAtItsPeak() {
        ObjectNode spec = Json.read("""
            {"containers":[{"resources":{"requests":{"cpu":"100m","memory":"64Mi"}}},{"resources":{"limits":{"cpu":"0.2","example.com/gpu":"1"}}}],
             "initContainers":[{"resources":{"requests":{"cpu":"50m"}},"restartPolicy":"Always"},
               {"resources":{"requests":{"cpu":"1","memory":"32Mi"}}}],
             "overhead":{"cpu":"10m"}}\
            """);
        PodDigest.Requests requests = PodResources.requests(spec);
        assertThat(requests.cpuMillis()).isEqualTo(1050 + 10);
        assertThat(requests.memoryBytes()).isEqualTo(64L << 20);
        assertThat(requests.extended()).containsEntry("example.com/gpu", 1L);
    }

    @ParameterizedTest
    @CsvSource({
        "1000m,1",
        "1024Mi,1Gi",
        "0.5,500m",
        "1.5Gi,1536Mi",
        "100m,100m",
        "1e3,1e3",
        "1000,1k",
        "1500,1500",
        "0,0",
        "0.0001,100u",
        "-1,-1",
        "123456789,123456789",
        "1048576,1048576",
        "1Ki,1Ki",
        "0.5Ki,512",
        "2E,2E"
    })
    void quantitiesAreWrittenCanonically(String text, String canonical) {
        assertThat(Quantity.parse(text).orElseThrow()).hasToString(canonical);
    }

    @ParameterizedTest
    @CsvSource({"abc", "1 Gi", "''", "1.2.3", "1Zi", "--1", "1e99999"})
    void otherTextsAreNoQuantities(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }

    @Test
    void aPodIsBoundOnce() {
        Subresource binding =
                java.util.Objects.requireNonNull(PodKind.KIND.subresources().get("binding"));
        ObjectNode pod = Json.read(
                "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\"},\"spec\":{},\"status\":{\"phase\":\"Pending\"}}");
        ObjectNode target = Json.read(
                "{\"metadata\":{\"annotations\":{\"a\":\"b\"}},\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}");
        Instant now = Instant.parse("2026-01-01T00:00:00.5Z");
        var bound = (Subresource.Folded.Into) binding.write().apply(pod.deepCopy(), target, now);
        assertThat(bound.object().at("/spec/nodeName").asText()).isEqualTo("n1");
        assertThat(bound.object().at("/metadata/annotations/a").asText()).isEqualTo("b");
        assertThat(bound.object().at("/status/conditions/0"))
                .isEqualTo(
                        Json.read(
                                "{\"type\":\"PodScheduled\",\"status\":\"True\",\"lastProbeTime\":null,\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}"));
        var again = (Subresource.Folded.Refused) binding.write().apply(bound.object(), target, now);
        assertThat(again.status().code()).isEqualTo(409);
        assertThat(again.status().message())
                .isEqualTo("Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node"
                        + " \"n1\"");
    }

    @Test
    void scaleShowsAndSetsReplicas() {
        Subresource scale = java.util.Objects.requireNonNull(
                DeploymentKind.KIND.subresources().get("scale"));
        ObjectNode web = MiniCluster.deployment("web", 3, "v1");
        ObjectNode shown = scale.read().apply(web);
        assertThat(shown.at("/kind").asText()).isEqualTo("Scale");
        assertThat(shown.at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(shown.at("/status/selector").asText()).isEqualTo("app=web");
        var set = (Subresource.Folded.Into)
                scale.write().apply(web, Json.read("{\"spec\":{\"replicas\":5}}"), Instant.EPOCH);
        assertThat(set.object().at("/spec/replicas").asInt()).isEqualTo(5);
        var refused = (Subresource.Folded.Refused)
                scale.write().apply(web, Json.read("{\"spec\":{\"replicas\":-1}}"), Instant.EPOCH);
        assertThat(refused.status().message())
                .isEqualTo(
                        "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than"
                                + " or equal to 0");
    }

    @Test
    void theDigestTellsWhatReconcilersNeed() {
        ObjectNode pod = Json.read("""
            {"metadata":{"name":"p","namespace":"n","uid":"u","creationTimestamp":"2026-01-01T00:00:00Z",
               "labels":{"pod-template-hash":"abc"},"annotations":{"controller.kubernetes.io/pod-deletion-cost":"7"}},
             "spec":{"nodeName":"n1","priority":5,"containers":[{"name":"a","ports":[{"containerPort":1,"hostPort":8080,"protocol":"TCP"}]}],
               "tolerations":[{"key":"k","operator":"Exists","effect":"NoExecute","tolerationSeconds":30}]},
             "status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:05Z"}],
               "containerStatuses":[{"ready":true,"restartCount":2}]}}\
            """);
        StoredObject stored = PodKind.KIND.store(pod, new Revision(1));
        PodDigest digest = PodDigest.of(stored);
        assertThat(digest.phase()).isEqualTo(PodDigest.Phase.RUNNING);
        assertThat(digest.ready()).isTrue();
        assertThat(digest.readySince()).isEqualTo("2026-01-01T00:00:05Z");
        assertThat(digest.deletionCost()).isEqualTo(7);
        assertThat(digest.templateHash()).isEqualTo("abc");
        assertThat(digest.maxRestarts()).isEqualTo(2);
        assertThat(digest.hostPorts()).containsExactly(new PodDigest.HostPort("0.0.0.0", "TCP", 8080));
        assertThat(digest.tolerations()).containsExactly(new PodDigest.Toleration("k", "Exists", "", "NoExecute", 30));
        assertThat(stored.field(PodKind.ORPHAN)).isEqualTo("true");
        assertThat(PodKind.KIND.selectableFields())
                .doesNotContain(PodKind.ORPHAN)
                .contains("status.podIPs");
    }
}
