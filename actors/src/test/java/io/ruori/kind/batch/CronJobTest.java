package io.ruori.kind.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.kind.KindCase;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CronJobs are completed, checked and shown as upstream does it. */
class CronJobTest {
    private static final KindCase CRON = KindCase.of(
            CronJobKind.KIND,
            "{spec:{schedule:'*/5 * * * *',jobTemplate:{spec:{template:{spec:{restartPolicy:'OnFailure',"
                    + "containers:[{name:'c',image:'i'}]}}}}}}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "*/15 0-6 1,15 jan-MAR mon",
                "0 0 ? * 0",
                "5/10 * * * *",
                "@daily",
                "@every 1h30m",
                " 1  2 3 4 5 ",
                "0-59/2 0 31 12 6"
            })
    void theseSchedulesAreFine(String schedule) {
        assertThat(CronSyntax.wrongSchedule(schedule)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * *|expected exactly 5 fields, found 4: [* * * *]",
                "60 * * * *|end of range (60) above maximum (59): 60",
                "* * 0 * *|beginning of range (0) below minimum (1): 0",
                "5-2 * * * *|beginning of range (5) beyond end of range (2): 5-2",
                "* * * * 7|end of range (7) above maximum (6): 7",
                "*/0 * * * *|step of range should be a positive number: */0",
                "1-2-3 * * * *|too many hyphens: 1-2-3",
                "1/2/3 * * * *|too many slashes: 1/2/3",
                "x * * * *|failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
                "@sometimes|unrecognized descriptor: @sometimes",
                "@every x|failed to parse duration @every x: time: invalid duration \"x\"",
                "TZ=Nowhere 1 * * * *|provided bad location Nowhere: unknown time zone Nowhere",
            })
    void theseAreWrong(String schedule, String text) {
        assertThat(CronSyntax.wrongSchedule(schedule)).contains(text);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("{spec:{schedule:null}}", "spec.schedule: Required value"),
                arguments(
                        "{spec:{schedule:'* * *'}}",
                        "spec.schedule: Invalid value: \"* * *\": expected exactly 5 fields, found 3: [* * *]"),
                arguments(
                        "{spec:{schedule:'TZ=UTC 1 * * * *'}}",
                        "spec.schedule: Invalid value: \"TZ=UTC 1 * * * *\": cannot use TZ or CRON_TZ in schedule, use"
                                + " timeZone field instead"),
                arguments(
                        "{spec:{timeZone:''}}",
                        "spec.timeZone: Invalid value: \"\": timeZone must be nil or non-empty string"),
                arguments(
                        "{spec:{timeZone:'Mars/Olympus'}}",
                        "spec.timeZone: Invalid value: \"Mars/Olympus\": unknown time zone Mars/Olympus"),
                arguments("{spec:{timeZone:'../x'}}", "spec.timeZone: Invalid value: \"../x\": unknown time zone ../x"),
                arguments(
                        "{spec:{timeZone:'Local'}}",
                        "spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in"
                                + " https://www.iana.org/time-zones"),
                arguments(
                        "{spec:{concurrencyPolicy:'Queue'}}",
                        "spec.concurrencyPolicy: Unsupported value: \"Queue\": supported values: \"Allow\","
                                + " \"Forbid\", \"Replace\""),
                arguments(
                        "{spec:{jobTemplate:{spec:{selector:{matchLabels:{a:'b'}}}}}}",
                        "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector`"
                                + " will be auto-generated"),
                arguments(
                        "{spec:{jobTemplate:{spec:{manualSelector:true}}}}",
                        "spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\","
                                + " \"false\""),
                arguments(
                        "{spec:{jobTemplate:{spec:{template:{spec:{restartPolicy:'Always'}}}}}}",
                        "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values:"
                                + " \"OnFailure\", \"Never\""),
                arguments(
                        "{spec:{failedJobsHistoryLimit:-1}}",
                        "spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0"),
                arguments(
                        "{metadata:{name:'" + "n".repeat(53) + "'}}",
                        "metadata.name: Invalid value: \"" + "n".repeat(53)
                                + "\": must be no more than 52 characters"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongCronJobIsRefusedInTheseWords(String change, String message) {
        assertThat(CRON.created("{}")).isEmpty();
        assertThat(CRON.created(change)).containsExactly(message);
    }

    @Test
    void zonesOfTheWorldAreFine() {
        assertThat(CRON.created("{spec:{timeZone:'Europe/Helsinki'}}")).isEmpty();
        assertThat(CRON.created("{spec:{timeZone:'Etc/UTC'}}")).isEmpty();
        assertThat(CRON.created("{spec:{timeZone:'UTC'}}")).isEmpty();
    }

    @Test
    void everythingMayChange() {
        assertThat(CRON.updated("{spec:{schedule:'@daily',timeZone:'UTC',suspend:true,"
                        + "jobTemplate:{spec:{template:{spec:{hostname:'h'}}}}}}"))
                .isEmpty();
    }

    @Test
    void defaults() {
        JsonNode spec = CRON.stored().get("spec");
        assertThat(spec.path("concurrencyPolicy").asText()).isEqualTo("Allow");
        assertThat(spec.path("suspend").isBoolean()).isTrue();
        assertThat(spec.path("successfulJobsHistoryLimit").intValue()).isEqualTo(3);
        assertThat(spec.path("failedJobsHistoryLimit").intValue()).isEqualTo(1);
        assertThat(spec.at("/jobTemplate/spec/template/spec/dnsPolicy").asText())
                .isEqualTo("ClusterFirst");
        assertThat(spec.at("/jobTemplate/spec/completions").isMissingNode()).isTrue();
    }

    @Test
    void columns() {
        assertThat(CRON.titles())
                .containsExactly(
                        "Name",
                        "Schedule",
                        "Timezone",
                        "Suspend",
                        "Active",
                        "Last Schedule",
                        "Age",
                        "(Containers)",
                        "(Images)",
                        "(Selector)");
        assertThat(CRON.cells("{status:{active:[{name:'x'}],lastScheduleTime:'2026-01-01T00:59:00Z'}}"))
                .containsExactly("example", "*/5 * * * *", "<none>", "False", "1", "60s", "60m", "c", "i", "<none>");
        assertThat(CRON.cells("{}").get(5)).isEqualTo("<none>");
    }
}
