package io.ruori.kind.apiregistration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.ruori.kind.DeploymentKind;
import io.ruori.kind.EventKind;
import io.ruori.kind.Kind;
import io.ruori.kind.KindCase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** APIServices are completed, checked and shown as upstream does it. */
class ApiServiceTest {
    private static final Kind KIND = ApiServiceKind.with(List.of(EventKind.KIND, DeploymentKind.KIND));
    private static final KindCase REMOTE = KindCase.of(
            KIND,
            "{metadata:{name:'v1.a.b'},spec:{group:'a.b',version:'v1',groupPriorityMinimum:1,versionPriority:1,"
                    + "service:{namespace:'n',name:'s'}}}");
    private static final KindCase LOCAL = REMOTE.but("{spec:{service:null}}");

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments(
                        REMOTE,
                        "{metadata:{name:'x'}}",
                        "metadata.name: Invalid value: \"x\": must be `spec.version+\".\"+spec.group`: \"v1.a.b\""),
                arguments(
                        REMOTE,
                        "{metadata:{name:'v2.'},spec:{group:null,version:'v2'}}",
                        "spec.group: Required value: only v1 may have an empty group and it better be legacy kube"),
                arguments(
                        REMOTE,
                        "{spec:{groupPriorityMinimum:20001}}",
                        "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000"),
                arguments(
                        REMOTE,
                        "{spec:{versionPriority:0}}",
                        "spec.versionPriority: Invalid value: 0: must be positive and less than 1000"),
                arguments(REMOTE, "{spec:{service:{name:null}}}", "spec.service.name: Required value"),
                arguments(
                        REMOTE,
                        "{spec:{insecureSkipTLSVerify:true,caBundle:'YQ=='}}",
                        "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present"),
                arguments(
                        LOCAL,
                        "{spec:{caBundle:'YQ=='}}",
                        "spec.caBundle: Invalid value: \"1 bytes\": local APIServices may not have a caBundle"),
                arguments(
                        LOCAL,
                        "{spec:{insecureSkipTLSVerify:true}}",
                        "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have"
                                + " insecureSkipTLSVerify"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongObjectIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
    }

    @Test
    void everyServedVersionHasOne() {
        assertThat(KIND.firstObjects())
                .extracting(object -> object.at("/metadata/name").asText())
                .containsExactly("v1.", "v1.events.k8s.io", "v1.apps");
        KIND.firstObjects()
                .forEach(first -> assertThat(KindCase.of(KIND, first.toString()).created("{}"))
                        .isEmpty());
    }

    @Test
    void columns() {
        assertThat(REMOTE.titles()).containsExactly("Name", "Service", "Available", "Age");
        assertThat(REMOTE.cells("{status:{conditions:[{type:'Available',status:'False',reason:'Gone'}]}}"))
                .containsExactly("v1.a.b", "n/s", "False (Gone)", "60m");
        assertThat(LOCAL.cells("{}")).containsExactly("v1.a.b", "Local", "True", "60m");
        assertThat(REMOTE.stored().at("/spec/service/port").intValue()).isEqualTo(443);
    }
}
