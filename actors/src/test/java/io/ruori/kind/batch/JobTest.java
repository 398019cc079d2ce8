package io.ruori.kind.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs are completed, checked and shown as upstream does it. */
class JobTest {
    private static final KindCase JOB = KindCase.of(
            JobKind.KIND,
            "{metadata:{uid:'u1'},spec:{template:{spec:{restartPolicy:'Never',containers:[{name:'c',image:'i'}]}}}}");
    private static final KindCase INDEXED = JOB.but("{spec:{completionMode:'Indexed',completions:5,parallelism:5}}");
    private static final KindCase MANUAL =
            JOB.but("{spec:{manualSelector:true,selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}}}}}");

    static Stream<Arguments> wrong() {
        String rule = "spec.podFailurePolicy.rules[0]";
        return Stream.of(
                arguments(
                        JOB,
                        "{spec:{parallelism:-1}}",
                        "spec.parallelism: Invalid value: -1: must be greater than or equal to 0"),
                arguments(
                        JOB,
                        "{spec:{template:{spec:{restartPolicy:null}}}}",
                        "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""),
                arguments(
                        JOB,
                        "{spec:{completionMode:'Some'}}",
                        "spec.completionMode: Unsupported value: \"Some\": supported values: \"NonIndexed\","
                                + " \"Indexed\""),
                arguments(
                        JOB,
                        "{spec:{completionMode:'Indexed',parallelism:1}}",
                        "spec.completions: Required value: when completion mode is Indexed"),
                arguments(
                        INDEXED,
                        "{spec:{parallelism:100001}}",
                        "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion"
                                + " mode is Indexed"),
                arguments(
                        JOB,
                        "{spec:{backoffLimitPerIndex:1}}",
                        "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"),
                arguments(
                        INDEXED,
                        "{spec:{maxFailedIndexes:2}}",
                        "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"),
                arguments(
                        INDEXED,
                        "{spec:{backoffLimitPerIndex:1,maxFailedIndexes:6}}",
                        "spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions"),
                arguments(
                        INDEXED,
                        "{metadata:{name:'" + "n".repeat(62) + "'}}",
                        "metadata.name: Invalid value: \"" + "n".repeat(62)
                                + "\": will not able to create pod with invalid DNS label: " + "n".repeat(62) + "-4"),
                arguments(
                        JOB,
                        "{spec:{managedBy:'me'}}",
                        "spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as"
                                + " \"acme.io/foo\")"),
                arguments(
                        JOB,
                        "{spec:{podReplacementPolicy:'Never'}}",
                        "spec.podReplacementPolicy: Unsupported value: \"Never\": supported values: \"Failed\","
                                + " \"TerminatingOrFailed\""),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{action:'Count'}]}}}",
                        rule + ": Invalid value: specifying one of OnExitCodes and OnPodConditions is required"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{onPodConditions:[{type:'A'}]}]}}}",
                        rule + ".action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\""
                                + " \"Ignore\"]"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{action:'FailIndex',onPodConditions:[{type:'A'}]}]}}}",
                        rule + ".action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{action:'FailJob',onExitCodes:{operator:'In',values:[0]}}]}}}",
                        rule + ".onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{action:'FailJob',onExitCodes:{operator:'In',values:[2,1]}}]}}}",
                        rule + ".onExitCodes.values: Invalid value: [2,1]: must be ordered"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[{action:'FailJob',onExitCodes:{containerName:'x',operator:'In',"
                            + "values:[1]}}]}}}",
                        rule + ".onExitCodes.containerName: Invalid value: \"x\": must be one of the container or"
                                + " initContainer names in the pod template"),
                arguments(
                        JOB,
                        "{spec:{podFailurePolicy:{rules:[]},template:{spec:{restartPolicy:'OnFailure'}}}}",
                        "spec.template.spec.restartPolicy: Invalid value: \"OnFailure\": only \"Never\" is supported"
                                + " when podFailurePolicy is specified"),
                arguments(
                        JOB,
                        "{spec:{successPolicy:{rules:[{succeededCount:1}]}}}",
                        "spec.successPolicy: Invalid value: {\"rules\":[{\"succeededCount\":1}]}: requires indexed"
                                + " completion mode"),
                arguments(
                        INDEXED,
                        "{spec:{successPolicy:{rules:[{succeededIndexes:'0-2,1'}]}}}",
                        "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"0-2,1\": error parsing"
                                + " succeededIndexes: non-increasing order, previous: 2, current: 1"),
                arguments(
                        INDEXED,
                        "{spec:{successPolicy:{rules:[{succeededIndexes:'0-1',succeededCount:3}]}}}",
                        "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2"
                                + " (the number of indexes in the specified succeededIndexes field)"),
                arguments(
                        MANUAL,
                        "{spec:{selector:{matchLabels:{a:'c'}}}}",
                        "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match"
                                + " template `labels`"),
                arguments(MANUAL, "{spec:{selector:null}}", "spec.selector: Required value"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongJobIsRefusedInTheseWords(KindCase base, String change, String message) {
        assertThat(base.created("{}")).isEmpty();
        assertThat(base.created(change)).containsExactly(message);
    }

    @Test
    void aSelectorIsMade() {
        JsonNode job = JOB.stored();
        String labels = "{'controller-uid':'u1','job-name':'example','batch.kubernetes.io/controller-uid':'u1',"
                + "'batch.kubernetes.io/job-name':'example'}";
        assertThat(job.at("/spec/selector"))
                .isEqualTo(KindCase.tree("{matchLabels:{'batch.kubernetes.io/controller-uid':'u1'}}"));
        assertThat(job.at("/spec/template/metadata/labels")).isEqualTo(KindCase.tree(labels));
        assertThat(job.at("/metadata/labels")).isEqualTo(KindCase.tree(labels));
        assertThat(JOB.created("{spec:{template:{metadata:{labels:{'job-name':'other'}}}}}"))
                .singleElement()
                .asString()
                .startsWith("spec.template.metadata.labels[job-name]: Invalid value: ")
                .endsWith(": must be 'example'");
    }

    @Test
    void defaults() {
        JsonNode spec = JOB.stored().get("spec");
        assertThat(spec.path("completions").intValue()).isEqualTo(1);
        assertThat(spec.path("parallelism").intValue()).isEqualTo(1);
        assertThat(spec.path("backoffLimit").intValue()).isEqualTo(6);
        assertThat(spec.path("completionMode").asText()).isEqualTo("NonIndexed");
        assertThat(spec.path("podReplacementPolicy").asText()).isEqualTo("TerminatingOrFailed");
        assertThat(spec.path("suspend").isBoolean()).isTrue();
        assertThat(JOB.stored("{spec:{parallelism:2}}").at("/spec/completions").isMissingNode())
                .isTrue();
        assertThat(INDEXED.stored("{spec:{backoffLimitPerIndex:1}}")
                        .at("/spec/backoffLimit")
                        .intValue())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aRunningJobStaysAsItIs() {
        assertThat(JOB.updated("{spec:{completions:2}}"))
                .containsExactly("spec.completions: Invalid value: 2: field is immutable");
        assertThat(JOB.updated("{spec:{template:{spec:{nodeSelector:{a:'b'}}}}}"))
                .singleElement()
                .asString()
                .startsWith("spec.template: Invalid value: ")
                .endsWith(": field is immutable");
        assertThat(JOB.updated("{spec:{parallelism:3,suspend:true,ttlSecondsAfterFinished:1}}"))
                .isEmpty();
        assertThat(INDEXED.updated("{spec:{completions:3,parallelism:3}}")).isEmpty();
        assertThat(INDEXED.updated("{spec:{completions:3}}"))
                .containsExactly(
                        "spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism");
    }

    @Test
    void aSuspendedJobMayBeSentElsewhere() {
        KindCase suspended = JOB.but("{spec:{suspend:true}}");
        assertThat(suspended.updated("{spec:{template:{spec:{nodeSelector:{a:'b'},affinity:{nodeAffinity:{}}}}}}"))
                .isEmpty();
        assertThat(suspended.updated("{spec:{template:{spec:{hostname:'h'}}}}")).hasSize(1);
    }

    private static String condition(String... types) {
        StringBuilder all = new StringBuilder("conditions:[");
        for (String type : types) {
            all.append("{type:'").append(type).append("',status:'True'},");
        }
        return all.substring(0, all.length() - (types.length == 0 ? 0 : 1)) + "]";
    }

    static Stream<Arguments> wrongStatuses() {
        String started = "startTime:'2026-01-01T00:00:00Z'";
        String ended = "completionTime:'2026-01-01T00:01:00Z'";
        String complete = condition("SuccessCriteriaMet", "Complete");
        return Stream.of(
                arguments(
                        "{}",
                        "{" + started + "," + ended + "," + condition("Complete") + "}",
                        "status.conditions: Invalid value: cannot set Complete=True condition without the"
                                + " SuccessCriteriaMet=true condition"),
                arguments(
                        "{}",
                        "{" + started + "," + complete + "}",
                        "status.completionTime: Required value: completionTime is required for Complete jobs"),
                arguments(
                        "{}",
                        "{" + started + "," + condition("Failed") + "}",
                        "status.conditions: Invalid value: cannot set Failed=True condition without the"
                                + " FailureTarget=true condition"),
                arguments(
                        "{" + started + "," + ended + "," + complete + "}",
                        "{" + started + "," + "completionTime:'2026-01-01T00:02:00Z'," + complete + "}",
                        "status.completionTime: Invalid value: \"2026-01-01T00:02:00Z\": completionTime cannot be"
                                + " mutated"),
                arguments(
                        "{" + started + "}",
                        "{startTime:null}",
                        "status.startTime: Required value: startTime cannot be removed for unsuspended job"),
                arguments(
                        "{failed:2}",
                        "{failed:1}",
                        "status.failed: Invalid value: 1: cannot decrease the failed counter"),
                arguments(
                        "{}",
                        "{active:1,ready:2}",
                        "status.ready: Invalid value: 2: cannot set more ready pods than active"),
                arguments(
                        "{}",
                        "{active:1," + started + "," + ended + "," + complete + "}",
                        "status.active: Invalid value: 1: active>0 is invalid for finished job"),
                arguments(
                        "{}",
                        "{completedIndexes:'1'}",
                        "status.completedIndexes: Invalid value: \"1\": cannot set non-empty completedIndexes when"
                                + " non-indexed completion mode"));
    }

    @ParameterizedTest
    @MethodSource("wrongStatuses")
    void aWrongStatusIsRefusedInTheseWords(String before, String change, String message) {
        assertThat(JOB.statusUpdated(before, change)).contains(message);
    }

    @Test
    void indexesThatFailedDidNotComplete() {
        KindCase perIndex = INDEXED.but("{spec:{backoffLimitPerIndex:1}}");
        assertThat(perIndex.statusUpdated("{completedIndexes:'0-2',failedIndexes:'2,4'}"))
                .containsExactly("status.failedIndexes: Invalid value: \"2,4\": failedIndexes and completedIndexes"
                        + " overlap at index: 2");
        assertThat(perIndex.statusUpdated("{completedIndexes:'0-5'}"))
                .containsExactly("status.completedIndexes: Invalid value: \"0-5\": error parsing completedIndexes: too"
                        + " large index: \"5\"");
    }

    @Test
    void columns() {
        assertThat(JOB.titles())
                .containsExactly(
                        "Name", "Status", "Completions", "Duration", "Age", "(Containers)", "(Images)", "(Selector)");
        String selector = "batch.kubernetes.io/controller-uid=u1";
        assertThat(JOB.cells("{}")).containsExactly("example", "Running", "0/1", "", "60m", "c", "i", selector);
        assertThat(JOB.cells("{spec:{completions:null,parallelism:3},status:{succeeded:1,"
                        + "startTime:'2026-01-01T00:00:00Z',completionTime:'2026-01-01T00:01:30Z',"
                        + condition("SuccessCriteriaMet", "Complete") + "}}"))
                .containsExactly("example", "Complete", "1/1 of 3", "90s", "60m", "c", "i", selector);
        assertThat(JOB.cells("{status:{" + condition("Suspended") + "}}").get(1))
                .isEqualTo("Suspended");
    }

    @Test
    void aNameThatMakesAPoorHostnameIsWarnedOf() {
        assertThat(JOB.warnings("{}")).isEmpty();
        assertThat(JOB.warnings("{metadata:{name:'a.b'}}"))
                .containsExactly("metadata.name: this is used in Pod names and hostnames, which can result in"
                        + " surprising behavior; a DNS label is recommended: [must not contain dots]");
    }
}
