package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables as kubectl shows them. */
class ColumnsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private static List<String> row(KindName kind, JsonNode object) {
        return MiniCluster.kinds().get(kind).columns().stream()
                .map(column -> String.valueOf(column.cell().of(object, NOW)))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "-5,<invalid>",
        "-1,0s",
        "0,0s",
        "119,119s",
        "120,2m",
        "121,2m1s",
        "599,9m59s",
        "600,10m",
        "10799,179m",
        "10800,3h",
        "10860,3h1m",
        "28799,7h59m",
        "28800,8h",
        "172799,47h",
        "172800,2d",
        "176400,2d1h",
        "691199,7d23h",
        "691200,8d",
        "63071999,729d",
        "63072000,2y",
        "63158400,2y1d",
        "252288000,8y",
        "315360000,10y"
    })
    void agesAreShort(long seconds, String shown) {
        assertThat(HumanDuration.of(Duration.ofSeconds(seconds))).isEqualTo(shown);
    }

    @Test
    void columnsHaveUpstreamsNamesAndOrder() {
        assertThat(names(PodKind.NAME))
                .containsExactly(
                        "Name",
                        "Ready",
                        "Status",
                        "Restarts",
                        "Age",
                        "IP*",
                        "Node*",
                        "Nominated Node*",
                        "Readiness Gates*");
        assertThat(names(DeploymentKind.NAME))
                .containsExactly(
                        "Name", "Ready", "Up-to-date", "Available", "Age", "Containers*", "Images*", "Selector*");
        assertThat(names(ReplicaSetKind.NAME))
                .containsExactly("Name", "Desired", "Current", "Ready", "Age", "Containers*", "Images*", "Selector*");
        assertThat(names(NodeKind.NAME))
                .containsExactly(
                        "Name",
                        "Status",
                        "Roles",
                        "Age",
                        "Version",
                        "Internal-IP*",
                        "External-IP*",
                        "OS-Image*",
                        "Kernel-Version*",
                        "Container-Runtime*");
        assertThat(names(NamespaceKind.NAME)).containsExactly("Name", "Status", "Age");
        assertThat(names(EventKind.NAME))
                .containsExactly(
                        "Last Seen",
                        "Type",
                        "Reason",
                        "Object",
                        "Subobject*",
                        "Source*",
                        "Message",
                        "First Seen*",
                        "Count*",
                        "Name*");
        assertThat(names(SecretKind.NAME)).containsExactly("Name", "Type", "Data", "Age");
        assertThat(names(ConfigMapKind.NAME)).containsExactly("Name", "Data", "Age");
        assertThat(names(ServiceAccountKind.NAME)).containsExactly("Name", "Secrets", "Age");
        assertThat(names(LeaseKind.NAME)).containsExactly("Name", "Holder", "Age");
        assertThat(names(ControllerRevisionKind.NAME)).containsExactly("Name", "Controller", "Revision", "Age");
    }

    private static List<String> names(KindName kind) {
        return MiniCluster.kinds().get(kind).columns().stream()
                .map(column -> column.name() + (column.priority() > 0 ? "*" : ""))
                .toList();
    }

    static Stream<Arguments> pods() {
        String ready = "\"ready\":true,\"state\":{\"running\":{}}";
        String restarted =
                "\"restartCount\":3,\"lastState\":{\"terminated\":{\"finishedAt\":\"2026-01-01T11:54:30Z\"}},";
        return Stream.of(
                arguments("", "\"phase\":\"Pending\"", "0/2", "Pending", "0"),
                arguments(
                        "",
                        "\"phase\":\"Running\",\"containerStatuses\":[{" + ready + "},{" + ready + "}]",
                        "2/2",
                        "Running",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Running\",\"containerStatuses\":[{" + restarted + ready + "}]",
                        "1/2",
                        "Running",
                        "3 (5m30s ago)"),
                arguments(
                        "",
                        "\"phase\":\"Running\",\"containerStatuses\":[{" + restarted
                                + "\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}}]",
                        "0/2",
                        "CrashLoopBackOff",
                        "3 (5m30s ago)"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"ErrImagePull\"}}}]",
                        "0/2",
                        "ErrImagePull",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Failed\",\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":3}}}]",
                        "0/2",
                        "ExitCode:3",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Failed\",\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":137,\"signal\":9}}}]",
                        "0/2",
                        "Signal:9",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Succeeded\",\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":0,\"reason\":\"Completed\"}}}]",
                        "0/2",
                        "Completed",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"containerStatuses\":[{\"state\":{\"terminated\":{\"reason\":\"Completed\"}}},{"
                                + ready + "}]",
                        "1/2",
                        "Running",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Running\",\"containerStatuses\":[{\"state\":{\"terminated\":{\"reason\":\"Completed\"}}},{"
                                + ready + "}]",
                        "1/2",
                        "NotReady",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"initContainerStatuses\":[{\"state\":{\"running\":{}}}]",
                        "0/2",
                        "Init:0/1",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"initContainerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}}]",
                        "0/2",
                        "Init:CrashLoopBackOff",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"initContainerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":2}}}]",
                        "0/2",
                        "Init:ExitCode:2",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"initContainerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":0}}}],\"containerStatuses\":[{\"state\":{\"waiting\":{\"reason\":\"PodInitializing\"}}}]",
                        "0/2",
                        "PodInitializing",
                        "0"),
                arguments(
                        "",
                        "\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":\"SchedulingGated\"}]",
                        "0/2",
                        "SchedulingGated",
                        "0"),
                arguments("", "\"phase\":\"Failed\",\"reason\":\"Evicted\"", "0/2", "Evicted", "0"),
                arguments(
                        ",\"deletionTimestamp\":\"2026-01-01T11:59:00Z\"",
                        "\"phase\":\"Running\"",
                        "0/2",
                        "Terminating",
                        "0"),
                arguments(
                        ",\"deletionTimestamp\":\"2026-01-01T11:59:00Z\"",
                        "\"phase\":\"Running\",\"reason\":\"NodeLost\"",
                        "0/2",
                        "Unknown",
                        "0"));
    }

    @ParameterizedTest
    @MethodSource("pods")
    void aPodIsSummedUpInOneWord(String metadata, String status, String ready, String word, String restarts) {
        JsonNode pod = Json.read("""
            {"metadata":{"name":"p","creationTimestamp":"2026-01-01T11:00:00Z"%s},
             "spec":{"containers":[{"name":"a"},{"name":"b"}],"initContainers":[{"name":"i"}]},
             "status":{%s}}\
            """.formatted(metadata, status));
        assertThat(row(PodKind.NAME, pod))
                .containsExactly("p", ready, word, restarts, "60m", "<none>", "<none>", "<none>", "<none>");
    }

    @Test
    void whatIsUnknownIsSaidToBe() {
        assertThat(row(NodeKind.NAME, Json.read("{\"metadata\":{\"name\":\"n\"},\"spec\":{\"unschedulable\":true}}")))
                .containsExactly(
                        "n",
                        "Unknown,SchedulingDisabled",
                        "<none>",
                        "<unknown>",
                        "",
                        "<none>",
                        "<none>",
                        "<unknown>",
                        "<unknown>",
                        "<unknown>");
        JsonNode node = Json.read("""
            {"metadata":{"name":"n","labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},
             "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],
              "nodeInfo":{"kubeletVersion":"v1.36.0"}}}\
            """);
        assertThat(row(NodeKind.NAME, node))
                .startsWith("n", "Ready", "control-plane,worker", "<unknown>", "v1.36.0", "10.0.0.1");
    }

    @Test
    void workloadsShowTheirNumbersAndSelector() {
        JsonNode web = Json.read("""
            {"metadata":{"name":"web","creationTimestamp":"2026-01-01T11:59:00Z"},
             "spec":{"replicas":3,"selector":{"matchLabels":{"b":"2","a":"1"}},
              "template":{"spec":{"containers":[{"name":"x","image":"i:1"},{"name":"y","image":"j"}]}}},
             "status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}\
            """);
        assertThat(row(DeploymentKind.NAME, web))
                .containsExactly("web", "2/3", "3", "1", "60s", "x,y", "i:1,j", "a=1,b=2");
        assertThat(row(ReplicaSetKind.NAME, web))
                .containsExactly("web", "3", "0", "2", "60s", "x,y", "i:1,j", "a=1,b=2");
    }

    @Test
    void eventsSayWhenWhereAndHowOften() {
        JsonNode event = Json.read("""
            {"metadata":{"name":"e"},"type":"Warning","reason":"BackOff","message":" again ","count":4,
             "firstTimestamp":"2026-01-01T11:00:00Z","lastTimestamp":"2026-01-01T11:59:55Z",
             "source":{"component":"kubelet","host":"n1"},
             "involvedObject":{"kind":"Pod","name":"web","fieldPath":"spec.containers{a}"}}\
            """);
        assertThat(row(EventKind.NAME, event))
                .containsExactly(
                        "5s",
                        "Warning",
                        "BackOff",
                        "pod/web",
                        "spec.containers{a}",
                        "kubelet, n1",
                        "again",
                        "60m",
                        "4",
                        "e");
    }
}
