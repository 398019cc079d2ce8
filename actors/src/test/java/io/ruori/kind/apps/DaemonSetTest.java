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

/** DaemonSets are completed, checked and shown as upstream does it. */
class DaemonSetTest {
    private static final String GENERATION = "deprecated.daemonset.template.generation";
    private static final KindCase SET = KindCase.of(
            DaemonSetKind.KIND,
            "{spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},"
                    + "spec:{nodeSelector:{disk:'ssd'},containers:[{name:'c',image:'i'}]}}}}");

    static Stream<Arguments> wrong() {
        String rolling = "spec.updateStrategy.rollingUpdate";
        return Stream.of(
                arguments(
                        "{spec:{selector:{matchLabels:{a:'c'}}}}",
                        "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match"
                                + " template `labels`"),
                arguments(
                        "{spec:{selector:null}}",
                        "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match"
                                + " template `labels`"),
                arguments(
                        "{spec:{selector:{matchLabels:null}}}",
                        "spec.selector: Invalid value: {}: empty selector is invalid for daemonset"),
                arguments(
                        "{spec:{template:{spec:{restartPolicy:'Never'}}}}",
                        "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values:"
                                + " \"Always\""),
                arguments(
                        "{spec:{template:{spec:{activeDeadlineSeconds:1}}}}",
                        "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is"
                                + " not Supported"),
                arguments(
                        "{spec:{updateStrategy:{type:'Slowly'}}}",
                        "spec.updateStrategy: Unsupported value: {\"type\":\"Slowly\"}: supported values:"
                                + " \"RollingUpdate\", \"OnDelete\""),
                arguments(
                        "{spec:{updateStrategy:{rollingUpdate:{maxUnavailable:0}}}}",
                        rolling + ".maxUnavailable: Required value: cannot be 0 when maxSurge is 0"),
                arguments(
                        "{spec:{updateStrategy:{rollingUpdate:{maxSurge:1}}}}",
                        rolling + ".maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"),
                arguments(
                        "{spec:{updateStrategy:{rollingUpdate:{maxUnavailable:'101%'}}}}",
                        rolling + ".maxUnavailable: Invalid value: \"101%\": must not be greater than 100%"),
                arguments(
                        "{spec:{minReadySeconds:-1}}",
                        "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"),
                arguments(
                        "{spec:{revisionHistoryLimit:-1}}",
                        "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongSetIsRefusedInTheseWords(String change, String message) {
        assertThat(SET.created("{}")).isEmpty();
        assertThat(SET.created(change)).containsExactly(message);
    }

    @Test
    void theSelectorStays() {
        assertThat(SET.updated("{spec:{selector:{matchLabels:{a:'c'}},template:{metadata:{labels:{a:'c'}}}}}"))
                .containsExactly("spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"c\"}}: field is immutable");
        assertThat(SET.updated("{spec:{minReadySeconds:5}}")).isEmpty();
    }

    @Test
    void defaults() {
        ObjectNode spec = (ObjectNode) SET.stored().get("spec");
        assertThat(spec.get("updateStrategy"))
                .isEqualTo(KindCase.tree("{type:'RollingUpdate',rollingUpdate:{maxSurge:0,maxUnavailable:1}}"));
        assertThat(spec.get("revisionHistoryLimit").intValue()).isEqualTo(10);
        assertThat(SET.stored().get("status"))
                .isEqualTo(KindCase.tree(
                        "{currentNumberScheduled:0,desiredNumberScheduled:0,numberMisscheduled:0," + "numberReady:0}"));
    }

    @Test
    void templatesAreCountedInAnAnnotation() {
        assertThat(generation(SET.stored())).isEqualTo("1");
        assertThat(generation(SET.replaced("{spec:{minReadySeconds:5}}"))).isEqualTo("1");
        assertThat(generation(SET.replaced("{spec:{template:{spec:{hostname:'h'}}}}")))
                .isEqualTo("2");
        // A bare template, as a client sends it with PUT, is the same one.
        assertThat(generation(SET.replaced("{metadata:{annotations:null},spec:{template:{spec:{dnsPolicy:null,"
                        + "containers:[{name:'c',image:'i'}]}}}}")))
                .isEqualTo("1");
    }

    private static String generation(ObjectNode set) {
        return set.path("metadata").path("annotations").path(GENERATION).asText();
    }

    @Test
    void statusIsCounted() {
        assertThat(SET.statusUpdated("{collisionCount:2}", "{collisionCount:1,numberReady:-1}"))
                .containsExactly(
                        "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
                        "status.collisionCount: Invalid value: 1: cannot be decremented");
    }

    @Test
    void columns() {
        assertThat(SET.titles())
                .containsExactly(
                        "Name",
                        "Desired",
                        "Current",
                        "Ready",
                        "Up-to-date",
                        "Available",
                        "Node Selector",
                        "Age",
                        "(Containers)",
                        "(Images)",
                        "(Selector)");
        assertThat(SET.cells("{status:{desiredNumberScheduled:5,currentNumberScheduled:4,numberReady:3,"
                        + "updatedNumberScheduled:2,numberAvailable:1}}"))
                .containsExactly("example", "5", "4", "3", "2", "1", "disk=ssd", "60m", "c", "i", "a=b");
    }
}
