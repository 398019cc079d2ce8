package io.ruori.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ruori.api.FieldError;
import io.ruori.api.FieldErrors;
import io.ruori.api.Json;
import io.ruori.api.KindName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with an object, all at once, in Kubernetes' words. */
class ValidationTest {
    private static final String LABEL_RULE =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                    + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String POD = """
        {"metadata":{"name":"p","namespace":"default"},
         "spec":{"containers":[{"name":"a","image":"i"}]}}\
        """;
    private static final String DEPLOYMENT = """
        {"metadata":{"name":"d","namespace":"default"},
         "spec":{"selector":{"matchLabels":{"app":"a"}},
          "template":{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"a","image":"i"}]}}}}\
        """;

    private static Kind kind(KindName name) {
        return MiniCluster.kinds().get(name);
    }

    /** Merges objects, and lists by position. */
    private static void merge(ObjectNode into, JsonNode change) {
        change.properties().forEach(e -> {
            JsonNode old = into.get(e.getKey());
            if (e.getValue().isNull()) {
                into.remove(e.getKey());
            } else if (old instanceof ObjectNode object && e.getValue().isObject()) {
                merge(object, e.getValue());
            } else {
                into.set(e.getKey(), e.getValue().deepCopy());
            }
        });
    }

    private static ObjectNode edited(String base, String change) {
        ObjectNode tree = Json.read(base);
        merge(tree, Json.read(change));
        return tree;
    }

    private static List<String> onCreate(KindName name, ObjectNode tree) {
        Kind kind = kind(name);
        kind.rules().prepareCreate(tree);
        kind.rules().applyDefaults(tree);
        FieldErrors errors = new FieldErrors();
        MetaRules.validate(kind, tree, errors);
        kind.rules().validateCreate(tree, errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    private static List<String> onUpdate(KindName name, String base, String change) {
        Kind kind = kind(name);
        ObjectNode old = Json.read(base);
        kind.rules().prepareCreate(old);
        kind.rules().applyDefaults(old);
        old = Json.read(old.toString());
        ObjectNode tree = old.deepCopy();
        merge(tree, Json.read(change));
        kind.rules().prepareUpdate(tree, old);
        kind.rules().applyDefaults(tree);
        FieldErrors errors = new FieldErrors();
        MetaRules.validateUpdate(kind, tree, old, errors);
        kind.rules().validateUpdate(tree, old, errors);
        return errors.all().stream().map(FieldError::message).toList();
    }

    static Stream<Arguments> wrongPods() {
        String c = "spec.containers[0]";
        return Stream.of(
                arguments("{\"spec\":{\"containers\":[]}}", "spec.containers: Required value"),
                arguments(
                        "{\"metadata\":{\"name\":\"Not_ok\"}}",
                        "metadata.name: Invalid value: \"Not_ok\": a lowercase RFC 1123 subdomain must consist of"
                                + " lower case alphanumeric characters, '-' or '.', and must start and end with an"
                                + " alphanumeric character (e.g. 'example.com', regex used for validation is"
                                + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"),
                arguments(containers("{\"image\":\"i\"}"), c + ".name: Required value"),
                arguments(
                        containers("{\"name\":\"A\",\"image\":\"i\"}"),
                        c + ".name: Invalid value: \"A\": " + LABEL_RULE),
                arguments(containers("{\"name\":\"a\"}"), c + ".image: Required value"),
                arguments(
                        containers("{\"name\":\"a\",\"image\":\" i\"}"),
                        c + ".image: Invalid value: \" i\": must not have leading or trailing whitespace"),
                arguments(
                        containers("{\"name\":\"a\",\"image\":\"i\"},{\"name\":\"a\",\"image\":\"i\"}"),
                        "spec.containers[1].name: Duplicate value: \"a\""),
                arguments(
                        container("\"imagePullPolicy\":\"Sometimes\""),
                        c
                                + ".imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\","
                                + " \"IfNotPresent\", \"Never\""),
                arguments(
                        container("\"ports\":[{\"containerPort\":0}]"), c + ".ports[0].containerPort: Required value"),
                arguments(
                        container("\"ports\":[{\"containerPort\":70000}]"),
                        c + ".ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive"),
                arguments(
                        container(
                                "\"ports\":[{\"name\":\"x\",\"containerPort\":1},{\"name\":\"x\",\"containerPort\":2}]"),
                        c + ".ports[1].name: Duplicate value: \"x\""),
                arguments(
                        container("\"ports\":[{\"containerPort\":1,\"protocol\":\"tcp\"}]"),
                        c
                                + ".ports[0].protocol: Unsupported value: \"tcp\": supported values: \"SCTP\","
                                + " \"TCP\", \"UDP\""),
                arguments(container("\"env\":[{\"name\":\"\"}]"), c + ".env[0].name: Required value"),
                arguments(
                        container(
                                "\"env\":[{\"name\":\"A\",\"value\":\"x\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}}]"),
                        c + ".env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty"),
                arguments(
                        container(
                                "\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.nam\"}}}]"),
                        c
                                + ".env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"metadata.nam\": error"
                                + " converting fieldPath: field label not supported: metadata.nam"),
                arguments(
                        container("\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/v\"}]"),
                        c + ".volumeMounts[0].name: Not found: \"v\""),
                arguments(
                        container("\"resources\":{\"requests\":{\"cpu\":\"200m\"},\"limits\":{\"cpu\":\"100m\"}}"),
                        c
                                + ".resources.requests: Invalid value: \"200m\": must be less than or equal to cpu"
                                + " limit of 100m"),
                arguments(
                        container("\"resources\":{\"requests\":{\"memory\":\"-1\"}}"),
                        c + ".resources.requests[memory]: Invalid value: \"-1\": must be greater than or equal to 0"),
                arguments(
                        container("\"livenessProbe\":{}"),
                        c + ".livenessProbe: Required value: must specify a handler type"),
                arguments(
                        container("\"livenessProbe\":{\"exec\":{\"command\":[\"x\"]},\"successThreshold\":2}"),
                        c + ".livenessProbe.successThreshold: Invalid value: 2: must be 1"),
                arguments(
                        container("\"readinessProbe\":{\"httpGet\":{\"port\":0}}"),
                        c + ".readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive"),
                arguments(
                        "{\"spec\":{\"restartPolicy\":\"Maybe\"}}",
                        "spec.restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"Never\","
                                + " \"OnFailure\""),
                arguments(
                        "{\"spec\":{\"volumes\":[{\"name\":\"v\"},{\"name\":\"v\"}]}}",
                        "spec.volumes[1].name: Duplicate value: \"v\""),
                arguments(
                        "{\"spec\":{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{},\"secret\":{\"secretName\":\"s\"}}]}}",
                        "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type"),
                arguments(
                        "{\"spec\":{\"activeDeadlineSeconds\":0}}",
                        "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive"),
                arguments(
                        "{\"spec\":{\"tolerations\":[{\"operator\":\"Equal\"}]}}",
                        "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is"
                                + " empty, which means \"match all values and all keys\""),
                arguments(
                        "{\"spec\":{\"affinity\":{\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{\"nodeSelectorTerms\":[]}}}}}",
                        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms:"
                                + " Required value: must have at least one node selector term"),
                arguments(
                        "{\"metadata\":{\"labels\":{\"a\":\"-\"}}}",
                        "metadata.labels: Invalid value: \"-\": a valid label must be an empty string or consist of"
                            + " alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                            + " character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                            + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
    }

    private static String containers(String list) {
        return "{\"spec\":{\"containers\":[" + list + "]}}";
    }

    private static String container(String more) {
        return containers("{\"name\":\"a\",\"image\":\"i\"," + more + "}");
    }

    @ParameterizedTest
    @MethodSource("wrongPods")
    void aWrongPodIsRefusedInTheseWords(String change, String message) {
        assertThat(onCreate(PodKind.NAME, edited(POD, change))).containsExactly(message);
    }

    @Test
    void aCompletePodIsFine() {
        assertThat(onCreate(PodKind.NAME, Json.read(POD))).isEmpty();
        assertThat(onCreate(DeploymentKind.NAME, Json.read(DEPLOYMENT))).isEmpty();
    }

    @Test
    void allErrorsComeAtOnce() {
        assertThat(onCreate(
                        PodKind.NAME,
                        edited(
                                POD,
                                "{\"metadata\":{\"name\":\"\"},\"spec\":{\"containers\":[{}],\"dnsPolicy\":\"x\"}}")))
                .containsExactlyInAnyOrder(
                        "metadata.name: Required value: name or generateName is required",
                        "spec.containers[0].name: Required value",
                        "spec.containers[0].image: Required value",
                        "spec.dnsPolicy: Unsupported value: \"x\": supported values: \"ClusterFirst\","
                                + " \"ClusterFirstWithHostNet\", \"Default\", \"None\"");
    }

    static Stream<Arguments> wrongDeployments() {
        return Stream.of(
                arguments(
                        "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"app\":\"b\"}}}}}",
                        "spec.template.metadata.labels: Invalid value: {\"app\":\"b\"}: `selector` does not match"
                                + " template `labels`"),
                arguments("{\"spec\":{\"selector\":null}}", "spec.selector: Required value"),
                arguments(
                        "{\"spec\":{\"selector\":{\"matchLabels\":null}}}",
                        "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
                arguments(
                        "{\"spec\":{\"replicas\":-1}}",
                        "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
                arguments(
                        "{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":0,\"maxUnavailable\":0}}}}",
                        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is"
                                + " 0"),
                arguments(
                        "{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":\"x\"}}}}",
                        "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a"
                                + " numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for"
                                + " validation is '[0-9]+%')"),
                arguments(
                        "{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxUnavailable\":\"101%\"}}}}",
                        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than"
                                + " 100%"),
                arguments(
                        "{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":{}}}}",
                        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is"
                                + " 'Recreate'"),
                arguments(
                        "{\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":\"Never\"}}}}",
                        "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\""),
                arguments(
                        "{\"spec\":{\"minReadySeconds\":600}}",
                        "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"));
    }

    @ParameterizedTest
    @MethodSource("wrongDeployments")
    void aWrongDeploymentIsRefusedInTheseWords(String change, String message) {
        assertThat(onCreate(DeploymentKind.NAME, edited(DEPLOYMENT, change))).containsExactly(message);
    }

    @Test
    void mostOfAPodNeverChanges() {
        assertThat(onUpdate(PodKind.NAME, POD, container("\"image\":\"other\"").replace("\"image\":\"i\",", "")))
                .isEmpty();
        assertThat(onUpdate(
                        PodKind.NAME, POD, "{\"spec\":{\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}}"))
                .isEmpty();
        assertThat(onUpdate(PodKind.NAME, POD, "{\"spec\":{\"terminationGracePeriodSeconds\":null}}"))
                .isEmpty();
        assertThat(onUpdate(PodKind.NAME, POD, "{\"spec\":{\"hostname\":\"h\"}}")
                        .getFirst())
                .startsWith("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,")
                .contains("+ hostname: \"h\"");
        assertThat(onUpdate(
                        PodKind.NAME,
                        POD,
                        containers("{\"name\":\"a\",\"image\":\"i\"},{\"name\":\"b\",\"image\":\"i\"}")))
                .containsExactly("spec.containers: Forbidden: pod updates may not add or remove containers");
    }

    @Test
    void immutableFieldsStay() {
        assertThat(
                        onUpdate(
                                DeploymentKind.NAME,
                                DEPLOYMENT,
                                "{\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"b\"}}}}}"))
                .containsExactly("spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"b\"}}: field is immutable");
        String secret =
                "{\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"},\"immutable\":true,\"data\":{\"a\":\"YQ==\"}}";
        assertThat(onUpdate(SecretKind.NAME, secret, "{\"type\":\"x/y\"}"))
                .containsExactly("type: Invalid value: \"x/y\": field is immutable");
        assertThat(onUpdate(SecretKind.NAME, secret, "{\"stringData\":{\"a\":\"b\"}}"))
                .containsExactly("data: Forbidden: field is immutable when `immutable` is set");
        assertThat(onUpdate(ConfigMapKind.NAME, secret, "{\"immutable\":null}"))
                .containsExactly("immutable: Forbidden: field is immutable when `immutable` is set");
    }

    @Test
    void secretsOfKnownTypesHaveTheirKeys() {
        String base = "{\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"}}";
        assertThat(onCreate(SecretKind.NAME, edited(base, "{\"type\":\"kubernetes.io/tls\"}")))
                .containsExactly("data[tls.crt]: Required value", "data[tls.key]: Required value");
        assertThat(onCreate(SecretKind.NAME, edited(base, "{\"type\":\"kubernetes.io/dockerconfigjson\"}")))
                .containsExactly("data[.dockerconfigjson]: Required value");
        ObjectNode plain = edited(base, "{\"stringData\":{\"user\":\"me\"}}");
        assertThat(onCreate(SecretKind.NAME, plain)).isEmpty();
        assertThat(plain.path("type").asText()).isEqualTo("Opaque");
        assertThat(plain.path("data").path("user").asText()).isEqualTo("bWU=");
        assertThat(plain.has("stringData")).isFalse();
    }

    @Test
    void configMapKeysAreChecked() {
        String base = "{\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"}}";
        assertThat(onCreate(ConfigMapKind.NAME, edited(base, "{\"data\":{\"a b\":\"\"}}")))
                .containsExactly("data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric"
                        + " characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex"
                        + " used for validation is '[-._a-zA-Z0-9]+')");
    }

    @Test
    void metadataIsCheckedForEveryKind() {
        String base = "{\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"}}";
        assertThat(onCreate(
                        ConfigMapKind.NAME,
                        edited(base, "{\"metadata\":{\"annotations\":{\"a\":\"" + "x".repeat(256 << 10) + "\"}}}")))
                .containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
        assertThat(
                        onCreate(
                                ConfigMapKind.NAME,
                                edited(
                                        base,
                                        "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\"}]}}")))
                .containsExactly("metadata.ownerReferences[0].uid: Required value: must not be empty");
        assertThat(onCreate(ConfigMapKind.NAME, edited(base, "{\"metadata\":{\"finalizers\":[\"a b\"]}}")))
                .hasSize(2);
        assertThat(onUpdate(
                        ConfigMapKind.NAME,
                        "{\"metadata\":{\"name\":\"s\",\"namespace\":\"n\",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}",
                        "{\"metadata\":{\"finalizers\":[\"example.com/a\"]}}"))
                .containsExactly("metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
                        + " deleted, found new finalizers []string{\"example.com/a\"}");
    }

    @Test
    void podsWithoutAnyoneToConfirmTheirEndGoAtOnce() {
        KindRules rules = kind(PodKind.NAME).rules();
        JsonNode unscheduled = Json.read("{\"spec\":{}}");
        JsonNode running = Json.read("{\"spec\":{\"nodeName\":\"n\",\"terminationGracePeriodSeconds\":45}}");
        JsonNode finished = Json.read("{\"spec\":{\"nodeName\":\"n\"},\"status\":{\"phase\":\"Failed\"}}");
        assertThat(rules.gracePeriodSeconds(unscheduled, -1)).isZero();
        assertThat(rules.gracePeriodSeconds(running, -1)).isEqualTo(45);
        assertThat(rules.gracePeriodSeconds(running, 0)).isZero();
        assertThat(rules.gracePeriodSeconds(finished, 30)).isZero();
    }
}
