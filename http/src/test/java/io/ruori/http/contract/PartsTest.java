package io.ruori.http.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.Json;
import io.ruori.http.codec.YamlCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who owns what after parts of an object were written on their own: a scale, a status, an approval, finalizers. */
class PartsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path data;

    @SuppressWarnings("NullAway.Init")
    private static TestMaster master;

    @BeforeAll
    static void start() throws IOException {
        master = TestMaster.start(data.resolve("data"));
        String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        master.api().post(definitions, yaml(CUSTOM)).is(201);
        await("the definition is established")
                .atMost(Duration.ofSeconds(10))
                .until(() -> master.api()
                        .get(definitions + "/rigs.test.example.com")
                        .json()
                        .path("status")
                        .path("conditions")
                        .findValuesAsText("type")
                        .contains("Established"));
    }

    @AfterAll
    static void stop() {
        master.close();
    }

    /** A request for a certificate, of a key nobody has. */
    private static final String REQUEST =
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1IRUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWJXbHVaVEJaTUJN"
                + "R0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSApBMElBQkVXeUlSVDg3WlpqRkFlNURiazd2cFByaVZ0UHRvUXlMazFSRWd1WFRYMFl3"
                + "Q0hMcU1YZUJ5aTd4aEEyCm1JYm9XTFNmWU84TGRSTGpxdStpQ0hCWTZFbWdBREFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUVBNW9Z"
                + "d3JsNkgKZWFWQmJJMHRpLy9sTVMzY0xPWDBOSUZLaU9nNHBNbzFVOFVDSUQ0ZkNWTVlkV2x3ajVTTnRLQW85SGllT1hoSwpsdGxS"
                + "d3hkU3k3N2xXVkRoCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

    private static final String CUSTOM = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: rigs.test.example.com}
        spec:
          group: test.example.com
          scope: Namespaced
          names: {plural: rigs, kind: Rig}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.size.count, statusReplicasPath: .status.count}
            schema:
              openAPIV3Schema:
                type: object
                x-kubernetes-preserve-unknown-fields: true
        """;

    private static Api api() {
        return master.api();
    }

    private static ObjectNode yaml(String text) {
        return YamlCodec.read(text.getBytes(StandardCharsets.UTF_8)).tree();
    }

    private static ObjectNode workload(String apiVersion, String kind, String name) {
        String selector =
                kind.equals("ReplicationController") ? "{app: " + name + "}" : "{matchLabels: {app: " + name + "}}";
        return yaml("""
            apiVersion: %s
            kind: %s
            metadata: {name: %s}
            spec:
              replicas: 1
              selector: %s
              template:
                metadata: {labels: {app: %s}}
                spec: {containers: [{name: c, image: i}]}
            """.formatted(apiVersion, kind, name, selector, name));
    }

    private static ObjectNode scale(String name, int replicas) {
        return yaml("""
            apiVersion: autoscaling/v1
            kind: Scale
            metadata: {name: %s, namespace: default}
            spec: {replicas: %d}
            """.formatted(name, replicas));
    }

    private static Api.Answer apply(String path, String manager, ObjectNode wanted) {
        return api().patch(path + "?fieldManager=" + manager, Api.APPLY, wanted);
    }

    private static Api.Answer force(String path, String manager, ObjectNode wanted) {
        return api().patch(path + "?force=true&fieldManager=" + manager, Api.APPLY, wanted);
    }

    /** Managers of a field, as {@code name operation sub-resource}. */
    private static List<String> owners(String path, String... field) {
        List<String> owners = new ArrayList<>();
        for (JsonNode entry : Json.at(api().get(path).is(200).json(), "metadata", "managedFields")) {
            JsonNode fields = entry.path("fieldsV1");
            for (String name : field) {
                fields = fields.path("f:" + name);
            }
            if (!fields.isMissingNode()) {
                assertThat(Json.text(entry, "apiVersion")).isNotEqualTo("autoscaling/v1");
                owners.add((Json.text(entry, "manager") + " " + Json.text(entry, "operation") + " "
                                + Json.text(entry, "subresource"))
                        .strip());
            }
        }
        return owners;
    }

    @ParameterizedTest
    @CsvSource({
        "/apis/apps/v1, deployments, Deployment",
        "/apis/apps/v1, replicasets, ReplicaSet",
        "/apis/apps/v1, statefulsets, StatefulSet",
        "/api/v1, replicationcontrollers, ReplicationController",
    })
    void theNumberOfAWorkloadIsOwnedByWhoScaledIt(String group, String plural, String kind) {
        String path = group + "/namespaces/default/" + plural + "/scaled";
        ObjectNode wanted = workload(group.equals("/api/v1") ? "v1" : "apps/v1", kind, "scaled");
        apply(path, "one", wanted).is(201);
        assertThat(owners(path, "spec", "replicas")).containsExactly("one Apply");

        api().patch(path + "/scale?fieldManager=scaler", Api.MERGE_PATCH, yaml("{spec: {replicas: 5}}"))
                .is(200);
        assertThat(owners(path, "spec", "replicas")).containsExactly("scaler Update scale");
        apply(path, "one", wanted).failed(409, "Conflict");
        force(path, "one", wanted).is(200);
        assertThat(owners(path, "spec", "replicas")).containsExactly("one Apply");

        ObjectNode conflict = apply(path + "/scale", "two", scale("scaled", 17)).failed(409, "Conflict");
        assertThat(Json.text(conflict, "message"))
                .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas");
        ObjectNode scaled =
                force(path + "/scale", "two", scale("scaled", 17)).is(200).json();
        assertThat(Json.text(scaled, "kind")).isEqualTo("Scale");
        assertThat(scaled.path("spec").path("replicas").asInt()).isEqualTo(17);
        assertThat(owners(path, "spec", "replicas")).containsExactly("two Apply scale");
        assertThat(owners(path, "spec", "template")).containsExactly("one Apply");

        api().put(path + "/scale?fieldManager=putter", scale("scaled", 7)).is(200);
        assertThat(owners(path, "spec", "replicas")).containsExactly("putter Update scale");
        String message =
                Json.text(apply(path + "/scale", "two", scale("scaled", 8)).failed(409, "Conflict"), "message");
        assertThat(message)
                .isEqualTo("Apply failed with 1 conflict: conflict with \"putter\" with subresource \"scale\""
                        + " using autoscaling/v1: .spec.replicas");
        apply(path + "/scale", "two", scale("scaled", 7)).is(200);
        assertThat(owners(path, "spec", "replicas")).containsExactly("two Apply scale", "putter Update scale");
        ObjectNode before = api().get(path).json();
        apply(path + "/scale", "two", scale("scaled", 7)).is(200);
        assertThat(api().get(path).json().path("spec")).isEqualTo(before.path("spec"));
        assertThat(owners(path, "spec", "replicas")).containsExactly("two Apply scale", "putter Update scale");
    }

    @Test
    void whatAScaleSaysOfItsStatusIsNobodys() {
        String path = "/apis/apps/v1/namespaces/default/deployments/counted";
        apply(path, "one", workload("apps/v1", "Deployment", "counted")).is(201);
        api().patch(path + "/scale?fieldManager=two", Api.MERGE_PATCH, yaml("{status: {replicas: 42}}"))
                .is(200);
        ObjectNode applied = scale("counted", 1);
        applied.putObject("status").put("replicas", 42);
        apply(path + "/scale", "three", applied).is(200);
        assertThat(owners(path, "spec", "replicas")).containsExactlyInAnyOrder("one Apply", "three Apply scale");
        assertThat(api().get(path).text()).doesNotContain("\"two\"");
    }

    @Test
    void aCustomResourceKeepsItsNumberWhereItLikes() {
        String path = "/apis/test.example.com/v1/namespaces/default/rigs/deep";
        apply(path, "one", yaml("""
            apiVersion: test.example.com/v1
            kind: Rig
            metadata: {name: deep}
            spec: {size: {count: 2, unit: m}}
            """)).is(201);
        ObjectNode conflict = apply(path + "/scale", "two", scale("deep", 3)).failed(409, "Conflict");
        assertThat(Json.text(conflict.path("details").path("causes").path(0), "field"))
                .isEqualTo(".spec.replicas");
        force(path + "/scale", "two", scale("deep", 3)).is(200);
        assertThat(Json.number(api().get(path).json(), 0, "spec", "size", "count"))
                .isEqualTo(3);
        assertThat(owners(path, "spec", "size", "count")).containsExactly("two Apply scale");
        assertThat(owners(path, "spec", "size", "unit")).containsExactly("one Apply");
    }

    @Test
    void whoAppliesAnotherKindToAScaleIsRefused() {
        String path = "/apis/apps/v1/namespaces/default/deployments/other";
        ObjectNode deployment = workload("apps/v1", "Deployment", "other");
        apply(path, "one", deployment).is(201);
        apply(path + "/scale", "two", deployment).failed(400, "BadRequest");
        apply(path + "/scale", "two", scale("other", -1)).is(409);
        force(path + "/scale", "two", scale("other", -1)).failed(422, "Invalid");
        apply("/apis/apps/v1/namespaces/default/deployments/none/scale", "two", scale("none", 1))
                .failed(404, "NotFound");
    }

    @Test
    void aWrittenScaleIsHadAsATable() {
        String path = "/apis/apps/v1/namespaces/default/replicasets/shown";
        apply(path, "one", workload("apps/v1", "ReplicaSet", "shown")).is(201);
        ObjectNode table = api().send("PUT", path + "/scale", Api.JSON, Api.TABLE, Json.write(scale("shown", 4)))
                .is(200)
                .json();
        assertThat(table.path("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Desired", "Available", "Age");
        assertThat(table.path("rows").path(0).path("cells").path(1).asInt()).isEqualTo(4);
    }

    @Test
    void nobodyOwnsByApplyingAStatusWhatAStatusDoesNotWrite() {
        String path = "/apis/apps/v1/namespaces/default/deployments/reported";
        ObjectNode wanted = workload("apps/v1", "Deployment", "reported");
        apply(path, "one", wanted).is(201);
        Json.child(Json.child(wanted, "metadata"), "labels").put("a", "b");
        Json.child(Json.child(wanted, "metadata"), "annotations").put("c", "d");
        Json.child(wanted, "spec").put("paused", true);
        wanted.putObject("status").put("collisionCount", 3);
        force(path + "/status", "two", wanted).is(200);
        ObjectNode live = api().get(path).json();
        assertThat(live.path("spec").has("paused")).isFalse();
        assertThat(owners(path, "status", "collisionCount")).containsExactly("two Apply status");
        assertThat(owners(path, "metadata", "annotations", "c")).containsExactly("two Apply status");
        assertThat(owners(path, "metadata", "labels")).isEmpty();
        assertThat(owners(path, "spec")).containsExactly("one Apply");
    }

    @Test
    void anAppliedApprovalWritesConditionsAlone() {
        String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        ObjectNode wanted = yaml("""
            apiVersion: certificates.k8s.io/v1
            kind: CertificateSigningRequest
            metadata: {name: mine}
            spec: {request: %s, signerName: example.com/mine, usages: [digital signature]}
            """.formatted(REQUEST));
        api().post(requests + "?fieldManager=one", wanted).is(201);
        String path = requests + "/mine";
        ObjectNode approval = yaml("""
            apiVersion: certificates.k8s.io/v1
            kind: CertificateSigningRequest
            metadata: {name: mine, labels: {a: b}}
            spec: {request: %s, signerName: example.com/other}
            status: {certificate: YQ==, conditions: [{type: Approved, status: "True", reason: r, message: m}]}
            """.formatted(REQUEST));
        apply(path + "/approval", "two", approval).is(200);
        ObjectNode live = api().get(path).json();
        assertThat(Json.text(live, "spec", "signerName")).isEqualTo("example.com/mine");
        assertThat(live.path("metadata").has("labels")).isFalse();
        assertThat(live.path("status").has("certificate")).isFalse();
        assertThat(Json.text(live.path("status").path("conditions").path(0), "type"))
                .isEqualTo("Approved");
        assertThat(owners(path, "spec")).containsExactly("one Update");
        assertThat(owners(path, "metadata")).isEmpty();
        assertThat(owners(path, "status", "certificate")).isEmpty();
        assertThat(owners(path, "status", "conditions")).containsExactly("two Apply approval");
    }

    @Test
    void aNamespacesOwnFinalizersAreKubernetesOrQualified() {
        ObjectNode namespace = yaml("{apiVersion: v1, kind: Namespace, metadata: {name: held}}");
        api().post("/api/v1/namespaces", namespace).is(201);
        ObjectNode wanted = namespace.deepCopy();
        wanted.putObject("spec").putArray("finalizers").add("kubernetes").add("mine");
        ObjectNode status =
                api().put("/api/v1/namespaces/held/finalize", wanted).failed(422, "Invalid");
        assertThat(Json.text(status, "message"))
                .contains("spec.finalizers[1]: Invalid value: \"mine\": name is neither a standard finalizer name"
                        + " nor is it fully qualified");
        Json.child(wanted, "spec").putArray("finalizers").add("kubernetes").add("example.com/mine");
        api().put("/api/v1/namespaces/held/finalize", wanted).is(200);
        api().put("/api/v1/namespaces/held/finalize", namespace).is(200);
    }

    @Test
    void theVersionIsForReading() {
        assertThat(api().get("/version").is(200).text()).startsWith("{\n  \"major\": \"1\",\n  \"minor\": \"36\"");
    }
}
