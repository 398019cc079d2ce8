package io.ruori.kind.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** HorizontalPodAutoscalers are completed, checked, converted and shown as upstream does it. */
class HorizontalPodAutoscalerTest {
    private static final KindCase SCALER = KindCase.of(
            HorizontalPodAutoscalerKind.KIND,
            "{spec:{maxReplicas:5,scaleTargetRef:{apiVersion:'apps/v1',kind:'Deployment',name:'d'}}}");

    private static String metrics(String... metrics) {
        return "{spec:{metrics:[" + String.join(",", metrics) + "]}}";
    }

    static Stream<Arguments> wrong() {
        String first = "spec.metrics[0]";
        return Stream.of(
                arguments(
                        "{spec:{minReplicas:0}}",
                        "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                        "spec.metrics: Forbidden: must specify at least one Object or External metric to support"
                                + " scaling to zero replicas"),
                arguments(
                        "{spec:{maxReplicas:0}}",
                        "spec.maxReplicas: Invalid value: 0: must be greater than 0",
                        "spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`"),
                arguments("{spec:{scaleTargetRef:{kind:null}}}", "spec.scaleTargetRef.kind: Required value", ""),
                arguments(
                        "{spec:{scaleTargetRef:{name:'a/b'}}}",
                        "spec.scaleTargetRef.name: Invalid value: \"a/b\": may not contain '/'",
                        ""),
                arguments(
                        metrics("{type:'Weather'}"),
                        first + ".type: Unsupported value: \"Weather\": supported values: \"ContainerResource\","
                                + " \"External\", \"Object\", \"Pods\", \"Resource\"",
                        ""),
                arguments(
                        metrics("{type:'Resource'}"),
                        first + ".resource: Required value: must populate information for the given metric source",
                        ""),
                arguments(
                        metrics("{type:'Resource',resource:{name:'cpu',target:{type:'Utilization'}}}"),
                        first + ".resource.target.averageUtilization: Required value: must set either a target raw"
                                + " value or a target utilization",
                        ""),
                arguments(
                        metrics("{type:'Resource',resource:{target:{type:'Utilization',averageUtilization:0}}}"),
                        first + ".resource.name: Required value: must specify a resource name",
                        first + ".resource.target.averageUtilization: Invalid value: 0: must be greater than 0"),
                arguments(
                        metrics("{type:'Pods',pods:{metric:{name:'m'},target:{type:'Value',value:'1'}}}"),
                        first + ".pods.target.averageValue: Required value: must specify a positive target"
                                + " averageValue",
                        ""),
                arguments(
                        metrics("{type:'Pods',pods:{metric:{name:'m'},target:{type:'AverageValue',averageValue:'1'}},"
                                + "object:{describedObject:{kind:'A',name:'b'},metric:{name:'m'},"
                                + "target:{type:'Value',value:'1'}}}"),
                        first + ".object: Forbidden: must populate the given metric source only",
                        ""),
                arguments(
                        metrics("{type:'External',external:{metric:{name:'m'},target:{type:'Value',value:'1',"
                                + "averageValue:'1'}}}"),
                        first + ".external.target.value: Forbidden: may not set both a target value for metric and a"
                                + " per-pod target",
                        ""),
                arguments(
                        metrics("{type:'ContainerResource',containerResource:{name:'cpu',target:{type:'Utilization',"
                                + "averageUtilization:1}}}"),
                        first + ".containerResource.container: Required value: must specify a container",
                        ""),
                arguments(
                        "{spec:{behavior:{scaleDown:{stabilizationWindowSeconds:3601}}}}",
                        "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 3601: must be less than or"
                                + " equal to 3600",
                        ""),
                arguments(
                        "{spec:{behavior:{scaleUp:{selectPolicy:'Any'}}}}",
                        "spec.behavior.scaleUp.selectPolicy: Unsupported value: \"Any\": supported values:"
                                + " \"Disabled\", \"Max\", \"Min\"",
                        ""),
                arguments(
                        "{spec:{behavior:{scaleUp:{policies:[{type:'Cups',value:0,periodSeconds:1801}]}}}}",
                        "spec.behavior.scaleUp.policies[0].type: Unsupported value: \"Cups\": supported values:"
                                + " \"Percent\", \"Pods\"",
                        "spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or"
                                + " equal to 1800"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongAutoscalerIsRefusedInTheseWords(String change, String message, String another) {
        assertThat(SCALER.created("{}")).isEmpty();
        assertThat(SCALER.created(change)).contains(message);
        if (!another.isEmpty()) {
            assertThat(SCALER.created(change)).contains(another);
        }
    }

    @Test
    void defaults() {
        assertThat(SCALER.stored().at("/spec/metrics").toString())
                .isEqualTo("[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":"
                        + "\"Utilization\",\"averageUtilization\":80}}}]");
        assertThat(SCALER.stored("{spec:{behavior:{scaleDown:{policies:[{type:'Pods',value:1,periodSeconds:9}]}}}}")
                        .at("/spec/behavior"))
                .isEqualTo(KindCase.tree("{scaleUp:{stabilizationWindowSeconds:0,selectPolicy:'Max',policies:["
                        + "{type:'Pods',value:4,periodSeconds:15},{type:'Percent',value:100,periodSeconds:15}]},"
                        + "scaleDown:{policies:[{type:'Pods',value:1,periodSeconds:9}],selectPolicy:'Max'}}"));
    }

    @Test
    void columns() {
        assertThat(SCALER.titles())
                .containsExactly("Name", "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age");
        assertThat(SCALER.cells("{}"))
                .containsExactly("example", "Deployment/d", "cpu: <unknown>/80%", "1", "5", "0", "60m");
        assertThat(SCALER.but(metrics(
                                "{type:'Resource',resource:{name:'memory',target:{type:'AverageValue',averageValue:'1Gi'}}}",
                                "{type:'External',external:{metric:{name:'q'},target:{type:'AverageValue',averageValue:'3'}}}",
                                "{type:'Pods',pods:{metric:{name:'p'},target:{type:'AverageValue',averageValue:'4'}}}"))
                        .cells("{status:{currentReplicas:2,currentMetrics:[{type:'Resource',resource:{name:'memory',"
                                + "current:{averageValue:'512Mi'}}}]}}"))
                .containsSequence("memory: 512Mi/1Gi, <unknown>/3 (avg) + 1 more...", "1", "5", "2");
    }

    @Test
    void v1HasOneFieldForTheShareOfCpu() {
        ObjectNode v1 = HorizontalPodAutoscalerV1.fromStored(
                SCALER.stored(
                        "{spec:{metrics:[{type:'Resource',resource:{name:'cpu',target:{type:'Utilization',averageUtilization:60}}}]}}"));
        assertThat(v1.get("spec"))
                .isEqualTo(KindCase.tree("{maxReplicas:5,minReplicas:1,targetCPUUtilizationPercentage:60,"
                        + "scaleTargetRef:{apiVersion:'apps/v1',kind:'Deployment',name:'d'}}"));
        assertThat(v1.path("metadata").has("annotations")).isFalse();
        ObjectNode back = HorizontalPodAutoscalerV1.toStored(v1);
        assertThat(back.at("/spec/metrics/0/resource/target/averageUtilization").intValue())
                .isEqualTo(60);
    }

    @Test
    void whatV1CannotSayTravelsInAnnotations() {
        ObjectNode stored = SCALER.stored(metrics(
                "{type:'Resource',resource:{name:'memory',target:{type:'AverageValue',averageValue:'1Gi'}}}",
                "{type:'Object',object:{describedObject:{kind:'A',name:'b'},metric:{name:'m'},target:{type:'Value',value:'1'}}}",
                "{type:'External',external:{metric:{name:'q',selector:{matchLabels:{a:'b'}}},"
                        + "target:{type:'AverageValue',averageValue:'3'}}}",
                "{type:'ContainerResource',containerResource:{name:'cpu',container:'c',target:{type:'Utilization',"
                        + "averageUtilization:9}}}",
                "{type:'Resource',resource:{name:'cpu',target:{type:'Utilization',averageUtilization:60}}}"));
        stored.withObject("/spec")
                .set(
                        "behavior",
                        SCALER.stored("{spec:{behavior:{scaleUp:{tolerance:'10m'}}}}")
                                .at("/spec/behavior"));
        stored.set(
                "status",
                KindCase.tree("{currentReplicas:1,desiredReplicas:2,currentMetrics:[{type:'Resource',resource:{"
                        + "name:'cpu',current:{averageUtilization:7,averageValue:'3m'}}}],"
                        + "conditions:[{type:'AbleToScale',status:'True'}]}"));
        ObjectNode v1 = HorizontalPodAutoscalerV1.fromStored(stored.deepCopy());
        assertThat(v1.at("/spec/targetCPUUtilizationPercentage").intValue()).isEqualTo(60);
        assertThat(v1.at("/status/currentCPUUtilizationPercentage").intValue()).isEqualTo(7);
        assertThat(v1.path("spec").has("behavior")).isFalse();
        assertThat(v1.at("/metadata/annotations/autoscaling.alpha.kubernetes.io~1metrics")
                        .asText())
                .startsWith(
                        "[{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"targetAverageValue\":\"1Gi\"}}");
        assertThat(HorizontalPodAutoscalerV1.toStored(v1)).isEqualTo(stored);
    }
}
