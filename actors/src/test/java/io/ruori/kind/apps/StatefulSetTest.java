package io.ruori.kind.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** StatefulSets are completed, checked and shown as upstream does it. */
class StatefulSetTest {
    private static final KindCase SET = KindCase.of(
            StatefulSetKind.KIND,
            "{spec:{serviceName:'s',selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                    + "spec:{containers:[{name:'c',image:'i',volumeMounts:[{name:'data',mountPath:'/d'}]}]}},"
                    + "volumeClaimTemplates:[{metadata:{name:'data'},spec:{accessModes:['ReadWriteOnce'],"
                    + "resources:{requests:{storage:'1Gi'}}}}]}}");

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("{metadata:{name:'a.b'}}", "metadata.name: Invalid value: \"a.b\": must not contain dots"),
                arguments(
                        "{spec:{podManagementPolicy:'Chaos'}}",
                        "spec.podManagementPolicy: Invalid value: \"Chaos\": must be 'OrderedReady' or 'Parallel'"),
                arguments(
                        "{spec:{updateStrategy:{type:'Slowly'}}}",
                        "spec.updateStrategy: Invalid value: {\"type\":\"Slowly\"}: must be 'RollingUpdate' or"
                                + " 'OnDelete'"),
                arguments(
                        "{spec:{updateStrategy:{type:'OnDelete',rollingUpdate:{partition:1}}}}",
                        "spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for"
                                + " updateStrategy 'RollingUpdate'"),
                arguments(
                        "{spec:{updateStrategy:{type:'RollingUpdate',rollingUpdate:{partition:-1}}}}",
                        "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal"
                                + " to 0"),
                arguments(
                        "{spec:{updateStrategy:{type:'RollingUpdate',rollingUpdate:{maxUnavailable:0}}}}",
                        "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0"),
                arguments(
                        "{spec:{persistentVolumeClaimRetentionPolicy:{whenScaled:'Maybe'}}}",
                        "spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: \"Maybe\":"
                                + " supported values: \"Retain\", \"Delete\""),
                arguments(
                        "{spec:{ordinals:{start:-1}}}",
                        "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"),
                arguments("{spec:{selector:null}}", "spec.selector: Required value"),
                arguments(
                        "{spec:{selector:{matchLabels:null}}}",
                        "spec.selector: Invalid value: {}: empty selector is invalid for statefulset"),
                arguments(
                        "{spec:{selector:{matchLabels:{a:'c'}}}}",
                        "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match"
                                + " template `labels`"),
                arguments(
                        "{spec:{volumeClaimTemplates:[]}}",
                        "spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"data\""),
                arguments(
                        "{spec:{template:{spec:{restartPolicy:'OnFailure'}}}}",
                        "spec.template.spec.restartPolicy: Unsupported value: \"OnFailure\": supported values:"
                                + " \"Always\""),
                arguments(
                        "{spec:{template:{spec:{activeDeadlineSeconds:1}}}}",
                        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is"
                                + " not Supported"),
                arguments(
                        "{spec:{replicas:-1}}",
                        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongSetIsRefusedInTheseWords(String change, String message) {
        assertThat(SET.created("{}")).isEmpty();
        assertThat(SET.created(change)).containsExactly(message);
    }

    @Test
    void mostOfASpecStays() {
        String forbidden = "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                + " 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                + " 'minReadySeconds' are forbidden";
        assertThat(SET.updated("{spec:{serviceName:'t'}}")).containsExactly(forbidden);
        assertThat(SET.updated("{spec:{podManagementPolicy:'Parallel'}}")).containsExactly(forbidden);
        assertThat(SET.updated("{spec:{replicas:3,minReadySeconds:1,revisionHistoryLimit:2,ordinals:{start:1},"
                        + "updateStrategy:{type:'OnDelete',rollingUpdate:null},"
                        + "persistentVolumeClaimRetentionPolicy:{whenDeleted:'Delete'}}}"))
                .isEmpty();
    }

    @Test
    void defaults() {
        ObjectNode spec = (ObjectNode) SET.stored().get("spec");
        assertThat(spec.path("podManagementPolicy").asText()).isEqualTo("OrderedReady");
        assertThat(spec.get("updateStrategy"))
                .isEqualTo(KindCase.tree("{type:'RollingUpdate',rollingUpdate:{partition:0}}"));
        assertThat(spec.get("persistentVolumeClaimRetentionPolicy"))
                .isEqualTo(KindCase.tree("{whenDeleted:'Retain',whenScaled:'Retain'}"));
        assertThat(spec.path("replicas").intValue()).isEqualTo(1);
        assertThat(spec.path("revisionHistoryLimit").intValue()).isEqualTo(10);
        assertThat(spec.path("volumeClaimTemplates").get(0))
                .isEqualTo(KindCase.tree("{apiVersion:'v1',kind:'PersistentVolumeClaim',metadata:{name:'data'},"
                        + "spec:{accessModes:['ReadWriteOnce'],resources:{requests:{storage:'1Gi'}},"
                        + "volumeMode:'Filesystem'},status:{phase:'Pending'}}"));
    }

    @Test
    void statusIsCounted() {
        assertThat(SET.statusUpdated("{replicas:1,readyReplicas:2,availableReplicas:-1}"))
                .containsExactly(
                        "status.availableReplicas: Invalid value: -1: must be greater than or equal to 0",
                        "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas");
        assertThat(SET.statusUpdated("{replicas:2,readyReplicas:1,availableReplicas:2}"))
                .containsExactly(
                        "status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas");
    }

    @Test
    void columns() {
        assertThat(SET.titles()).containsExactly("Name", "Ready", "Age", "(Containers)", "(Images)");
        assertThat(SET.cells("{spec:{replicas:3},status:{readyReplicas:2}}"))
                .containsExactly("example", "2/3", "60m", "c", "i");
    }
}
